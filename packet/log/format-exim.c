/* Exim's mainlog (facts: log-formats section 3), as a file or through syslog. Fields behind an
 * address stand in a fixed order, free text only at the end, so a line is read from its front. */
#include "packet/log/exim-glance.h"
#include "packet/log/exim-line.h"
#include "packet/log/exim-parts.h"
#include "packet/log/format.h"
#include "packet/log/text-log.h"
#include "packet/log/text-parse.h"

#define LOCAL G_GUINT64_CONSTANT (1) /* marks of a message: this recipient is local */
#define FAILED G_GUINT64_CONSTANT (2)

/* A message's state: the hosts of this try are of several receivers; a result was told since. */
enum { SEVERAL = 1, TOLD = 2 };

typedef struct {
  PktTextLog log;
  PktMemory *own, *memory; /* of messages: the host that was tried last, who failed before */
  PktEximParts parts;
  GString *reply;
  PktEximClock clock;
  PktSlice scope;
  PktAttempt brief; /* record of a line that tells little; the rest of it stays clean */
  PktSink sink;
  gpointer data;
} Exim;

static gpointer
begin (void)
{
  Exim *s = g_new0 (Exim, 1);
  pkt_text_log_begin (&s->log, "exim");
  s->own = s->memory = pkt_memory_new ();
  s->reply = g_string_new (NULL);
  pkt_exim_clock_start (&s->clock);
  pkt_exim_parts_start (&s->parts);
  return s;
}

static void
end (gpointer state)
{
  Exim *s = state;
  pkt_text_log_end (&s->log);
  pkt_memory_free (s->own);
  g_string_free (s->reply, TRUE);
  pkt_exim_parts_clear (&s->parts);
  g_free (s);
}

static void
share (gpointer state, PktMemory *memory)
{
  ((Exim *)state)->memory = memory;
}

static guint
score (PktSlice text)
{
  PktEximLine l;
  if (!pkt_exim_line (text, &l))
    return 0;
  return l.kind == PKT_EXIM_OTHER ? 60 : 100;
}

static guint
probe (PktSlice line)
{
  PktSyslog f;
  PktStamp ignored;
  if (pkt_journal_looks_like (line))
    return pkt_slice_find (line, PKT_SLICE ("\"exim")).p
                   || pkt_slice_find (line, PKT_SLICE ("=exim")).p
               ? 90
               : 0;
  if (pkt_syslog_split (line, &f) && pkt_exim_owns_tag (f.tag))
    return 80;
  PktSlice s = pkt_syslog_unwrap (line);
  gsize n = s.n > 19 && s.p[10] == ' ' ? pkt_text_stamp (s, 0, &ignored) : 0;
  return n ? score (pkt_slice_skip (s, n + 1)) : 0;
}

static PktRecordKind
hand_out (Exim *s, const PktEximLine *l, PktRecordKind kind, PktAttempt *a)
{
  a->queue_id = l->id;
  a->queue_scope = s->scope;
  s->sink (kind, a, s->data);
  return kind;
}

static PktRecordKind
arrival (Exim *s, const PktEximLine *l)
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
fill_host (Exim *s, const PktEximLine *l, PktAttempt *a)
{
  const PktRemembered *r = pkt_memory_find (s->memory, s->scope, l->id);
  if (a->remote_host.n || !is_network_error (l->error) || r == NULL || r->host == NULL
      || r->state & SEVERAL)
    return;
  a->remote_host = pkt_slice_str (r->host);
  a->remote_ip = pkt_slice_str (r->ip);
}

static void
note_host (Exim *s, const PktEximLine *l)
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
key_of (const Exim *s, const PktEximLine *l)
{
  return pkt_queue_key (l->id, pkt_slice_hash (s->scope, 0));
}

/* A result: the next line of a host is of another try. */
static void
note_result (Exim *s, guint64 key)
{
  PktRemembered *r = pkt_memory_find_key (s->memory, key);
  if (r)
    r->state |= TOLD;
}

static void
fill (Exim *s, const PktEximLine *l, PktAttempt *a)
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
delivered (Exim *s, const PktEximLine *l)
{
  PktAttempt a;
  fill (s, l, &a);
  a.outcome = PKT_DELIVERED;
  note_result (s, key_of (s, l));
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
failed_before (Exim *s, const PktEximLine *l)
{
  PktRemembered *r = pkt_memory_take (s->memory, s->scope, l->id);
  return !pkt_remember_mark (r, mark_of (l->recipient, FAILED));
}

static gboolean
is_local (Exim *s, const PktEximLine *l)
{
  const PktRemembered *r = pkt_memory_find (s->memory, s->scope, l->id);
  return r && pkt_remembers_mark (r, mark_of (l->recipient, LOCAL));
}

static PktRecordKind
failed (Exim *s, const PktEximLine *l)
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
deferred (Exim *s, const PktEximLine *l)
{
  PktAttempt a;
  fill (s, l, &a);
  if (a.stamp.kind == PKT_STAMP_NONE)
    return PKT_RECORD_UNKNOWN;
  a.outcome = pkt_exim_was_tried (l) ? PKT_DEFERRED : PKT_NOT_ATTEMPTED;
  if (a.outcome == PKT_DEFERRED)
    fill_host (s, l, &a);
  note_result (s, key_of (s, l));
  a.smtp = a.remote_host.n || pkt_exim_is_smtp (l);
  if (!a.smtp)
    pkt_remember_mark (pkt_memory_take (s->memory, s->scope, l->id), mark_of (l->recipient, LOCAL));
  return hand_out (s, l, PKT_RECORD_ATTEMPT, &a);
}

static PktRecordKind
host_error (Exim *s, const PktEximLine *l)
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
completed (Exim *s, const PktEximLine *l)
{
  PktAttempt a = { .size = -1 };
  pkt_memory_drop (s->memory, s->scope, l->id);
  return hand_out (s, l, PKT_RECORD_REMOVED, &a);
}

static PktRecordKind
parse_text (Exim *s, PktSlice text)
{
  PktEximLine l;
  if (!pkt_exim_line (text, &l))
    return PKT_RECORD_UNKNOWN;
  switch (l.kind) {
  case PKT_EXIM_ARRIVAL:
    return arrival (s, &l);
  case PKT_EXIM_DELIVERED:
    return delivered (s, &l);
  case PKT_EXIM_FAILED:
    return failed (s, &l);
  case PKT_EXIM_DEFERRED:
    return deferred (s, &l);
  case PKT_EXIM_HOST:
    return host_error (s, &l);
  case PKT_EXIM_COMPLETED:
    return completed (s, &l);
  case PKT_EXIM_OTHER:
    break;
  }
  return PKT_RECORD_OTHER;
}

/* Through syslog the text may begin with Exim's own date, which has the year. */
static PktRecordKind
parse_syslog (Exim *s, PktSyslog *f)
{
  PktStamp ignored;
  gboolean complete = TRUE;
  if (pkt_exim_parts_join (&s->parts, f->pid, &f->text, &complete) && !complete)
    return PKT_RECORD_OTHER;
  gsize n = f->text.n > 19 && f->text.p[4] == '-' ? pkt_text_stamp (f->text, 0, &ignored) : 0;
  if (n) {
    s->log.time = pkt_slice (f->text.p, n);
    f->text = pkt_slice_skip (f->text, n + 1);
  }
  PktRecordKind kind = parse_text (s, f->text);
  return kind == PKT_RECORD_UNKNOWN ? PKT_RECORD_OTHER : kind;
}

static PktRecordKind
parse_plain (Exim *s, PktSlice line)
{
  s->log.time = s->scope = pkt_slice (NULL, 0);
  s->log.stamp = s->clock.stamp;
  return parse_text (s, pkt_slice_skip (line, PKT_EXIM_TIME + 1));
}

static PktRecordKind
parse (gpointer state, PktSlice line, PktSink sink, gpointer data)
{
  Exim *s = state;
  PktSyslog f;
  s->sink = sink;
  s->data = data;
  PktRecordKind plain = !pkt_journal_busy (s->log.journal) && pkt_exim_is_plain (&s->clock, line)
                            ? parse_plain (s, line)
                            : PKT_RECORD_UNKNOWN;
  if (plain != PKT_RECORD_UNKNOWN)
    return plain;
  PktTextKind kind = pkt_text_log_read (&s->log, line, &f);
  if (kind == PKT_TEXT_MORE)
    return PKT_RECORD_OTHER;
  s->scope = f.host;
  if (kind == PKT_TEXT_LINE && pkt_exim_owns_tag (f.tag))
    return parse_syslog (s, &f);
  s->scope = pkt_slice (NULL, 0);
  PktSlice text = kind == PKT_TEXT_LINE ? pkt_text_log_bare (&s->log, line) : f.text;
  gboolean exim = s->log.time.n && s->log.time.n >= 19 && s->log.time.p[10] == ' ';
  PktRecordKind got = exim ? parse_text (s, text) : PKT_RECORD_UNKNOWN;
  if (got == PKT_RECORD_UNKNOWN && kind == PKT_TEXT_LINE)
    return PKT_RECORD_FOREIGN;
  return got == PKT_RECORD_UNKNOWN && exim ? PKT_RECORD_OTHER : got;
}

static PktRecordKind
known_arrival (Exim *s, PktSlice line, const PktGlance *seen)
{
  PktAttempt *a = &s->brief;
  a->sender = pkt_slice (line.p + seen->text_at, seen->tag_n);
  a->size = seen->us;
  a->queue_key = seen->key;
  a->message_id = pkt_exim_get_id (line, seen->fingerprint);
  s->sink (PKT_RECORD_RECEIVED, a, s->data);
  a->sender = a->message_id = pkt_slice (NULL, 0);
  return PKT_RECORD_RECEIVED;
}

static PktRecordKind
known_removal (Exim *s, const PktGlance *seen)
{
  pkt_memory_drop_key (s->memory, seen->key);
  s->brief.queue_key = seen->key;
  s->sink (PKT_RECORD_REMOVED, &s->brief, s->data);
  return PKT_RECORD_REMOVED;
}

static PktRecordKind
known_delivery (Exim *s, const PktGlance *seen)
{
  PktAttempt *a = &s->brief;
  s->log.time = pkt_slice (NULL, 0);
  s->log.stamp = (PktStamp){ seen->us, (PktStampKind)seen->stamp_kind };
  a->stamp = pkt_text_log_stamp (&s->log);
  if (seen->kind != PKT_GLANCE_WHOLE)
    note_result (s, seen->key);
  if (seen->kind == PKT_GLANCE_KNOWN) /* no hop over SMTP */
    return PKT_RECORD_OTHER;
  a->queue_key = seen->key;
  a->fingerprint = seen->fingerprint;
  s->sink (PKT_RECORD_ELSEWHERE, a, s->data);
  return PKT_RECORD_ELSEWHERE;
}

/* What the glance told of a plain line. */
static PktRecordKind
parse_known (gpointer state, PktSlice line, const PktGlance *seen, PktSink sink, gpointer data)
{
  Exim *s = state;
  if (pkt_journal_busy (s->log.journal))
    return parse (state, line, sink, data);
  s->sink = sink;
  s->data = data;
  if (seen->kind == PKT_GLANCE_RECEIVED)
    return known_arrival (s, line, seen);
  if (seen->kind == PKT_GLANCE_REMOVED)
    return known_removal (s, seen);
  if (seen->kind == PKT_GLANCE_WHOLE)
    known_removal (s, seen);
  return known_delivery (s, seen);
}

static gboolean
passes (gpointer state, gint64 *years)
{
  const Exim *s = state;
  *years = 0; /* Exim writes it */
  return !pkt_journal_busy (s->log.journal);
}

static gboolean
remembers (gpointer state, guint64 key)
{
  const Exim *s = state;
  return key ? pkt_memory_find_key (s->memory, key) != NULL : !pkt_memory_is_empty (s->memory);
}

static void
passed (gpointer state, PktStamp last)
{
  Exim *s = state;
  s->log.time = pkt_slice (NULL, 0);
  s->log.stamp = last;
  pkt_text_log_stamp (&s->log);
}

static PktStamp
last_stamp (gpointer state)
{
  return pkt_text_log_last (&((Exim *)state)->log);
}

static void
follow (gpointer state, PktStamp last)
{
  pkt_text_log_follow (&((Exim *)state)->log, last);
}

const PktFormat pkt_format_exim = {
  .name = "exim",
  .summary = "Exim: mainlog as a file or through syslog, any log_selector",
  .probe = probe,
  .begin = begin,
  .parse = parse,
  .last_stamp = last_stamp,
  .end = end,
  .owns_tag = pkt_exim_owns_tag,
  .share = share,
  .follow = follow,
  .glancer = &pkt_exim_glancer,
  .parse_known = parse_known,
  .passes = passes,
  .remembers = remembers,
  .passed = passed,
  .blind = "tell the sending IP only with log_selector +incoming_interface and the zone only with "
           "log_timezone",
};
