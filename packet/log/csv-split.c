/* Rows of a table taken many at a time: where their fields end is found in a whole piece of the
 * block, and rows that say no more than that another receiver took a mail become runs. */
#include "packet/log/csv-rows.h"

#define ANEW 8     /* rows that finding the ends of a piece again costs */
#define CREDIT 256 /* rows that are counted for it; without any, rows are looked at one by one */

/* How many rows the piece has, where all lines of it are one; else 0. */
static guint
fitting_rows (const PktCsvSplit *s, const char *p)
{
  const PktCsvIndex *index = &s->g->index;
  const guint columns = (guint)s->h->columns;
  guint rows = 0;
  for (guint at = columns; at < index->n_ends && p[index->ends[at]] == '\n'; at += columns)
    rows++;
  return rows == index->n_lines ? rows : 0;
}

/* How far it came. */
static gsize
take_piece (PktCsvSplit *s, gsize piece, gsize n)
{
  const PktCsvIndex *index = &s->g->index;
  const guint columns = (guint)s->h->columns;
  const char *p = s->b->raw.bytes + piece;
  guint at = 0, from = 0, rows;
  if (pkt_csv_index_fits (p, n, s->h->separator, &s->g->index) && (rows = fitting_rows (s, p)))
    return pkt_csv_take_rows (s, piece, rows);
  pkt_csv_index (p, n, s->h->separator, &s->g->index);
  for (guint i = 0; i < index->n_lines && !pkt_csv_split_is_full (s); i++) {
    const guint end = index->lines[i];
    pkt_block_fetch (s->b->raw.bytes + piece + from, end - from);
    const gboolean is_good = end < index->good, fits = is_good && at + columns < index->n_ends
                                                       && index->ends[at + columns] == end;
    if (!fits || !pkt_csv_take_row (s, piece, index->ends + at, from))
      pkt_csv_look_at_one (s, piece + from, end - from);
    from = end + 1;
    if (fits) {
      at += columns;
      s->g->credit++;
      continue;
    }
    do
      at++;
    while (is_good && at < index->n_ends && index->ends[at] < end);
    if (!is_good || at >= index->n_ends || index->ends[at] != end) { /* inside quotes, if at all */
      s->g->credit -= ANEW;
      break;
    }
  }
  return piece + from;
}

/* The first line from i on that has to be looked at: it ends behind `stop`, or begins oddly. */
static guint
first_worth_it (const PktCsvSplit *s, const char *p, guint i, gsize stop)
{
  const PktCsvIndex *index = &s->g->index;
  const PktCsvHeader *h = s->h;
  guint from = i ? index->lines[i - 1] + 1u : 0;
  for (; i < index->n_lines && index->lines[i] < stop; i++) {
    if (G_UNLIKELY (pkt_csv_begins_oddly (h, p + from, index->lines[i] - from)))
      break;
    from = index->lines[i] + 1u;
  }
  return i;
}

/* Lines that are not read, with apple_only. */
static void
add_unread (PktCsvSplit *s, gsize at, gsize n, guint lines)
{
  s->counted += lines - 1;
  pkt_csv_add_silent (s, at, n);
  s->run->seen.unread = TRUE;
}

/* Up to there no line from `from` on has to be looked at for what it names, nor for its quotes. */
static gsize
next_stop (const PktCsvSplit *s, const char *p, gsize from)
{
  const PktCsvIndex *index = &s->g->index;
  const PktGlanceRule *rule = s->g->weigher.rule;
  const gsize whole = index->n_lines ? index->lines[index->n_lines - 1] + 1u : 0;
  const char *hit = rule->next_name (rule->data, pkt_slice (p + from, whole - from));
  return hit ? MIN (index->good, (gsize)(hit - p)) : index->good;
}

/* With apple_only: lines that need not be read. */
static gsize
pass_piece (PktCsvSplit *s, gsize piece, gsize n)
{
  const PktCsvIndex *index = &s->g->index;
  const char *p = s->b->raw.bytes + piece;
  guint from = 0, i = 0;
  pkt_csv_lines (p, n, s->h->separator, &s->g->index);
  gsize stop = next_stop (s, p, 0);
  while (i < index->n_lines && !pkt_csv_split_is_full (s)) {
    const guint to = first_worth_it (s, p, i, stop);
    if (to > i) {
      add_unread (s, piece + from, index->lines[to - 1] - from, to - i);
      from = index->lines[to - 1] + 1u;
      s->g->credit += (int)(to - i);
      i = to;
      continue;
    }
    const guint end = index->lines[i++];
    pkt_csv_look_at_one (s, piece + from, end - from);
    from = end + 1;
    s->g->credit++;
    if (end >= index->good) {
      s->g->credit -= ANEW;
      break;
    }
    if (end >= stop)
      stop = next_stop (s, p, from);
  }
  return piece + from;
}

gboolean
pkt_csv_split (gpointer state, PktBlock *b)
{
  PktCsvGlancer *g = state;
  const PktGlanceRule *rule = g->weigher.rule;
  PktCsvShared *shared = rule->state;
  PktCsvSplit s = {
    g, g_atomic_pointer_get (&shared->header), b, b->lines, NULL, 0, b->counted, { { NULL, 0 } }
  };
  gsize at = b->at;
  const gboolean passing = rule->apple_only && !g_atomic_int_get (&rule->read_all);
  if (s.h == NULL || (rule->elsewhere == NULL && !passing) || g->credit < 0) {
    g->credit = CREDIT;
    return FALSE;
  }
  while (at < b->raw.n && g->credit >= 0 && !pkt_csv_split_is_full (&s)) {
    const gsize n = MIN (b->raw.n - at, PKT_CSV_INDEX_BYTES);
    gsize to = passing ? pass_piece (&s, at, n) : take_piece (&s, at, n);
    if (to == at)
      break;
    at = to;
  }
  if (at == b->at)
    return FALSE;
  g->credit = MIN (g->credit, CREDIT);
  b->n_lines = (guint)(s.line - b->lines);
  b->counted = s.counted;
  b->at = at;
  return TRUE;
}
