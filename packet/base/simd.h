#pragma once
#include <glib.h>
/* Vectors of 16 bytes: SSE2's, or on ARM what SIMDe makes of NEON under the same names. */
#if defined __SSE2__ && !defined PKT_NO_SIMD
#include <emmintrin.h>
#define PKT_SSE2 1
#elif defined HAVE_SIMDE
#define SIMDE_ENABLE_NATIVE_ALIASES
#include <simde/x86/sse2.h>
#define PKT_SSE2 1
#endif
#if defined PKT_SSE2 && defined __x86_64__ && defined __GNUC__
#include <immintrin.h>
#define PKT_AVX2 1 /* can be built in; pkt_simd_avx2() says whether it can be run */
#define PKT_TARGET_AVX2 __attribute__ ((target ("avx2,bmi,bmi2,popcnt,pclmul")))
#define PKT_AVX512 1 /* likewise */
#define PKT_TARGET_AVX512                                                                          \
  __attribute__ ((target ("avx512f,avx512bw,avx512vl,avx2,bmi,bmi2,popcnt,pclmul")))
/* The same, and VBMI and VBMI2: bytes are looked up in tables of 64, and those chosen by a mask are
 * put side by side. */
#define PKT_TARGET_AVX512_VBMI2                                                                    \
  __attribute__ ((                                                                                 \
      target ("avx512f,avx512bw,avx512vl,avx512vbmi,avx512vbmi2,avx2,bmi,bmi2,popcnt,pclmul")))
#endif

/* Loops that go through every byte are there twice: for any machine, and for one with AVX2; a few a
 * third time, for one with AVX-512BW. All are the same function, inlined into each with its own
 * masks; POSTPACKET_SIMD=none in the environment chooses the first, POSTPACKET_SIMD=avx2 no more
 * than the second, so that tests see them too. */
#define PKT_ALWAYS_INLINE inline __attribute__ ((always_inline))

/* Looked up once; from any thread. */
gboolean pkt_simd_avx2 (void);
gboolean pkt_simd_avx512 (void);
gboolean pkt_simd_avx512_vbmi2 (void);

/* Which of 64 bytes are c: a bit each, the first the lowest. */
typedef guint64 (*PktMask64) (const char *p, char c);

static PKT_ALWAYS_INLINE guint64
pkt_mask_64 (const char *p, char c)
{
  guint64 bits = 0;
#ifdef PKT_SSE2
  const __m128i wanted = _mm_set1_epi8 (c);
#define PKT_MASK_16(i)                                                                             \
  ((guint64)(guint)_mm_movemask_epi8 (                                                             \
       _mm_cmpeq_epi8 (_mm_loadu_si128 ((const __m128i *)(p + (i))), wanted))                      \
   << (i))
  bits = PKT_MASK_16 (0) | PKT_MASK_16 (16) | PKT_MASK_16 (32) | PKT_MASK_16 (48);
#undef PKT_MASK_16
#else
  for (guint i = 0; i < 64; i++)
    bits |= (guint64)(p[i] == c) << i;
#endif
  return bits;
}

#ifdef PKT_AVX2
PKT_TARGET_AVX2 static PKT_ALWAYS_INLINE guint64
pkt_mask_64_avx2 (const char *p, char c)
{
  const __m256i wanted = _mm256_set1_epi8 (c);
  guint32 low = (guint32)_mm256_movemask_epi8 (
              _mm256_cmpeq_epi8 (_mm256_loadu_si256 ((const __m256i *)p), wanted)),
          high = (guint32)_mm256_movemask_epi8 (
              _mm256_cmpeq_epi8 (_mm256_loadu_si256 ((const __m256i *)(p + 32)), wanted));
  return low | (guint64)high << 32;
}
#endif

#ifdef PKT_AVX512
PKT_TARGET_AVX512 static PKT_ALWAYS_INLINE guint64
pkt_mask_64_avx512 (const char *p, char c)
{
  return _mm512_cmpeq_epi8_mask (_mm512_loadu_si512 (p), _mm512_set1_epi8 (c));
}
#endif

/* Each bit tells whether an odd number of bits are set up to and with it. */
static PKT_ALWAYS_INLINE guint64
pkt_parity_up_to (guint64 bits)
{
  bits ^= bits << 1;
  bits ^= bits << 2;
  bits ^= bits << 4;
  bits ^= bits << 8;
  bits ^= bits << 16;
  return bits ^ bits << 32;
}

/* Which of 64 bytes are the same as those of the other. */
typedef guint64 (*PktSame64) (const char *a, const char *b);
/* Which of 64 bytes are decimal digits. */
typedef guint64 (*PktDigits64) (const char *p);

static PKT_ALWAYS_INLINE guint64
pkt_same_64 (const char *a, const char *b)
{
  guint64 bits = 0;
#ifdef PKT_SSE2
  for (guint i = 0; i < 64; i += 16)
    bits |= (guint64)(guint)_mm_movemask_epi8 (
                _mm_cmpeq_epi8 (_mm_loadu_si128 ((const __m128i *)(a + i)),
                                _mm_loadu_si128 ((const __m128i *)(b + i))))
            << i;
#else
  for (guint i = 0; i < 64; i++)
    bits |= (guint64)(a[i] == b[i]) << i;
#endif
  return bits;
}

static PKT_ALWAYS_INLINE guint64
pkt_digits_64 (const char *p)
{
  guint64 bits = 0;
#ifdef PKT_SSE2
  const __m128i nine = _mm_set1_epi8 (9);
  for (guint i = 0; i < 64; i += 16) {
    const __m128i v = _mm_sub_epi8 (_mm_loadu_si128 ((const __m128i *)(p + i)),
                                    _mm_set1_epi8 ('0'));
    bits |= (guint64)(guint)_mm_movemask_epi8 (_mm_cmpeq_epi8 (_mm_min_epu8 (v, nine), v)) << i;
  }
#else
  for (guint i = 0; i < 64; i++)
    bits |= (guint64)(p[i] >= '0' && p[i] <= '9') << i;
#endif
  return bits;
}

/* Which of 16 bytes are decimal digits. */
static inline guint
pkt_digits_16 (const char *p)
{
#ifdef PKT_SSE2
  const __m128i v = _mm_sub_epi8 (_mm_loadu_si128 ((const __m128i *)p), _mm_set1_epi8 ('0'));
  return (guint)_mm_movemask_epi8 (_mm_cmpeq_epi8 (_mm_min_epu8 (v, _mm_set1_epi8 (9)), v));
#else
  guint bits = 0;
  for (guint i = 0; i < 16; i++)
    bits |= (guint)(p[i] >= '0' && p[i] <= '9') << i;
  return bits;
#endif
}

/* Which of 16 bytes are c. */
static inline guint
pkt_mask_16 (const char *p, char c)
{
#ifdef PKT_SSE2
  return (guint)_mm_movemask_epi8 (
      _mm_cmpeq_epi8 (_mm_loadu_si128 ((const __m128i *)p), _mm_set1_epi8 (c)));
#else
  guint bits = 0;
  for (guint i = 0; i < 16; i++)
    bits |= (guint)(p[i] == c) << i;
  return bits;
#endif
}

#ifdef PKT_AVX2
PKT_TARGET_AVX2 static PKT_ALWAYS_INLINE guint64
pkt_same_64_avx2 (const char *a, const char *b)
{
  guint32 low = (guint32)_mm256_movemask_epi8 (_mm256_cmpeq_epi8 (
              _mm256_loadu_si256 ((const __m256i *)a), _mm256_loadu_si256 ((const __m256i *)b))),
          high = (guint32)_mm256_movemask_epi8 (
              _mm256_cmpeq_epi8 (_mm256_loadu_si256 ((const __m256i *)(a + 32)),
                                 _mm256_loadu_si256 ((const __m256i *)(b + 32))));
  return low | (guint64)high << 32;
}

PKT_TARGET_AVX2 static PKT_ALWAYS_INLINE guint32
pkt_digits_32_avx2 (const char *p)
{
  const __m256i nine = _mm256_set1_epi8 (9),
                v = _mm256_sub_epi8 (_mm256_loadu_si256 ((const __m256i *)p),
                                     _mm256_set1_epi8 ('0'));
  return (guint32)_mm256_movemask_epi8 (_mm256_cmpeq_epi8 (_mm256_min_epu8 (v, nine), v));
}

PKT_TARGET_AVX2 static PKT_ALWAYS_INLINE guint64
pkt_digits_64_avx2 (const char *p)
{
  return pkt_digits_32_avx2 (p) | (guint64)pkt_digits_32_avx2 (p + 32) << 32;
}
#endif

#ifdef PKT_AVX512
PKT_TARGET_AVX512 static PKT_ALWAYS_INLINE guint64
pkt_same_64_avx512 (const char *a, const char *b)
{
  return _mm512_cmpeq_epi8_mask (_mm512_loadu_si512 (a), _mm512_loadu_si512 (b));
}

PKT_TARGET_AVX512 static PKT_ALWAYS_INLINE guint64
pkt_digits_64_avx512 (const char *p)
{
  return _mm512_cmple_epu8_mask (_mm512_sub_epi8 (_mm512_loadu_si512 (p), _mm512_set1_epi8 ('0')),
                                 _mm512_set1_epi8 (9));
}
#endif
