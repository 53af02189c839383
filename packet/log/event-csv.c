#include "packet/log/event-csv.h"

#define MAX_HEADER 8192 /* bytes of a header line */

/* More of it than of the others; 0 when there is none. */
static char
separator_of (PktSlice line)
{
  static const char all[] = ",;\t|";
  gsize most = 0;
  char best = 0;
  for (const char *s = all; *s; s++) {
    gsize n = 0;
    for (gsize i = 0; i < line.n; i++)
      n += line.p[i] == *s;
    if (n > most) {
      most = n;
      best = *s;
    }
  }
  return best;
}

/* Index of a column's name, -1; "To: email" is none, and a second one of the same name neither. */
static int
name_of (PktSlice field, PktEventRow *present)
{
  char folded[PKT_EVENT_MAX_NAME];
  gboolean named = pkt_event_fold (field, folded) && *folded
                   && !(field.n && memchr (field.p, ':', field.n));
  int name = named ? pkt_event_name (pkt_event_map (), folded) : -1;
  if (name < 0 || present->at[name].p)
    return -1;
  present->at[name] = PKT_SLICE ("");
  return name;
}

/* Does what a row came to depend on that name? */
static gboolean
is_told_by (const PktEventService *s, int name)
{
  static const guint8 fields[]
      = { PKT_FIELD_EVENT,           PKT_FIELD_REPLY,          PKT_FIELD_CODE,
          PKT_FIELD_ENHANCED,        PKT_FIELD_ENHANCED_CLASS, PKT_FIELD_ENHANCED_SUBJECT,
          PKT_FIELD_ENHANCED_DETAIL, PKT_FIELD_LABEL };
  for (guint i = 0; i < G_N_ELEMENTS (fields); i++)
    for (guint k = 0; k < s->fields[fields[i]]->len; k++)
      if (g_array_index (s->fields[fields[i]], PktEventName, k).index == name)
        return TRUE;
  return FALSE;
}

static void
choose_places (PktCsvHeader *h)
{
  gint16 where[PKT_EVENT_MAX_NAMES];
  memset (where, -1, sizeof where);
  for (int i = 0; i < h->columns; i++)
    if (h->names[i] >= 0)
      where[h->names[i]] = (gint16)i;
  pkt_plain_choose (h->service, where, &h->plain);
  pkt_direct_choose (h->service, where, &h->direct);
  for (int i = 0; i < h->columns; i++)
    if (h->names[i] >= 0 && is_told_by (h->service, h->names[i]))
      h->told[h->n_told++] = (guint8)i;
  for (guint i = 0; i < PKT_N_PLAIN; i++)
    if (h->plain.at[i] >= 0) {
      h->asked[h->n_asked].which = (guint8)i;
      h->asked[h->n_asked++].column = (guint8)h->plain.at[i];
      h->asks_last |= h->plain.at[i] + 1 == h->columns;
    }
}

PktCsvHeader *
pkt_csv_header_new (PktSlice line, GString *room)
{
  PktSlice fields[PKT_CSV_MAX_FIELDS];
  PktEventRow present = { 0 };
  PktCsvHeader h = { 0 };
  line = pkt_slice_skip_mark (line);
  if (line.n == 0 || line.n > MAX_HEADER || strchr ("<{[", line.p[0])
      || memchr (line.p, '@', line.n) || (h.separator = separator_of (line)) == 0)
    return NULL;
  h.columns = pkt_csv_row (line, h.separator, room, fields);
  for (int i = 0; i < h.columns; i++)
    h.names[i] = (gint16)name_of (fields[i], &present);
  h.service = h.columns > 1 ? pkt_event_service (pkt_event_map (), &present) : NULL;
  if (h.service == NULL || h.service->each->len)
    return NULL;
  choose_places (&h);
  h.first = g_strndup (fields[0].p, fields[0].n);
  h.first_n = strlen (h.first);
  return g_memdup2 (&h, sizeof h);
}

void
pkt_csv_header_free (PktCsvHeader *h)
{
  g_free (h->first);
  g_free (h);
}

gboolean
pkt_csv_header_same (const PktCsvHeader *a, const PktCsvHeader *b)
{
  return a->service == b->service && a->separator == b->separator && a->columns == b->columns
         && memcmp (a->names, b->names, (gsize)a->columns * sizeof *a->names) == 0
         && g_str_equal (a->first, b->first);
}

gboolean
pkt_csv_header_cut (const PktCsvHeader *h, PktSlice line, PktCsvCuts *out)
{
  return pkt_csv_cut (line, h->separator, out) && (int)out->n == h->columns;
}

void
pkt_csv_header_fill (const PktCsvHeader *h, const PktCsvCuts *cuts, PktSlice line, PktEventRow *row)
{
  for (guint i = 0; i < cuts->n; i++)
    if (h->names[i] >= 0)
      row->at[h->names[i]] = pkt_csv_cut_field (cuts, line, i);
}

/* A field as pkt_event_value() gives it: without quotes and the blanks around it. */
static inline PktSlice
value_of (const PktCsvCuts *cuts, PktSlice line, guint i)
{
  const gsize from = i ? cuts->ends[i - 1] + 1u : 0, n = cuts->ends[i] - from;
  if (n == 0)
    return pkt_slice (NULL, 0);
  PktSlice v = pkt_slice (line.p + from, n);
  if (G_LIKELY ((guchar)v.p[0] > '"' && (guchar)v.p[n - 1] > ' '))
    return v;
  v = pkt_slice_trim (pkt_csv_cut_field (cuts, line, i));
  return v.n ? v : pkt_slice (NULL, 0);
}

void
pkt_csv_header_values (const PktCsvHeader *h, const PktCsvCuts *cuts, PktSlice line,
                       PktSlice values[PKT_N_FIELDS])
{
  memset (values, 0, PKT_N_FIELDS * sizeof *values);
  for (guint i = 0; i < h->direct.n; i++)
    values[h->direct.asked[i].field] = value_of (cuts, line, h->direct.asked[i].column);
}

int
pkt_csv_header_row (const PktCsvHeader *h, PktSlice line, GString *room, PktEventRow *row)
{
  PktSlice fields[PKT_CSV_MAX_FIELDS];
  PktCsvCuts cuts;
  if (pkt_csv_header_cut (h, line, &cuts)) {
    pkt_csv_header_fill (h, &cuts, line, row);
    return h->columns;
  }
  int n = pkt_csv_row (line, h->separator, room, fields);
  if (n < 0)
    return n;
  if (n != h->columns) /* its columns are shifted, or it was cut */
    return PKT_CSV_BROKEN;
  for (int i = 0; i < n; i++)
    if (h->names[i] >= 0)
      row->at[h->names[i]] = fields[i];
  return n;
}
