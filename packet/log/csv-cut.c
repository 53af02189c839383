#include "packet/log/csv-cut.h"
#include "packet/log/csv-places.h"

#define STEP PKT_CSV_STEP

typedef struct {
  guint64 quotes, separators;
} Masks;

/* What goes over from one step to the next. */
typedef struct {
  guint64 inside;   /* all ones behind a quote that opens */
  guint64 may_open; /* bit 0: a field begins here */
  guint64 closed;   /* bit 0: a quote was closed right before */
} State;

/* Leaves separators between fields in m->separators. FALSE where a quote stands elsewhere than at a
 * field's ends. */
static PKT_ALWAYS_INLINE gboolean
take_quotes (State *s, Masks *m)
{
  if ((m->quotes | s->inside | s->closed) == 0) {
    s->may_open = m->separators >> (STEP - 1);
    return TRUE;
  }
  const guint64 inside = pkt_parity_up_to (m->quotes) ^ s->inside, opening = m->quotes & inside,
                closing = m->quotes & ~inside;
  m->separators &= ~inside;
  if (opening & ~(m->separators << 1 | s->may_open))
    return FALSE;
  if ((closing << 1 | s->closed) & ~m->separators) /* what follows must end the field */
    return FALSE;
  s->inside = 0 - (inside >> (STEP - 1));
  s->may_open = m->separators >> (STEP - 1);
  s->closed = closing >> (STEP - 1);
  return TRUE;
}

static PKT_ALWAYS_INLINE gboolean
add_ends (PktCsvCuts *out, guint64 separators, gsize at, PktCsvPlaces places)
{
  if (out->n > PKT_CSV_MAX_FIELDS - STEP) /* a step may hold that many */
    return FALSE;
  out->n = (guint)(places (out->ends + out->n, separators, (guint)at) - out->ends);
  return TRUE;
}

/* The last n bytes, fewer than STEP: behind them a separator ends the last field, and nothing else
 * counts. */
typedef Masks (*Rest) (const char *p, gsize n, char separator);

static PKT_ALWAYS_INLINE Masks
copy_rest (const char *p, gsize n, char separator, PktMask64 mask_of)
{
  char last[STEP] = { 0 };
  memcpy (last, p, n);
  last[n] = separator;
  return (Masks){ mask_of (last, '"'), mask_of (last, separator) };
}

static PKT_ALWAYS_INLINE gboolean
cut (PktSlice line, char separator, PktCsvCuts *out, PktMask64 mask_of, Rest rest_of,
     PktCsvPlaces places)
{
  State s = { .may_open = 1 };
  gsize at = 0;
  out->n = 0;
  if (line.n == 0 || line.n >= PKT_CSV_CUT_BYTES)
    return FALSE;
  for (; at + STEP <= line.n; at += STEP) {
    Masks m = { mask_of (line.p + at, '"'), mask_of (line.p + at, separator) };
    if (!take_quotes (&s, &m) || !add_ends (out, m.separators, at, places))
      return FALSE;
  }
  Masks m = rest_of (line.p + at, line.n - at, separator);
  return take_quotes (&s, &m) && s.inside == 0 && add_ends (out, m.separators, at, places);
}

static PKT_ALWAYS_INLINE Masks
rest_anywhere (const char *p, gsize n, char separator)
{
  return copy_rest (p, n, separator, pkt_mask_64);
}

#ifdef PKT_AVX2
PKT_TARGET_AVX2 static PKT_ALWAYS_INLINE Masks
rest_avx2 (const char *p, gsize n, char separator)
{
  return copy_rest (p, n, separator, pkt_mask_64_avx2);
}

PKT_TARGET_AVX2 static gboolean
cut_avx2 (PktSlice line, char separator, PktCsvCuts *out)
{
  return cut (line, separator, out, pkt_mask_64_avx2, rest_avx2, pkt_csv_places_avx2);
}
#endif

#ifdef PKT_AVX512
PKT_TARGET_AVX512_VBMI2 static PKT_ALWAYS_INLINE Masks
rest_avx512 (const char *p, gsize n, char separator)
{
  const guint64 end = (guint64)1 << n;
  const __m512i bytes = _mm512_maskz_loadu_epi8 (end - 1, p);
  return (Masks){ _mm512_cmpeq_epi8_mask (bytes, _mm512_set1_epi8 ('"')),
                  _mm512_cmpeq_epi8_mask (bytes, _mm512_set1_epi8 (separator)) | end };
}

PKT_TARGET_AVX512_VBMI2 static gboolean
cut_avx512 (PktSlice line, char separator, PktCsvCuts *out)
{
  return cut (line, separator, out, pkt_mask_64_avx512, rest_avx512, pkt_csv_places_avx512);
}
#endif

gboolean
pkt_csv_cut (PktSlice line, char separator, PktCsvCuts *out)
{
#ifdef PKT_AVX512
  if (pkt_simd_avx512_vbmi2 ())
    return cut_avx512 (line, separator, out);
#endif
#ifdef PKT_AVX2
  if (pkt_simd_avx2 ())
    return cut_avx2 (line, separator, out);
#endif
  return cut (line, separator, out, pkt_mask_64, rest_anywhere, pkt_csv_places);
}
