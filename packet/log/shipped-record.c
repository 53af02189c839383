/* The line that a record holds, with what it lacks of its header out of the record's other members.
 */
#include "packet/log/event-value.h"
#include "packet/log/shipped.h"
#include "packet/log/text-log.h"

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
static const PktSlice programs[] = { PKT_SLICE ("syslogtag"),
                                     PKT_SLICE ("PROGRAM"),
                                     PKT_SLICE ("program"),
                                     PKT_SLICE ("appname"),
                                     PKT_SLICE ("ident"),
                                     PKT_SLICE ("SYSLOG_IDENTIFIER"),
                                     PKT_SLICE ("syslog_identifier"),
                                     PKT_SLICE ("log.syslog.appname"),
                                     PKT_SLICE ("syslog.identifier"),
                                     PKT_SLICE ("process.name"),
                                     PKT_SLICE ("_application_name"),
                                     PKT_SLICE ("application_name"),
                                     PKT_SLICE ("app-name"),
                                     PKT_SLICE ("programname"),
                                     PKT_SLICE ("syslog-tag"),
                                     PKT_SLICE ("tag"),
                                     PKT_SLICE ("ProcessName") };
static const PktSlice pids[] = { PKT_SLICE ("procid"),      PKT_SLICE ("PID"),
                                 PKT_SLICE ("pid"),         PKT_SLICE ("process.pid"),
                                 PKT_SLICE ("_process_id"), PKT_SLICE ("process_id"),
                                 PKT_SLICE ("ProcessID") };
static const PktSlice hosts[]
    = { PKT_SLICE ("HOST"),        PKT_SLICE ("hostname"),  PKT_SLICE ("host.name"),
        PKT_SLICE ("host"),        PKT_SLICE ("logsource"), PKT_SLICE ("host.hostname"),
        PKT_SLICE ("_HOSTNAME"),   PKT_SLICE ("Computer"),  PKT_SLICE ("FromHost"),
        PKT_SLICE ("source_name"), PKT_SLICE ("source") };
static const PktSlice times[] = { PKT_SLICE ("@timestamp"),
                                  PKT_SLICE ("ISODATE"),
                                  PKT_SLICE ("timereported"),
                                  PKT_SLICE ("timestamp"),
                                  PKT_SLICE ("timegenerated"),
                                  PKT_SLICE ("time"),
                                  PKT_SLICE ("date"),
                                  PKT_SLICE ("DATE"),
                                  PKT_SLICE ("TimeGenerated"),
                                  PKT_SLICE ("received_at"),
                                  PKT_SLICE ("timeUnixNano"),
                                  PKT_SLICE ("generated_at"),
                                  PKT_SLICE ("DeviceReportedTime"),
                                  PKT_SLICE ("ReceivedAt"),
                                  PKT_SLICE ("_time") };

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
  return inner ? member_at (nodes, inner, pkt_slice_skip (path, head.n + 1)) : 0;
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

/* "5/18/2026, 2:00:41.123 PM": only those who write AM and PM begin with the month. */
static PktEventDates
dates_of (PktSlice time)
{
  return pkt_slice_find (time, PKT_SLICE ("AM")).p || pkt_slice_find (time, PKT_SLICE ("PM")).p
             ? PKT_DATES_MONTH_FIRST
             : PKT_DATES_NEITHER;
}

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
  const gboolean known = pkt_event_time (time, dates_of (time), &stamp);
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

gboolean
pkt_shipped_record (PktShipped *s, PktSlice line)
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
