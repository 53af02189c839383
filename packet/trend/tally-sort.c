/* Cells were met in the order of a log's time, mostly: then each slot's are sorted, and not all of
 * them. */
#include "packet/trend/tally-sort.h"
#include <stdlib.h>
#include "packet/model/tally.h"

static int
compare_cells (gconstpointer x, gconstpointer y)
{
  const PktCell *a = x, *b = y;
  if (a->key.slot != b->key.slot)
    return a->key.slot < b->key.slot ? -1 : 1;
  return memcmp (&a->key, &b->key, sizeof a->key);
}

static gint64
slot_at (const GArray *cells, guint i)
{
  return g_array_index (cells, PktCell, i).key.slot;
}

/* Where the cells of a slot end. */
static guint
end_of_slot (const GArray *cells, guint from)
{
  guint to = from + 1;
  while (to < cells->len && slot_at (cells, to) == slot_at (cells, from))
    to++;
  return to;
}

static gboolean
are_in_time_order (const GArray *cells)
{
  for (guint i = 1; i < cells->len; i++)
    if (slot_at (cells, i) < slot_at (cells, i - 1))
      return FALSE;
  return TRUE;
}

void
pkt_tally_sort (GArray *cells)
{
  if (!are_in_time_order (cells)) {
    g_array_sort (cells, compare_cells);
    return;
  }
  for (guint from = 0, to; from < cells->len; from = to) {
    to = end_of_slot (cells, from);
    qsort (&g_array_index (cells, PktCell, from), to - from, sizeof (PktCell), compare_cells);
  }
}
