#include "packet/log/csv-index.h"
#include <string.h>
#include "packet/base/simd.h"

#define STEP 64 /* bytes, a bit of a mask each, the first the lowest */

/* Each bit tells whether an odd number of bits are set up to and with it. */
typedef guint64 (*Parity) (guint64 bits);
/* Writes the places of the bits, counted from `at`: where the next belong. Up to STEP places behind
 * them may be overwritten. */
typedef guint16 *(*Places) (guint16 *out, guint64 bits, guint at);

static PKT_ALWAYS_INLINE guint16 *
places_of (guint16 *out, guint64 bits, guint at)
{
  for (; bits; bits &= bits - 1)
    *out++ = (guint16)(at + (guint)__builtin_ctzll (bits));
  return out;
}

/* Of a caller who asks for whole lines alone. */
static PKT_ALWAYS_INLINE guint16 *
no_places (guint16 *out, guint64 bits, guint at)
{
  (void)bits;
  (void)at;
  return out;
}

/* What goes over from one step to the next. */
typedef struct {
  guint64 inside;      /* all ones behind a quote that opens */
  guint64 may_open;    /* bit 0: a field begins here */
  guint64 closed;      /* bit 0: a quote was closed right before */
  guint16 *end, *line; /* where the next are written */
} State;

/* Quotes that stand elsewhere than they may, or the places behind them. */
static PKT_ALWAYS_INLINE guint64
take_step (State *s, guint64 quotes, guint64 separators, guint64 lines, guint at, Parity parity,
           Places places, Places few)
{
  const guint64 inside = parity (quotes) ^ s->inside, opening = quotes & inside,
                closing = quotes & ~inside, ends = (separators | lines) & ~inside,
                after_closing = closing << 1 | s->closed;
  const guint64 wrong = (opening & ~(ends << 1 | s->may_open | after_closing))
                        | (after_closing & ~(ends | opening))
                        | (places == no_places ? lines & inside : 0);
  s->inside = 0 - (inside >> (STEP - 1));
  s->may_open = ends >> (STEP - 1);
  s->closed = closing >> (STEP - 1);
  s->end = places (s->end, ends, at);
  s->line = few (s->line, lines, at);
  return wrong;
}

/* `wrong` is among the bytes from `at` on; the end of that line is added. */
static void
stop_at (const char *p, gsize n, guint at, guint64 wrong, PktCsvIndex *out)
{
  const guint first = at + (guint)__builtin_ctzll (wrong);
  const gsize next = MIN (n, (gsize)at + STEP);
  out->good = MIN (out->good, first > 0 ? first - 1 : 0);
  const char *lf = memchr (p + next, '\n', n - next);
  if (lf && (out->n_lines == 0 || out->lines[out->n_lines - 1] < out->good))
    out->lines[out->n_lines++] = (guint16)(lf - p);
}

static PKT_ALWAYS_INLINE void
find_ends (const char *p, gsize n, char separator, PktCsvIndex *out, PktMask64 mask_of,
           Parity parity, Places places, Places few)
{
  State s = { .may_open = 1, .end = out->ends + 1, .line = out->lines };
  char last[STEP];
  gsize at = 0;
  guint64 wrong = 0;
  out->ends[0] = G_MAXUINT16; /* before the first byte */
  for (; at + STEP <= n && wrong == 0; at += STEP)
    wrong = take_step (&s, mask_of (p + at, '"'), mask_of (p + at, separator),
                       mask_of (p + at, '\n'), (guint)at, parity, places, few);
  if (wrong == 0) {
    memset (last, 0, sizeof last);
    memcpy (last, p + at, n - at);
    wrong = take_step (&s, mask_of (last, '"'), mask_of (last, separator), mask_of (last, '\n'),
                       (guint)at, parity, places, few);
    at += STEP;
  }
  out->n_ends = (guint)(s.end - out->ends);
  out->n_lines = (guint)(s.line - out->lines);
  out->good = n;
  if (wrong)
    stop_at (p, n, (guint)at - STEP, wrong, out);
}

#ifdef PKT_AVX2
PKT_TARGET_AVX2 static PKT_ALWAYS_INLINE guint64
parity_up_to_avx2 (guint64 bits)
{
  return (guint64)_mm_cvtsi128_si64 (
      _mm_clmulepi64_si128 (_mm_set_epi64x (0, (gint64)bits), _mm_set1_epi8 ((char)0xff), 0));
}

/* Eight at a time, there or not: mostly fewer are, and nothing has to be guessed. */
PKT_TARGET_AVX2 static PKT_ALWAYS_INLINE guint16 *
places_of_avx2 (guint16 *out, guint64 bits, guint at)
{
  guint16 *const end = out + _mm_popcnt_u64 (bits);
  for (; out < end; out += 8) {
#pragma GCC unroll 8
    for (guint k = 0; k < 8; k++) {
      out[k] = (guint16)(at + (guint)_tzcnt_u64 (bits));
      bits &= bits - 1;
    }
  }
  return end;
}

/* Mostly none, or one. */
PKT_TARGET_AVX2 static PKT_ALWAYS_INLINE guint16 *
few_places_of_avx2 (guint16 *out, guint64 bits, guint at)
{
  *out = (guint16)(at + (guint)_tzcnt_u64 (bits));
  out += bits != 0;
  return places_of (out, bits & (bits - 1), at);
}

PKT_TARGET_AVX2 static void
find_ends_avx2 (const char *p, gsize n, char separator, PktCsvIndex *out)
{
  find_ends (p, n, separator, out, pkt_mask_64_avx2, parity_up_to_avx2, places_of_avx2,
             few_places_of_avx2);
}

PKT_TARGET_AVX2 static void
find_lines_avx2 (const char *p, gsize n, char separator, PktCsvIndex *out)
{
  find_ends (p, n, separator, out, pkt_mask_64_avx2, parity_up_to_avx2, no_places,
             few_places_of_avx2);
}
#endif

#ifdef PKT_AVX512
/* Places in the step, side by side, 16 of them at a time. */
PKT_TARGET_AVX512_VBMI2 static PKT_ALWAYS_INLINE guint16 *
places_of_avx512 (guint16 *out, guint64 bits, guint at)
{
  static const guint8 all[STEP]
      = { 0,  1,  2,  3,  4,  5,  6,  7,  8,  9,  10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21,
          22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 37, 38, 39, 40, 41, 42, 43,
          44, 45, 46, 47, 48, 49, 50, 51, 52, 53, 54, 55, 56, 57, 58, 59, 60, 61, 62, 63 };
  guint16 *const end = out + _mm_popcnt_u64 (bits);
  const __m512i from = _mm512_maskz_compress_epi8 (bits, _mm512_loadu_si512 (all));
  const __m256i base = _mm256_set1_epi16 ((gint16)at);
  _mm256_storeu_si256 (
      (__m256i *)out,
      _mm256_add_epi16 (_mm256_cvtepu8_epi16 (_mm512_castsi512_si128 (from)), base));
  if (G_LIKELY (end <= out + 16))
    return end;
  guint8 rest[STEP];
  _mm512_storeu_si512 (rest, from);
  for (guint i = 16; out + i < end; i++)
    out[i] = (guint16)(at + rest[i]);
  return end;
}

PKT_TARGET_AVX512_VBMI2 static void
find_ends_avx512 (const char *p, gsize n, char separator, PktCsvIndex *out)
{
  find_ends (p, n, separator, out, pkt_mask_64_avx512, parity_up_to_avx2, places_of_avx512,
             few_places_of_avx2);
}

PKT_TARGET_AVX512_VBMI2 static void
find_lines_avx512 (const char *p, gsize n, char separator, PktCsvIndex *out)
{
  find_ends (p, n, separator, out, pkt_mask_64_avx512, parity_up_to_avx2, no_places,
             few_places_of_avx2);
}
#endif

void
pkt_csv_index (const char *p, gsize n, char separator, PktCsvIndex *out)
{
#ifdef PKT_AVX512
  if (pkt_simd_avx512_vbmi2 ()) {
    find_ends_avx512 (p, n, separator, out);
    return;
  }
#endif
#ifdef PKT_AVX2
  if (pkt_simd_avx2 ()) {
    find_ends_avx2 (p, n, separator, out);
    return;
  }
#endif
  find_ends (p, n, separator, out, pkt_mask_64, pkt_parity_up_to, places_of, places_of);
}

void
pkt_csv_lines (const char *p, gsize n, char separator, PktCsvIndex *out)
{
  if (pkt_csv_lines_fit (p, n, separator, out))
    return;
#ifdef PKT_AVX512
  if (pkt_simd_avx512_vbmi2 ()) {
    find_lines_avx512 (p, n, separator, out);
    return;
  }
#endif
#ifdef PKT_AVX2
  if (pkt_simd_avx2 ()) {
    find_lines_avx2 (p, n, separator, out);
    return;
  }
#endif
  find_ends (p, n, separator, out, pkt_mask_64, pkt_parity_up_to, no_places, places_of);
}
