#include "packet/log/journal.h"
#include "packet/log/json-nodes.h"

struct PktJournal {
  const char *needle;
  GString *host, *tag, *pid, *message;
  gint64 time, source_time; /* microseconds UTC; 0 not seen */
  PktJsonNodes nodes;       /* of a record of JSON */
  gboolean in_block;
  GString *binary;   /* "FIELD", LF, 8 bytes of length, data, LF: what came of it */
  guint64 passed;    /* bytes of a value that is too long to be kept */
  char *binary_name; /* NULL: none is being read */
};

PktJournal *
pkt_journal_new (void)
{
  PktJournal *j = g_new0 (PktJournal, 1);
  j->host = g_string_new (NULL);
  j->needle = "postfix";
  j->tag = g_string_new (NULL);
  j->pid = g_string_new (NULL);
  j->message = g_string_new (NULL);
  j->binary = g_string_new (NULL);
  return j;
}

void
pkt_journal_free (PktJournal *j)
{
  g_string_free (j->host, TRUE);
  g_string_free (j->tag, TRUE);
  g_string_free (j->pid, TRUE);
  g_string_free (j->message, TRUE);
  g_string_free (j->binary, TRUE);
  pkt_json_nodes_clear (&j->nodes);
  g_free (j->binary_name);
  g_free (j);
}

void
pkt_journal_only (PktJournal *j, const char *needle)
{
  j->needle = needle;
}

/* Vector keeps the journal's names but for the text's: that is a shipper's record. */
gboolean
pkt_journal_looks_like (PktSlice line)
{
  if (pkt_slice_starts (line, PKT_SLICE ("__CURSOR="))
      || pkt_slice_starts (line, PKT_SLICE ("__REALTIME_TIMESTAMP=")))
    return TRUE;
  return line.n > 2 && line.p[0] == '{'
         && pkt_slice_find (line, PKT_SLICE ("\"__REALTIME_TIMESTAMP\"")).p != NULL
         && (pkt_slice_find (line, PKT_SLICE ("\"MESSAGE\"")).p
             || !pkt_slice_find (line, PKT_SLICE ("\"message\"")).p);
}

gboolean
pkt_journal_is_whole (const PktJournal *j, PktSlice line)
{
  return line.n && line.p[0] == '{' && !j->in_block && j->binary_name == NULL;
}

gboolean
pkt_journal_busy (const PktJournal *j)
{
  return j->in_block;
}

gboolean
pkt_journal_leave (PktJournal *j)
{
  j->in_block = j->binary_name != NULL;
  return !j->in_block;
}

static void
clear (PktJournal *j)
{
  g_string_truncate (j->host, 0);
  g_string_truncate (j->tag, 0);
  g_string_truncate (j->pid, 0);
  g_string_truncate (j->message, 0);
  j->time = j->source_time = 0;
}

static void
set_field (PktJournal *j, PktSlice name, PktSlice value)
{
  gint64 n;
  if (pkt_slice_equal (name, PKT_SLICE ("MESSAGE")))
    g_string_append_len (g_string_truncate (j->message, 0), value.p, (gssize)value.n);
  else if (pkt_slice_equal (name, PKT_SLICE ("_HOSTNAME")))
    g_string_append_len (g_string_truncate (j->host, 0), value.p, (gssize)value.n);
  else if (pkt_slice_equal (name, PKT_SLICE ("SYSLOG_IDENTIFIER")))
    g_string_append_len (g_string_truncate (j->tag, 0), value.p, (gssize)value.n);
  else if (pkt_slice_equal (name, PKT_SLICE ("SYSLOG_PID")))
    g_string_append_len (g_string_truncate (j->pid, 0), value.p, (gssize)value.n);
  else if (pkt_slice_equal (name, PKT_SLICE ("__REALTIME_TIMESTAMP"))
           && pkt_slice_number (value, &n))
    j->time = n;
  else if (pkt_slice_equal (name, PKT_SLICE ("_SOURCE_REALTIME_TIMESTAMP"))
           && pkt_slice_number (value, &n))
    j->source_time = n;
}

static PktJournalResult
record (PktJournal *j, PktSyslog *out, PktStamp *stamp)
{
  if (j->message->len == 0 || j->tag->len == 0 || j->time == 0)
    return PKT_JOURNAL_MORE;
  *out = (PktSyslog){ .host = pkt_slice (j->host->str, j->host->len),
                      .tag = pkt_slice (j->tag->str, j->tag->len),
                      .pid = pkt_slice (j->pid->str, j->pid->len),
                      .text = pkt_slice (j->message->str, j->message->len) };
  *stamp = (PktStamp){ j->source_time ? j->source_time : j->time, PKT_STAMP_UTC };
  return PKT_JOURNAL_RECORD;
}

/* A value is a string, an array of byte numbers where it is no UTF-8, or an array of either when
 * the field is repeated. */
static void
set_json (PktJournal *j, PktSlice name, PktJsonNodes *nodes, guint32 i)
{
  const guint32 first = i + 1, end = nodes->all[i].next;
  gint64 byte;
  if (nodes->all[i].kind == PKT_JSON_STRING) {
    set_field (j, name, pkt_json_nodes_text (nodes, i));
    return;
  }
  if (first < end && nodes->all[i].kind == PKT_JSON_ARRAY
      && nodes->all[first].kind != PKT_JSON_WORD) {
    set_json (j, name, nodes, first);
    return;
  }
  g_autoptr (GString) bytes = g_string_new (NULL);
  for (guint32 k = first; k < end; k = nodes->all[k].next)
    if (pkt_slice_number (pkt_json_nodes_text (nodes, k), &byte))
      g_string_append_c (bytes, (char)byte);
  if (bytes->len)
    set_field (j, name, pkt_slice (bytes->str, bytes->len));
}

/* FALSE: the line is no object. */
static gboolean
read_json (PktJournal *j, PktSlice line)
{
  static const PktSlice names[] = { PKT_SLICE ("MESSAGE"),
                                    PKT_SLICE ("_HOSTNAME"),
                                    PKT_SLICE ("SYSLOG_IDENTIFIER"),
                                    PKT_SLICE ("SYSLOG_PID"),
                                    PKT_SLICE ("__REALTIME_TIMESTAMP"),
                                    PKT_SLICE ("_SOURCE_REALTIME_TIMESTAMP") };
  if (!pkt_slice_is_utf8 (line) || !pkt_json_nodes_read (&j->nodes, line))
    return FALSE;
  clear (j);
  for (gsize i = 0; i < G_N_ELEMENTS (names); i++) {
    const guint32 at = pkt_json_nodes_member (&j->nodes, 0, names[i]);
    if (at)
      set_json (j, names[i], &j->nodes, at);
  }
  return TRUE;
}

static PktJournalResult
json_line (PktJournal *j, PktSlice line, PktSyslog *out, PktStamp *stamp)
{
  if (j->needle && pkt_slice_find (line, pkt_slice_str (j->needle)).p == NULL)
    return PKT_JOURNAL_MORE;
  return read_json (j, line) ? record (j, out, stamp) : PKT_JOURNAL_NO;
}

/* Bytes of the field's value, as far as its 8 bytes of length (little endian) have come. */
static guint64
binary_length (const GString *binary)
{
  guint64 n = 0;
  for (int i = 7; i >= 0; i--)
    n = n << 8 | (guint8)binary->str[i];
  return n;
}

/* A line of a binary field: the length decides where it ends, not what stands in it, which may look
 * like another record. A CR before a line end is not seen here; then more is passed over, never
 * less. */
static void
binary_line (PktJournal *j, PktSlice line)
{
  g_string_append_len (j->binary, line.p, (gssize)line.n);
  g_string_append_c (j->binary, '\n');
  if (j->binary->len < 8)
    return;
  guint64 n = binary_length (j->binary);
  if (n <= PKT_JOURNAL_MAX_LINE && j->binary->len < 8 + n + 1)
    return;
  if (n <= PKT_JOURNAL_MAX_LINE)
    set_field (j, pkt_slice_str (j->binary_name), pkt_slice (j->binary->str + 8, n));
  else if (j->passed += line.n + 1, j->passed < n) {
    g_string_truncate (j->binary, 8);
    return;
  }
  g_clear_pointer (&j->binary_name, g_free);
}

/* Journal fields have no other bytes in their names (systemd.journal-fields(7)). */
static gboolean
is_field_name (PktSlice name)
{
  for (gsize i = 0; i < name.n; i++)
    if (!g_ascii_isupper (name.p[i]) && !g_ascii_isdigit (name.p[i]) && name.p[i] != '_')
      return FALSE;
  return name.n > 0;
}

PktJournalResult
pkt_journal_line (PktJournal *j, PktSlice line, PktSyslog *out, PktStamp *stamp)
{
  if (j->binary_name) {
    binary_line (j, line);
    return PKT_JOURNAL_MORE;
  }
  if (pkt_journal_is_whole (j, line))
    return json_line (j, line, out, stamp);
  if (line.n == 0) {
    j->in_block = FALSE;
    return record (j, out, stamp);
  }
  PktSlice name = pkt_slice_until (line, '=');
  if (!is_field_name (name)) { /* the block has no end */
    j->in_block = FALSE;
    return PKT_JOURNAL_NO;
  }
  if (!j->in_block)
    clear (j);
  j->in_block = TRUE;
  if (name.n < line.n) {
    set_field (j, name, pkt_slice_skip (line, name.n + 1));
    return PKT_JOURNAL_MORE;
  }
  j->binary_name = g_strndup (line.p, line.n);
  j->passed = 0;
  g_string_truncate (j->binary, 0);
  return PKT_JOURNAL_MORE;
}
