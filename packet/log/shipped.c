#include "packet/log/shipped.h"
#include "packet/log/format.h"
#include "packet/log/json-probe.h"
#include "packet/log/text-log.h"

#define MAX_UNSURE 64  /* lines: behind them a file that held no such record holds none */
#define MAX_LINES 5000 /* the same of records with lines of syslog, none of a mail server */
#define MAX_BEFORE 500 /* bytes of a row in front of the line */

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

/* Within an object that began in an earlier line: "key": {…}, or the end of it, {…}{…}. */
static gboolean
goes_on (PktSlice line, const char *brace)
{
  if (brace[-1] == '}' || memchr ("[]},", line.p[0], 4))
    return TRUE;
  const PktSlice front = pkt_slice (line.p, (gsize)(brace - line.p));
  const char *quote = front.p[0] == '"' ? pkt_find_byte (front.p + 1, brace, '"') : NULL;
  return quote
         && pkt_slice_starts (
             pkt_slice_skip_blanks (pkt_slice (quote + 1, (gsize)(brace - quote) - 1)),
             PKT_SLICE (":"));
}

/* "2026-03-03T10:45:36.123Z stdout F {…}", "Nov  2 10:45:36 app webhook[7]: {…}", "INFO webhook
 * [{…}]", a table's last field: the event, which has a time of its own. */
static gboolean
unwrap_event (PktShipped *s, PktSlice line)
{
  line = pkt_slice_trim (line);
  const char *brace = pkt_find_byte (line.p, line.p + MIN (line.n, MAX_BEFORE), '{');
  if (brace == NULL || brace == line.p || line.n < 2 || goes_on (line, brace))
    return FALSE;
  brace -= brace[-1] == '[';
  if (line.p[line.n - 1] != (*brace == '[' ? ']' : '}'))
    return FALSE;
  g_string_append_len (s->text, brace, (gssize)(line.p + line.n - brace));
  return TRUE;
}

/* "2026-05-18T14:00:41+00:00\tmail.postfix\t{"host":"mta1","ident":"postfix/smtp",…}": Fluentd's
 * files, whose record has no time of its own. */
static gboolean
unwrap_fluentd (PktShipped *s, PktSlice line)
{
  const PktSlice time = pkt_slice_until (line, '\t');
  const PktSlice tag = pkt_slice_until (pkt_slice_skip (line, time.n + 1), '\t');
  const PktSlice record = pkt_slice_skip (line, time.n + tag.n + 2);
  PktStamp ignored;
  if (record.n < 2 || record.p[0] != '{' || pkt_clock_parse_rfc3339 (time, &ignored) != time.n
      || pkt_json_is_of_service (record))
    return FALSE;
  g_autoptr (GString) timed = g_string_new (NULL);
  g_string_printf (timed, "{\"time\":\"%.*s\",%.*s", (int)time.n, time.p, (int)record.n - 1,
                   record.p + 1);
  return pkt_shipped_record (s, pkt_slice (timed->str, timed->len));
}

static gboolean
unwrap (PktShipped *s, PktSlice line)
{
  if (s->text == NULL)
    s->text = g_string_new (NULL);
  g_string_truncate (s->text, 0);
  s->tabled = FALSE;
  if (line.p[0] == '{')
    return pkt_shipped_record (s, line);
  const PktSlice row = s->table ? pkt_shipped_table_row (s->table, line) : pkt_slice (NULL, 0);
  s->tabled = row.n > 2 && pkt_shipped_record (s, row);
  return s->tabled || unwrap_fluentd (s, line) || unwrap_row (s, line) || unwrap_event (s, line);
}

/* How sure a line is of a format, 0 to 100. */
static guint
sureness (PktSlice line)
{
  PktProbe probe = { 0 };
  pkt_probe_line (&probe, line);
  return pkt_probe_score (&probe, pkt_probe_best (&probe));
}

/* A table's row, or a program's line, may hold any object: of those without a time in front only a
 * service's own is one. */
static gboolean
is_known (PktSlice text, PktSlice record)
{
  PktStamp ignored;
  return record.p[0] == '{' || (text.p[0] != '{' && text.p[0] != '[')
                 || pkt_text_stamp (record, 0, &ignored)
             ? sureness (text) > 0
             : pkt_json_is_of_service (text);
}

/* {"_index":"x","_source":{"event":"bounce",…}}, {"body":"[{\"event\":…}]"}. */
static gboolean
finds_event (PktShipped *s, PktSlice record)
{
  return record.p[0] == '{' && pkt_slice_is_utf8 (record) && pkt_json_nodes_read (&s->nodes, record)
         && pkt_shipped_find (s);
}

/* A row may be a format's own, as mailcow's is, though its text alone could be read, too. */
static gboolean
is_own (const PktShipped *s, PktSlice record, PktSlice text)
{
  return sureness (record) > (s->tabled ? sureness (text) : 0);
}

/* What it holds, which then stands in s->text; the file is a shipper's where that is SURE. */
static PktShippedWeight
weigh (PktShipped *s, PktSlice record)
{
  PktSyslog ignored;
  const gboolean has_text = unwrap (s, record);
  const PktSlice text = pkt_slice (s->text->str, s->text->len);
  const gboolean known = has_text && is_known (text, record);
  if ((known || finds_event (s, record)) && !is_own (s, record, text)) {
    s->state = PKT_SHIPPED_YES;
    return known || unwrap (s, record) ? PKT_SHIPPED_SURE : PKT_SHIPPED_NOTHING;
  }
  pkt_shipped_forget (s);
  return has_text && pkt_syslog_split (text, &ignored) && !sureness (record) ? PKT_SHIPPED_LINE
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

gboolean
pkt_shipped_has_header (const PktShipped *s)
{
  return s->state == PKT_SHIPPED_YES && s->table && pkt_shipped_table_has_header (s->table);
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
