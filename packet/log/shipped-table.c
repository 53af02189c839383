/* Tables whose columns are what shippers call their members: Kibana's, Graylog's, Azure's, Loki's,
 * Papertrail's exports, a database of syslog. */
#include "packet/base/clock.h"
#include "packet/log/csv-line.h"
#include "packet/log/shipped.h"

#define MAX_COLUMNS 100
#define MAX_NAME 40

/* Papertrail's archives have no header: */
static const char papertrail[]
    = "id\tgenerated_at\treceived_at\tsource_id\tsource_name\tsource_ip\t"
      "facility_name\tseverity_name\tprogram\tmessage";
#define PAPERTRAIL_COLUMNS 10
#define PAPERTRAIL_TIME 1

typedef struct {
  const PktSlice *name; /* of the tables in shipped-record.c; NULL: nobody asks for it */
  gboolean utc;         /* its header says so, the values do not */
} Column;

struct PktShippedTable {
  char sign;     /* between the fields */
  gboolean bare; /* the first line was a row */
  GArray *columns;
  GString *buffer; /* of a row's fields that had quotes in them */
  GString *record;
};

/* More than MAX_COLUMNS: there are too many. Where tabs part them a quote is one of the text. */
static guint
cut (PktSlice line, char sign, GString *buffer, PktSlice fields[MAX_COLUMNS + 1])
{
  guint n = 0;
  if (sign != '\t')
    return pkt_csv_line (line, sign, buffer, fields, MAX_COLUMNS + 1);
  for (gboolean more = TRUE; more && n <= MAX_COLUMNS; n++) {
    fields[n] = pkt_slice_until (line, sign);
    more = fields[n].n < line.n;
    line = pkt_slice_skip (line, fields[n].n + 1);
  }
  return n;
}

/* "TimeGenerated [UTC]" is TimeGenerated. */
static Column
column_of (PktSlice name, gboolean *text, gboolean *time)
{
  PktSlice plain = pkt_slice_trim (name);
  Column c = { NULL, pkt_slice_ends_nocase (plain, PKT_SLICE (" [UTC]")) };
  if (c.utc)
    plain.n -= strlen (" [UTC]");
  if (plain.n && plain.n <= MAX_NAME)
    c.name = pkt_shipped_name (plain, text, time);
  return c;
}

static GArray *
read_columns (PktSlice header, char sign, GString *buffer)
{
  PktSlice fields[MAX_COLUMNS + 1];
  const guint n = cut (header, sign, buffer, fields);
  gboolean text = FALSE, time = FALSE;
  GArray *columns = g_array_new (FALSE, FALSE, sizeof (Column));
  for (guint i = 0; i < n; i++) {
    const Column c = column_of (fields[i], &text, &time);
    g_array_append_val (columns, c);
  }
  if (text && time && n <= MAX_COLUMNS)
    return columns;
  g_array_unref (columns);
  return NULL;
}

/* "7711561783320576\t2026-05-18T14:00:41\t2026-05-18T14:00:41Z\t2\tmta1\t…": a row of them. */
static gboolean
is_papertrail (PktSlice line, GString *buffer)
{
  PktSlice fields[MAX_COLUMNS + 1];
  gint64 id;
  PktStamp ignored;
  return cut (line, '\t', buffer, fields) == PAPERTRAIL_COLUMNS && pkt_slice_number (fields[0], &id)
         && pkt_clock_parse_rfc3339 (fields[PAPERTRAIL_TIME], &ignored)
         && pkt_clock_parse_rfc3339 (fields[PAPERTRAIL_TIME + 1], &ignored);
}

PktShippedTable *
pkt_shipped_table_new (PktSlice header)
{
  static const char signs[] = ",\t;";
  g_autoptr (GString) buffer = g_string_new (NULL);
  GArray *columns = NULL;
  gboolean bare;
  guint i = 0;
  if (header.n == 0 || header.p[0] == '{' || header.p[0] == '[')
    return NULL;
  bare = is_papertrail (header, buffer);
  if (bare)
    header = PKT_SLICE (papertrail);
  while (signs[i] && (columns = read_columns (header, signs[i], buffer)) == NULL)
    i++;
  if (columns == NULL)
    return NULL;
  PktShippedTable *t = g_new0 (PktShippedTable, 1);
  t->sign = signs[i];
  t->bare = bare;
  t->columns = columns;
  t->buffer = g_steal_pointer (&buffer);
  t->record = g_string_new (NULL);
  return t;
}

gboolean
pkt_shipped_table_has_header (const PktShippedTable *t)
{
  return !t->bare;
}

void
pkt_shipped_table_free (PktShippedTable *t)
{
  g_array_unref (t->columns);
  g_string_free (t->buffer, TRUE);
  g_string_free (t->record, TRUE);
  g_free (t);
}

/* As a JSON string; a zone it has itself comes first. */
static void
append_value (GString *out, PktSlice value, gboolean utc)
{
  const char last = value.p[value.n - 1];
  g_string_append_c (out, '"');
  for (gsize i = 0; i < value.n; i++) {
    const char c = value.p[i];
    if (c == '"' || c == '\\')
      g_string_append_c (out, '\\');
    g_string_append_c (out, (guchar)c < ' ' ? ' ' : c);
  }
  g_string_append (out, utc && (g_ascii_isdigit (last) || last == 'M') ? " UTC\"" : "\"");
}

PktSlice
pkt_shipped_table_row (PktShippedTable *t, PktSlice row)
{
  PktSlice fields[MAX_COLUMNS + 1];
  if (cut (row, t->sign, t->buffer, fields) != t->columns->len)
    return pkt_slice (NULL, 0);
  g_string_assign (t->record, "{");
  for (guint i = 0; i < t->columns->len; i++) {
    const Column c = g_array_index (t->columns, Column, i);
    if (c.name == NULL || fields[i].n == 0)
      continue;
    g_string_append_printf (t->record, "%s\"%.*s\":", t->record->len > 1 ? "," : "", (int)c.name->n,
                            c.name->p);
    append_value (t->record, fields[i], c.utc);
  }
  g_string_append_c (t->record, '}');
  return pkt_slice (t->record->str, t->record->len);
}
