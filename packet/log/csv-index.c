#include "packet/log/csv-index.h"
#include <string.h>
#include "packet/log/csv-places.h"

#define STEP PKT_CSV_STEP

/* Each bit tells whether an odd number of bits are set up to and with it. */
typedef guint64 (*Parity) (guint64 bits);
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
           PktCsvPlaces places, PktCsvPlaces few)
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
           Parity parity, PktCsvPlaces places, PktCsvPlaces few)
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

/* Mostly none, or one. */
PKT_TARGET_AVX2 static PKT_ALWAYS_INLINE guint16 *
few_places_of_avx2 (guint16 *out, guint64 bits, guint at)
{
  *out = (guint16)(at + (guint)_tzcnt_u64 (bits));
  out += bits != 0;
  return pkt_csv_places (out, bits & (bits - 1), at);
}

PKT_TARGET_AVX2 static void
find_ends_avx2 (const char *p, gsize n, char separator, PktCsvIndex *out)
{
  find_ends (p, n, separator, out, pkt_mask_64_avx2, parity_up_to_avx2, pkt_csv_places_avx2,
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
PKT_TARGET_AVX512_VBMI2 static void
find_ends_avx512 (const char *p, gsize n, char separator, PktCsvIndex *out)
{
  find_ends (p, n, separator, out, pkt_mask_64_avx512, parity_up_to_avx2, pkt_csv_places_avx512,
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
  find_ends (p, n, separator, out, pkt_mask_64, pkt_parity_up_to, pkt_csv_places, pkt_csv_places);
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
  find_ends (p, n, separator, out, pkt_mask_64, pkt_parity_up_to, no_places, pkt_csv_places);
}
