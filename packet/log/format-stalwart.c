/* Stalwart's text log (facts: log-formats section 14): `TIME LEVEL Description (event.id) key =
 * value, …`. Addresses of a connection stand on a line of their own. */
#include "packet/log/event-value.h"
#include "packet/log/text-parse.h"
#include "packet/log/text-reader.h"

#define FINAL G_GUINT64_CONSTANT (1)

/* "(delivery.delivered)" behind level and words; s moves behind it. */
static PktSlice
take_event (PktSlice *s)
{
  static const char *const levels[] = { "INFO ", "WARN ", "ERROR ", "DEBUG ", "TRACE " };
  gsize i = 0;
  while (i < G_N_ELEMENTS (levels) && !pkt_slice_starts (*s, pkt_slice_str (levels[i])))
    i++;
  PktSlice open = pkt_slice_find (pkt_slice (s->p, MIN (s->n, 200)), PKT_SLICE (" ("));
  if (i == G_N_ELEMENTS (levels) || open.p == NULL)
    return pkt_slice (NULL, 0);
  PktSlice rest = pkt_slice_skip (*s, (gsize)(open.p - s->p) + 2), id = pkt_slice_until (rest, ')');
  if (id.n == rest.n || memchr (id.p, ' ', id.n) || memchr (id.p, '.', id.n) == NULL)
    return pkt_slice (NULL, 0);
  *s = pkt_slice_skip (rest, id.n + 1);
  pkt_take (s, " ");
  return id;
}

static gboolean
owns_tag (PktSlice tag)
{
  return pkt_slice_equal (tag, PKT_SLICE ("stalwart"))
         || pkt_slice_equal (tag, PKT_SLICE ("stalwart-mail"));
}

static PktSlice
skip_time (PktSlice s)
{
  PktStamp ignored;
  return pkt_slice_trim (pkt_slice_skip (s, pkt_text_stamp (s, 0, &ignored)));
}

static guint
probe (PktSlice line)
{
  PktSyslog f;
  PktSlice s = skip_time (pkt_wrap_skip_name (line)), id = take_event (&s);
  if (id.n == 0 && pkt_syslog_split (line, &f)) {
    s = skip_time (f.text);
    id = take_event (&s);
  }
  if (id.n == 0)
    return 0;
  return pkt_slice_starts (id, PKT_SLICE ("delivery.")) ? 100 : 70;
}

/* The end of a value: strings are quoted, arrays in brackets, and neither ends inside the other. */
static gsize
value_length (PktSlice s)
{
  gboolean quoted = FALSE;
  int depth = 0;
  gsize i = 0;
  for (; i < s.n; i++) {
    char c = s.p[i];
    if (quoted && c == '\\')
      i++;
    else if (c == '"')
      quoted = !quoted;
    else if (!quoted && c == '[')
      depth++;
    else if (!quoted && c == ']')
      depth--;
    else if (!quoted && depth <= 0 && c == ',' && i + 1 < s.n && s.p[i + 1] == ' ')
      break;
  }
  return MIN (i, s.n);
}

typedef struct {
  PktSlice queue_id, from, to, all, host, code, details, remote_ip, local_ip;
  gint64 size;
} Event;

static PktSlice
unquote (PktSlice v)
{
  return v.n >= 2 && v.p[0] == '"' && v.p[v.n - 1] == '"' ? pkt_slice (v.p + 1, v.n - 2) : v;
}

/* A key may come twice: `to` of the message, an array, then that of the event. */
static void
set_value (Event *e, PktSlice key, PktSlice v)
{
  const struct {
    const char *key;
    PktSlice *field;
  } fields[] = { { "queueId", &e->queue_id }, { "from", &e->from },
                 { "hostname", &e->host },    { "code", &e->code },
                 { "details", &e->details },  { "remoteIp", &e->remote_ip },
                 { "localIp", &e->local_ip } };
  if (pkt_slice_equal (key, PKT_SLICE ("to"))) {
    if (v.n && v.p[0] == '[')
      e->all = v;
    else
      e->to = unquote (v);
  }
  if (pkt_slice_equal (key, PKT_SLICE ("size")) && !pkt_slice_number (v, &e->size))
    e->size = -1;
  for (gsize i = 0; i < G_N_ELEMENTS (fields); i++)
    if (pkt_slice_equal (key, pkt_slice_str (fields[i].key)))
      *fields[i].field = unquote (v);
}

static Event
read_event (PktSlice s)
{
  Event e = { .size = -1 };
  while (s.n) {
    PktSlice eq = pkt_slice_find (s, PKT_SLICE (" = "));
    if (eq.p == NULL)
      break;
    PktSlice key = pkt_slice (s.p, (gsize)(eq.p - s.p));
    s = pkt_slice_skip (eq, 3);
    gsize n = value_length (s);
    set_value (&e, key, pkt_slice (s.p, n));
    s = pkt_slice_skip (s, n + 2);
  }
  return e;
}

/* `"a@b", "c@d"` of an array. */
static PktSlice
take_element (PktSlice *s)
{
  while (s->n && (strchr ("[, ]", s->p[0]) && s->p[0]))
    *s = pkt_slice_skip (*s, 1);
  gsize n = value_length (*s);
  if (n && s->p[n - 1] == ']')
    n--;
  PktSlice v = pkt_slice (s->p, n);
  *s = pkt_slice_skip (*s, n);
  return unquote (v);
}

static void
set_reply (PktTextReader *r, const Event *e, PktAttempt *a)
{
  g_string_printf (r->buffer, "%.*s%s%.*s", (int)e->code.n, e->code.p ? e->code.p : "",
                   e->code.n && e->details.n ? " " : "", (int)e->details.n,
                   e->details.p ? e->details.p : "");
  g_string_replace (r->buffer, "\\\"", "\"", 0);
  g_string_replace (r->buffer, "\\n", " ", 0);
  a->reply = pkt_slice (r->buffer->str, r->buffer->len);
  a->reply_is_remote = pkt_is_reply (a->reply);
}

static PktRecordKind
tell_one (PktTextReader *r, const PktAttempt *common, PktSlice recipient)
{
  PktAttempt a = *common;
  a.recipient = pkt_event_unbracket (recipient);
  if (a.outcome == PKT_BOUNCED || a.outcome == PKT_DELIVERED) {
    PktRemembered *m = pkt_memory_take (r->memory, r->scope, r->id);
    if (!pkt_remember_mark (m, pkt_slice_hash (recipient, FINAL)))
      return PKT_RECORD_OTHER; /* the refusal, and the notice that repeats it */
  }
  return pkt_text_reader_tell (r, PKT_RECORD_ATTEMPT, &a);
}

static PktRecordKind
attempt (PktTextReader *r, const Event *e, PktOutcome outcome, PktStage stage)
{
  PktAttempt a = { .size = e->size, .smtp = TRUE, .outcome = outcome, .stage = stage };
  PktRecordKind kind = PKT_RECORD_OTHER;
  const PktRemembered *c = pkt_memory_find (r->memory, e->queue_id, e->host);
  a.sender = pkt_event_unbracket (e->from);
  a.remote_host = e->host;
  a.remote_ip = c ? pkt_slice_str (c->ip) : e->remote_ip;
  a.local_ip = c ? pkt_slice_str (c->local_ip) : pkt_slice (NULL, 0);
  set_reply (r, e, &a);
  if (e->to.n || outcome == PKT_HOST_ERROR)
    return tell_one (r, &a, e->to);
  for (PktSlice all = e->all; all.n;) {
    PktSlice recipient = take_element (&all);
    if (recipient.n)
      kind = tell_one (r, &a, recipient);
  }
  return kind;
}

static PktRecordKind
connected (PktTextReader *r, const Event *e)
{
  PktRemembered *c = pkt_memory_take (r->memory, e->queue_id, e->host);
  pkt_remember (c, &c->ip, e->remote_ip);
  pkt_remember (c, &c->local_ip,
                pkt_slice_equal (e->local_ip, PKT_SLICE ("0.0.0.0")) ? pkt_slice (NULL, 0)
                                                                     : e->local_ip);
  return PKT_RECORD_OTHER;
}

static PktRecordKind
parse_event (PktTextReader *r, PktSlice id, PktSlice s)
{
  static const struct {
    const char *event;
    PktStage stage;
    gboolean whole; /* of one host, another may follow */
  } refusals[] = { { "rcpt-to-rejected", PKT_STAGE_RCPT, FALSE },
                   { "mail-from-rejected", PKT_STAGE_MAIL, FALSE },
                   { "message-rejected", PKT_STAGE_END_OF_DATA, FALSE },
                   { "greeting-failed", PKT_STAGE_BANNER, TRUE },
                   { "ehlo-rejected", PKT_STAGE_HELO, TRUE } };
  if (!pkt_take (&id, "delivery."))
    return PKT_RECORD_OTHER;
  Event e = read_event (s);
  r->id = e.queue_id;
  if (e.queue_id.n == 0)
    return PKT_RECORD_OTHER;
  if (pkt_slice_equal (id, PKT_SLICE ("connect")))
    return connected (r, &e);
  if (pkt_slice_equal (id, PKT_SLICE ("delivered")))
    return attempt (r, &e, PKT_DELIVERED, PKT_STAGE_END_OF_DATA);
  if (pkt_slice_equal (id, PKT_SLICE ("dsn-perm-fail")))
    return attempt (r, &e, PKT_BOUNCED, PKT_STAGE_UNKNOWN);
  for (gsize i = 0; i < G_N_ELEMENTS (refusals); i++)
    if (pkt_slice_equal (id, pkt_slice_str (refusals[i].event)))
      return attempt (r, &e,
                      refusals[i].whole                ? PKT_HOST_ERROR
                      : e.code.n && e.code.p[0] == '5' ? PKT_BOUNCED
                                                       : PKT_DEFERRED,
                      refusals[i].stage);
  return PKT_RECORD_OTHER;
}

static PktRecordKind
parse (gpointer state, PktSlice line, PktSink sink, gpointer data)
{
  PktTextReader *r = state;
  PktSyslog f;
  PktTextKind kind = pkt_text_log_read (&r->log, line, &f);
  if (kind == PKT_TEXT_MORE)
    return PKT_RECORD_OTHER;
  r->sink = sink;
  r->data = data;
  r->scope = f.host;
  PktSlice text = pkt_text_log_own (&r->log, f.text), id = take_event (&text);
  if (id.n == 0 && kind == PKT_TEXT_LINE) {
    text = pkt_text_log_bare (&r->log, line);
    r->scope = pkt_slice (NULL, 0);
    id = take_event (&text);
  }
  if (id.n == 0)
    return kind == PKT_TEXT_LINE ? PKT_RECORD_FOREIGN : PKT_RECORD_UNKNOWN;
  return parse_event (r, id, text);
}

const PktFormat pkt_format_stalwart = {
  .name = "stalwart",
  .summary = "Stalwart: text log, as a file, in journald or in a container",
  .probe = probe,
  .parse = parse,
  .owns_tag = owns_tag,
  PKT_TEXT_READER,
  .blind
  = "hold no Message-ID and no enhanced code; lines without a time in front, as `docker logs` "
    "prints them without -t, cannot be counted",
};
