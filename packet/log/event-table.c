#include "packet/log/event-table.h"
#include "packet/log/event-json.h"

#define MAX_HEADER 8192

struct PktEventTable {
  char separator;
  guint n;
  char *names[PKT_CSV_MAX_FIELDS];
  PktSlice cells[PKT_CSV_MAX_FIELDS]; /* of the last row */
};

/* Its brackets fit, so that nothing is left open for the next row. */
static gboolean
is_json (PktSlice cell)
{
  cell = pkt_slice_trim (cell);
  return cell.n >= 2 && (cell.p[0] == '{' || cell.p[0] == '[')
         && pkt_event_json_skip (cell.p, cell.p + cell.n) == cell.p + cell.n;
}

/* Quotes in a quoted cell are doubled. */
gboolean
pkt_event_table_is_row (PktSlice line)
{
  return line.n && !strchr ("{[", line.p[0]) && memchr (line.p, '@', line.n)
         && pkt_slice_find (line, PKT_SLICE ("\"{\"\"")).p;
}

static char
separator_of (PktSlice line)
{
  for (const char *s = "\t|;,"; *s; s++)
    if (memchr (line.p, *s, line.n))
      return *s;
  return 0;
}

PktEventTable *
pkt_event_table_new (PktSlice header, GString *room)
{
  PktSlice fields[PKT_CSV_MAX_FIELDS];
  header = pkt_slice_skip_mark (header);
  if (header.n == 0 || header.n > MAX_HEADER || memchr (header.p, '@', header.n)
      || memchr (header.p, '{', header.n))
    return NULL;
  char separator = separator_of (header);
  int n = separator ? pkt_csv_row (header, separator, room, fields) : 0;
  if (n < 2)
    return NULL;
  PktEventTable *t = g_new0 (PktEventTable, 1);
  t->separator = separator;
  t->n = (guint)n;
  for (guint i = 0; i < t->n; i++)
    t->names[i] = g_strndup (fields[i].p ? fields[i].p : "", fields[i].n);
  return t;
}

void
pkt_event_table_free (PktEventTable *t)
{
  if (t == NULL)
    return;
  for (guint i = 0; i < t->n; i++)
    g_free (t->names[i]);
  g_free (t);
}

static void
append_string (GString *out, PktSlice s)
{
  g_string_append_c (out, '"');
  for (gsize i = 0; i < s.n; i++) {
    if ((guchar)s.p[i] < ' ')
      g_string_append_printf (out, "\\u%04x", (guint)(guchar)s.p[i]);
    else {
      if (s.p[i] == '"' || s.p[i] == '\\')
        g_string_append_c (out, '\\');
      g_string_append_c (out, s.p[i]);
    }
  }
  g_string_append_c (out, '"');
}

gboolean
pkt_event_table_object (PktEventTable *t, PktSlice line, GString *room, GString *out)
{
  if (pkt_csv_row (line, t->separator, room, t->cells) != (int)t->n)
    return FALSE;
  g_string_assign (out, "{");
  for (guint i = 0; i < t->n; i++) {
    if (t->cells[i].n == 0)
      continue;
    if (out->len > 1)
      g_string_append_c (out, ',');
    append_string (out, pkt_slice_str (t->names[i]));
    g_string_append_c (out, ':');
    if (is_json (t->cells[i]))
      g_string_append_len (out, t->cells[i].p, (gssize)t->cells[i].n);
    else
      append_string (out, t->cells[i]);
  }
  g_string_append_c (out, '}');
  return TRUE;
}

gboolean
pkt_event_table_cell (const PktEventTable *t, guint *at, PktSlice *out)
{
  while (*at < t->n) {
    *out = t->cells[(*at)++];
    if (is_json (*out))
      return TRUE;
  }
  return FALSE;
}
