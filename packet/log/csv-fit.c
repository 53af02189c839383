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

static PKT_ALWAYS_INLINE guint16 *
find_lines_in (State *s, const char *step, char separator, guint16 *line, guint at,
               PktMask64 mask_of)
{
  const guint64 lines = mask_of (step, '\n');
  take_step (s, mask_of (step, '"'), mask_of (step, separator), lines);
  return put_lines (line, lines, at);
}

static PKT_ALWAYS_INLINE gboolean
find_lines (const char *p, gsize n, char separator, PktCsvIndex *out, PktMask64 mask_of)
{
  State s = { .may_open = 1 };
  guint16 *line = out->lines;
  char room[STEP];
  gsize at = 0;
  for (; at + STEP <= n; at += STEP) {
    __builtin_prefetch (p + at + PKT_CSV_INDEX_BYTES); /* the next piece comes meanwhile */
    line = find_lines_in (&s, p + at, separator, line, (guint)at, mask_of);
  }
  if (at < n)
    line = find_lines_in (&s, rest_of (p + at, n - at, room), separator, line, (guint)at, mask_of);
  out->n_lines = (guint)(line - out->lines);
  out->good = n;
  return s.wrong == 0;
}

typedef guint (*Count) (guint64 bits);

/* Mostly none, or one: the machine may have no instruction for it. */
static PKT_ALWAYS_INLINE guint
count_few (guint64 bits)
{
  guint n = 0;
  for (; bits; bits &= bits - 1)
    n++;
  return n;
}

static PKT_ALWAYS_INLINE guint16 *
find_ends_in (State *s, const char *step, char separator, guint16 *end, guint at, guint *n_lines,
              PktMask64 mask_of, PktCsvPlaces places, Count count)
{
  const guint64 lines = mask_of (step, '\n'),
                ends = take_step (s, mask_of (step, '"'), mask_of (step, separator), lines);
  *n_lines += count (lines);
  return places (end, ends, at);
}

static PKT_ALWAYS_INLINE gboolean
find_ends (const char *p, gsize n, char separator, PktCsvIndex *out, PktMask64 mask_of,
           PktCsvPlaces places, Count count)
{
  State s = { .may_open = 1 };
  guint16 *end = out->ends + 1;
  char room[STEP];
  gsize at = 0;
  out->ends[0] = G_MAXUINT16; /* before the first byte */
  guint n_lines = 0;
  for (; at + STEP <= n; at += STEP)
    end = find_ends_in (&s, p + at, separator, end, (guint)at, &n_lines, mask_of, places, count);
  if (at < n)
    end = find_ends_in (&s, rest_of (p + at, n - at, room), separator, end, (guint)at, &n_lines,
                        mask_of, places, count);
  out->n_lines = n_lines;
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

PKT_TARGET_AVX2 static PKT_ALWAYS_INLINE guint
count_avx2 (guint64 bits)
{
  return (guint)_mm_popcnt_u64 (bits);
}

PKT_TARGET_AVX2 static gboolean
find_ends_avx2 (const char *p, gsize n, char separator, PktCsvIndex *out)
{
  return find_ends (p, n, separator, out, pkt_mask_64_avx2, pkt_csv_places_avx2, count_avx2);
}
#endif

#ifdef PKT_AVX512
#define GROUP 8 /* steps, whose masks are looked at side by side */

typedef struct {
  guint64 quotes[GROUP], separators[GROUP], lines[GROUP];
} __attribute__ ((aligned (64))) Masks;

/* As State, of the group before. */
typedef struct {
  __m512i ends, closing, wrong;
  guint inside;
} State512;

PKT_TARGET_AVX512_VBMI2 static PKT_ALWAYS_INLINE void
read_masks (const char *p, char separator, Masks *out)
{
  const __m512i quote = _mm512_set1_epi8 ('"'), between = _mm512_set1_epi8 (separator),
                line = _mm512_set1_epi8 ('\n');
#pragma GCC unroll 8
  for (guint i = 0; i < GROUP; i++) {
    const __m512i bytes = _mm512_loadu_si512 (p + (gsize)i * STEP);
    _store_mask64 ((__mmask64 *)&out->quotes[i], _mm512_cmpeq_epi8_mask (bytes, quote));
    _store_mask64 ((__mmask64 *)&out->separators[i], _mm512_cmpeq_epi8_mask (bytes, between));
    _store_mask64 ((__mmask64 *)&out->lines[i], _mm512_cmpeq_epi8_mask (bytes, line));
  }
}

/* Each mask one bit on, the last one of that before it coming in. */
PKT_TARGET_AVX512_VBMI2 static PKT_ALWAYS_INLINE __m512i
one_on (__m512i masks, __m512i before)
{
  return _mm512_shldi_epi64 (masks, _mm512_alignr_epi64 (masks, before, GROUP - 1), 1);
}

/* The steps that begin inside quotes, a bit each, and bit GROUP for what follows: a step that has
 * quotes says so by its last one, others hand on what came in, which is how a sum carries. */
PKT_TARGET_AVX512_VBMI2 static PKT_ALWAYS_INLINE guint
begin_inside (__m512i quotes, __m512i opening, __m512i closing, guint inside)
{
  const guint opens = _mm512_cmpgt_epu64_mask (opening, closing),
              hands_on = _mm512_testn_epi64_mask (quotes, quotes);
  return ((opens | hands_on) + opens + inside) ^ hands_on;
}

/* take_step() of the whole group. */
PKT_TARGET_AVX512_VBMI2 static PKT_ALWAYS_INLINE __m512i
take_group (State512 *s, const Masks *m)
{
  const __m512i quotes = _mm512_load_si512 (m->quotes), lines = _mm512_load_si512 (m->lines),
                ends = _mm512_or_si512 (_mm512_load_si512 (m->separators), lines),
                may_open = one_on (ends, s->ends), opening = _mm512_and_si512 (quotes, may_open),
                closing = _mm512_andnot_si512 (may_open, quotes),
                after_closing = one_on (closing, s->closing);
  const guint begins = begin_inside (quotes, opening, closing, s->inside);
  __m512i inside = _mm512_sub_epi64 (closing, opening);
  inside = _mm512_mask_sub_epi64 (inside, (__mmask8)begins, inside, _mm512_set1_epi64 (1));
  const __m512i turns = _mm512_xor_si512 (_mm512_and_si512 (inside, quotes), opening),
                alone = _mm512_andnot_si512 (ends, after_closing),
                within = _mm512_and_si512 (lines, inside);
  s->wrong = _mm512_or_si512 (_mm512_or_si512 (s->wrong, turns), _mm512_or_si512 (alone, within));
  s->ends = ends;
  s->closing = closing;
  s->inside = begins >> GROUP;
  return _mm512_andnot_si512 (inside, ends);
}

PKT_TARGET_AVX512_VBMI2 static PKT_ALWAYS_INLINE State512
begin_512 (void)
{
  const __m512i none = _mm512_setzero_si512 ();
  /* the first field may open */
  return (State512){ _mm512_set_epi64 (G_MININT64, 0, 0, 0, 0, 0, 0, 0), none, none, 0 };
}

#define GROUPS (PKT_CSV_INDEX_BYTES / (GROUP * STEP))

/* The masks of the whole piece, before any is asked for: a vector of what was just written would
 * have to wait. fetch: half of the next piece comes meanwhile, the other half while names are
 * looked for (apple/names.c). How many groups there are. */
PKT_TARGET_AVX512_VBMI2 static PKT_ALWAYS_INLINE guint
read_piece (const char *p, gsize n, char separator, Masks out[GROUPS], gboolean fetch)
{
  char room[GROUP * STEP];
  guint i = 0;
  for (const char *next = p + PKT_CSV_INDEX_BYTES; (i + 1) * GROUP * STEP <= n;
       i++, p += GROUP * STEP, next += GROUP * STEP / 2) {
    for (guint k = 0; fetch && k < GROUP / 2; k++)
      __builtin_prefetch (next + k * STEP);
    read_masks (p, separator, &out[i]);
  }
  n -= (gsize)i * GROUP * STEP;
  if (n == 0)
    return i;
  memset (room, 0, sizeof room);
  memcpy (room, p, n);
  read_masks (room, separator, &out[i]);
  return i + 1;
}

PKT_TARGET_AVX512_VBMI2 static gboolean
find_lines_avx512 (const char *p, gsize n, char separator, PktCsvIndex *out)
{
  Masks m[GROUPS];
  State512 s = begin_512 ();
  guint16 *line = out->lines;
  const guint groups = read_piece (p, n, separator, m, TRUE);
  for (guint i = 0; i < groups; i++) {
    take_group (&s, &m[i]);
#pragma GCC unroll 8
    for (guint k = 0; k < GROUP; k++)
      line = put_lines (line, m[i].lines[k], (i * GROUP + k) * STEP);
  }
  out->n_lines = (guint)(line - out->lines);
  out->good = n;
  return _mm512_test_epi64_mask (s.wrong, s.wrong) == 0;
}

PKT_TARGET_AVX512_VBMI2 static gboolean
find_ends_avx512 (const char *p, gsize n, char separator, PktCsvIndex *out)
{
  Masks m[GROUPS];
  State512 s = begin_512 ();
  guint16 *end = out->ends + 1;
  guint n_lines = 0;
  const guint groups = read_piece (p, n, separator, m, FALSE);
  __m256i base = _mm256_setzero_si256 ();
  out->ends[0] = G_MAXUINT16; /* before the first byte */
  for (guint i = 0; i < groups; i++) {
    _mm512_store_si512 (m[i].separators, take_group (&s, &m[i]));
#pragma GCC unroll 8
    for (guint k = 0; k < GROUP; k++) {
      end = pkt_csv_places_from_512 (end, m[i].separators[k], (i * GROUP + k) * STEP, base);
      base = _mm256_add_epi16 (base, _mm256_set1_epi16 (STEP));
      n_lines += (guint)__builtin_popcountll (m[i].lines[k]);
    }
  }
  out->n_lines = n_lines;
  out->n_ends = (guint)(end - out->ends);
  out->good = n;
  return _mm512_test_epi64_mask (s.wrong, s.wrong) == 0;
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
  return find_ends (p, n, separator, out, pkt_mask_64, pkt_csv_places, count_few);
}
