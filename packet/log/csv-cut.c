#include "packet/log/csv-cut.h"

#define STEP 64 /* bytes, a bit of a mask each, the first the lowest */

typedef struct {
  guint64 quotes, separators;
} Masks;

#ifdef __SSE2__
static inline guint64
equal_16 (const char *p, char c)
{
  const __m128i bytes = _mm_loadu_si128 ((const __m128i *)p);
  return (guint)_mm_movemask_epi8 (_mm_cmpeq_epi8 (bytes, _mm_set1_epi8 (c)));
}

static inline guint64
equal_64 (const char *p, char c)
{
  return equal_16 (p, c) | equal_16 (p + 16, c) << 16 | equal_16 (p + 32, c) << 32
         | equal_16 (p + 48, c) << 48;
}
#else
static inline guint64
equal_64 (const char *p, char c)
{
  guint64 bits = 0;
  for (guint i = 0; i < STEP; i++)
    bits |= (guint64)(p[i] == c) << i;
  return bits;
}
#endif

static inline Masks
masks_of (const char *p, char separator)
{
  return (Masks){ equal_64 (p, '"'), equal_64 (p, separator) };
}

/* Each bit tells whether an odd number of bits are set up to and with it. */
static inline guint64
parity_up_to (guint64 bits)
{
  bits ^= bits << 1;
  bits ^= bits << 2;
  bits ^= bits << 4;
  bits ^= bits << 8;
  bits ^= bits << 16;
  return bits ^ bits << 32;
}

/* What goes over from one step to the next. */
typedef struct {
  guint64 inside;   /* all ones behind a quote that opens */
  guint64 may_open; /* bit 0: a field begins here */
  guint64 closed;   /* bit 0: a quote was closed right before */
} State;

/* Leaves separators between fields in m->separators. FALSE where a quote stands elsewhere than at a
 * field's ends. */
static inline gboolean
take_quotes (State *s, Masks *m)
{
  if ((m->quotes | s->inside | s->closed) == 0) {
    s->may_open = m->separators >> (STEP - 1);
    return TRUE;
  }
  const guint64 inside = parity_up_to (m->quotes) ^ s->inside, opening = m->quotes & inside,
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

static inline gboolean
add_ends (PktCsvCuts *out, guint64 separators, gsize at)
{
  guint n = out->n;
  if (n > PKT_CSV_MAX_FIELDS - STEP) /* a step may hold that many */
    return FALSE;
  for (; separators; separators &= separators - 1)
    out->ends[n++] = (guint16)(at + (gsize)__builtin_ctzll (separators));
  out->n = n;
  return TRUE;
}

gboolean
pkt_csv_cut (PktSlice line, char separator, PktCsvCuts *out)
{
  State s = { .may_open = 1 };
  char last[STEP];
  gsize at = 0;
  out->n = 0;
  if (line.n == 0 || line.n >= PKT_CSV_CUT_BYTES)
    return FALSE;
  for (; at + STEP <= line.n; at += STEP) {
    Masks m = masks_of (line.p + at, separator);
    if (!take_quotes (&s, &m) || !add_ends (out, m.separators, at))
      return FALSE;
  }
  memset (last, 0, sizeof last);
  memcpy (last, line.p + at, line.n - at);
  last[line.n - at] = separator; /* ends the last field, and nothing behind it counts */
  Masks m = masks_of (last, separator);
  return take_quotes (&s, &m) && s.inside == 0 && add_ends (out, m.separators, at);
}
