#include "packet/log/event-stencil.h"
#include "packet/log/event-hole.h"

#ifdef PKT_AVX2 /* or wider */
static PKT_ALWAYS_INLINE void
look_ahead (PktStencilSigns *signs, gsize to, guint64 (*signs_among) (const char *p))
{
  for (; signs->n + 64 <= to; signs->n += 64) {
    __builtin_prefetch (signs->base + signs->n + PKT_STENCIL_AHEAD / 2); /* for the next look */
    signs->words[signs->n / 64] = signs_among (signs->base + signs->n);
  }
  memset (signs->words + signs->n / 64, 0, PKT_STENCIL_ROOM / 8);
}
#endif

/* FALSE where `n` bytes, a multiple of a vector's, are not as the stencil's at `at`. */
#define DEFINE_SAME(NAME, TARGET, BYTES)                                                           \
  TARGET static PKT_ALWAYS_INLINE gboolean NAME (const PktStencil *s, const char *p, gsize at,     \
                                                 gsize n)                                          \
  {                                                                                                \
    BYTES bad = { 0 };                                                                             \
    for (gsize i = 0; i < n; i += sizeof (BYTES)) {                                                \
      const guint8 *holes = &s->holes[(at + i) / 16];                                              \
      BYTES v, text, differs;                                                                      \
      memcpy (&v, p + i, sizeof v);                                                                \
      memcpy (&text, s->text + at + i, sizeof v);                                                  \
      memcpy (&differs, s->differs + at + i, sizeof v);                                            \
      const BYTES other = v ^ text;                                                                \
      if (!(holes[0] | holes[sizeof v / 16 - 1])) {                                                \
        bad |= other & ~differs;                                                                   \
      } else {                                                                                     \
        BYTES open;                                                                                \
        memcpy (&open, s->open + at + i, sizeof v);                                                \
        bad |= (BYTES)(other > differs)                                                            \
               | (((BYTES)(v == '"') | (BYTES)(v == '\\') | (BYTES)(v == '\n')) & open);           \
      }                                                                                            \
    }                                                                                              \
    return IS_ZERO_##NAME (bad);                                                                   \
  }

typedef struct {
  gboolean (*same) (const PktStencil *s, const char *p, gsize at, gsize n);
  guint64 (*signs_in) (const char *p); /* quotes, backslashes and line ends among 64 bytes */
  PktMask64 mask;
  gsize step; /* bytes of a vector */
} Ways;

static inline gboolean
is_same (const PktStencil *s, gsize at, char c)
{
  return (guint8)(c ^ s->text[at]) <= s->differs[at]
         && !(s->open[at] && (c == '"' || c == '\\' || c == '\n'));
}

/* Byte by byte, where a vector would reach beyond the record. */
static gboolean
same_slowly (const PktStencil *s, const PktStencilPart *part, const char *p)
{
  for (gsize i = 0; i < part->n; i++)
    if (!is_same (s, part->at + i, p[i]))
      return FALSE;
  return TRUE;
}

/* Whether the bytes from p on are the part's. What is filled up lies behind the first one's, in
 * front of the others'. */
static PKT_ALWAYS_INLINE gboolean
is_part (const PktStencil *s, guint i, PktSlice record, const char *p, Ways ways)
{
  const PktStencilPart *part = &s->parts[i];
  const gsize n = (part->n + ways.step - 1) / ways.step * ways.step, before = (gsize)(p - record.p);
  if (part->n > record.n - before)
    return FALSE;
  if (i ? before + part->n < n : n > record.n)
    return same_slowly (s, part, p);
  return i ? ways.same (s, p + part->n - n, (gsize)part->at + part->n - n, n)
           : ways.same (s, p, part->at, n);
}

/* The same where the signs are known, on a machine that has a word's first byte first. */
static PKT_ALWAYS_INLINE const char *
known_end (const char *p, const char *limit, const PktStencilSigns *signs,
           guint64 (*signs_among) (const char *p))
{
  const gsize at = (gsize)(p - signs->base);
  guint64 window;
  if (G_UNLIKELY (at + 128 > signs->n))
    return pkt_hole_text_end (p, limit, signs_among);
  memcpy (&window, (const char *)signs->words + at / 8, sizeof window);
  window >>= at % 8;
  return G_LIKELY (window) ? p + __builtin_ctzll (window)
                           : pkt_hole_text_end (p + 56, limit, signs_among);
}

static PKT_ALWAYS_INLINE const char *
hole_end (const PktStencilPart *part, const char *p, const char *limit,
          const PktStencilSigns *signs, Ways ways)
{
  switch (part->kind) {
  case PKT_HOLE_TEXT:
    return signs ? known_end (p, limit, signs, ways.signs_in)
                 : pkt_hole_text_end (p, limit, ways.signs_in);
  case PKT_HOLE_ESCAPED:
    return pkt_hole_escaped_end (part, p, limit, ways.mask);
  case PKT_HOLE_FIGURES:
    return pkt_hole_figures_end (p, limit);
  default:
    return pkt_hole_other_end (part, p, limit);
  }
}

static PKT_ALWAYS_INLINE const char *
find_end (const PktStencil *s, PktSlice record, const PktStencilSigns *signs, PktStencilMarks *out,
          Ways ways)
{
  const char *p = record.p, *limit = p + record.n;
  for (guint i = 0;; i++) {
    const PktStencilPart *part = &s->parts[i];
    const char *begin = p + part->n;
    out->odd = i;
    out->odd_at = p;
    if (!is_part (s, i, record, p, ways))
      return NULL;
    out->at[2 * i] = p;
    if (i + 1 == s->n_parts)
      return begin;
    out->at[2 * i + 1] = out->odd_at = begin;
    p = hole_end (part, begin, limit, signs, ways);
    if (p == NULL)
      return NULL;
  }
}

typedef guint8 Bytes16 __attribute__ ((vector_size (16)));

static PKT_ALWAYS_INLINE gboolean
is_zero_16 (Bytes16 bytes)
{
  guint64 words[2];
  memcpy (words, &bytes, sizeof words);
  return (words[0] | words[1]) == 0;
}

#define IS_ZERO_same_16(bytes) is_zero_16 (bytes)
DEFINE_SAME (same_16, , Bytes16)

static PKT_ALWAYS_INLINE guint64
signs_in (const char *p)
{
  guint64 signs = 0;
#ifdef PKT_SSE2
  for (guint i = 0; i < 64; i += 16) {
    Bytes16 v;
    memcpy (&v, p + i, sizeof v);
    signs |= (guint64)(guint)_mm_movemask_epi8 ((__m128i)((v == '"') | (v == '\\') | (v == '\n')))
             << i;
  }
#else
  signs = pkt_mask_64 (p, '"') | pkt_mask_64 (p, '\\') | pkt_mask_64 (p, '\n');
#endif
  return signs;
}

#ifdef PKT_AVX2
/* A quote, a backslash and a line's end, each at the place that its low four bits tell; no other
 * byte is what stands at its own. */
static const char by_low_bits[16] = { 1, 0, '"', 0, 0, 0, 0, 0, 0, 0, '\n', 0, '\\', 0, 0, 0 };

typedef guint8 Bytes32 __attribute__ ((vector_size (32)));
#define IS_ZERO_same_32(bytes) (_mm256_testz_si256 ((__m256i)(bytes), (__m256i)(bytes)) != 0)
DEFINE_SAME (same_32, PKT_TARGET_AVX2, Bytes32)

PKT_TARGET_AVX2 static PKT_ALWAYS_INLINE guint32
signs_in_32 (const char *p)
{
  const __m256i v = _mm256_loadu_si256 ((const __m256i *)p),
                table = _mm256_broadcastsi128_si256 (
                    _mm_loadu_si128 ((const __m128i *)by_low_bits));
  return (guint32)_mm256_movemask_epi8 (_mm256_cmpeq_epi8 (_mm256_shuffle_epi8 (table, v), v));
}

PKT_TARGET_AVX2 static PKT_ALWAYS_INLINE guint64
signs_in_avx2 (const char *p)
{
  return signs_in_32 (p) | (guint64)signs_in_32 (p + 32) << 32;
}

PKT_TARGET_AVX2 static void
look_ahead_avx2 (PktStencilSigns *signs, gsize to)
{
  look_ahead (signs, to, signs_in_avx2);
}

PKT_TARGET_AVX2 static const char *
end_avx2 (const PktStencil *s, PktSlice record, const PktStencilSigns *signs, PktStencilMarks *out)
{
  return find_end (s, record, signs, out, (Ways){ same_32, signs_in_avx2, pkt_mask_64_avx2, 32 });
}
#endif

#ifdef PKT_AVX512
PKT_TARGET_AVX512 static PKT_ALWAYS_INLINE guint64
signs_of_64 (__m512i v)
{
  const __m512i table = _mm512_broadcast_i32x4 (_mm_loadu_si128 ((const __m128i *)by_low_bits));
  return _mm512_cmpeq_epi8_mask (_mm512_shuffle_epi8 (table, v), v);
}

PKT_TARGET_AVX512 static PKT_ALWAYS_INLINE guint64
signs_in_avx512 (const char *p)
{
  return signs_of_64 (_mm512_loadu_si512 (p));
}

/* What should not be among 64 bytes that have holes, as the room's from `at` on. */
PKT_TARGET_AVX512 static PKT_ALWAYS_INLINE guint64
bad_of_64 (const PktStencil *s, gsize at, __m512i v)
{
  const __m512i other = _mm512_xor_si512 (v, _mm512_loadu_si512 (s->text + at)),
                open = _mm512_loadu_si512 (s->open + at);
  return _mm512_cmpgt_epu8_mask (other, _mm512_loadu_si512 (s->differs + at))
         | _mm512_mask_test_epi8_mask (signs_of_64 (v), open, open);
}

/* One of less than 64 bytes. */
PKT_TARGET_AVX512 static PKT_ALWAYS_INLINE gboolean
is_short_part (const PktStencil *s, const PktStencilPart *part, const char *p)
{
  const __m512i v = _mm512_maskz_loadu_epi8 (part->all, p);
  if (part->holes)
    return (bad_of_64 (s, part->at, v) & part->all) == 0;
  return _mm512_mask_cmpneq_epi8_mask (part->all, v, _mm512_loadu_si512 (s->text + part->at)) == 0;
}

PKT_TARGET_AVX512 static PKT_ALWAYS_INLINE gboolean
is_long_part (const PktStencil *s, const PktStencilPart *part, const char *p)
{
  const PktStencilStep *step = s->steps + part->steps, *holed = step + part->n_plain;
  __m512i other = _mm512_setzero_si512 ();
  for (; step < holed; step++) /* other |= a ^ b */
    other = _mm512_ternarylogic_epi64 (other, _mm512_loadu_si512 (p + step->in),
                                       _mm512_loadu_si512 (s->text + step->at), 0xf6);
  guint64 bad = _mm512_test_epi8_mask (other, other);
  for (; step < holed + part->n_holed; step++)
    bad |= bad_of_64 (s, step->at, _mm512_loadu_si512 (p + step->in));
  return bad == 0;
}

/* Reads no byte that is not the part's. */
PKT_TARGET_AVX512 static PKT_ALWAYS_INLINE gboolean
is_part_avx512 (const PktStencil *s, const PktStencilPart *part, const char *p)
{
  return part->all ? is_short_part (s, part, p) : is_long_part (s, part, p);
}

PKT_TARGET_AVX512 static void
look_ahead_avx512 (PktStencilSigns *signs, gsize to)
{
  look_ahead (signs, to, signs_in_avx512);
}

/* The sign behind a text that begins at p; NULL when it is far, or there is none: zeros follow what
 * was looked at. */
PKT_TARGET_AVX512 static PKT_ALWAYS_INLINE const char *
near_end (const PktStencilSigns *signs, const char *p)
{
  const gsize at = (gsize)(p - signs->base);
  guint64 window;
  memcpy (&window, (const char *)signs->words + at / 8, sizeof window);
  window >>= at % 8;
  return G_LIKELY (window) ? p + __builtin_ctzll (window) : NULL;
}

PKT_TARGET_AVX512 static const char *
end_avx512 (const PktStencil *s, PktSlice record, const PktStencilSigns *signs,
            PktStencilMarks *out)
{
  const PktStencilPart *part = s->parts, *last = part + s->n_parts - 1;
  const char *p = record.p, *limit = p + record.n, **at = out->at;
  gboolean known = signs && (gsize)(p - signs->base) < signs->n;
  for (;; part++, at += 2) {
    const char *begin = p + part->n;
    out->odd_at = p;
    if (begin > limit || !is_part_avx512 (s, part, p))
      break;
    at[0] = p;
    if (part == last)
      return begin;
    at[1] = begin;
    if (known && part->kind == PKT_HOLE_TEXT && (p = near_end (signs, begin)))
      continue;
    out->odd_at = begin;
    p = hole_end (part, begin, limit, NULL,
                  (Ways){ NULL, signs_in_avx512, pkt_mask_64_avx512, 64 });
    if (p == NULL)
      break;
    known = known && (gsize)(p - signs->base) <= signs->n;
  }
  out->odd = (guint)(part - s->parts);
  return NULL;
}
#endif

/* With narrow vectors that takes longer than the waiting. */
void
pkt_stencil_signs (PktStencilSigns *signs, const char *p, const char *limit)
{
  if ((gsize)(p - signs->base) + PKT_STENCIL_AHEAD / 2 <= signs->n)
    return;
  if (signs->n == 0 || (gsize)(p - signs->base) + PKT_STENCIL_AHEAD > PKT_STENCIL_SPAN) {
    signs->base = p;
    signs->n = 0;
  }
  const gsize to = MIN ((gsize)(p - signs->base) + PKT_STENCIL_AHEAD, (gsize)(limit - signs->base));
  if (to < signs->n + 64)
    return;
#ifdef PKT_AVX512
  if (pkt_simd_avx512 ())
    return look_ahead_avx512 (signs, to);
#endif
#ifdef PKT_AVX2
  if (pkt_simd_avx2 ())
    return look_ahead_avx2 (signs, to);
#endif
}

const char *
pkt_stencil_end (const PktStencil *s, PktSlice record, const PktStencilSigns *signs,
                 PktStencilMarks *out)
{
  out->odd = 0;
  out->odd_at = record.p;
  if (record.n < PKT_STENCIL_RECORD)
    return NULL;
#ifdef PKT_AVX512
  if (pkt_simd_avx512 ())
    return end_avx512 (s, record, signs, out);
#endif
#ifdef PKT_AVX2
  if (pkt_simd_avx2 ())
    return end_avx2 (s, record, signs, out);
#endif
  return find_end (s, record, signs, out, (Ways){ same_16, signs_in, pkt_mask_64, 16 });
}

const char *
pkt_stencil_odd (const PktStencil *s, PktSlice text, const PktStencilMarks *marks)
{
  const PktStencilPart *part = &s->parts[marks->odd];
  const char *p = marks->odd_at;
  const gsize n = MIN (part->n, (gsize)(text.p + text.n - p));
  gsize i = 0;
  while (i + 16 <= n && same_16 (s, p + i, part->at + i, 16))
    i += 16;
  while (i < n && is_same (s, part->at + i, p[i]))
    i++;
  return i < n ? p + i : p;
}
