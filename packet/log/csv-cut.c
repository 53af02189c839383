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

static PKT_ALWAYS_INLINE gboolean
cut (PktSlice line, char separator, PktCsvCuts *out, PktMask64 mask_of, PktCsvPlaces places)
{
  State s = { .may_open = 1 };
  char last[STEP];
  gsize at = 0;
  out->n = 0;
  if (line.n == 0 || line.n >= PKT_CSV_CUT_BYTES)
    return FALSE;
  for (; at + STEP <= line.n; at += STEP) {
    Masks m = { mask_of (line.p + at, '"'), mask_of (line.p + at, separator) };
    if (!take_quotes (&s, &m) || !add_ends (out, m.separators, at, places))
      return FALSE;
  }
  memset (last, 0, sizeof last);
  memcpy (last, line.p + at, line.n - at);
  last[line.n - at] = separator; /* ends the last field, and nothing behind it counts */
  Masks m = { mask_of (last, '"'), mask_of (last, separator) };
  return take_quotes (&s, &m) && s.inside == 0 && add_ends (out, m.separators, at, places);
}

#ifdef PKT_AVX2
PKT_TARGET_AVX2 static gboolean
cut_avx2 (PktSlice line, char separator, PktCsvCuts *out)
{
  return cut (line, separator, out, pkt_mask_64_avx2, pkt_csv_places_avx2);
}
#endif

#ifdef PKT_AVX512
PKT_TARGET_AVX512_VBMI2 static gboolean
cut_avx512 (PktSlice line, char separator, PktCsvCuts *out)
{
  return cut (line, separator, out, pkt_mask_64_avx512, pkt_csv_places_avx512);
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
  return cut (line, separator, out, pkt_mask_64, pkt_csv_places);
}
