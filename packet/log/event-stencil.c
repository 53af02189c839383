#include "packet/log/event-stencil.h"
#include "packet/base/simd.h"
#include "packet/log/event-shape.h"

/* ---- making ---- */

void
pkt_stencil_clear (PktStencil *s)
{
  s->n_parts = s->used = 0;
}

static guint
filled_up (gsize n)
{
  return (guint)((n + PKT_STENCIL_STEP - 1) / PKT_STENCIL_STEP * PKT_STENCIL_STEP);
}

static void
put_byte (PktStencil *s, gsize at, char text, guint8 hole)
{
  PktStencilBlock *block = &s->blocks[at / 64];
  const guint64 bit = (guint64)1 << at % 64;
  s->text[at] = block->text[at % 64] = text;
  block->any |= bit;
  s->holes[at / 16] |= hole != 0;
  if (hole == 0) {
    s->fixed[at] = -1;
    block->fixed |= bit;
  } else if (hole == PKT_HOLE_TEXT + 1) {
    s->open[at] = -1;
    block->open |= bit;
  } else {
    s->figures[at] = -1;
    block->figures |= bit;
  }
}

gboolean
pkt_stencil_add (PktStencil *s, const char *text, const guint8 *holes, gsize n, PktStencilPart end)
{
  const guint room = filled_up (n), front = s->n_parts ? room - (guint)n : 0;
  if (s->n_parts == PKT_STENCIL_PARTS || s->used + room > PKT_STENCIL_ROOM)
    return FALSE;
  memset (s->text + s->used, 0, room);
  memset (s->fixed + s->used, 0, room);
  memset (s->open + s->used, 0, room);
  memset (s->figures + s->used, 0, room);
  memset (s->holes + s->used / 16, 0, room / 16);
  memset (s->blocks + s->used / 64, 0, room / 64 * sizeof *s->blocks);
  end.at = (guint16)(s->used + front);
  end.n = (guint16)n;
  end.holes = FALSE;
  for (gsize i = 0; i < n; i++) {
    put_byte (s, end.at + i, text[i], holes[i]);
    end.holes |= holes[i] != 0;
  }
  s->parts[s->n_parts++] = end;
  s->used += room;
  return TRUE;
}

/* ---- holes of any size ---- */

static char
first_sign (PktSlice array)
{
  gsize i = 1;
  while (i < array.n && memchr (" \t\r\n", array.p[i], 4))
    i++;
  return i < array.n && array.p[0] == '[' ? array.p[i] : '\0';
}

gboolean
pkt_stencil_names_text (PktSlice array)
{
  return first_sign (array) == '"';
}

/* A value where the sample had none, or none where it had one, makes it another service's record
 * perhaps; a comma at the beginning, or an escape, is for the slow way. */
static gboolean
is_like (const PktStencilPart *part, PktSlice value)
{
  if (!part->named)
    return TRUE;
  if (part->kind == PKT_HOLE_WORD)
    return pkt_slice_equal (value, PKT_SLICE ("null")) != part->filled;
  return memchr (value.p, '\\', value.n) == NULL && first_sign (value) != ','
         && pkt_stencil_names_text (value) == part->filled;
}

static const char *
slow_end (const PktStencilPart *part, const char *p, const char *limit)
{
  const char *end = part->kind == PKT_HOLE_WORD ? pkt_shape_word_end (p, limit)
                                                : pkt_event_json_skip (p, limit);
  return end && !pkt_find_byte (p, end, '\n') && is_like (part, pkt_slice (p, (gsize)(end - p)))
             ? end
             : NULL;
}

static inline const char *
figures_end (const char *p, const char *limit)
{
  const char *begin = p;
  while (p < limit && (guchar)(*p - '0') <= 9)
    p++;
  return p > begin ? p : NULL;
}

/* The quote behind a text; or a backslash or a line's end, where the next part does not fit: it
 * begins with a quote. A record has as many bytes as are looked at, so those in front of the text
 * are there where those behind it are not. */
static PKT_ALWAYS_INLINE const char *
text_end (const char *p, const char *limit, guint64 (*signs_in) (const char *p))
{
  for (; limit - p >= 64; p += 64) {
    const guint64 signs = signs_in (p);
    if (signs)
      return p + __builtin_ctzll (signs);
  }
  const guint64 signs = p < limit ? signs_in (limit - 64) >> (p - (limit - 64)) : 0;
  return signs ? p + __builtin_ctzll (signs) : NULL;
}

static PKT_ALWAYS_INLINE void
look_ahead (PktStencilSigns *signs, gsize to, guint64 (*signs_among) (const char *p))
{
  for (; signs->n + 64 <= to; signs->n += 64) {
    __builtin_prefetch (signs->base + signs->n + PKT_STENCIL_AHEAD);
    signs->words[signs->n / 64] = signs_among (signs->base + signs->n);
  }
}

/* ---- reading ---- */

/* FALSE where `n` bytes, a multiple of a vector's, are not as the stencil's at `at`. */
#define DEFINE_SAME(NAME, TARGET, BYTES)                                                           \
  TARGET static PKT_ALWAYS_INLINE gboolean NAME (const PktStencil *s, const char *p, gsize at,     \
                                                 gsize n)                                          \
  {                                                                                                \
    BYTES bad = { 0 };                                                                             \
    for (gsize i = 0; i < n; i += sizeof (BYTES)) {                                                \
      const guint8 *holes = &s->holes[(at + i) / 16];                                              \
      BYTES v, text, fixed;                                                                        \
      memcpy (&v, p + i, sizeof v);                                                                \
      memcpy (&text, s->text + at + i, sizeof v);                                                  \
      memcpy (&fixed, s->fixed + at + i, sizeof v);                                                \
      bad |= (v ^ text) & fixed;                                                                   \
      if (holes[0] | holes[sizeof v / 16 - 1]) {                                                   \
        BYTES open, figures;                                                                       \
        memcpy (&open, s->open + at + i, sizeof v);                                                \
        memcpy (&figures, s->figures + at + i, sizeof v);                                          \
        bad |= (((BYTES)(v == '"') | (BYTES)(v == '\\') | (BYTES)(v == '\n')) & open)              \
               | (((BYTES)(v < '0') | (BYTES)(v > '9')) & figures);                                \
      }                                                                                            \
    }                                                                                              \
    return IS_ZERO_##NAME (bad);                                                                   \
  }

typedef struct {
  gboolean (*same) (const PktStencil *s, const char *p, gsize at, gsize n);
  guint64 (*signs_in) (const char *p); /* quotes, backslashes and line ends among 64 bytes */
  gsize step;                          /* bytes of a vector */
} Ways;

/* Byte by byte, where a vector would reach beyond the record. */
static gboolean
same_slowly (const PktStencil *s, const PktStencilPart *part, const char *p)
{
  for (gsize i = 0, at = part->at; i < part->n; i++, at++)
    if (s->fixed[at]  ? p[i] != s->text[at]
        : s->open[at] ? p[i] == '"' || p[i] == '\\' || p[i] == '\n'
                      : !g_ascii_isdigit (p[i]))
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

/* The same where the signs are known. */
static PKT_ALWAYS_INLINE const char *
known_end (const char *p, const char *limit, const PktStencilSigns *signs,
           guint64 (*signs_among) (const char *p))
{
  const gsize at = (gsize)(p - signs->base);
  if (G_UNLIKELY (at + 128 > signs->n))
    return text_end (p, limit, signs_among);
  const guint64 *words = signs->words + at / 64,
                window = words[0] >> at % 64 | words[1] << 1 << (63 - at % 64);
  return G_LIKELY (window) ? p + __builtin_ctzll (window) : text_end (p + 64, limit, signs_among);
}

static PKT_ALWAYS_INLINE const char *
hole_end (const PktStencilPart *part, const char *p, const char *limit,
          const PktStencilSigns *signs, guint64 (*signs_among) (const char *p))
{
  return part->kind == PKT_HOLE_TEXT
             ? signs ? known_end (p, limit, signs, signs_among) : text_end (p, limit, signs_among)
         : part->kind == PKT_HOLE_FIGURES ? figures_end (p, limit)
                                          : slow_end (part, p, limit);
}

static PKT_ALWAYS_INLINE const char *
find_end (const PktStencil *s, PktSlice record, const PktStencilSigns *signs, PktStencilMarks *out,
          Ways ways)
{
  const char *p = record.p, *limit = p + record.n;
  out->end[0] = p;
  for (guint i = 0;; i++) {
    const PktStencilPart *part = &s->parts[i];
    const char *begin = p + part->n;
    if (!is_part (s, i, record, p, ways))
      return NULL;
    if (i + 1 == s->n_parts)
      return begin;
    p = hole_end (part, begin, limit, signs, ways.signs_in);
    if (p == NULL)
      return NULL;
    out->begin[i] = begin;
    out->end[i + 1] = p;
  }
}

typedef signed char Bytes16 __attribute__ ((vector_size (16)));

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
#ifdef __SSE2__
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

typedef signed char Bytes32 __attribute__ ((vector_size (32)));
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
  return find_end (s, record, signs, out, (Ways){ same_32, signs_in_avx2, 32 });
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

/* What should not be among 64 bytes: bits of *signs, and of the vector that comes back. */
PKT_TARGET_AVX512 static PKT_ALWAYS_INLINE __m512i
differs_64 (const PktStencilBlock *b, __m512i v, guint64 *signs)
{
  const __m512i other = _mm512_xor_si512 (v, _mm512_loadu_si512 (b->text));
  if (b->fixed == b->any)
    return other;
  *signs |= signs_of_64 (v) & b->open;
  if (b->figures)
    *signs |= _mm512_mask_cmpgt_epu8_mask (b->figures, _mm512_sub_epi8 (v, _mm512_set1_epi8 ('0')),
                                           _mm512_set1_epi8 (9));
  return _mm512_maskz_mov_epi8 (b->fixed, other);
}

/* Reads no byte that is not the part's. */
PKT_TARGET_AVX512 static PKT_ALWAYS_INLINE gboolean
is_part_avx512 (const PktStencil *s, guint i, const char *p)
{
  const PktStencilPart *part = &s->parts[i];
  const PktStencilBlock *block = &s->blocks[part->at / 64];
  const char *from = p - part->at % 64;
  guint64 signs = 0;
  __m512i bad = differs_64 (block, _mm512_maskz_loadu_epi8 (block->any, from), &signs);
  for (const char *end = p + part->n; (from += 64) < end;) {
    block++;
    bad = _mm512_or_si512 (bad,
                           differs_64 (block, _mm512_maskz_loadu_epi8 (block->any, from), &signs));
  }
  return (signs | _mm512_test_epi8_mask (bad, bad)) == 0;
}

PKT_TARGET_AVX512 static void
look_ahead_avx512 (PktStencilSigns *signs, gsize to)
{
  look_ahead (signs, to, signs_in_avx512);
}

PKT_TARGET_AVX512 static const char *
end_avx512 (const PktStencil *s, PktSlice record, const PktStencilSigns *signs,
            PktStencilMarks *out)
{
  const char *p = record.p, *limit = p + record.n;
  out->end[0] = p;
  for (guint i = 0;; i++) {
    const PktStencilPart *part = &s->parts[i];
    const char *begin = p + part->n;
    if (part->n > limit - p || !is_part_avx512 (s, i, p))
      return NULL;
    if (i + 1 == s->n_parts)
      return begin;
    p = hole_end (part, begin, limit, signs, signs_in_avx512);
    if (p == NULL)
      return NULL;
    out->begin[i] = begin;
    out->end[i + 1] = p;
  }
}
#endif

/* With narrow vectors that takes longer than the waiting. */
void
pkt_stencil_signs (PktStencilSigns *signs, const char *p, const char *limit)
{
  const gsize at = (gsize)(p - signs->base),
              size = MIN ((gsize)(limit - signs->base), PKT_STENCIL_BLOCK),
              to = MIN (at + PKT_STENCIL_AHEAD, size);
  if (at + PKT_STENCIL_AHEAD / 2 <= signs->n || to < signs->n + 64)
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
  return find_end (s, record, signs, out, (Ways){ same_16, signs_in, 16 });
}
