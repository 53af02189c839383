#include "packet/apple/names.h"
#include "packet/base/simd.h"

/* At the second byte of "e.c", "c.c", "d.c", "s.n": does a name of Apple's end here? */
static gboolean
is_name (PktSlice line, gsize dot)
{
  static const PktSlice ends[] = { PKT_SLICE ("me.com"), PKT_SLICE ("mac.com"),
                                   PKT_SLICE ("icloud.com"), PKT_SLICE ("appleid.com"),
                                   PKT_SLICE ("akadns.net") };
  const gsize n = dot + 4;
  for (gsize i = 0; n <= line.n && i < G_N_ELEMENTS (ends); i++)
    if ((line.p[dot - 1] | 0x20) == ends[i].p[ends[i].n - 5]
        && pkt_slice_ends_nocase (pkt_slice (line.p, n), ends[i]))
      return TRUE;
  return FALSE;
}

/* "17." with no figure or dot before it. */
static gboolean
is_address (PktSlice line, gsize dot)
{
  return dot >= 2 && line.p[dot - 2] == '1'
         && (dot == 2 || (!g_ascii_isdigit (line.p[dot - 3]) && line.p[dot - 3] != '.'));
}

static gboolean
is_pod (PktSlice line, gsize at)
{
  return line.n - at >= 7
         && pkt_slice_equal_nocase (pkt_slice (line.p + at, 7), PKT_SLICE ("iscream"));
}

/* Of three bytes in a row. */
static gboolean
look_at (PktSlice text, gsize i)
{
  const char *p = text.p + i;
  if (p[0] == '\\')
    return TRUE;
  if (p[1] == '.')
    return p[0] == '7' ? is_address (text, i + 1) : is_name (text, i + 1);
  return pkt_ascii_lower (p[0]) == 'i' && is_pod (text, i);
}

/* Which of the bytes from p on may be worth look_at(): a bit each; two more are read. */
typedef guint64 (*Places) (const char *p);

/* look_at() wherever a bit is set, `step` bytes at a time, from *at on; where that says yes, else
 * NULL, and *at is where the rest begins. */
static PKT_ALWAYS_INLINE const char *
find_through (PktSlice text, gsize *at, gsize step, Places places)
{
  gsize i = *at;
  for (; i + step + 2 <= text.n; i += step)
    for (guint64 mask = places (text.p + i); G_UNLIKELY (mask); mask &= mask - 1)
      if (look_at (text, i + (gsize)__builtin_ctzll (mask)))
        return text.p + i + (gsize)__builtin_ctzll (mask);
  *at = i;
  return NULL;
}

#ifdef __SSE2__
typedef signed char Bytes16 __attribute__ ((vector_size (16)));

/* "e.c", "c.c", "d.c", "s.n", "7.", "is?c", a backslash. */
static PKT_ALWAYS_INLINE guint64
places_16 (const char *p)
{
  Bytes16 a, b, c;
  memcpy (&a, p, sizeof a);
  memcpy (&b, p + 1, sizeof b);
  memcpy (&c, p + 2, sizeof c);
  const Bytes16 x = a | 0x20, y = b | 0x20, z = c | 0x20;
  const Bytes16 name = ((z == 'c') & ((x == 'e') | (x == 'c') | (x == 'd')))
                       | ((z == 'n') & (x == 's')) | (a == '7');
  const Bytes16 pod = (x == 'i') & (y == 's') & (z == 'c');
  return (guint)_mm_movemask_epi8 ((__m128i)(((b == '.') & name) | pod | (a == '\\')));
}
#endif

#ifdef PKT_AVX2
/* By the first and the third byte, each looked up by both halves: bit 0 is "c.c", "d.c", "e.c", 1
 * is "s.n", 2 is "7.", 3 is "i?c". */
#define LOW_FIRST 0, 0, 0, 1 | 2, 1, 1, 0, 4, 0, 8, 0, 0, 0, 0, 0, 0
#define HIGH_FIRST 0, 0, 0, 4, 1 | 8, 2, 1 | 8, 2, 0, 0, 0, 0, 0, 0, 0, 0
#define LOW_THIRD 4, 4, 4, 1 | 4 | 8, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 2 | 4, 4
#define HIGH_THIRD 4, 4, 4, 4, 1 | 2 | 4 | 8, 4, 1 | 2 | 4 | 8, 4, 4, 4, 4, 4, 4, 4, 4, 4
#define POD 8

PKT_TARGET_AVX2 static PKT_ALWAYS_INLINE __m256i
look_up_32 (__m256i bytes, __m256i low, __m256i high)
{
  const __m256i half = _mm256_set1_epi8 (15);
  return _mm256_and_si256 (
      _mm256_shuffle_epi8 (low, _mm256_and_si256 (bytes, half)),
      _mm256_shuffle_epi8 (high, _mm256_and_si256 (_mm256_srli_epi16 (bytes, 4), half)));
}

PKT_TARGET_AVX2 static PKT_ALWAYS_INLINE guint64
places_32 (const char *p)
{
  const __m256i a = _mm256_loadu_si256 ((const __m256i *)p),
                b = _mm256_loadu_si256 ((const __m256i *)(p + 1)),
                c = _mm256_loadu_si256 ((const __m256i *)(p + 2)),
                kinds = _mm256_and_si256 (look_up_32 (a, _mm256_setr_epi8 (LOW_FIRST, LOW_FIRST),
                                                      _mm256_setr_epi8 (HIGH_FIRST, HIGH_FIRST)),
                                          look_up_32 (c, _mm256_setr_epi8 (LOW_THIRD, LOW_THIRD),
                                                      _mm256_setr_epi8 (HIGH_THIRD, HIGH_THIRD))),
                dot = _mm256_cmpeq_epi8 (b, _mm256_set1_epi8 ('.')),
                hits = _mm256_or_si256 (
                    _mm256_and_si256 (kinds, _mm256_or_si256 (dot, _mm256_set1_epi8 (POD))),
                    _mm256_cmpeq_epi8 (a, _mm256_set1_epi8 ('\\')));
  if (G_LIKELY (_mm256_testz_si256 (hits, hits)))
    return 0;
  return ~(guint)_mm256_movemask_epi8 (_mm256_cmpeq_epi8 (hits, _mm256_setzero_si256 ()))
         & 0xffffffffu;
}

PKT_TARGET_AVX2 static const char *
find_avx2 (PktSlice text, gsize *at)
{
  return find_through (text, at, 32, places_32);
}
#endif

#ifdef PKT_AVX512
PKT_TARGET_AVX512 static PKT_ALWAYS_INLINE __m512i
look_up_64 (__m512i bytes, __m128i low, __m128i high)
{
  const __m512i half = _mm512_set1_epi8 (15);
  return _mm512_and_si512 (
      _mm512_shuffle_epi8 (_mm512_broadcast_i32x4 (low), _mm512_and_si512 (bytes, half)),
      _mm512_shuffle_epi8 (_mm512_broadcast_i32x4 (high),
                           _mm512_and_si512 (_mm512_srli_epi16 (bytes, 4), half)));
}

PKT_TARGET_AVX512 static PKT_ALWAYS_INLINE guint64
places_64 (const char *p)
{
  const __m512i a = _mm512_loadu_si512 (p), b = _mm512_loadu_si512 (p + 1),
                c = _mm512_loadu_si512 (p + 2),
                kinds = _mm512_and_si512 (
                    look_up_64 (a, _mm_setr_epi8 (LOW_FIRST), _mm_setr_epi8 (HIGH_FIRST)),
                    look_up_64 (c, _mm_setr_epi8 (LOW_THIRD), _mm_setr_epi8 (HIGH_THIRD)));
  const guint64 dot = _mm512_cmpeq_epi8_mask (b, _mm512_set1_epi8 ('.')),
                any = _mm512_test_epi8_mask (kinds, kinds),
                pod = _mm512_mask_test_epi8_mask (
                    _mm512_cmpeq_epi8_mask (_mm512_or_si512 (b, _mm512_set1_epi8 (0x20)),
                                            _mm512_set1_epi8 ('s')),
                    kinds, _mm512_set1_epi8 (POD));
  return (any & (dot | pod)) | _mm512_cmpeq_epi8_mask (a, _mm512_set1_epi8 ('\\'));
}

PKT_TARGET_AVX512 static const char *
find_avx512 (PktSlice text, gsize *at)
{
  return find_through (text, at, 64, places_64);
}
#endif

const char *
pkt_names_find (PktSlice text)
{
  gsize i = 0;
  const char *found = NULL;
#ifdef PKT_AVX512
  if (pkt_simd_avx512 () && (found = find_avx512 (text, &i)))
    return found;
#endif
#ifdef PKT_AVX2
  if (pkt_simd_avx2 () && (found = find_avx2 (text, &i)))
    return found;
#endif
#ifdef __SSE2__
  if ((found = find_through (text, &i, 16, places_16)))
    return found;
#endif
  for (; i + 3 <= text.n; i++)
    if (look_at (text, i))
      return text.p + i;
  return i < text.n ? memchr (text.p + i, '\\', text.n - i) : NULL;
}

gboolean
pkt_line_names_apple (PktSlice line)
{
  return pkt_names_find (line) != NULL;
}
