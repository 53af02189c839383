/* Tables whose columns are what shippers call their members: Kibana's, Graylog's, Azure's, Loki's,
 * Papertrail's exports, a database of syslog. */
#include "packet/log/shipped.h"

#define MAX_COLUMNS 100
#define MAX_NAME 40

struct PktShippedTable {
  char sign;        /* between the fields */
  GPtrArray *names; /* PktSlice* of the tables in shipped.c; NULL: nobody asks for it */
  GString *record;
};

/* Up to the next sign, decoded into out; *at becomes what is behind that. */
static void
take_field (PktSlice line, gsize *at, char sign, GString *out)
{
  gboolean quoted = *at < line.n && sign != '\t' && line.p[*at] == '"';
  *at += quoted;
  for (; *at < line.n; ++*at) {
    const char c = line.p[*at];
    if (quoted && c == '"' && *at + 1 < line.n && line.p[*at + 1] == '"')
      ++*at;
    else if (quoted && c == '"') {
      quoted = FALSE;
      continue;
    } else if (!quoted && c == sign)
      break;
    g_string_append_c (out, line.p[*at]);
  }
  ++*at;
}

/* "TimeGenerated [UTC]" is TimeGenerated. */
static const PktSlice *
column_of (const GString *name, gboolean *text, gboolean *time)
{
  PktSlice plain = pkt_slice_trim (pkt_slice (name->str, name->len));
  if (plain.n > 6 && pkt_slice_equal (pkt_slice_skip (plain, plain.n - 6), PKT_SLICE (" [UTC]")))
    plain.n -= 6;
  return plain.n && plain.n <= MAX_NAME ? pkt_shipped_name (plain, text, time) : NULL;
}

static GPtrArray *
read_names (PktSlice header, char sign)
{
  g_autoptr (GString) field = g_string_new (NULL);
  GPtrArray *names = g_ptr_array_new ();
  gboolean text = FALSE, time = FALSE;
  for (gsize at = 0; at <= header.n && names->len < MAX_COLUMNS;) {
    g_string_truncate (field, 0);
    take_field (header, &at, sign, field);
    g_ptr_array_add (names, (gpointer)column_of (field, &text, &time));
  }
  if (text && time)
    return names;
  g_ptr_array_free (names, TRUE);
  return NULL;
}

PktShippedTable *
pkt_shipped_table_new (PktSlice header)
{
  static const char signs[] = ",\t;";
  GPtrArray *names = NULL;
  guint i = 0;
  if (header.n == 0 || header.p[0] == '{' || header.p[0] == '[')
    return NULL;
  while (signs[i] && (names = read_names (header, signs[i])) == NULL)
    i++;
  if (names == NULL)
    return NULL;
  PktShippedTable *t = g_new0 (PktShippedTable, 1);
  t->sign = signs[i];
  t->names = names;
  t->record = g_string_new (NULL);
  return t;
}

void
pkt_shipped_table_free (PktShippedTable *t)
{
  g_ptr_array_free (t->names, TRUE);
  g_string_free (t->record, TRUE);
  g_free (t);
}

/* As a JSON string. */
static void
append_value (GString *out, const GString *value)
{
  g_string_append_c (out, '"');
  for (gsize i = 0; i < value->len; i++) {
    const char c = value->str[i];
    if (c == '"' || c == '\\')
      g_string_append_c (out, '\\');
    g_string_append_c (out, (guchar)c < ' ' ? ' ' : c);
  }
  g_string_append_c (out, '"');
}

PktSlice
pkt_shipped_table_row (PktShippedTable *t, PktSlice row)
{
  g_autoptr (GString) field = g_string_new (NULL);
  gsize at = 0;
  g_string_assign (t->record, "{");
  for (guint i = 0; i < t->names->len; i++) {
    const PktSlice *name = g_ptr_array_index (t->names, i);
    if (at > row.n)
      return pkt_slice (NULL, 0);
    g_string_truncate (field, 0);
    take_field (row, &at, t->sign, field);
    if (name == NULL || field->len == 0)
      continue;
    g_string_append_printf (t->record, "%s\"%.*s\":", t->record->len > 1 ? "," : "", (int)name->n,
                            name->p);
    append_value (t->record, field);
  }
  g_string_append_c (t->record, '}');
  return at > row.n ? pkt_slice (t->record->str, t->record->len) : pkt_slice (NULL, 0);
}
