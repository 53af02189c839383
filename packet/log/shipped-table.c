/* Tables whose columns are what shippers call their members: Kibana's, Graylog's, Azure's, Loki's,
 * Papertrail's exports, a database of syslog. */
#include "packet/log/csv-line.h"
#include "packet/log/shipped.h"

#define MAX_COLUMNS 100
#define MAX_NAME 40

struct PktShippedTable {
  char sign;        /* between the fields */
  GPtrArray *names; /* PktSlice* of the tables in shipped-record.c; NULL: nobody asks for it */
  GString *buffer;  /* of a row's fields that had quotes in them */
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
static const PktSlice *
column_of (PktSlice name, gboolean *text, gboolean *time)
{
  PktSlice plain = pkt_slice_trim (name);
  if (plain.n > 6 && pkt_slice_equal (pkt_slice_skip (plain, plain.n - 6), PKT_SLICE (" [UTC]")))
    plain.n -= 6;
  return plain.n && plain.n <= MAX_NAME ? pkt_shipped_name (plain, text, time) : NULL;
}

static GPtrArray *
read_names (PktSlice header, char sign, GString *buffer)
{
  PktSlice fields[MAX_COLUMNS + 1];
  const guint n = cut (header, sign, buffer, fields);
  gboolean text = FALSE, time = FALSE;
  GPtrArray *names = g_ptr_array_new ();
  for (guint i = 0; i < n; i++)
    g_ptr_array_add (names, (gpointer)column_of (fields[i], &text, &time));
  if (text && time && n <= MAX_COLUMNS)
    return names;
  g_ptr_array_free (names, TRUE);
  return NULL;
}

PktShippedTable *
pkt_shipped_table_new (PktSlice header)
{
  static const char signs[] = ",\t;";
  g_autoptr (GString) buffer = g_string_new (NULL);
  GPtrArray *names = NULL;
  guint i = 0;
  if (header.n == 0 || header.p[0] == '{' || header.p[0] == '[')
    return NULL;
  while (signs[i] && (names = read_names (header, signs[i], buffer)) == NULL)
    i++;
  if (names == NULL)
    return NULL;
  PktShippedTable *t = g_new0 (PktShippedTable, 1);
  t->sign = signs[i];
  t->names = names;
  t->buffer = g_steal_pointer (&buffer);
  t->record = g_string_new (NULL);
  return t;
}

void
pkt_shipped_table_free (PktShippedTable *t)
{
  g_ptr_array_free (t->names, TRUE);
  g_string_free (t->buffer, TRUE);
  g_string_free (t->record, TRUE);
  g_free (t);
}

/* As a JSON string. */
static void
append_value (GString *out, PktSlice value)
{
  g_string_append_c (out, '"');
  for (gsize i = 0; i < value.n; i++) {
    const char c = value.p[i];
    if (c == '"' || c == '\\')
      g_string_append_c (out, '\\');
    g_string_append_c (out, (guchar)c < ' ' ? ' ' : c);
  }
  g_string_append_c (out, '"');
}

PktSlice
pkt_shipped_table_row (PktShippedTable *t, PktSlice row)
{
  PktSlice fields[MAX_COLUMNS + 1];
  if (cut (row, t->sign, t->buffer, fields) != t->names->len)
    return pkt_slice (NULL, 0);
  g_string_assign (t->record, "{");
  for (guint i = 0; i < t->names->len; i++) {
    const PktSlice *name = g_ptr_array_index (t->names, i);
    if (name == NULL || fields[i].n == 0)
      continue;
    g_string_append_printf (t->record, "%s\"%.*s\":", t->record->len > 1 ? "," : "", (int)name->n,
                            name->p);
    append_value (t->record, fields[i]);
  }
  g_string_append_c (t->record, '}');
  return pkt_slice (t->record->str, t->record->len);
}
