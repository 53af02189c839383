#include "packet/trend/join-table.h"

#define MAX_TEXT 0x7fffu /* bytes of a sender or Message-ID that are kept */

static PktSlice
entry_message_id (PktJoin *j, const PktJoinEntry *e)
{
  return j->domains_only ? pkt_slice (NULL, 0)
                         : pkt_slice (pkt_join_entry_text (j, e), e->message_id_n);
}

/* Of one that has a sender. */
static PktSlice
entry_sender (PktJoin *j, const PktJoinEntry *e)
{
  return j->domains_only ? pkt_domains_text (&j->domains, e->domain)
                         : pkt_slice (pkt_join_entry_text (j, e) + e->message_id_n, e->sender_n);
}

/* memcpy() of what is short, mostly: without a call. */
static inline void
copy_short (char *to, PktSlice s)
{
  if (s.n > 32)
    memcpy (to, s.p, s.n);
  else if (s.n >= 16) { /* the two overlap */
    memcpy (to, s.p, 16);
    memcpy (to + s.n - 16, s.p + s.n - 16, 16);
  } else if (s.n >= 8) {
    memcpy (to, s.p, 8);
    memcpy (to + s.n - 8, s.p + s.n - 8, 8);
  } else
    for (gsize i = 0; i < s.n; i++)
      to[i] = s.p[i];
}

/* Message-ID, then sender; either may be what stands there now. */
static void
set_text (PktJoin *j, PktJoinEntry *e, PktSlice message_id, PktSlice sender)
{
  char room[PKT_JOIN_INLINE];
  PktJoinText *text = pkt_join_text (j, e);
  gsize id_n = MIN (message_id.n, MAX_TEXT), sender_n = MIN (sender.n, MAX_TEXT);
  char *heap = id_n + sender_n > PKT_JOIN_INLINE ? g_malloc (id_n + sender_n) : NULL,
       *to = heap ? heap : room;
  if (id_n)
    memcpy (to, message_id.p, id_n);
  if (sender_n)
    memcpy (to + id_n, sender.p, sender_n);
  if (pkt_join_has_heap (e))
    g_free (text->heap);
  if (heap)
    text->heap = heap;
  else
    memcpy (text->text, room, id_n + sender_n);
  e->message_id_n = (guint16)id_n;
  e->sender_n = (guint16)sender_n & MAX_TEXT;
}

static void
set_domain (PktJoin *j, PktJoinEntry *e, PktSlice sender)
{
  const guint32 domain = pkt_domains_take (&j->domains, sender);
  pkt_join_drop_domain (j, e);
  e->domain = domain;
}

static void
set_sender (PktJoin *j, PktJoinEntry *e, PktSlice sender)
{
  if (j->domains_only)
    set_domain (j, e, sender);
  else if (e->message_id_n == 0 && e->sender_n == 0 && sender.n <= PKT_JOIN_INLINE) {
    copy_short (pkt_join_text (j, e)->text, sender);
    e->sender_n = (guint16)sender.n & MAX_TEXT;
  } else if (!e->has_sender || !pkt_slice_equal (entry_sender (j, e), sender))
    set_text (j, e, entry_message_id (j, e), sender); /* it is said again on every retry */
  e->has_sender = TRUE;
}

static void
set_size (PktJoinEntry *e, gint64 size)
{
  e->size = size > G_MAXINT32 ? -1 : (gint32)size;
}

void
pkt_join_arrive (PktJoin *j, guint64 key, PktSlice sender, gint64 size)
{
  PktJoinEntry *e = pkt_join_find_or_add (j, key);
  set_sender (j, e, sender);
  set_size (e, size);
}

void
pkt_join_remove (PktJoin *j, guint64 key)
{
  const guint64 at = pkt_join_find_slot (j, key);
  if (j->slots[at].entry)
    pkt_join_erase (j, at);
}

static void
note_message_id (PktJoin *j, const PktAttempt *r)
{
  guint64 key = pkt_attempt_queue_key (r);
  PktJoinEntry *e = pkt_join_find (j, key);
  if (e && e->has_sender) { /* the id of a message that is gone, used again */
    pkt_join_erase (j, pkt_join_find_slot (j, key));
    e = NULL;
  }
  if (e == NULL)
    e = pkt_join_find_or_add (j, key);
  if (!j->domains_only)
    set_text (j, e, r->message_id, entry_sender (j, e));
  j->unscoped = j->unscoped || r->queue_scope.n == 0;
}

void
pkt_join_receive (PktJoin *j, guint64 key, PktSlice sender, PktSlice message_id, gint64 size)
{
  PktJoinEntry *e = pkt_join_find_or_add (j, key);
  if (e->has_sender) {
    pkt_join_remove (j, key);
    e = pkt_join_find_or_add (j, key);
  }
  if (j->domains_only)
    set_domain (j, e, sender);
  else
    set_text (j, e, message_id, sender);
  e->has_sender = TRUE;
  set_size (e, size);
}

static void
note_received (PktJoin *j, const PktAttempt *r)
{
  pkt_join_receive (j, pkt_attempt_queue_key (r), r->sender, r->message_id, r->size);
  j->unscoped = j->unscoped || (r->message_id.n && r->queue_scope.n == 0);
}

static void
note_resent_id (PktJoin *j, const PktAttempt *r)
{
  PktJoinEntry *e = pkt_join_find (j, pkt_attempt_queue_key (r));
  if (e == NULL || e->message_id_n == 0 || e->has_sender)
    note_message_id (j, r);
}

void
pkt_join_note (PktJoin *j, PktRecordKind kind, const PktAttempt *record)
{
  switch (kind) {
  case PKT_RECORD_ARRIVAL:
    pkt_join_arrive (j, pkt_attempt_queue_key (record), record->sender, record->size);
    break;
  case PKT_RECORD_RECEIVED:
    note_received (j, record);
    break;
  case PKT_RECORD_MESSAGE_ID:
    note_message_id (j, record);
    break;
  case PKT_RECORD_RESENT_ID:
    note_resent_id (j, record);
    break;
  case PKT_RECORD_REMOVED:
    pkt_join_remove (j, pkt_attempt_queue_key (record));
    break;
  default:
    break;
  }
}

/* rspamd beside Postfix does not say whose queue id it is. */
static void
fill_unscoped (PktJoin *j, PktAttempt *attempt)
{
  if (!j->unscoped || attempt->message_id.n || attempt->queue_id.n == 0
      || attempt->queue_scope.n == 0)
    return;
  const PktSlice none = { NULL, 0 };
  PktJoinEntry *e = pkt_join_find (j, pkt_queue_key (attempt->queue_id, pkt_slice_hash (none, 0)));
  if (e)
    attempt->message_id = entry_message_id (j, e);
}

void
pkt_join_fill (PktJoin *j, PktAttempt *attempt)
{
  PktJoinEntry *e = attempt->queue_id.n ? pkt_join_find (j, pkt_attempt_queue_key (attempt)) : NULL;
  if (e && attempt->sender.p == NULL && e->has_sender)
    attempt->sender = entry_sender (j, e);
  if (e && attempt->message_id.n == 0)
    attempt->message_id = entry_message_id (j, e);
  if (e && attempt->size < 0)
    attempt->size = e->size;
  fill_unscoped (j, attempt);
}

static guint64
waiting_id (PktSlice recipient, guint64 queue_key)
{
  return pkt_slice_hash (recipient, queue_key);
}

static void
unlink_waiting (PktJoin *j, PktJoinEntry *e, PktPutOff *p)
{
  if (p->prev)
    p->prev->next = p->next;
  else
    e->waiting = p->next;
  if (p->next)
    p->next->prev = p->prev;
  pkt_put_offs_remove (&j->waiting, p);
  g_free (p);
}

/* The session ended before this recipient's turn, because of another one's answer: the receiver
 * never heard of it. Postfix says "lost connection with …", Exim names whose RCPT it was. */
static gboolean
was_offered (const PktAttempt *a)
{
  if (a->reply_is_remote || a->stage != PKT_STAGE_RCPT)
    return TRUE;
  if (pkt_slice_starts (a->reply, PKT_SLICE ("Remote host closed connection in response to ")))
    return pkt_slice_find (a->reply, a->recipient).p != NULL;
  return !pkt_slice_starts (a->reply, PKT_SLICE ("lost connection with "));
}

void
pkt_join_put_off (PktJoin *j, const PktAttempt *attempt, gboolean apple, const PktAttempt *brief)
{
  if (attempt->queue_id.n == 0 && attempt->queue_key == 0)
    return;
  gboolean real = attempt->outcome == PKT_DEFERRED;
  guint64 id = waiting_id (attempt->recipient, pkt_attempt_queue_key (attempt));
  guint64 key = pkt_attempt_queue_key (attempt);
  PktJoinEntry *e = pkt_join_find_or_add (j, key);
  PktPutOff *known = pkt_put_offs_find (&j->waiting, id);
  if (known && !real)
    return;
  if (known == NULL && j->waiting.used >= PKT_JOIN_MAX_PUT_OFF) {
    j->forgotten++;
    return;
  }
  pkt_join_mark_waiting (j, key);
  apple = apple || (known && known->apple);
  PktPutOff *p = pkt_put_off_new (brief && !apple ? brief : attempt);
  p->id = id;
  p->apple = apple != FALSE;
  p->real = real;
  p->offered = was_offered (attempt) || (known && known->offered);
  if (known)
    unlink_waiting (j, e, known);
  p->prev = NULL;
  p->next = e->waiting;
  if (e->waiting)
    e->waiting->prev = p;
  e->waiting = p;
  pkt_put_offs_add (&j->waiting, p);
}

gboolean
pkt_join_waits_for_apple (PktJoin *j, guint64 key)
{
  const PktJoinEntry *e = pkt_join_waits (j, key) ? pkt_join_find (j, key) : NULL;
  for (const PktPutOff *p = e ? e->waiting : NULL; p; p = p->next)
    if (p->apple)
      return TRUE;
  return FALSE;
}

void
pkt_join_settle_one (PktJoin *j, guint64 key, PktSlice recipient)
{
  PktJoinEntry *e = pkt_join_find (j, key);
  if (e == NULL || e->waiting == NULL)
    return;
  guint64 id = waiting_id (recipient, key);
  PktPutOff *p = pkt_put_offs_find (&j->waiting, id);
  if (p)
    unlink_waiting (j, e, p);
}

void
pkt_join_settle (PktJoin *j, const PktAttempt *attempt)
{
  if (attempt->queue_id.n && j->waiting.used)
    pkt_join_settle_one (j, pkt_attempt_queue_key (attempt), attempt->recipient);
}

static void
tell_gave_up (const PktPutOff *p, guint64 key, const PktAttempt *expired, PktGaveUp gave_up,
              gpointer data)
{
  PktAttempt a;
  pkt_put_off_attempt (p, key, &a);
  a.outcome = p->offered ? PKT_BOUNCED : PKT_NOT_ATTEMPTED;
  a.stamp = expired->stamp;
  if (!p->real) { /* nothing was ever tried in what we read: the copied text is nobody's answer */
    a.reply = pkt_slice (NULL, 0);
    a.reply_is_remote = FALSE;
    a.stage = PKT_STAGE_UNKNOWN;
  }
  gave_up (&a, p->apple, data);
}

static gboolean
expire_one (PktJoin *j, PktJoinEntry *e, const PktAttempt *expired, PktGaveUp gave_up,
            gpointer data)
{
  guint64 id = waiting_id (expired->recipient, pkt_attempt_queue_key (expired));
  PktPutOff *p = pkt_put_offs_find (&j->waiting, id);
  if (p == NULL)
    return FALSE;
  tell_gave_up (p, e->key, expired, gave_up, data);
  unlink_waiting (j, e, p);
  return TRUE;
}

gboolean
pkt_join_expire (PktJoin *j, const PktAttempt *expired, PktGaveUp gave_up, gpointer data)
{
  PktJoinEntry *e = pkt_join_find (j, pkt_attempt_queue_key (expired));
  if (e == NULL || e->waiting == NULL)
    return FALSE;
  if (expired->recipient.n)
    return expire_one (j, e, expired, gave_up, data);
  PktPutOff *p = e->waiting;
  while (p->next)
    p = p->next;
  for (; p; p = p->prev) /* first put off, first told */
    tell_gave_up (p, e->key, expired, gave_up, data);
  pkt_join_drop_waiting (j, e);
  return TRUE;
}

void
pkt_join_each (PktJoin *j, PktJoinTell tell, gpointer data)
{
  for (guint64 i = 0; i <= j->mask; i++) {
    if (j->slots[i].entry == 0)
      continue;
    PktJoinEntry *e = &j->entries[j->slots[i].entry - 1];
    const PktJoined message = { e->has_sender ? entry_sender (j, e) : pkt_slice (NULL, 0),
                                entry_message_id (j, e), e->size };
    tell (e->key, &message, NULL, FALSE, FALSE, data);
    PktPutOff *p = e->waiting;
    while (p && p->next)
      p = p->next;
    for (; p; p = p->prev) {
      PktAttempt a;
      pkt_put_off_attempt (p, e->key, &a);
      tell (e->key, &message, &a, p->apple, p->offered, data);
    }
  }
}

guint64
pkt_join_forgotten (const PktJoin *j)
{
  return j->forgotten;
}
