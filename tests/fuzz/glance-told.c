#include "tests/fuzz/glance-told.h"

static void
tell_slice (GString *out, PktSlice s)
{
  g_string_append_c (out, s.p ? '<' : '-');
  g_string_append_len (out, s.p, (gssize)s.n);
}

void
told_end_elsewhere (Told *t)
{
  const Elsewhere *e = &t->elsewhere;
  if (e->n)
    g_string_append_printf (t->out,
                            "%u elsewhere %u %u %" G_GINT64_MODIFIER "x %d %" G_GINT64_FORMAT
                            " %" G_GINT64_FORMAT " %" G_GINT64_MODIFIER "x\n",
                            e->n, e->outcome, e->sort, e->key, (int)e->kind, e->first, e->last,
                            e->fingerprint);
  t->elsewhere.n = 0;
}

void
told_add_elsewhere (Told *t, const Elsewhere *more)
{
  Elsewhere *e = &t->elsewhere;
  gint64 slot = more->first / PKT_GLANCE_SLOT - (more->first % PKT_GLANCE_SLOT < 0);
  if (e->n == 0 || e->kind != more->kind || e->slot != slot || e->outcome != more->outcome
      || e->sort != more->sort) {
    told_end_elsewhere (t);
    *e = *more;
    e->slot = slot;
    return;
  }
  e->n += more->n;
  e->key += more->key;
  e->first = MIN (e->first, more->first);
  e->last = MAX (e->last, more->last);
  e->fingerprint += more->fingerprint;
}

guint16
told_sort (PktSlice reply)
{
  return (guint16)pkt_slice_hash (reply, 0);
}

void
told_elsewhere (Told *t, guint64 key, const PktAttempt *a, guint64 fingerprint)
{
  const Elsewhere one = { .n = 1,
                          .key = key,
                          .fingerprint = fingerprint,
                          .kind = a->stamp.kind,
                          .first = a->stamp.us,
                          .last = a->stamp.us,
                          .outcome = (guint8)a->outcome,
                          .sort = a->outcome == PKT_BOUNCED ? told_sort (a->reply) : 0 };
  told_add_elsewhere (t, &one);
}

static gboolean
is_elsewhere (const PktRelay *relay, const PktAttempt *a)
{
  return a->remote_host.n == 0 && a->remote_ip.n == 0
             ? pkt_relay_is_other_domain (relay, a->recipient)
             : pkt_relay_is_elsewhere (relay, a->recipient, a->remote_host, a->remote_ip);
}

/* Its line has something that tells so. */
static gboolean
is_named (const PktRelay *relay, const PktAttempt *a)
{
  return !pkt_relay_is_other_domain (relay, a->recipient)
         || pkt_relay_is_apple_host (relay, a->remote_host)
         || pkt_slice_starts (a->remote_ip, PKT_SLICE ("17."));
}

static void
tell_record (GString *out, PktRecordKind kind, guint64 key, const PktAttempt *a)
{
  const PktSlice all[] = { a->recipient, a->sender, a->remote_host, a->remote_ip,   a->local_ip,
                           a->transport, a->reply,  a->queue_id,    a->queue_scope, a->message_id };
  g_string_append_printf (
      out, "%d %" G_GINT64_MODIFIER "x %d %d %d %d %" G_GINT64_FORMAT " %" G_GINT64_FORMAT,
      (int)kind, key, (int)a->outcome, (int)a->stage, a->smtp, (int)a->stamp.kind, a->stamp.us,
      a->size);
  for (gsize i = 0; i < G_N_ELEMENTS (all); i++)
    tell_slice (out, all[i]);
  g_string_append_c (out, '\n');
}

/* As run/count.c does with a message's lines. TRUE when nothing is told of this one. */
static gboolean
join (Told *t, PktRecordKind kind, PktAttempt *a)
{
  if (kind == PKT_RECORD_RECEIVED && !t->message_ids) {
    a->size = -1;
    a->message_id = pkt_slice (NULL, 0);
  }
  if (kind == PKT_RECORD_RECEIVED || kind == PKT_RECORD_REMOVED)
    pkt_join_note (t->join, kind, a);
  if (kind != PKT_RECORD_ATTEMPT || !a->smtp)
    return kind != PKT_RECORD_EXPIRED;
  pkt_join_fill (t->join, a);
  if (a->message_id.n == 0) /* empty or absent is the same */
    a->message_id.p = NULL;
  told_end_elsewhere (t);
  g_string_append_printf (t->out, "waits %d\n",
                          pkt_join_waits (t->join, pkt_attempt_queue_key (a)));
  return FALSE;
}

static void
join_after (Told *t, const PktAttempt *a)
{
  if (a->outcome == PKT_DEFERRED || a->outcome == PKT_NOT_ATTEMPTED)
    pkt_join_put_off (t->join, a, FALSE, NULL);
  else
    pkt_join_settle (t->join, a);
}

void
told_joined (guint64 key, const PktJoined *message, const PktAttempt *waiting, gboolean apple,
             gboolean offered, gpointer data)
{
  Told *t = data;
  g_string_append_printf (t->out, "known %" G_GINT64_MODIFIER "x %" G_GINT64_FORMAT " %d %d", key,
                          message->size, apple, offered);
  tell_slice (t->out, message->sender);
  tell_slice (t->out, message->message_id);
  tell_slice (t->out, waiting ? waiting->recipient : pkt_slice (NULL, 0));
  g_string_append_c (t->out, '\n');
}

/* Another receiver's own words, by which it counts as 450 does. */
static gboolean
is_put_off (const Told *t, PktRecordKind kind, const PktAttempt *a)
{
  const PktSlice s = a->reply;
  if (!t->put_offs || kind == PKT_RECORD_PUT_OFF)
    return kind == PKT_RECORD_PUT_OFF;
  return kind == PKT_RECORD_ATTEMPT && a->smtp && a->outcome == PKT_DEFERRED
         && a->stamp.kind != PKT_STAMP_NONE && is_elsewhere (t->relay, a) && s.n > 3
         && s.p[0] == '4' && g_ascii_isdigit (s.p[1]) && g_ascii_isdigit (s.p[2])
         && (s.p[3] == ' ' || s.p[3] == '-');
}

static void
tell_put_off (Told *t, const PktAttempt *a)
{
  const guint64 key = pkt_attempt_queue_key (a);
  const PktAttempt brief = { .outcome = PKT_DEFERRED,
                             .smtp = TRUE,
                             .recipient = a->recipient,
                             .reply = PKT_SLICE ("450"),
                             .queue_key = key,
                             .size = -1 };
  told_end_elsewhere (t);
  g_string_append_printf (
      t->out, "put off %" G_GINT64_MODIFIER "x %d %" G_GINT64_FORMAT " %" G_GINT64_MODIFIER "x ",
      key, (int)a->stamp.kind, a->stamp.us,
      a->fingerprint ? a->fingerprint : pkt_attempt_fingerprint (a->recipient, key, a->stamp));
  tell_slice (t->out, a->recipient);
  g_string_append_c (t->out, '\n');
  if (t->join)
    pkt_join_put_off (t->join, &brief, FALSE, &brief);
}

void
told_sink (PktRecordKind kind, const PktAttempt *a, gpointer data)
{
  Told *t = data;
  const guint64 key = a->queue_key || a->queue_id.n ? pkt_attempt_queue_key (a) : 0;
  gboolean joined = t->join && (kind == PKT_RECORD_RECEIVED || kind == PKT_RECORD_REMOVED);
  if (t->apple_only && !is_named (t->relay, a) && !joined)
    return;
  if (kind == PKT_RECORD_ELSEWHERE) {
    told_elsewhere (t, a->queue_key, a, a->fingerprint);
    return;
  }
  if (is_put_off (t, kind, a)) {
    tell_put_off (t, a);
    return;
  }
  if (kind == PKT_RECORD_ATTEMPT && a->smtp && (a->outcome == PKT_DELIVERED || t->sums)
      && is_elsewhere (t->relay, a)) {
    if (t->apple_only)
      return;
    const guint64 own = pkt_attempt_queue_key (a);
    told_elsewhere (t, own, a, pkt_attempt_fingerprint (a->recipient, own, a->stamp));
    return;
  }
  if ((kind == PKT_RECORD_MESSAGE_ID || kind == PKT_RECORD_RESENT_ID) && !t->message_ids)
    return;
  PktAttempt own = *a;
  if (t->join && join (t, kind, &own))
    return;
  told_end_elsewhere (t);
  if (kind == PKT_RECORD_REMOVED)
    g_string_append_printf (t->out, "removed %" G_GINT64_MODIFIER "x\n", key);
  else if (kind == PKT_RECORD_ARRIVAL) { /* the key says whose */
    g_string_append_printf (t->out, "arrived %" G_GINT64_MODIFIER "x %" G_GINT64_FORMAT, key,
                            a->size);
    tell_slice (t->out, a->sender);
    g_string_append_c (t->out, '\n');
  } else
    tell_record (t->out, kind, key, &own);
  if (t->join && kind == PKT_RECORD_ATTEMPT)
    join_after (t, a);
}
