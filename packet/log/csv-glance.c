/* What the parser would make of a row, made where its block is read: the same functions are asked,
 * so both say the same. */
#include "packet/log/csv-glance.h"

static gpointer
begin (const PktGlanceRule *rule)
{
  PktCsvGlancer *g = g_new0 (PktCsvGlancer, 1);
  g->weigher.rule = rule;
  g->room = g_string_new (NULL);
  g->out.text = g_string_new (NULL);
  return g;
}

static void
end (gpointer state)
{
  PktCsvGlancer *g = state;
  g_string_free (g->room, TRUE);
  g_string_free (g->out.text, TRUE);
  g_free (g);
}

/* No row that goes on in the next line: its quotes, if any, stand where they belong. */
static gboolean
is_closed (PktCsvGlancer *g, const PktCsvHeader *h, PktSlice line)
{
  return memchr (line.p, '"', line.n) == NULL || pkt_csv_cut (line, h->separator, &g->cuts);
}

static gboolean
cut_row (PktCsvGlancer *g, const PktCsvHeader *h, PktSlice line, PktGlance *out)
{
  PktSlice values[PKT_N_PLAIN];
  if (!pkt_csv_cut (line, h->separator, &g->cuts) || (int)g->cuts.n != h->columns)
    return FALSE;
  for (guint i = 0; i < PKT_N_PLAIN; i++)
    values[i] = h->plain.at[i] < 0 ? pkt_slice (NULL, 0)
                                   : pkt_csv_cut_field (&g->cuts, line, (guint)h->plain.at[i]);
  return pkt_weigh_plain (&g->weigher, h->service, &h->plain, values, out);
}

void
pkt_csv_glance_by (PktCsvGlancer *g, const PktCsvHeader *h)
{
  if (h == g->header)
    return;
  memset (&g->row, 0, sizeof g->row);
  memset (g->refusals, 0, sizeof g->refusals);
  g->header = h;
}

void
pkt_csv_look_whole (PktCsvGlancer *g, const PktCsvHeader *h, PktSlice line, PktGlance *out)
{
  out->kind = PKT_GLANCE_PLAIN;
  out->daemon = h->number & 15;
  if (line.n == 0 || pkt_csv_header_starts (h, line) || !pkt_weigher_is_worth_it (&g->weigher)
      || cut_row (g, h, line, out))
    return;
  pkt_csv_glance_by (g, h);
  if (pkt_csv_header_row (h, line, g->room, &g->row) >= 0)
    pkt_weigh (&g->weigher, h->service, &g->row, out);
}

/* By the header that the parser last met: it may be another one for this row, so the glance says
 * which. */
static void
look (gpointer state, PktSlice line, PktGlance *out)
{
  PktCsvGlancer *g = state;
  PktCsvShared *shared = g->weigher.rule->state;
  const PktCsvHeader *h = g_atomic_pointer_get (&shared->header);
  out->kind = PKT_GLANCE_PLAIN;
  if (h == NULL)
    return;
  out->daemon = h->number & 15;
  if (!g->weigher.rule->apple_only || line.n == 0 || pkt_csv_header_starts (h, line)
      || !is_closed (g, h, line) || !pkt_weigh_is_beside (&g->weigher, line, out))
    pkt_csv_look_whole (g, h, line, out);
}

const PktGlancer pkt_event_csv_glancer = { begin, look, end, .split = pkt_csv_split };
