#include "packet/trend/join.h"
#include <stdlib.h>

#define INLINE_TEXT 152 /* sender and Message-ID of an ordinary message */

typedef struct PutOff PutOff;
struct PutOff {
  PutOff *next, *prev;
  guint64 id; /* hash of message and recipient */
  gboolean apple, real, offered;
  PktAttempt attempt; /* slices point into text */
  char text[];
};

typedef struct {
  guint64 born; /* serial number: for ageing */
  PutOff *waiting;
  char *heap; /* when text does not fit */
  guint32 next_free;
  gint32 size;
  guint16 sender_n, message_id_n;
  gboolean has_sender;
  char text[INLINE_TEXT];
} Entry;

typedef struct {
  guint64 key; /* 0: free */
  guint32 entry;
  gboolean waiting; /* some recipient waits, or waited */
} Slot;

/* Slots are looked up (open addressing, linear probing, half full at the most), entries stay where
 * they are: freed ones are used again first, so what is live lies together. */
struct PktJoin {
  Slot *slots;
  guint64 mask, used, serial, age_at;
  Entry *entries;
  guint32 n_entries, room, free; /* free: first of the list, NONE when empty */
  GHashTable *waiting;           /* id -> PutOff: a message may have 50,000 recipients */
  gboolean unscoped;             /* some Message-ID was told without host or instance */
  guint64 forgotten;
};

#define FIRST_SIZE 4096
#define NONE G_MAXUINT32

PktJoin *
pkt_join_new (void)
{
  PktJoin *j = g_new0 (PktJoin, 1);
  j->mask = FIRST_SIZE - 1;
  j->slots = g_new0 (Slot, FIRST_SIZE);
  j->room = FIRST_SIZE / 2;
  j->entries = g_new (Entry, j->room);
  j->free = NONE;
  j->waiting = g_hash_table_new (g_int64_hash, g_int64_equal);
  return j;
}

static void
drop_waiting (PktJoin *j, Entry *e)
{
  while (e->waiting) {
    PutOff *p = e->waiting;
    e->waiting = p->next;
    g_hash_table_remove (j->waiting, &p->id);
    g_free (p);
  }
}

void
pkt_join_free (PktJoin *j)
{
  for (guint64 i = 0; i <= j->mask; i++)
    if (j->slots[i].key) {
      Entry *e = &j->entries[j->slots[i].entry];
      drop_waiting (j, e);
      g_free (e->heap);
    }
  g_free (j->slots);
  g_free (j->entries);
  g_hash_table_unref (j->waiting);
  g_free (j);
}

static guint64
find_slot (const PktJoin *j, guint64 key)
{
  guint64 i = key & j->mask;
  while (j->slots[i].key && j->slots[i].key != key)
    i = (i + 1) & j->mask;
  return i;
}

static Entry *
find (PktJoin *j, guint64 key)
{
  const Slot *s = &j->slots[find_slot (j, key)];
  return s->key ? &j->entries[s->entry] : NULL;
}

static void
grow (PktJoin *j)
{
  guint64 old_n = j->mask + 1;
  Slot *old = j->slots;
  j->mask = old_n * 2 - 1;
  j->slots = g_new0 (Slot, old_n * 2);
  for (guint64 i = 0; i < old_n; i++)
    if (old[i].key)
      j->slots[find_slot (j, old[i].key)] = old[i];
  g_free (old);
}

/* Frees a slot and closes the gap: slots behind it move up where their probe path ran over it. */
static void
erase (PktJoin *j, guint64 hole)
{
  Entry *e = &j->entries[j->slots[hole].entry];
  drop_waiting (j, e);
  g_clear_pointer (&e->heap, g_free);
  e->next_free = j->free;
  j->free = j->slots[hole].entry;
  j->slots[hole].key = 0;
  j->used--;
  for (guint64 i = (hole + 1) & j->mask; j->slots[i].key; i = (i + 1) & j->mask) {
    guint64 home = j->slots[i].key & j->mask;
    if (((i - home) & j->mask) < ((i - hole) & j->mask))
      continue;
    j->slots[hole] = j->slots[i];
    j->slots[i].key = 0;
    hole = i;
  }
}

/* Forgets the oldest of the next few in table order: near enough to the oldest of all, at a fixed
 * price. */
static void
age (PktJoin *j)
{
  guint64 oldest = 0, born = G_MAXUINT64;
  for (int looked = 0; looked < 16; j->age_at++) {
    const Slot *s = &j->slots[j->age_at & j->mask];
    if (s->key == 0)
      continue;
    looked++;
    if (j->entries[s->entry].born < born) {
      born = j->entries[s->entry].born;
      oldest = j->age_at & j->mask;
    }
  }
  j->forgotten++;
  erase (j, oldest);
}

static guint32
take_entry (PktJoin *j)
{
  guint32 i = j->free;
  if (i != NONE) {
    j->free = j->entries[i].next_free;
    return i;
  }
  if (j->n_entries == j->room) {
    j->room *= 2;
    j->entries = g_renew (Entry, j->entries, j->room);
  }
  return j->n_entries++;
}

static Entry *
find_or_add (PktJoin *j, guint64 key)
{
  guint64 at = find_slot (j, key);
  if (j->slots[at].key)
    return &j->entries[j->slots[at].entry];
  if (j->used >= PKT_JOIN_MAX_MESSAGES)
    age (j);
  else if ((j->used + 1) * 2 > j->mask)
    grow (j);
  at = find_slot (j, key);
  j->slots[at] = (Slot){ .key = key, .entry = take_entry (j) };
  j->used++;
  Entry *e = &j->entries[j->slots[at].entry];
  memset (e, 0, G_STRUCT_OFFSET (Entry, text));
  e->born = j->serial++;
  e->size = -1;
  return e;
}

static char *
entry_text (Entry *e)
{
  return e->heap ? e->heap : e->text;
}

static PktSlice
entry_message_id (Entry *e)
{
  return pkt_slice (entry_text (e), e->message_id_n);
}

static PktSlice
entry_sender (Entry *e)
{
  return pkt_slice (entry_text (e) + e->message_id_n, e->sender_n);
}

/* Message-ID, then sender: the order in which they are logged, so that the common case appends in
 * place. */
static void
set_text (Entry *e, PktSlice message_id, PktSlice sender)
{
  gsize id_n = MIN (message_id.n, G_MAXUINT16), sender_n = MIN (sender.n, G_MAXUINT16);
  gboolean id_in_place = e->heap == NULL && message_id.p == e->text;
  char *heap = NULL, *to = e->text;
  if (id_n + sender_n > INLINE_TEXT)
    to = heap = g_malloc (id_n + sender_n);
  else if (!id_in_place && id_n && sender_n && sender.p >= e->text
           && sender.p < e->text + INLINE_TEXT)
    memmove (e->text + id_n, sender.p, sender_n), sender.p = e->text + id_n;
  if (id_n && message_id.p != to)
    memmove (to, message_id.p, id_n);
  if (sender_n && sender.p != to + id_n)
    memmove (to + id_n, sender.p, sender_n);
  g_free (e->heap);
  e->heap = heap;
  e->message_id_n = (guint16)id_n;
  e->sender_n = (guint16)sender_n;
}

static void
note_arrival (PktJoin *j, const PktAttempt *r)
{
  Entry *e = find_or_add (j, pkt_attempt_queue_key (r));
  if (e->has_sender && pkt_slice_equal (entry_sender (e), r->sender))
    return; /* said again on every retry */
  set_text (e, entry_message_id (e), r->sender);
  e->has_sender = TRUE;
  e->size = r->size > G_MAXINT32 ? -1 : (gint32)r->size;
}

static void
note_message_id (PktJoin *j, const PktAttempt *r)
{
  guint64 key = pkt_attempt_queue_key (r);
  Entry *e = find (j, key);
  if (e && e->has_sender) { /* the id of a message that is gone, used again */
    erase (j, find_slot (j, key));
    e = NULL;
  }
  if (e == NULL)
    e = find_or_add (j, key);
  set_text (e, r->message_id, entry_sender (e));
  j->unscoped = j->unscoped || r->queue_scope.n == 0;
}

static void
note_resent_id (PktJoin *j, const PktAttempt *r)
{
  Entry *e = find (j, pkt_attempt_queue_key (r));
  if (e == NULL || e->message_id_n == 0 || e->has_sender)
    note_message_id (j, r);
}

void
pkt_join_note (PktJoin *j, PktRecordKind kind, const PktAttempt *record)
{
  guint64 at;
  switch (kind) {
  case PKT_RECORD_ARRIVAL:
    note_arrival (j, record);
    break;
  case PKT_RECORD_MESSAGE_ID:
    note_message_id (j, record);
    break;
  case PKT_RECORD_RESENT_ID:
    note_resent_id (j, record);
    break;
  case PKT_RECORD_REMOVED:
    at = find_slot (j, pkt_attempt_queue_key (record));
    if (j->slots[at].key)
      erase (j, at);
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
  Entry *e = find (j, pkt_queue_key (attempt->queue_id, pkt_slice_hash (none, 0)));
  if (e)
    attempt->message_id = entry_message_id (e);
}

void
pkt_join_fill (PktJoin *j, PktAttempt *attempt)
{
  Entry *e = attempt->queue_id.n ? find (j, pkt_attempt_queue_key (attempt)) : NULL;
  if (e && attempt->sender.p == NULL && e->has_sender)
    attempt->sender = entry_sender (e);
  if (e && attempt->message_id.n == 0)
    attempt->message_id = entry_message_id (e);
  if (e && attempt->size < 0)
    attempt->size = e->size;
  fill_unscoped (j, attempt);
}

static guint64
waiting_id (const PktAttempt *a)
{
  return pkt_slice_hash (a->recipient, pkt_attempt_queue_key (a));
}

#define N_SLICES 14
static void
slices_of (PktAttempt *a, PktSlice *out[N_SLICES])
{
  PktSlice *all[N_SLICES] = { &a->recipient, &a->sender,   &a->from_domain, &a->remote_host,
                              &a->remote_ip, &a->local_ip, &a->transport,   &a->helo,
                              &a->reply,     &a->queue_id, &a->queue_scope, &a->message_id,
                              &a->campaign,  &a->label };
  memcpy (out, all, sizeof all);
}

/* One block that holds the attempt and all its text. */
static PutOff *
copy_attempt (const PktAttempt *attempt)
{
  PktAttempt a = *attempt;
  PktSlice *slices[N_SLICES];
  gsize n = 0;
  slices_of (&a, slices);
  for (guint i = 0; i < N_SLICES; i++)
    n += slices[i]->n;
  PutOff *p = g_malloc (sizeof *p + n + 1);
  p->attempt = a;
  slices_of (&p->attempt, slices);
  char *at = p->text;
  for (guint i = 0; i < N_SLICES; i++) {
    if (slices[i]->p == NULL)
      continue;
    memcpy (at, slices[i]->p, slices[i]->n);
    slices[i]->p = at;
    at += slices[i]->n;
  }
  p->attempt.platform_id = pkt_slice (NULL, 0);
  return p;
}

static void
unlink_waiting (PktJoin *j, Entry *e, PutOff *p)
{
  if (p->prev)
    p->prev->next = p->next;
  else
    e->waiting = p->next;
  if (p->next)
    p->next->prev = p->prev;
  g_hash_table_remove (j->waiting, &p->id);
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
pkt_join_put_off (PktJoin *j, const PktAttempt *attempt, gboolean apple)
{
  if (attempt->queue_id.n == 0)
    return;
  gboolean real = attempt->outcome == PKT_DEFERRED;
  guint64 id = waiting_id (attempt);
  guint64 key = pkt_attempt_queue_key (attempt);
  Entry *e = find_or_add (j, key);
  PutOff *known = g_hash_table_lookup (j->waiting, &id);
  if (known && !real)
    return;
  if (known == NULL && g_hash_table_size (j->waiting) >= PKT_JOIN_MAX_PUT_OFF) {
    j->forgotten++;
    return;
  }
  j->slots[find_slot (j, key)].waiting = TRUE;
  PutOff *p = copy_attempt (attempt);
  p->id = id;
  p->apple = apple || (known && known->apple);
  p->real = real;
  p->offered = was_offered (attempt) || (known && known->offered);
  if (known)
    unlink_waiting (j, e, known);
  p->prev = NULL;
  p->next = e->waiting;
  if (e->waiting)
    e->waiting->prev = p;
  e->waiting = p;
  g_hash_table_insert (j->waiting, &p->id, p);
}

gboolean
pkt_join_waits (const PktJoin *j, guint64 queue_key)
{
  const Slot *s = &j->slots[find_slot (j, queue_key)];
  return s->key && s->waiting;
}

void
pkt_join_settle (PktJoin *j, const PktAttempt *attempt)
{
  if (attempt->queue_id.n == 0 || g_hash_table_size (j->waiting) == 0)
    return;
  Entry *e = find (j, pkt_attempt_queue_key (attempt));
  if (e == NULL || e->waiting == NULL)
    return;
  guint64 id = waiting_id (attempt);
  PutOff *p = g_hash_table_lookup (j->waiting, &id);
  if (p)
    unlink_waiting (j, e, p);
}

static void
tell_gave_up (const PutOff *p, const PktAttempt *expired, PktGaveUp gave_up, gpointer data)
{
  PktAttempt a = p->attempt;
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
expire_one (PktJoin *j, Entry *e, const PktAttempt *expired, PktGaveUp gave_up, gpointer data)
{
  guint64 id = waiting_id (expired);
  PutOff *p = g_hash_table_lookup (j->waiting, &id);
  if (p == NULL)
    return FALSE;
  tell_gave_up (p, expired, gave_up, data);
  unlink_waiting (j, e, p);
  return TRUE;
}

gboolean
pkt_join_expire (PktJoin *j, const PktAttempt *expired, PktGaveUp gave_up, gpointer data)
{
  Entry *e = find (j, pkt_attempt_queue_key (expired));
  if (e == NULL || e->waiting == NULL)
    return FALSE;
  if (expired->recipient.n)
    return expire_one (j, e, expired, gave_up, data);
  PutOff *p = e->waiting;
  while (p->next)
    p = p->next;
  for (; p; p = p->prev) /* first put off, first told */
    tell_gave_up (p, expired, gave_up, data);
  drop_waiting (j, e);
  return TRUE;
}

void
pkt_join_each (PktJoin *j, PktJoinTell tell, gpointer data)
{
  for (guint64 i = 0; i <= j->mask; i++) {
    if (j->slots[i].key == 0)
      continue;
    Entry *e = &j->entries[j->slots[i].entry];
    const PktJoined message = { e->has_sender ? entry_sender (e) : pkt_slice (NULL, 0),
                                entry_message_id (e), e->size };
    tell (j->slots[i].key, &message, NULL, FALSE, FALSE, data);
    PutOff *p = e->waiting;
    while (p && p->next)
      p = p->next;
    for (; p; p = p->prev)
      tell (j->slots[i].key, &message, &p->attempt, p->apple, p->offered, data);
  }
}

guint64
pkt_join_forgotten (const PktJoin *j)
{
  return j->forgotten;
}
