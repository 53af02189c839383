/* What an entry of Exim's log tells: whose try it was and what it came to. */
#include "packet/log/exim-records.h"
#include "packet/log/text-parse.h"

#define LOCAL G_GUINT64_CONSTANT (1) /* marks of a message: this recipient is local */
#define FAILED G_GUINT64_CONSTANT (2)

/* A message's state: the hosts of this try are of several receivers; a result was told since. */
enum { SEVERAL = 1, TOLD = 2 };

static PktRecordKind
hand_out (PktEximReader *s, const PktEximLine *l, PktRecordKind kind, PktAttempt *a)
{
  a->queue_id = l->id;
  a->queue_scope = s->scope;
  s->sink (kind, a, s->data);
  return kind;
}

static PktRecordKind
arrival (PktEximReader *s, const PktEximLine *l)
{
  PktAttempt a = { .size = l->size, .message_id = l->message_id, .sender = l->sender };
  return hand_out (s, l, PKT_RECORD_RECEIVED, &a);
}

static guint64
mark_of (PktSlice recipient, guint64 what)
{
  return pkt_slice_hash (recipient, what);
}

/* "icloud.com" of "mx01.mail.icloud.com". */
static PktSlice
last_labels (PktSlice host)
{
  gsize i = host.n;
  for (guint dots = 0; i > 0; i--)
    if (host.p[i - 1] == '.' && ++dots == 2)
      break;
  return pkt_slice_skip (host, i);
}

/* Network errors of Linux and of the BSDs; others are of local deliveries. */
static gboolean
is_network_error (int error)
{
  static const int errors[] = { 110, 111, 113, 101, 104, 112, 60, 61, 65, 51, 54, 64 };
  for (gsize i = 0; i < G_N_ELEMENTS (errors); i++)
    if (error == errors[i])
      return TRUE;
  return FALSE;
}

/* A `==` line names no host where all of them were out of reach: it is that of the lines before it,
 * unless these are of several receivers, which Exim tries at the same time. */
static void
fill_host (PktEximReader *s, const PktEximLine *l, PktAttempt *a)
{
  const PktRemembered *r = pkt_memory_find (s->memory, s->scope, l->id);
  if (a->remote_host.n || !is_network_error (l->error) || r == NULL || r->host == NULL
      || r->state & SEVERAL)
    return;
  a->remote_host = pkt_slice_str (r->host);
  a->remote_ip = pkt_slice_str (r->ip);
}

static void
note_host (PktEximReader *s, const PktEximLine *l)
{
  PktRemembered *r = pkt_memory_take (s->memory, s->scope, l->id);
  if (r->state & TOLD)
    r->state = 0;
  else if (r->host
           && !pkt_slice_equal_nocase (last_labels (pkt_slice_str (r->host)),
                                       last_labels (l->host)))
    r->state |= SEVERAL;
  pkt_remember (r, &r->host, l->host);
  pkt_remember (r, &r->ip, l->ip);
}

static guint64
key_of (const PktEximReader *s, const PktEximLine *l)
{
  return pkt_queue_key (l->id, pkt_slice_hash (s->scope, 0));
}

void
pkt_exim_note_result (PktEximReader *s, guint64 key)
{
  PktRemembered *r = pkt_memory_find_key (s->memory, key);
  if (r)
    r->state |= TOLD;
}

static void
fill (PktEximReader *s, const PktEximLine *l, PktAttempt *a)
{
  *a = (PktAttempt){ .size = l->size,
                     .recipient = l->recipient,
                     .sender = l->sender,
                     .remote_host = l->host,
                     .remote_ip = l->ip,
                     .local_ip = l->local_ip,
                     .transport = l->transport,
                     .stamp = pkt_text_log_stamp (&s->log) };
  a->reply = l->message;
  if (l->kind != PKT_EXIM_DELIVERED)
    pkt_exim_message (l->message, a);
  a->reply = pkt_exim_unescape (a->reply, l->kind == PKT_EXIM_DELIVERED, s->reply);
}

static PktRecordKind
delivered (PktEximReader *s, const PktEximLine *l)
{
  PktAttempt a;
  fill (s, l, &a);
  a.outcome = PKT_DELIVERED;
  pkt_exim_note_result (s, key_of (s, l));
  a.smtp = l->host.n > 0;
  a.stage = PKT_STAGE_END_OF_DATA;
  a.reply_is_remote = a.reply.n > 0;
  return a.stamp.kind == PKT_STAMP_NONE ? PKT_RECORD_UNKNOWN
                                        : hand_out (s, l, PKT_RECORD_ATTEMPT, &a);
}

/* `** a@b: retry timeout exceeded` has no answer of its own: that of the last deferral counts. */
static gboolean
is_expiry (PktSlice message)
{
  return pkt_slice_starts (message, PKT_SLICE ("retry timeout exceeded"))
         || (pkt_slice_starts (message, PKT_SLICE ("all hosts for "))
             && pkt_slice_find (message, PKT_SLICE ("have been failing")).p);
}

/* A bounce that cannot be delivered is frozen and tried again later: refused once more, it was
 * given up only once (lab: open/exim, 18 such). */
static gboolean
failed_before (PktEximReader *s, const PktEximLine *l)
{
  return pkt_remember_again (pkt_memory_take (s->memory, s->scope, l->id),
                             mark_of (l->recipient, FAILED),
                             pkt_stamp_written_second (pkt_text_log_stamp (&s->log)));
}

static gboolean
is_local (PktEximReader *s, const PktEximLine *l)
{
  const PktRemembered *r = pkt_memory_find (s->memory, s->scope, l->id);
  return r && pkt_remembers_mark (r, mark_of (l->recipient, LOCAL));
}

static PktRecordKind
failed (PktEximReader *s, const PktEximLine *l)
{
  PktAttempt a;
  fill (s, l, &a);
  if (a.stamp.kind == PKT_STAMP_NONE)
    return PKT_RECORD_UNKNOWN;
  a.outcome = PKT_BOUNCED;
  a.smtp = a.remote_host.n || pkt_exim_is_smtp (l);
  if (is_expiry (l->message)) {
    a.smtp = TRUE;
    a.reply = pkt_slice (NULL, 0);
    if (is_local (s, l) || failed_before (s, l))
      return PKT_RECORD_OTHER;
    return hand_out (s, l, PKT_RECORD_EXPIRED, &a);
  }
  if (a.smtp && failed_before (s, l))
    a.outcome = PKT_HOST_ERROR;
  return hand_out (s, l, PKT_RECORD_ATTEMPT, &a);
}

static PktRecordKind
deferred (PktEximReader *s, const PktEximLine *l)
{
  PktAttempt a;
  fill (s, l, &a);
  if (a.stamp.kind == PKT_STAMP_NONE)
    return PKT_RECORD_UNKNOWN;
  a.outcome = pkt_exim_was_tried (l) ? PKT_DEFERRED : PKT_NOT_ATTEMPTED;
  if (a.outcome == PKT_DEFERRED)
    fill_host (s, l, &a);
  pkt_exim_note_result (s, key_of (s, l));
  a.smtp = a.remote_host.n || pkt_exim_is_smtp (l);
  if (!a.smtp)
    pkt_remember_mark (pkt_memory_take (s->memory, s->scope, l->id), mark_of (l->recipient, LOCAL));
  return hand_out (s, l, PKT_RECORD_ATTEMPT, &a);
}

static PktRecordKind
host_error (PktEximReader *s, const PktEximLine *l)
{
  PktAttempt a;
  fill (s, l, &a);
  a.outcome = PKT_HOST_ERROR;
  a.smtp = TRUE;
  if (a.stamp.kind == PKT_STAMP_NONE)
    return PKT_RECORD_UNKNOWN;
  note_host (s, l);
  return hand_out (s, l, PKT_RECORD_ATTEMPT, &a);
}

static PktRecordKind
completed (PktEximReader *s, const PktEximLine *l)
{
  PktAttempt a = { .size = -1 };
  pkt_memory_drop (s->memory, s->scope, l->id);
  return hand_out (s, l, PKT_RECORD_REMOVED, &a);
}

PktRecordKind
pkt_exim_record (PktEximReader *s, const PktEximLine *l)
{
  switch (l->kind) {
  case PKT_EXIM_ARRIVAL:
    return arrival (s, l);
  case PKT_EXIM_DELIVERED:
    return delivered (s, l);
  case PKT_EXIM_FAILED:
    return failed (s, l);
  case PKT_EXIM_DEFERRED:
    return deferred (s, l);
  case PKT_EXIM_HOST:
    return host_error (s, l);
  case PKT_EXIM_COMPLETED:
    return completed (s, l);
  case PKT_EXIM_OTHER:
    break;
  }
  return PKT_RECORD_OTHER;
}
