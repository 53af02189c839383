/* The rows of a table that is split many at a time (csv-split.c): what each of them adds. */
#include "packet/log/csv-rows.h"
#include "packet/base/simd.h"
#include "packet/log/event-usual.h"
#include "packet/log/glance-run.h"

static PKT_ALWAYS_INLINE PktBlockLine *
begin_line (PktCsvSplit *s, gsize at, gsize n)
{
  PktBlockLine *line = s->line++;
  line->at = at;
  line->n = n;
  line->number = ++s->counted;
  return line;
}

void
pkt_csv_look_at_one (PktCsvSplit *s, gsize at, gsize n)
{
  if (n > 0 && s->b->raw.bytes[at + n - 1] == '\r')
    n--;
  PktBlockLine *line = begin_line (s, at, n);
  pkt_csv_look_whole (s->g, s->h, pkt_slice (s->b->raw.bytes + at, n), &line->seen);
  s->run = NULL;
}

static void
begin_run (PktCsvSplit *s, gsize at, gsize n)
{
  PktBlockLine *line = begin_line (s, at, n);
  line->seen = (PktGlance){ .kind = PKT_GLANCE_RUN, .daemon = s->h->number & 15 };
  s->run = line;
}

static PKT_ALWAYS_INLINE void
go_on (PktCsvSplit *s, gsize to)
{
  s->run->n = to - s->run->at;
  s->run->number = ++s->counted;
}

void
pkt_csv_add_silent (PktCsvSplit *s, gsize at, gsize n)
{
  if (s->run)
    go_on (s, at + n);
  else
    begin_run (s, at, n);
}

/* seen->outcome and seen->sort are set. */
static PKT_ALWAYS_INLINE void
add_record (PktCsvSplit *s, gsize at, gsize n, const PktGlance *seen)
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
take_values (PktCsvSplit *s, const char *p, const guint16 *ends)
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

/* By all that tells it. */
static void
judge_refusal (PktCsvGlancer *g, PktCsvRefusal *r)
{
  PktAttempt a = { .smtp = TRUE };
  gboolean expired;
  r->told = pkt_event_came_to (g->header->service, &g->row, &g->out, &a, &expired) != FALSE;
  r->outcome = (guint8)a.outcome;
  r->sort = r->told && a.outcome == PKT_BOUNCED ? g->weigher.rule->sort (a.reply) : 0;
}

/* What a row of other than accepted mail came to. FALSE: it must be parsed. */
static gboolean
read_refusal (PktCsvSplit *s, const char *p, const guint16 *ends, PktGlance *seen)
{
  PktCsvGlancer *g = s->g;
  const PktCsvHeader *h = s->h;
  guint64 hash = 0;
  pkt_csv_glance_by (g, h);
  for (guint i = 0; i < h->n_told; i++) {
    PktSlice *value = &g->row.at[h->names[h->told[i]]];
    if (!field_at (p, ends, h->told[i], (guint)h->columns, value))
      return FALSE;
    hash = pkt_slice_hash (*value, hash);
  }
  PktCsvRefusal *r = &g->refusals[hash % PKT_CSV_REFUSALS];
  if (r->hash != hash || hash == 0) {
    r->hash = hash;
    judge_refusal (g, r);
  }
  seen->outcome = r->outcome;
  seen->sort = r->sort;
  return r->told;
}

/* What was seen of a row; seen->outcome and seen->sort are set. */
static PKT_ALWAYS_INLINE void
place_row (PktCsvSplit *s, gsize at, gsize n, const PktGlance *seen, gboolean has_queue_id)
{
  if (seen->kind == PKT_GLANCE_KNOWN)
    pkt_csv_add_silent (s, at, n);
  else if (seen->kind == PKT_GLANCE_ELSEWHERE && !has_queue_id)
    add_record (s, at, n, seen);
  else {
    begin_line (s, at, n - (s->b->raw.bytes[at + n - 1] == '\r'))->seen = *seen;
    s->line[-1].seen.daemon = s->h->number & 15;
    s->run = NULL;
  }
}

/* Another receiver's, and all is told that counts of it: what it came to is set. */
static gboolean
is_refusal (PktCsvSplit *s, const char *p, const guint16 *ends, PktSlice queue_id, PktGlance *seen)
{
  return seen->kind == PKT_GLANCE_ELSEWHERE && queue_id.n == 0 && s->g->weigher.rule->sort
         && read_refusal (s, p, ends, seen);
}

gboolean
pkt_csv_take_row (PktCsvSplit *s, gsize piece, const guint16 *ends, guint from)
{
  const PktCsvHeader *h = s->h;
  const char *p = s->b->raw.bytes + piece;
  const gsize n = ends[h->columns] - from;
  const PktSlice *values = s->values;
  PktGlance seen;
  if (pkt_csv_begins_oddly (h, p + from, n) || !take_values (s, p, ends))
    return FALSE;
  const PktGlanceRule *rule = s->g->weigher.rule;
  PktEventMemo *memo = &s->g->weigher.memo;
  if (!pkt_plain_look (rule, h->service, &h->plain, values, memo, &seen))
    return FALSE;
  seen.outcome = PKT_DELIVERED;
  seen.sort = 0;
  if (seen.kind == PKT_GLANCE_PLAIN
      && pkt_plain_word (memo, h->service, values[PKT_PLAIN_WORD]) == PKT_PLAIN_REFUSED
      && (!pkt_plain_whose (rule, h->service, &h->plain, values, memo, &seen)
          || !is_refusal (s, p, ends, values[PKT_PLAIN_QUEUE_ID], &seen)))
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
take_usual_row (PktCsvSplit *s, gsize piece, const guint16 *ends, PktUsualSplit split,
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
  const gboolean taken = pkt_usual_is_delivered (memo, h->service, values[PKT_PLAIN_WORD]);
  if (pkt_csv_begins_oddly (h, p + from, ends[h->columns] - from)
      || (!taken && pkt_usual_word (memo, h->service, values[PKT_PLAIN_WORD]) != PKT_PLAIN_REFUSED)
      || !pkt_usual_tell_row (s->g->weigher.rule, h->service, &h->plain, values, memo, split,
                              is_bare, &seen))
    return FALSE;
  seen.outcome = PKT_DELIVERED;
  seen.sort = 0;
  if (G_UNLIKELY (!taken) && !is_refusal (s, p, ends, values[PKT_PLAIN_QUEUE_ID], &seen))
    seen.kind = PKT_GLANCE_PLAIN;
  place_row (s, piece + from, ends[h->columns] - from, &seen, values[PKT_PLAIN_QUEUE_ID].n > 0);
  return TRUE;
}

/* How far it came. */
static PKT_ALWAYS_INLINE gsize
take_rows (PktCsvSplit *s, gsize piece, guint rows, PktUsualSplit split, PktUsualBare is_bare)
{
  const guint columns = (guint)s->h->columns;
  const guint16 *ends = s->g->index.ends;
  for (guint i = 0; i < rows && !pkt_csv_split_is_full (s); i++, ends += columns, s->g->credit++) {
    const guint from = (guint16)(ends[0] + 1);
    pkt_block_fetch (s->b->raw.bytes + piece + from, ends[columns] - from);
    if (!take_usual_row (s, piece, ends, split, is_bare)
        && !pkt_csv_take_row (s, piece, ends, from))
      pkt_csv_look_at_one (s, piece + from, ends[columns] - from);
  }
  return piece + (guint16)(ends[0] + 1);
}

#ifdef PKT_AVX512
PKT_TARGET_AVX512_VBMI2 static gsize
take_rows_avx512 (PktCsvSplit *s, gsize piece, guint rows)
{
  return take_rows (s, piece, rows, pkt_usual_split_avx512, pkt_usual_is_bare_avx512);
}
#endif

gsize
pkt_csv_take_rows (PktCsvSplit *s, gsize piece, guint rows)
{
#ifdef PKT_AVX512
  if (pkt_simd_avx512_vbmi2 ())
    return take_rows_avx512 (s, piece, rows);
#endif
  return take_rows (s, piece, rows, pkt_usual_split, pkt_event_is_bare);
}
