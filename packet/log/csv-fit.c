/* Pieces of a table whose quotes are what the byte before or behind them says, which no field with
 * quotes in it or separators at its ends bears, and whose rows end where their lines do: nearly
 * all. What does not fit is looked at as csv-index.c does. */
#include "packet/log/csv-index.h"
#include "packet/log/csv-places.h"

#define STEP PKT_CSV_STEP

/* What goes over from one step to the next: bits 0. */
typedef struct {
  guint64 inside, may_open, closed;
  guint64 wrong; /* bits where a quote or a line end is not what it should be, so far */
} State;

/* Separators and line ends outside quotes. */
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
  s->wrong |= ((inside & quotes) ^ opening) | (after_closing & ~ends) | (lines & inside);
  return ends & ~inside;
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

/* The last bytes, and what counts nowhere. */
static PKT_ALWAYS_INLINE const char *
rest_of (const char *p, gsize n, char room[STEP])
{
  memset (room, 0, STEP);
  memcpy (room, p, n);
  return room;
}

static PKT_ALWAYS_INLINE gboolean
find_lines (const char *p, gsize n, char separator, PktCsvIndex *out, PktMask64 mask_of)
{
  State s = { .may_open = 1 };
  guint16 *line = out->lines;
  char room[STEP];
  for (gsize at = 0; at < n; at += STEP) {
    __builtin_prefetch (p + at + PKT_CSV_INDEX_BYTES); /* the next piece comes meanwhile */
    const char *from = at + STEP <= n ? p + at : rest_of (p + at, n - at, room);
    const guint64 lines = mask_of (from, '\n');
    take_step (&s, mask_of (from, '"'), mask_of (from, separator), lines);
    line = put_lines (line, lines, (guint)at);
  }
  out->n_lines = (guint)(line - out->lines);
  out->good = n;
  return s.wrong == 0;
}

static PKT_ALWAYS_INLINE gboolean
find_ends (const char *p, gsize n, char separator, PktCsvIndex *out, PktMask64 mask_of,
           PktCsvPlaces places)
{
  State s = { .may_open = 1 };
  guint16 *end = out->ends + 1;
  char room[STEP];
  out->ends[0] = G_MAXUINT16; /* before the first byte */
  out->n_lines = 0;
  for (gsize at = 0; at < n; at += STEP) {
    const char *from = at + STEP <= n ? p + at : rest_of (p + at, n - at, room);
    const guint64 lines = mask_of (from, '\n'),
                  ends = take_step (&s, mask_of (from, '"'), mask_of (from, separator), lines);
    end = places (end, ends, (guint)at);
    out->n_lines += (guint)__builtin_popcountll (lines);
  }
  out->n_ends = (guint)(end - out->ends);
  out->good = n;
  return s.wrong == 0;
}

#ifdef PKT_AVX2
PKT_TARGET_AVX2 static gboolean
find_lines_avx2 (const char *p, gsize n, char separator, PktCsvIndex *out)
{
  return find_lines (p, n, separator, out, pkt_mask_64_avx2);
}

PKT_TARGET_AVX2 static gboolean
find_ends_avx2 (const char *p, gsize n, char separator, PktCsvIndex *out)
{
  return find_ends (p, n, separator, out, pkt_mask_64_avx2, pkt_csv_places_avx2);
}
#endif

#ifdef PKT_AVX512
PKT_TARGET_AVX512_VBMI2 static gboolean
find_lines_avx512 (const char *p, gsize n, char separator, PktCsvIndex *out)
{
  return find_lines (p, n, separator, out, pkt_mask_64_avx512);
}

PKT_TARGET_AVX512_VBMI2 static gboolean
find_ends_avx512 (const char *p, gsize n, char separator, PktCsvIndex *out)
{
  return find_ends (p, n, separator, out, pkt_mask_64_avx512, pkt_csv_places_avx512);
}
#endif

gboolean
pkt_csv_lines_fit (const char *p, gsize n, char separator, PktCsvIndex *out)
{
#ifdef PKT_AVX512
  if (pkt_simd_avx512_vbmi2 ())
    return find_lines_avx512 (p, n, separator, out);
#endif
#ifdef PKT_AVX2
  if (pkt_simd_avx2 ())
    return find_lines_avx2 (p, n, separator, out);
#endif
  return find_lines (p, n, separator, out, pkt_mask_64);
}

gboolean
pkt_csv_index_fits (const char *p, gsize n, char separator, PktCsvIndex *out)
{
#ifdef PKT_AVX512
  if (pkt_simd_avx512_vbmi2 ())
    return find_ends_avx512 (p, n, separator, out);
#endif
#ifdef PKT_AVX2
  if (pkt_simd_avx2 ())
    return find_ends_avx2 (p, n, separator, out);
#endif
  return find_ends (p, n, separator, out, pkt_mask_64, pkt_csv_places);
}
