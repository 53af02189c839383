/* Line ends of a table where nothing else is wanted: quotes are told by the byte before or behind
 * them, which no fields with quotes or separators at their ends bear; what does not fit is looked
 * at as csv-index.c does. */
#include "packet/base/simd.h"
#include "packet/log/csv-index.h"

#define STEP 64 /* bytes, a bit of a mask each, the first the lowest */

/* What goes over from one step to the next: bits 0. */
typedef struct {
  guint64 inside, may_open, closed;
} State;

/* Bits where a quote or a line end is not what it should be. */
static PKT_ALWAYS_INLINE guint64
take_step (State *s, guint64 quotes, guint64 separators, guint64 lines)
{
  const guint64 ends = separators | lines, opening = quotes & (ends << 1 | s->may_open),
                closing = quotes & ~opening, after_closing = closing << 1 | s->closed,
                /* from each opening one up to the next closing one, if they take turns */
      inside = closing - opening - s->inside;
  s->inside = inside >> (STEP - 1);
  s->may_open = ends >> (STEP - 1);
  s->closed = closing >> (STEP - 1);
  return ((inside & quotes) ^ opening) | (after_closing & ~ends) | (lines & inside);
}

/* Mostly none, or one, which is not guessed: where the next are written. One more may be
 * overwritten. */
static PKT_ALWAYS_INLINE guint16 *
put_lines (guint16 *out, guint64 lines, guint at)
{
  *out = (guint16)(at + (guint)__builtin_ctzll (lines | (guint64)1 << (STEP - 1)));
  out += lines != 0;
  for (lines &= lines - 1; G_UNLIKELY (lines); lines &= lines - 1)
    *out++ = (guint16)(at + (guint)__builtin_ctzll (lines));
  return out;
}

static PKT_ALWAYS_INLINE gboolean
find_lines (const char *p, gsize n, char separator, PktCsvIndex *out, PktMask64 mask_of)
{
  State s = { .may_open = 1 };
  guint16 *line = out->lines;
  guint64 wrong = 0;
  char last[STEP];
  gsize at = 0;
  for (; at + STEP <= n; at += STEP) {
    const guint64 lines = mask_of (p + at, '\n');
    wrong |= take_step (&s, mask_of (p + at, '"'), mask_of (p + at, separator), lines);
    line = put_lines (line, lines, (guint)at);
  }
  memset (last, 0, sizeof last);
  memcpy (last, p + at, n - at);
  const guint64 lines = mask_of (last, '\n');
  wrong |= take_step (&s, mask_of (last, '"'), mask_of (last, separator), lines);
  out->n_lines = (guint)(put_lines (line, lines, (guint)at) - out->lines);
  out->good = n;
  return wrong == 0;
}

#ifdef PKT_AVX2
PKT_TARGET_AVX2 static gboolean
find_lines_avx2 (const char *p, gsize n, char separator, PktCsvIndex *out)
{
  return find_lines (p, n, separator, out, pkt_mask_64_avx2);
}
#endif

#ifdef PKT_AVX512
PKT_TARGET_AVX512 static gboolean
find_lines_avx512 (const char *p, gsize n, char separator, PktCsvIndex *out)
{
  return find_lines (p, n, separator, out, pkt_mask_64_avx512);
}
#endif

gboolean
pkt_csv_lines_fit (const char *p, gsize n, char separator, PktCsvIndex *out)
{
#ifdef PKT_AVX512
  if (pkt_simd_avx512 ())
    return find_lines_avx512 (p, n, separator, out);
#endif
#ifdef PKT_AVX2
  if (pkt_simd_avx2 ())
    return find_lines_avx2 (p, n, separator, out);
#endif
  return find_lines (p, n, separator, out, pkt_mask_64);
}
