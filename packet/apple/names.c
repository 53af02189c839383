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
  if (p[0] == '1' && p[1] == '7' && p[2] == '.')
    return is_address (text, i + 2);
  if (p[1] == '.')
    return p[0] == '7' ? is_address (text, i + 1) : is_name (text, i + 1);
  return pkt_ascii_lower (p[0]) == 'i' && is_pod (text, i);
}

#ifdef PKT_SSE2 /* as it is, too, where wider vectors are */
/* Which of the bytes from p on may be worth look_at(): a bit each; two more are read. */
typedef guint64 (*Places) (const char *p, gconstpointer tables);
/* The first of them that are not none, `step` bytes at a time from *at on; *at is where they begin.
 * 0: *at is where the rest begins. */
typedef guint64 (*Seek) (PktSlice text, gsize *at);

/* A function of its own for each size of vectors: a call of look_at() in the loop would take its
 * constants out of their registers. */
static PKT_ALWAYS_INLINE guint64
seek (PktSlice text, gsize *at, gsize step, Places places, gconstpointer tables)
{
  gsize i = *at;
  guint64 mask = 0;
  while (i + step + 2 <= text.n && (mask = places (text.p + i, tables)) == 0)
    i += step;
  *at = i;
  return mask;
}

/* look_at() wherever a bit is set; where that says yes, else NULL, and *at is where the rest
 * begins. */
static const char *
find_through (PktSlice text, gsize *at, gsize step, Seek seek_next)
{
  for (guint64 mask; (mask = seek_next (text, at)) != 0; *at += step)
    for (; mask; mask &= mask - 1)
      if (look_at (text, *at + (gsize)__builtin_ctzll (mask)))
        return text.p + *at + (gsize)__builtin_ctzll (mask);
  return NULL;
}

typedef signed char Bytes16 __attribute__ ((vector_size (16)));

/* "e.c", "c.c", "d.c", "s.n", "7.", "is?c", a backslash. */
static PKT_ALWAYS_INLINE guint64
places_16 (const char *p, gconstpointer tables)
{
  (void)tables;
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

static guint64
seek_16 (PktSlice text, gsize *at)
{
  return seek (text, at, 16, places_16, NULL);
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

/* The compiler would make each of these anew at each step. */
#define KEEP(vector) __asm__("" : "+x"(vector))

typedef struct {
  __m256i low_first, high_first, low_third, high_third, half, dot, pod, backslash;
} Tables32;

PKT_TARGET_AVX2 static PKT_ALWAYS_INLINE __m256i
look_up_32 (__m256i bytes, __m256i low, __m256i high, __m256i half)
{
  return _mm256_and_si256 (
      _mm256_shuffle_epi8 (low, _mm256_and_si256 (bytes, half)),
      _mm256_shuffle_epi8 (high, _mm256_and_si256 (_mm256_srli_epi16 (bytes, 4), half)));
}

PKT_TARGET_AVX2 static PKT_ALWAYS_INLINE guint64
places_32 (const char *p, gconstpointer tables)
{
  const Tables32 *t = tables;
  const __m256i a
      = _mm256_loadu_si256 ((const __m256i *)p),
      b = _mm256_loadu_si256 ((const __m256i *)(p + 1)),
      c = _mm256_loadu_si256 ((const __m256i *)(p + 2)),
      kinds = _mm256_and_si256 (look_up_32 (a, t->low_first, t->high_first, t->half),
                                look_up_32 (c, t->low_third, t->high_third, t->half)),
      hits = _mm256_or_si256 (
          _mm256_and_si256 (kinds, _mm256_or_si256 (_mm256_cmpeq_epi8 (b, t->dot), t->pod)),
          _mm256_cmpeq_epi8 (a, t->backslash));
  if (G_LIKELY (_mm256_testz_si256 (hits, hits)))
    return 0;
  return ~(guint)_mm256_movemask_epi8 (_mm256_cmpeq_epi8 (hits, _mm256_setzero_si256 ()))
         & 0xffffffffu;
}

PKT_TARGET_AVX2 static guint64
seek_32 (PktSlice text, gsize *at)
{
  Tables32 t = { .low_first = _mm256_setr_epi8 (LOW_FIRST, LOW_FIRST),
                 .high_first = _mm256_setr_epi8 (HIGH_FIRST, HIGH_FIRST),
                 .low_third = _mm256_setr_epi8 (LOW_THIRD, LOW_THIRD),
                 .high_third = _mm256_setr_epi8 (HIGH_THIRD, HIGH_THIRD),
                 .half = _mm256_set1_epi8 (15),
                 .dot = _mm256_set1_epi8 ('.'),
                 .pod = _mm256_set1_epi8 (POD),
                 .backslash = _mm256_set1_epi8 ('\\') };
  KEEP (t.half);
  KEEP (t.dot);
  KEEP (t.pod);
  KEEP (t.backslash);
  return seek (text, at, 32, places_32, &t);
}
#endif

#ifdef PKT_AVX512
/* By three bytes, each looked up by six of its bits: of the first and the third the lower ones, of
 * the second those without the lowest, so that "." is no "n". What falls together costs a closer
 * look, no more. Bit 0 is "c.c", "d.c", "e.c", 1 is "s.n", 2 is "isc", 3 is "17.", 4 is a backslash
 * and whatever stands behind it. */
static const guint8 first_64[64] = { 0, 0, 0, 1, 1, 1, 0, 0, 0, 4, 0, 0, 0,  0, 0, 0,
                                     0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0, 16, 0, 0, 0,
                                     0, 0, 0, 1, 1, 1, 0, 0, 0, 4, 0, 0, 0,  0, 0, 0,
                                     0, 8, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0,  0, 0, 0 };
static const guint8 second_64[64]
    = { 16, 16, 16, 16, 16, 16, 16, 16, 16, 16, 16, 16, 16, 16, 16, 16, 16, 16, 16, 16, 16, 16,
        16, 19, 16, 16, 16, 24, 16, 16, 16, 16, 16, 16, 16, 16, 16, 16, 16, 16, 16, 20, 16, 16,
        16, 16, 16, 16, 16, 16, 16, 16, 16, 16, 16, 16, 16, 20, 16, 16, 16, 16, 16, 16 };
static const guint8 third_64[64]
    = { 16, 16, 16, 21, 16, 16, 16, 16, 16, 16, 16, 16, 16, 16, 18, 16, 16, 16, 16, 16, 16, 16,
        16, 16, 16, 16, 16, 16, 16, 16, 16, 16, 16, 16, 16, 21, 16, 16, 16, 16, 16, 16, 16, 16,
        16, 16, 26, 16, 16, 16, 16, 16, 16, 16, 16, 16, 16, 16, 16, 16, 16, 16, 16, 16 };

/* Half of what comes next, for who looks through a log: it is fetched meanwhile. */
#define AHEAD (12 * 1024)

/* As seek(): the bytes that follow come out of the next vector, as a load from the middle of a line
 * of the cache takes two. */
PKT_TARGET_AVX512_VBMI2 static guint64
seek_64 (PktSlice text, gsize *at)
{
  const __m512i first = _mm512_loadu_si512 (first_64), second = _mm512_loadu_si512 (second_64),
                third = _mm512_loadu_si512 (third_64);
  gsize i = *at;
  guint64 mask = 0;
  if (i + 128 <= text.n) {
    __m512i bytes = _mm512_loadu_si512 (text.p + i);
    for (; i + 128 <= text.n; i += 64) {
      __builtin_prefetch (text.p + AHEAD + i / 2);
      const __m512i next = _mm512_loadu_si512 (text.p + i + 64),
                    on = _mm512_alignr_epi32 (next, bytes, 1),
                    a = _mm512_permutexvar_epi8 (bytes, first),
                    b = _mm512_permutexvar_epi8 (_mm512_shrdi_epi32 (bytes, on, 8 + 1), second),
                    c = _mm512_permutexvar_epi8 (_mm512_shrdi_epi32 (bytes, on, 16), third);
      mask = _mm512_test_epi8_mask (_mm512_and_si512 (a, b), c);
      if (mask)
        break;
      bytes = next;
    }
  }
  *at = i;
  return mask;
}
#endif

#ifdef PKT_SSE2
/* By the widest vectors first; *at is where the rest begins. */
static const char *
find_by_vectors (PktSlice text, gsize *at)
{
#ifdef PKT_AVX2
  const char *found;
#ifdef PKT_AVX512
  if (pkt_simd_avx512_vbmi2 () && (found = find_through (text, at, 64, seek_64)))
    return found;
#endif
  if (pkt_simd_avx2 () && (found = find_through (text, at, 32, seek_32)))
    return found;
#endif
  return find_through (text, at, 16, seek_16);
}
#endif

const char *
pkt_names_find (PktSlice text)
{
  gsize i = 0;
#ifdef PKT_SSE2
  const char *found = find_by_vectors (text, &i);
  if (found)
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
