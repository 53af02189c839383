#include "packet/log/exchange-fields.h"
#include "packet/log/text-parse.h"

void
pkt_exchange_begin (PktExchange *x, const char *const *names)
{
  pkt_text_reader_init (&x->text);
  x->names = names;
  for (gsize i = 0; i < G_N_ELEMENTS (x->at); i++)
    x->at[i] = -1;
}

/* "recipient_address" of a message trace is "recipient-address". */
static gboolean
is_named (PktSlice column, const char *name)
{
  if (column.n != strlen (name))
    return FALSE;
  for (gsize i = 0; i < column.n; i++)
    if ((column.p[i] == '_' ? '-' : g_ascii_tolower (column.p[i])) != name[i])
      return FALSE;
  return TRUE;
}

static gboolean
is_trace_header (PktSlice line)
{
  pkt_take (&line, "\"");
  return pkt_slice_starts (line, PKT_SLICE ("date_time_utc"));
}

static void
read_header (PktExchange *x, PktSlice list)
{
  PktSlice columns[PKT_EXCHANGE_MAX_FIELDS];
  g_autoptr (GString) buffer = g_string_new (NULL);
  guint n = pkt_csv_line (pkt_slice_trim (list), ',', buffer, columns, G_N_ELEMENTS (columns));
  for (guint k = 0; x->names[k]; k++) {
    x->at[k] = -1;
    for (guint i = 0; i < n; i++)
      if (is_named (pkt_slice_trim (columns[i]), x->names[k]))
        x->at[k] = (int)i;
  }
  x->n_columns = n;
}

gboolean
pkt_exchange_row (PktExchange *x, PktSlice line, gboolean *known)
{
  line = pkt_slice_skip_mark (line);
  *known = TRUE;
  if (line.n && line.p[0] == '#') {
    if (pkt_take (&line, "#Fields:"))
      read_header (x, line);
    return FALSE;
  }
  if (is_trace_header (line)) {
    read_header (x, line);
    x->trace = TRUE;
    return FALSE;
  }
  PktStamp ignored;
  PktSlice first = pkt_slice_until (line, ',');
  if (first.n > 2 && first.p[0] == '"')
    first = pkt_slice (first.p + 1, first.n - 2);
  *known = x->n_columns > 0 && pkt_clock_parse_rfc3339 (first, &ignored) > 0;
  if (!*known)
    return FALSE;
  x->n = pkt_csv_line (line, ',', x->text.buffer, x->fields, G_N_ELEMENTS (x->fields));
  x->text.log.time = first;
  return TRUE;
}

PktSlice
pkt_exchange_field (const PktExchange *x, guint name)
{
  int at = x->at[name];
  return at >= 0 && (guint)at < x->n ? pkt_slice_trim (x->fields[at]) : pkt_slice (NULL, 0);
}

gboolean
pkt_exchange_is_header (PktSlice line, const char *column)
{
  PktSlice at = line = pkt_slice_skip_mark (line);
  g_autofree char *of_trace = g_strdelimit (g_strdup (column), "-", '_');
  if (is_trace_header (line))
    return pkt_slice_find (line, pkt_slice_str (of_trace)).p != NULL;
  return pkt_take (&at, "#Fields:") && pkt_slice_find (at, pkt_slice_str (column)).p;
}

gboolean
pkt_exchange_is_comment (PktSlice line)
{
  line = pkt_slice_skip_mark (line);
  return (line.n && line.p[0] == '#') || is_trace_header (line);
}
