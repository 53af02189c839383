/* ZoneMTA (facts: log-formats section 15): one record a result, `Sender/ZONE/PID[n] id=… DELIVERY.
 * SEQ ACCEPTED|DEFERRED[…]|REJECTED[…] from=… to=… src=… mx=… id=<…> (REPLY)`. The reply may run
 * over several lines. */
#include "packet/log/event-value.h"
#include "packet/log/text-parse.h"
#include "packet/log/text-reader.h"

#define MAX_RECORD (16 * 1024)

typedef struct {
  PktTextReader text;
  GString *record; /* that goes on in the next line; empty: none */
  PktStamp stamp;  /* of its first line */
} ZoneMta;

static gpointer
begin (void)
{
  ZoneMta *z = g_new0 (ZoneMta, 1);
  pkt_text_reader_init (&z->text);
  z->record = g_string_new (NULL);
  return z;
}

static void
end (gpointer state)
{
  ZoneMta *z = state;
  g_string_free (z->record, TRUE);
  pkt_text_reader_end (state);
}

static gboolean
owns_tag (PktSlice tag)
{
  return pkt_slice_equal (tag, PKT_SLICE ("zone-mta"))
         || pkt_slice_equal (tag, PKT_SLICE ("zonemta"));
}

/* "info Sender/default/827[14] …": level and logger. */
static gboolean
take_head (PktSlice *s)
{
  PktSlice at = *s, level = pkt_slice_until (at, ' ');
  if (level.n == 0 || level.n > 8 || level.n == at.n)
    return FALSE;
  at = pkt_slice_trim (pkt_slice_skip (at, level.n + 1));
  if (!pkt_take (&at, "Sender/"))
    return FALSE;
  at = pkt_slice_skip (at, pkt_slice_until (at, ' ').n);
  pkt_take (&at, " ");
  *s = at;
  return TRUE;
}

static gboolean
is_prefixed (PktSlice s)
{
  static const char *const levels[]
      = { "info ", "ERR! ", "WARN ", "verbose ", "silly ", "notice " };
  for (gsize i = 0; i < G_N_ELEMENTS (levels); i++)
    if (pkt_slice_starts (s, pkt_slice_str (levels[i])))
      return TRUE;
  return FALSE;
}

static guint
probe (PktSlice line)
{
  PktSyslog f;
  if (pkt_syslog_split (line, &f))
    return owns_tag (f.tag) ? take_head (&f.text) ? 100 : 80 : 0;
  PktStamp ignored;
  PktSlice s = pkt_wrap_skip_name (line);
  s = pkt_slice_trim (pkt_slice_skip (s, pkt_text_stamp (s, 0, &ignored)));
  return is_prefixed (s) && take_head (&s) ? 90 : 0;
}

/* What a value lasts to: a blank. */
static PktSlice
value (PktSlice s, const char *key)
{
  PktSlice at = pkt_slice_find (s, pkt_slice_str (key));
  return at.p ? pkt_slice_until (pkt_slice_skip (at, strlen (key)), ' ') : at;
}

/* "mx01.mail.icloud.com[17.56.9.17]"; the bare domain where no connection was made. */
static void
read_mx (PktSlice mx, PktSlice *host, PktSlice *ip)
{
  PktSlice at = mx;
  if (!pkt_take_host_ip (&at, host, ip))
    *host = *ip = pkt_slice (NULL, 0);
}

/* "server[1.1.1.1]" or "1.1.1.1"; what is no address, put there before a log is handed on, is left
 * out. */
static PktSlice
read_src (PktSlice src)
{
  PktSlice host, ip, at = src;
  return pkt_event_ip (pkt_take_host_ip (&at, &host, &ip) ? ip : src);
}

/* CONNECTED, SMTPERR, SMTPCLOSE: of the delivery that has no other word of host and reply. */
static PktRecordKind
remember (PktTextReader *r, PktSlice s)
{
  static const char greeting[] = "error=\"Invalid greeting. response=";
  PktSlice host, ip, src = value (s, " src="), mx = value (s, " mx=");
  PktRemembered *m = pkt_memory_take (r->memory, r->scope, r->id);
  read_mx (mx, &host, &ip);
  if (host.n) {
    pkt_remember (m, &m->host, host);
    pkt_remember (m, &m->ip, ip);
  }
  if (src.n)
    pkt_remember (m, &m->local_ip, read_src (src));
  PktSlice said = pkt_slice_find (s, PKT_SLICE ("response=\"")),
           error = pkt_slice_find (s, pkt_slice_str (greeting));
  if (error.p) { /* the text stands there twice: "554 …: 554 …" */
    error = pkt_slice_until (pkt_slice_skip (error, strlen (greeting)), '"');
    for (gsize i = 0; i + 2 < error.n; i++) {
      PktSlice rest = pkt_slice_skip (error, i + 2);
      if (error.p[i] == ':' && rest.n == i && memcmp (rest.p, error.p, i) == 0)
        error.n = i;
    }
    pkt_remember (m, &m->reply, error);
    m->state = PKT_STAGE_BANNER;
  } else if (said.p && m->reply == NULL)
    pkt_remember (m, &m->reply, pkt_slice_until (pkt_slice_skip (said, 10), '"'));
  return PKT_RECORD_OTHER;
}

/* "(REPLY)" at the end: the reply may hold brackets, what stands before it does not. */
static PktSlice
reply_of (PktSlice s)
{
  PktSlice open = pkt_slice_find (s, PKT_SLICE ("> (")), at = pkt_slice_skip (open, 3);
  if (open.p == NULL) {
    open = pkt_slice_find (s, PKT_SLICE (" ("));
    at = pkt_slice_skip (open, 2);
  }
  if (at.n && at.p[at.n - 1] == ')')
    at.n--;
  return pkt_slice_trim (at);
}

static void
read_from (PktSlice from, PktAttempt *a)
{
  PktSlice envelope = pkt_slice_skip (from, pkt_slice_until (from, '[').n + 1);
  if (envelope.n && envelope.p[envelope.n - 1] == ']') {
    a->from_domain = pkt_slice_domain (pkt_slice_until (from, '['));
    from = pkt_slice (envelope.p, envelope.n - 1);
  }
  a->sender = pkt_slice_equal (from, PKT_SLICE ("<>")) ? pkt_slice (from.p + 1, 0) : from;
}

static void
add_remembered (PktTextReader *r, PktAttempt *a)
{
  const PktRemembered *m = pkt_memory_find (r->memory, r->scope, r->id);
  if (m == NULL)
    return;
  if (a->remote_host.n == 0 && m->host) {
    a->remote_host = pkt_slice_str (m->host);
    a->remote_ip = pkt_slice_str (m->ip);
  }
  if (a->local_ip.n == 0)
    a->local_ip = pkt_slice_str (m->local_ip);
  if (a->reply.n == 0 && m->reply && a->outcome != PKT_DELIVERED)
    a->reply = pkt_slice_str (m->reply);
  if (m->state == PKT_STAGE_BANNER && a->outcome != PKT_DELIVERED)
    a->stage = PKT_STAGE_BANNER;
}

static PktRecordKind
tell_result (ZoneMta *z, PktSlice s, PktOutcome outcome)
{
  PktTextReader *r = &z->text;
  PktAttempt a = { .size = -1, .smtp = TRUE, .outcome = outcome };
  PktSlice id = pkt_slice_find (s, PKT_SLICE ("id=<"));
  PktSlice head = id.p ? pkt_slice (s.p, (gsize)(id.p - s.p)) : s;
  read_from (value (head, " from="), &a);
  a.recipient = value (head, " to=");
  a.local_ip = read_src (value (head, " src="));
  read_mx (value (head, " mx="), &a.remote_host, &a.remote_ip);
  if (id.p)
    a.message_id = pkt_slice_until (pkt_slice_skip (id, 4), '>');
  a.reply = reply_of (id.p ? id : s);
  if (outcome == PKT_DELIVERED)
    a.stage = PKT_STAGE_END_OF_DATA;
  add_remembered (r, &a);
  a.reply_is_remote = pkt_is_reply (a.reply);
  a.queue_id = r->id;
  a.queue_scope = r->scope;
  a.stamp = z->stamp;
  if (a.recipient.n == 0 || (a.stamp.kind == PKT_STAMP_NONE && r->log.time.n))
    return PKT_RECORD_UNKNOWN;
  r->sink (PKT_RECORD_ATTEMPT, &a, r->data);
  pkt_memory_drop (r->memory, r->scope, r->id);
  return PKT_RECORD_ATTEMPT;
}

static PktRecordKind
parse_record (ZoneMta *z, PktSlice s)
{
  PktTextReader *r = &z->text;
  if (!take_head (&s))
    return PKT_RECORD_OTHER;
  if (pkt_slice_starts (s, PKT_SLICE ("id="))) /* the session */
    s = pkt_slice_skip (s, pkt_slice_until (s, ' ').n + 1);
  r->id = pkt_slice_until (s, ' ');
  s = pkt_slice_skip (s, r->id.n);
  PktSlice word = s;
  if (pkt_take (&word, " ACCEPTED"))
    return tell_result (z, s, PKT_DELIVERED);
  if (pkt_take (&word, " DEFERRED"))
    return tell_result (z, s, PKT_DEFERRED);
  if (pkt_take (&word, " REJECTED"))
    return tell_result (z, s, PKT_BOUNCED);
  if (pkt_take (&word, " CONNECTED ") || pkt_take (&word, " SMTPERR ")
      || pkt_take (&word, " SMTPCLOSE ") || pkt_take (&word, " ERRCONNECT "))
    return remember (r, s);
  return PKT_RECORD_OTHER;
}

static gboolean
is_complete (PktSlice s)
{
  return s.n && s.p[s.n - 1] == ')';
}

/* Its line ends become blanks; through syslog they are "#012". */
static PktRecordKind
finish_record (ZoneMta *z)
{
  g_autofree char *text = g_strndup (z->record->str, z->record->len);
  PktSlice s = pkt_slice (text, z->record->len);
  g_string_truncate (z->record, 0);
  return parse_record (z, s);
}

/* A result whose reply is not closed yet waits for the lines that follow. */
static PktRecordKind
take_record (ZoneMta *z, PktSlice s)
{
  gboolean open = pkt_slice_find (s, PKT_SLICE (" (")).p && !is_complete (s)
                  && (pkt_slice_find (s, PKT_SLICE (" DEFERRED")).p
                      || pkt_slice_find (s, PKT_SLICE (" REJECTED")).p
                      || pkt_slice_find (s, PKT_SLICE (" ACCEPTED")).p);
  gboolean escaped = pkt_slice_find (s, PKT_SLICE ("#012")).p != NULL;
  z->stamp = pkt_text_log_stamp (&z->text.log);
  if (!open && !escaped)
    return parse_record (z, s);
  g_string_append_len (g_string_truncate (z->record, 0), s.p, (gssize)s.n);
  if (escaped)
    g_string_replace (z->record, "#012", " ", 0);
  return open ? PKT_RECORD_OTHER : finish_record (z);
}

static PktRecordKind
parse (gpointer state, PktSlice line, PktSink sink, gpointer data)
{
  ZoneMta *z = state;
  PktTextReader *r = &z->text;
  PktSyslog f;
  PktTextKind kind = pkt_text_log_read (&r->log, line, &f);
  if (kind == PKT_TEXT_MORE)
    return PKT_RECORD_OTHER;
  r->sink = sink;
  r->data = data;
  gboolean framed = kind == PKT_TEXT_LINE && owns_tag (f.tag);
  PktSlice text = framed                  ? pkt_text_log_own (&r->log, f.text)
                  : kind == PKT_TEXT_BARE ? f.text
                                          : pkt_text_log_bare (&r->log, line);
  PktSlice head = text;
  gboolean prefixed = framed || (is_prefixed (text) && (r->log.time.n || take_head (&head)));
  PktRecordKind kept = PKT_RECORD_OTHER;
  r->scope = framed ? f.host : pkt_slice (NULL, 0);
  if (z->record->len && (!prefixed || !is_prefixed (text))) {
    if (z->record->len + line.n < MAX_RECORD) {
      g_string_append_c (z->record, ' ');
      g_string_append_len (z->record, framed ? text.p : line.p, (gssize)(framed ? text.n : line.n));
    }
    return is_complete (pkt_slice (z->record->str, z->record->len)) ? finish_record (z)
                                                                    : PKT_RECORD_OTHER;
  }
  if (z->record->len) /* was never closed */
    kept = finish_record (z);
  if (prefixed)
    return take_record (z, text);
  if (kept != PKT_RECORD_OTHER)
    return kept;
  return kind == PKT_TEXT_LINE ? PKT_RECORD_FOREIGN : PKT_RECORD_UNKNOWN;
}

/* The file ends before the reply was closed. */
static PktRecordKind
finish (gpointer state, PktSink sink, gpointer data)
{
  ZoneMta *z = state;
  z->text.sink = sink;
  z->text.data = data;
  return z->record->len ? finish_record (z) : PKT_RECORD_OTHER;
}

const PktFormat pkt_format_zonemta = {
  .name = "zonemta",
  .summary = "ZoneMTA: syslog or its output with a time in front, replies over several lines",
  .probe = probe,
  .parse = parse,
  .finish = finish,
  .owns_tag = owns_tag,
  .begin = begin,
  .end = end,
  .share = pkt_text_reader_share,
  .last_stamp = pkt_text_reader_last_stamp,
  .follow = pkt_text_reader_follow,
  .blind = "show as deferred some 5xx replies that its bounce rules try again, and hold no size",
};
