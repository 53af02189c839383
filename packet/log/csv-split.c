/* Rows of a table taken many at a time: where their fields end is found in a whole piece of the
 * block, and rows that say no more than that another receiver took a mail become runs. */
#include "packet/base/simd.h"
#include "packet/log/csv-glance.h"
#include "packet/log/event-usual.h"
#include "packet/log/glance-run.h"

#define ANEW 8 /* rows that finding the ends of a piece again costs */
#define CACHE_LINE 64
#define CREDIT 256 /* rows that are counted for it; without any, rows are looked at one by one */

typedef struct {
  PktCsvGlancer *g;
  const PktCsvHeader *h;
  PktBlock *b;
  PktBlockLine *line, *run; /* run: the line before, where it is one that may go on */
  gint64 slot;              /* where the run's quarter of an hour begins */
  guint32 counted;
  PktSlice values[PKT_N_PLAIN]; /* of a row; NULL where the table has none */
} Split;

static gboolean
is_full (const Split *s)
{
  return s->line == s->b->lines + PKT_BLOCK_LINES;
}

static PKT_ALWAYS_INLINE PktBlockLine *
begin_line (Split *s, gsize at, gsize n)
{
  PktBlockLine *line = s->line++;
  line->at = at;
  line->n = n;
  line->number = ++s->counted;
  return line;
}

/* As any other line of a log; no piece holds one that is too long. */
static void
look_at_one (Split *s, gsize at, gsize n)
{
  if (n > 0 && s->b->raw.bytes[at + n - 1] == '\r')
    n--;
  PktBlockLine *line = begin_line (s, at, n);
  pkt_csv_look_whole (s->g, s->h, pkt_slice (s->b->raw.bytes + at, n), &line->seen);
  s->run = NULL;
}

static void
begin_run (Split *s, gsize at, gsize n)
{
  PktBlockLine *line = begin_line (s, at, n);
  line->seen = (PktGlance){ .kind = PKT_GLANCE_RUN, .daemon = s->h->number & 15 };
  s->run = line;
}

static PKT_ALWAYS_INLINE void
go_on (Split *s, gsize to)
{
  s->run->n = to - s->run->at;
  s->run->number = ++s->counted;
}

/* A row that tells nothing. */
static PKT_ALWAYS_INLINE void
add_silent (Split *s, gsize at, gsize n)
{
  if (s->run)
    go_on (s, at + n);
  else
    begin_run (s, at, n);
}

/* seen->outcome and seen->sort are set. */
static PKT_ALWAYS_INLINE void
add_record (Split *s, gsize at, gsize n, const PktGlance *seen)
{
  PktGlance *sum = s->run ? &s->run->seen : NULL;
  if (sum && pkt_run_takes (sum, s->slot, seen)) {
    go_on (s, at + n);
    pkt_run_add (sum, seen);
    return;
  }
  if (sum && sum->records == 0)
    go_on (s, at + n);
  else
    begin_run (s, at, n);
  s->slot = pkt_run_slot (seen->us);
  sum = &s->run->seen;
  pkt_run_begin (sum, seen);
}

/* Field i of a row behind the first of these ends. FALSE: its quotes are doubled. */
static gboolean
field_at (const char *p, const guint16 *ends, guint i, guint columns, PktSlice *out)
{
  guint at = (guint16)(ends[i] + 1), to = ends[i + 1];
  if (i + 1 == columns && to > at && p[to - 1] == '\r')
    to--;
  if (G_UNLIKELY (to > at && p[at] == '"')) {
    at++;
    to--;
    *out = pkt_slice (p + at, to - at);
    return memchr (p + at, '"', to - at) == NULL;
  }
  *out = pkt_slice (p + at, to - at);
  return TRUE;
}

/* Those by which most rows are told; FALSE: one has doubled quotes. */
static PKT_ALWAYS_INLINE gboolean
take_values (Split *s, const char *p, const guint16 *ends)
{
  const PktCsvHeader *h = s->h;
  gboolean quoted = h->asks_last;
  for (guint k = 0; k < h->n_asked; k++) {
    const guint i = h->asked[k].column, at = (guint16)(ends[i] + 1);
    quoted |= p[at] == '"';
    s->values[h->asked[k].which] = pkt_slice (p + at, ends[i + 1] - at);
  }
  for (guint k = 0; quoted && k < h->n_asked; k++)
    if (!field_at (p, ends, h->asked[k].column, (guint)h->columns, &s->values[h->asked[k].which]))
      return FALSE;
  return TRUE;
}

/* What a row of other than accepted mail came to, by all that it says. FALSE: it must be parsed. */
static gboolean
read_refusal (Split *s, const char *p, const guint16 *ends, PktGlance *seen)
{
  PktCsvGlancer *g = s->g;
  PktAttempt a = { .smtp = TRUE };
  gboolean expired;
  if (s->h != g->header)
    memset (&g->row, 0, sizeof g->row);
  g->header = s->h;
  for (guint i = 0; i < (guint)s->h->columns; i++)
    if (s->h->names[i] >= 0
        && !field_at (p, ends, i, (guint)s->h->columns, &g->row.at[s->h->names[i]]))
      return FALSE;
  if (!pkt_event_came_to (s->h->service, &g->row, &g->out, &a, &expired))
    return FALSE;
  seen->outcome = (guint8)a.outcome;
  seen->sort = a.outcome == PKT_BOUNCED ? g->weigher.rule->sort (a.reply) : 0;
  return TRUE;
}

/* Not a row of the table, maybe. */
static PKT_ALWAYS_INLINE gboolean
begins_oddly (const PktCsvHeader *h, const char *p, gsize n)
{
  return *p == '{' || (*p == *h->first && pkt_csv_header_starts (h, pkt_slice (p, n)));
}

/* What was seen of a row; seen->outcome and seen->sort are set. */
static PKT_ALWAYS_INLINE void
place_row (Split *s, gsize at, gsize n, const PktGlance *seen, gboolean has_queue_id)
{
  if (seen->kind == PKT_GLANCE_KNOWN)
    add_silent (s, at, n);
  else if (seen->kind == PKT_GLANCE_ELSEWHERE && !has_queue_id)
    add_record (s, at, n, seen);
  else {
    begin_line (s, at, n - (s->b->raw.bytes[at + n - 1] == '\r'))->seen = *seen;
    s->line[-1].seen.daemon = s->h->number & 15;
    s->run = NULL;
  }
}

/* TRUE when the row was added to a run, or begins one. */
static gboolean
take_row (Split *s, gsize piece, const guint16 *ends, guint from)
{
  const PktCsvHeader *h = s->h;
  const char *p = s->b->raw.bytes + piece;
  const gsize n = ends[h->columns] - from;
  const PktSlice *values = s->values;
  PktGlance seen;
  if (begins_oddly (h, p + from, n) || !take_values (s, p, ends))
    return FALSE;
  const PktGlanceRule *rule = s->g->weigher.rule;
  PktEventMemo *memo = &s->g->weigher.memo;
  if (!pkt_plain_look (rule, h->service, &h->plain, values, memo, &seen))
    return FALSE;
  seen.outcome = PKT_DELIVERED;
  seen.sort = 0;
  if (seen.kind == PKT_GLANCE_PLAIN && rule->sort
      && pkt_plain_word (memo, h->service, values[PKT_PLAIN_WORD]) == PKT_PLAIN_REFUSED
      && (!pkt_plain_whose (rule, h->service, &h->plain, values, memo, &seen)
          || seen.kind != PKT_GLANCE_ELSEWHERE || values[PKT_PLAIN_QUEUE_ID].n
          || !read_refusal (s, p, ends, &seen)))
    seen.kind = PKT_GLANCE_PLAIN;
  place_row (s, piece + from, n, &seen, values[PKT_PLAIN_QUEUE_ID].n > 0);
  return TRUE;
}

/* Field i of a row of a piece that fits. */
static PKT_ALWAYS_INLINE PktSlice
fitting_field (const char *p, const guint16 *ends, int i)
{
  if (i < 0)
    return pkt_slice (NULL, 0);
  const guint at = (guint16)(ends[i] + 1), quotes = p[at] == '"';
  return pkt_slice (p + at + quotes, ends[i + 1] - at - 2 * quotes);
}

/* The same of nearly all rows, by less. */
static PKT_ALWAYS_INLINE gboolean
take_usual_row (Split *s, gsize piece, const guint16 *ends, PktUsualSplit split,
                PktUsualBare is_bare)
{
  const PktCsvHeader *h = s->h;
  const guint from = (guint16)(ends[0] + 1);
  const char *p = s->b->raw.bytes + piece;
  PktEventMemo *memo = &s->g->weigher.memo;
  PktSlice values[PKT_N_PLAIN];
  PktGlance seen;
#pragma GCC unroll 6
  for (guint i = 0; i < PKT_N_PLAIN; i++)
    values[i] = fitting_field (p, ends, h->plain.at[i]);
  if (begins_oddly (h, p + from, ends[h->columns] - from)
      || !pkt_usual_is_delivered (memo, h->service, values[PKT_PLAIN_WORD])
      || !pkt_usual_tell_row (s->g->weigher.rule, h->service, &h->plain, values, memo, split,
                              is_bare, &seen))
    return FALSE;
  seen.outcome = PKT_DELIVERED;
  seen.sort = 0;
  place_row (s, piece + from, ends[h->columns] - from, &seen, values[PKT_PLAIN_QUEUE_ID].n > 0);
  return TRUE;
}

/* How many rows the piece has, where all lines of it are one; else 0. */
static guint
fitting_rows (const Split *s, const char *p)
{
  const PktCsvIndex *index = &s->g->index;
  const guint columns = (guint)s->h->columns;
  guint rows = 0;
  for (guint at = columns; at < index->n_ends && p[index->ends[at]] == '\n'; at += columns)
    rows++;
  return rows == index->n_lines ? rows : 0;
}

/* The piece behind this one comes while the rows of this one are told. */
static PKT_ALWAYS_INLINE void
fetch_ahead (const char *p, gsize n)
{
  for (gsize i = 0; i < n; i += CACHE_LINE)
    __builtin_prefetch (p + i + PKT_CSV_INDEX_BYTES);
}

/* How far it came. */
static PKT_ALWAYS_INLINE gsize
take_rows (Split *s, gsize piece, guint rows, PktUsualSplit split, PktUsualBare is_bare)
{
  const guint columns = (guint)s->h->columns;
  const guint16 *ends = s->g->index.ends;
  for (guint i = 0; i < rows && !is_full (s); i++, ends += columns, s->g->credit++) {
    const guint from = (guint16)(ends[0] + 1);
    fetch_ahead (s->b->raw.bytes + piece + from, ends[columns] - from);
    if (!take_usual_row (s, piece, ends, split, is_bare) && !take_row (s, piece, ends, from))
      look_at_one (s, piece + from, ends[columns] - from);
  }
  return piece + (guint16)(ends[0] + 1);
}

#ifdef PKT_AVX512
PKT_TARGET_AVX512_VBMI2 static gsize
take_rows_avx512 (Split *s, gsize piece, guint rows)
{
  return take_rows (s, piece, rows, pkt_usual_split_avx512, pkt_usual_is_bare_avx512);
}
#endif

static gsize
take_fitting_rows (Split *s, gsize piece, guint rows)
{
#ifdef PKT_AVX512
  if (pkt_simd_avx512_vbmi2 ())
    return take_rows_avx512 (s, piece, rows);
#endif
  return take_rows (s, piece, rows, pkt_usual_split, pkt_event_is_bare);
}

/* How far it came. */
static gsize
take_piece (Split *s, gsize piece, gsize n)
{
  const PktCsvIndex *index = &s->g->index;
  const guint columns = (guint)s->h->columns;
  const char *p = s->b->raw.bytes + piece;
  guint at = 0, from = 0, rows;
  if (pkt_csv_index_fits (p, n, s->h->separator, &s->g->index) && (rows = fitting_rows (s, p)))
    return take_fitting_rows (s, piece, rows);
  pkt_csv_index (p, n, s->h->separator, &s->g->index);
  for (guint i = 0; i < index->n_lines && !is_full (s); i++) {
    const guint end = index->lines[i];
    pkt_block_fetch (s->b->raw.bytes + piece + from, end - from);
    const gboolean is_good = end < index->good, fits = is_good && at + columns < index->n_ends
                                                       && index->ends[at + columns] == end;
    if (!fits || !take_row (s, piece, index->ends + at, from))
      look_at_one (s, piece + from, end - from);
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
first_worth_it (const Split *s, const char *p, guint i, gsize stop)
{
  const PktCsvIndex *index = &s->g->index;
  const PktCsvHeader *h = s->h;
  guint from = i ? index->lines[i - 1] + 1u : 0;
  for (; i < index->n_lines && index->lines[i] < stop; i++) {
    if (G_UNLIKELY (begins_oddly (h, p + from, index->lines[i] - from)))
      break;
    from = index->lines[i] + 1u;
  }
  return i;
}

/* Lines that are not read, with apple_only. */
static void
add_unread (Split *s, gsize at, gsize n, guint lines)
{
  s->counted += lines - 1;
  add_silent (s, at, n);
  s->run->seen.unread = TRUE;
}

/* Up to there no line from `from` on has to be looked at for what it names, nor for its quotes. */
static gsize
next_stop (const Split *s, const char *p, gsize from)
{
  const PktCsvIndex *index = &s->g->index;
  const PktGlanceRule *rule = s->g->weigher.rule;
  const gsize whole = index->n_lines ? index->lines[index->n_lines - 1] + 1u : 0;
  const char *hit = rule->next_name (rule->data, pkt_slice (p + from, whole - from));
  return hit ? MIN (index->good, (gsize)(hit - p)) : index->good;
}

/* With apple_only: lines that need not be read. */
static gsize
pass_piece (Split *s, gsize piece, gsize n)
{
  const PktCsvIndex *index = &s->g->index;
  const char *p = s->b->raw.bytes + piece;
  guint from = 0, i = 0;
  pkt_block_fetch (p, PKT_CSV_INDEX_BYTES); /* at once: the loops through it are too fast to wait */
  pkt_csv_lines (p, n, s->h->separator, &s->g->index);
  gsize stop = next_stop (s, p, 0);
  while (i < index->n_lines && !is_full (s)) {
    const guint to = first_worth_it (s, p, i, stop);
    if (to > i) {
      add_unread (s, piece + from, index->lines[to - 1] - from, to - i);
      from = index->lines[to - 1] + 1u;
      s->g->credit += (int)(to - i);
      i = to;
      continue;
    }
    const guint end = index->lines[i++];
    look_at_one (s, piece + from, end - from);
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
  Split s = {
    g, g_atomic_pointer_get (&shared->header), b, b->lines, NULL, 0, b->counted, { { NULL, 0 } }
  };
  gsize at = b->at;
  const gboolean passing = rule->apple_only && !g_atomic_int_get (&rule->read_all);
  if (s.h == NULL || (rule->elsewhere == NULL && !passing) || g->credit < 0) {
    g->credit = CREDIT;
    return FALSE;
  }
  while (at < b->raw.n && g->credit >= 0 && !is_full (&s)) {
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
