#include "packet/trend/tally-copies.h"
#include <string.h>
#include "packet/base/slice.h"
#include "packet/model/tally.h"

/* What came to the same in a quarter of an hour, whoever sent it. */
typedef struct {
  PktCellKey key; /* but for names */
  gint64 before, again;
} Kind;

static void
kind_key (const PktCell *cell, Kind *out)
{
  memset (out, 0, sizeof *out); /* padding is part of the key */
  out->key.slot = cell->key.slot;
  out->key.apple = cell->key.apple;
  out->key.outcome = cell->key.outcome;
  out->key.policy = cell->key.policy;
}

static Kind *
find_kind (PktRowSet *kinds, const PktCell *cell)
{
  gboolean is_new;
  Kind probe;
  kind_key (cell, &probe);
  return pkt_row_set_at (kinds, pkt_row_set_add (kinds, &probe, &is_new));
}

static PktRowSet *
kinds_of (PktRowSet *cells, PktRowSet *copies)
{
  PktRowSet *kinds = pkt_row_set_new (sizeof (Kind), sizeof (PktCellKey));
  for (guint32 i = 0; i < pkt_row_set_size (copies); i++) {
    const PktCell *copy = pkt_row_set_at (copies, i);
    find_kind (kinds, copy)->again += copy->count;
  }
  for (guint32 i = 0; i < pkt_row_set_size (cells); i++) {
    const PktCell *cell = pkt_row_set_at (cells, i);
    if (cell->key.apple == 0)
      find_kind (kinds, cell)->before += cell->count;
  }
  return kinds;
}

static void
merge (PktRowSet *cells, const PktCell *copy, Kind *kind)
{
  gboolean is_new;
  PktCell *there = pkt_row_set_find (cells, copy), rest = *copy;
  if (there) {
    kind->before += MAX (0, copy->count - there->count);
    there->count = MAX (there->count, copy->count);
    there->first = MIN (there->first, copy->first);
    there->last = MAX (there->last, copy->last);
    return;
  }
  rest.count = MIN (kind->again - kind->before, copy->count);
  if (rest.count <= 0)
    return;
  kind->before += rest.count;
  pkt_row_set_add (cells, &rest, &is_new);
}

void
pkt_tally_merge_copies (PktRowSet *cells, PktRowSet *copies)
{
  if (pkt_row_set_size (copies) == 0)
    return;
  PktRowSet *kinds = kinds_of (cells, copies);
  for (guint32 i = 0; i < pkt_row_set_size (copies); i++) {
    const PktCell *copy = pkt_row_set_at (copies, i);
    merge (cells, copy, find_kind (kinds, copy));
  }
  pkt_row_set_free (kinds);
}
