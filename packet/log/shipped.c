#include "packet/log/shipped.h"
#include "packet/log/event-value.h"
#include "packet/log/format.h"
#include "packet/log/json-probe.h"
#include "packet/log/text-log.h"

#define MAX_UNSURE 64  /* lines: behind them a file that held no such record holds none */
#define MAX_LINES 5000 /* the same of records with lines of syslog, none of a mail server */
#define MAX_BEFORE 500 /* bytes of a row in front of the line */

/* Objects that hold the record, besides the whole: Elasticsearch twice, Google Cloud, Splunk,
 * Graylog, Datadog's two, Sumo Logic. */
static const PktSlice holders[] = { PKT_SLICE ("_source"),     PKT_SLICE ("fields"),
                                    PKT_SLICE ("jsonPayload"), PKT_SLICE ("result"),
                                    PKT_SLICE ("message"),     PKT_SLICE ("content"),
                                    PKT_SLICE ("map"),         PKT_SLICE ("attributes") };
#define N_HOLDERS G_N_ELEMENTS (holders)

/* In order of preference. "a.b" is also b in the object a. */
static const PktSlice texts[] = { PKT_SLICE ("message"),
                                  PKT_SLICE ("MESSAGE"),
                                  PKT_SLICE ("short_message"),
                                  PKT_SLICE ("log"),
                                  PKT_SLICE ("line"),
                                  PKT_SLICE ("msg"),
                                  PKT_SLICE ("_raw"),
                                  PKT_SLICE ("textPayload"),
                                  PKT_SLICE ("event.original"),
                                  PKT_SLICE ("@message"),
                                  PKT_SLICE ("SyslogMessage"),
                                  PKT_SLICE ("RawData"),
                                  PKT_SLICE ("logmsg"),
                                  PKT_SLICE ("body.stringValue"),
                                  PKT_SLICE ("body") };
static const PktSlice programs[] = {
  PKT_SLICE ("syslogtag"),         PKT_SLICE ("PROGRAM"),      PKT_SLICE ("program"),
  PKT_SLICE ("appname"),           PKT_SLICE ("ident"),        PKT_SLICE ("SYSLOG_IDENTIFIER"),
  PKT_SLICE ("syslog_identifier"), PKT_SLICE ("process.name"), PKT_SLICE ("_application_name"),
  PKT_SLICE ("application_name"),  PKT_SLICE ("app-name"),     PKT_SLICE ("programname"),
  PKT_SLICE ("syslog-tag"),        PKT_SLICE ("tag"),          PKT_SLICE ("ProcessName")
};
static const PktSlice pids[] = { PKT_SLICE ("procid"),      PKT_SLICE ("PID"),
                                 PKT_SLICE ("pid"),         PKT_SLICE ("process.pid"),
                                 PKT_SLICE ("_process_id"), PKT_SLICE ("process_id"),
                                 PKT_SLICE ("ProcessID") };
static const PktSlice hosts[]
    = { PKT_SLICE ("HOST"),        PKT_SLICE ("hostname"),  PKT_SLICE ("host.name"),
        PKT_SLICE ("host"),        PKT_SLICE ("logsource"), PKT_SLICE ("host.hostname"),
        PKT_SLICE ("_HOSTNAME"),   PKT_SLICE ("Computer"),  PKT_SLICE ("FromHost"),
        PKT_SLICE ("source_name"), PKT_SLICE ("source") };
static const PktSlice times[]
    = { PKT_SLICE ("@timestamp"),  PKT_SLICE ("ISODATE"),       PKT_SLICE ("timereported"),
        PKT_SLICE ("timestamp"),   PKT_SLICE ("timegenerated"), PKT_SLICE ("time"),
        PKT_SLICE ("date"),        PKT_SLICE ("DATE"),          PKT_SLICE ("TimeGenerated"),
        PKT_SLICE ("received_at"), PKT_SLICE ("timeUnixNano"),  PKT_SLICE ("generated_at"),
        PKT_SLICE ("ReceivedAt"),  PKT_SLICE ("_time") };

static const PktSlice *
find_name (const PktSlice *names, gsize n, PktSlice name)
{
  for (gsize i = 0; i < n; i++)
    if (pkt_slice_equal_nocase (names[i], name))
      return &names[i];
  return NULL;
}

const PktSlice *
pkt_shipped_name (PktSlice name, gboolean *text, gboolean *time)
{
  const PktSlice *known = find_name (texts, G_N_ELEMENTS (texts), name);
  if (known) {
    *text = TRUE;
    return known;
  }
  known = find_name (times, G_N_ELEMENTS (times), name);
  if (known) {
    *time = TRUE;
    return known;
  }
  known = find_name (programs, G_N_ELEMENTS (programs), name);
  if (known == NULL)
    known = find_name (pids, G_N_ELEMENTS (pids), name);
  return known ? known : find_name (hosts, G_N_ELEMENTS (hosts), name);
}

/* "log.syslog" of object i: the member of that name, or the one down that path; 0: none. */
static guint32
member_at (const PktJsonNodes *nodes, guint32 i, PktSlice path)
{
  const guint32 whole = pkt_json_nodes_member (nodes, i, path);
  const PktSlice head = pkt_slice_until (path, '.');
  if (whole || head.n == path.n)
    return whole;
  const guint32 inner = pkt_json_nodes_member (nodes, i, head);
  return inner ? pkt_json_nodes_member (nodes, inner, pkt_slice_skip (path, head.n + 1)) : 0;
}

/* What a value says, or the only one of a list: "message":["Mar  3 …"]. */
static PktSlice
text_at (PktJsonNodes *nodes, guint32 i)
{
  if (nodes->all[i].kind == PKT_JSON_ARRAY && nodes->all[i].next == i + 2)
    i++;
  return pkt_json_nodes_text (nodes, i);
}

/* The first of these names that says something; empty: none does. */
static PktSlice
value_of (PktJsonNodes *nodes, const PktSlice *names, gsize n)
{
  for (gsize h = 0; h <= N_HOLDERS; h++) {
    const guint32 in = h ? pkt_json_nodes_member (nodes, 0, holders[h - 1]) : 0;
    if (h && (in == 0 || nodes->all[in].kind != PKT_JSON_OBJECT))
      continue;
    for (gsize i = 0; i < n; i++) {
      const guint32 at = member_at (nodes, in, names[i]);
      const PktSlice text = at ? text_at (nodes, at) : pkt_slice (NULL, 0);
      if (text.n)
        return text;
    }
  }
  return pkt_slice (NULL, 0);
}
#define VALUE_OF(nodes, names) value_of (nodes, names, G_N_ELEMENTS (names))

#define NANO_DIGITS 19 /* of nanoseconds since 1970, Loki's; their last three are not kept */

/* "2026-03-03T10:45:36Z " in front of the line; FALSE: the record tells no time. */
static gboolean
append_time (GString *out, PktJsonNodes *nodes)
{
  PktSlice time = VALUE_OF (nodes, times);
  char text[PKT_CLOCK_ROOM];
  PktStamp stamp;
  if (time.n == 0)
    return FALSE;
  if (time.n == NANO_DIGITS && g_ascii_isdigit (time.p[NANO_DIGITS - 1])
      && !memchr (time.p, ':', time.n))
    time.n -= 3;
  const gboolean known = pkt_event_time (time, FALSE, &stamp);
  const gboolean local = known && stamp.kind == PKT_STAMP_LOCAL;
  const gsize n = known && stamp.kind != PKT_STAMP_NONE ? pkt_clock_write_rfc3339 (stamp.us, text)
                                                        : 0;
  if (n && !local)
    g_string_append_len (out, text, (gssize)n);
  else if (pkt_text_stamp (time, 0, &stamp) == time.n)
    g_string_append_len (out, time.p, (gssize)time.n);
  else if (n) /* "Nov 2, 2026 @ 06:00:00.123", without the Z of a time in UTC */
    g_string_append_len (out, text, (gssize)n - 1);
  else
    return FALSE;
  g_string_append_c (out, ' ');
  return TRUE;
}

static void
append_word (GString *out, PktSlice word)
{
  word = pkt_slice_until (word, ' ');
  g_string_append_len (out, word.n ? word.p : "-", word.n ? (gssize)word.n : 1);
}

/* "TIME HOST TAG[PID]: TEXT" of a record whose text has no header. */
static gboolean
write_framed (GString *out, PktJsonNodes *nodes, PktSlice text)
{
  PktSlice tag = VALUE_OF (nodes, programs);
  const PktSlice pid = VALUE_OF (nodes, pids);
  if (!append_time (out, nodes))
    return FALSE;
  if (tag.n == 0) { /* "postfix/smtp[812]: …" of a container */
    g_string_append_len (out, text.p, (gssize)text.n);
    return TRUE;
  }
  append_word (out, VALUE_OF (nodes, hosts));
  g_string_append_c (out, ' ');
  if (tag.p[tag.n - 1] == ':')
    tag.n--;
  append_word (out, tag);
  if (pid.n && tag.p[tag.n - 1] != ']') {
    g_string_append_c (out, '[');
    append_word (out, pid);
    g_string_append_c (out, ']');
  }
  g_string_append (out, ": ");
  g_string_append_len (out, text.p, (gssize)text.n);
  return TRUE;
}

/* FALSE: the record holds no line. */
static gboolean
unwrap_record (PktShipped *s, PktSlice line)
{
  PktStamp ignored;
  PktSyslog frame;
  if (!pkt_slice_is_utf8 (line) || !pkt_json_nodes_read (&s->nodes, line)
      || s->nodes.all[0].kind != PKT_JSON_OBJECT)
    return FALSE;
  if (s->depth) {
    const PktSlice held = pkt_shipped_held (s);
    g_string_append_len (s->text, held.p, (gssize)held.n);
    return held.n > 0;
  }
  const PktSlice text = pkt_slice_trim (VALUE_OF (&s->nodes, texts));
  if (text.n == 0)
    return FALSE;
  if (text.p[0] == '{' || pkt_syslog_split (text, &frame)
      || pkt_text_stamp (pkt_wrap_skip_name (text), 0, &ignored))
    g_string_append_len (s->text, text.p, (gssize)text.n);
  else if (!write_framed (s->text, &s->nodes, text))
    return FALSE;
  return TRUE;
}

/* The field of a table at `field`, behind its quote; "" in it is one. */
static void
append_field (GString *out, PktSlice field, gboolean quoted)
{
  for (gsize i = 0; i < field.n; i++) {
    if (quoted && field.p[i] == '"') {
      if (i + 1 == field.n || field.p[i + 1] != '"')
        return;
      i++;
    } else if (!quoted && field.p[i] == '\t')
      return;
    g_string_append_c (out, field.p[i]);
  }
}

/* "[{""event"":…" in quotes: a service's event, or the array of them that a webhook got. */
static gboolean
begins_event (PktSlice field, gboolean quoted)
{
  return quoted
         && (pkt_slice_starts (field, PKT_SLICE ("{\"\""))
             || pkt_slice_starts (field, PKT_SLICE ("[{\"\"")));
}

/* A row of CloudWatch's, Kibana's, Splunk's or Datadog's table: the field that begins as a log's
 * line does, with a time and a blank; or a database's, with an event in a field. */
static gboolean
unwrap_row (PktShipped *s, PktSlice line)
{
  PktStamp ignored;
  for (gsize i = 0; i < MIN (line.n, MAX_BEFORE); i++) {
    if (i && line.p[i - 1] != ',' && line.p[i - 1] != ';' && line.p[i - 1] != '\t')
      continue;
    const gboolean quoted = line.p[i] == '"';
    const PktSlice field = pkt_slice_skip (line, i + quoted);
    const gsize n = i || quoted ? pkt_text_stamp (field, 0, &ignored) : 0;
    if ((n == 0 || n >= field.n || field.p[n] != ' ') && !begins_event (field, quoted))
      continue;
    append_field (s->text, field, quoted);
    return TRUE;
  }
  return FALSE;
}

/* "2026-03-03T10:45:36.123Z stdout F {…}", "Nov  2 10:45:36 app webhook[7]: {…}", "INFO webhook
 * [{…}]", a table's last field: the event, which has a time of its own. */
static gboolean
unwrap_event (PktShipped *s, PktSlice line)
{
  line = pkt_slice_trim (line);
  const char *brace = pkt_find_byte (line.p, line.p + MIN (line.n, MAX_BEFORE), '{');
  if (brace == NULL || brace == line.p || line.n < 2 || line.p[0] == '[' || line.p[0] == ',')
    return FALSE;
  brace -= brace[-1] == '[';
  if (line.p[line.n - 1] != (*brace == '[' ? ']' : '}'))
    return FALSE;
  g_string_append_len (s->text, brace, (gssize)(line.p + line.n - brace));
  return TRUE;
}

static gboolean
unwrap (PktShipped *s, PktSlice line)
{
  if (s->text == NULL)
    s->text = g_string_new (NULL);
  g_string_truncate (s->text, 0);
  s->tabled = FALSE;
  if (line.p[0] == '{')
    return unwrap_record (s, line);
  const PktSlice row = s->table ? pkt_shipped_table_row (s->table, line) : pkt_slice (NULL, 0);
  s->tabled = row.n > 2 && unwrap_record (s, row);
  return s->tabled || unwrap_row (s, line) || unwrap_event (s, line);
}

/* The format of a line that tells what the file is. */
static const PktFormat *
format_of (PktSlice line)
{
  PktProbe probe = { 0 };
  pkt_probe_line (&probe, line);
  return pkt_probe_best (&probe);
}

/* A table's row, or a program's line, may hold any object: of those without a time in front only a
 * service's own is one. */
static gboolean
is_known (PktSlice text, PktSlice record)
{
  PktStamp ignored;
  return record.p[0] == '{' || (text.p[0] != '{' && text.p[0] != '[')
                 || pkt_text_stamp (record, 0, &ignored)
             ? format_of (text) != NULL
             : pkt_json_is_of_service (text);
}

/* {"_index":"x","_source":{"event":"bounce",…}}, {"body":"[{\"event\":…}]"}. */
static gboolean
finds_event (PktShipped *s, PktSlice record)
{
  return record.p[0] == '{' && pkt_slice_is_utf8 (record) && pkt_json_nodes_read (&s->nodes, record)
         && pkt_shipped_find (s);
}

/* What it holds, which then stands in s->text; the file is a shipper's where that is SURE. */
static PktShippedWeight
weigh (PktShipped *s, PktSlice record)
{
  PktSyslog ignored;
  const gboolean has_text = unwrap (s, record);
  const PktSlice text = pkt_slice (s->text->str, s->text->len);
  const gboolean known = has_text && is_known (text, record);
  if ((known || finds_event (s, record)) && (s->tabled || !format_of (record))) {
    s->state = PKT_SHIPPED_YES;
    return known || unwrap (s, record) ? PKT_SHIPPED_SURE : PKT_SHIPPED_NOTHING;
  }
  pkt_shipped_forget (s);
  return has_text && pkt_syslog_split (text, &ignored) && !format_of (record) ? PKT_SHIPPED_LINE
                                                                              : PKT_SHIPPED_NOTHING;
}

/* Lines of a text are one. */
static PktSlice
text_of (PktShipped *s)
{
  for (gsize i = 0; i < s->text->len; i++)
    if (s->text->str[i] == '\n' || s->text->str[i] == '\r')
      s->text->str[i] = ' ';
  return pkt_slice (s->text->str, s->text->len);
}

void
pkt_shipped_line (PktShipped *s, PktSlice *line)
{
  if (s->state == PKT_SHIPPED_NO || line->n == 0)
    return;
  if (!s->begun)
    s->table = pkt_shipped_table_new (*line);
  s->begun = TRUE;
  if (s->state == PKT_SHIPPED_YES) {
    if (unwrap (s, *line))
      *line = text_of (s);
    return;
  }
  if (pkt_journal_looks_like (*line) || s->looked > MAX_UNSURE || s->framed > MAX_LINES) {
    s->state = PKT_SHIPPED_NO;
    return;
  }
  const PktShippedWeight weight = weigh (s, *line);
  s->looked += weight == PKT_SHIPPED_NOTHING;
  s->framed += weight == PKT_SHIPPED_LINE;
  if (weight != PKT_SHIPPED_NOTHING)
    *line = text_of (s);
}

PktShippedWeight
pkt_shipped_weigh (PktShipped *s, PktSlice record)
{
  if (pkt_journal_looks_like (record))
    return PKT_SHIPPED_SURE;
  return record.n && record.p[0] == '{' ? weigh (s, record) : PKT_SHIPPED_NOTHING;
}

void
pkt_shipped_clear (PktShipped *s)
{
  pkt_json_nodes_clear (&s->nodes);
  pkt_shipped_forget (s);
  g_clear_pointer (&s->table, pkt_shipped_table_free);
  if (s->text)
    g_string_free (s->text, TRUE);
}
