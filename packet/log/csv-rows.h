#pragma once
#include "packet/base/simd.h"
#include "packet/log/csv-glance.h"

/* A block of a table on its way, for csv-split.c and csv-rows.c alone. */
typedef struct {
  PktCsvGlancer *g;
  const PktCsvHeader *h;
  PktBlock *b;
  PktBlockLine *line, *run; /* run: the line before, where it is one that may go on */
  gint64 slot;              /* where the run's quarter of an hour begins */
  guint32 counted;
  PktSlice values[PKT_N_PLAIN]; /* of a row; NULL where the table has none */
} PktCsvSplit;

static inline gboolean
pkt_csv_split_is_full (const PktCsvSplit *s)
{
  return s->line == s->b->lines + PKT_BLOCK_LINES;
}

/* Not a row of the table, maybe. */
static PKT_ALWAYS_INLINE gboolean
pkt_csv_begins_oddly (const PktCsvHeader *h, const char *p, gsize n)
{
  return *p == '{' || (*p == *h->first && pkt_csv_header_starts (h, pkt_slice (p, n)));
}

/* A line as any other of a log; no piece holds one that is too long. */
void pkt_csv_look_at_one (PktCsvSplit *s, gsize at, gsize n);
/* A row that tells nothing. */
void pkt_csv_add_silent (PktCsvSplit *s, gsize at, gsize n);
/* The row at `from` in the piece, whose fields end at these places (csv-index.h). FALSE: it has to
 * be looked at as one. */
gboolean pkt_csv_take_row (PktCsvSplit *s, gsize piece, const guint16 *ends, guint from);
/* All rows of a piece that fits (pkt_csv_index_fits()), as far as there is room: how far it came.
 */
gsize pkt_csv_take_rows (PktCsvSplit *s, gsize piece, guint rows);
