#pragma once
#include "packet/log/exim-clock.h"
#include "packet/log/exim-route.h"

/* What splitting a block of Exim's mainlog asks of the bytes of a line, for each kind of machine
 * (base/simd.h). */

/* Bytes of the id at p, with a blank behind it; 0 when it is none. 32 bytes may be read. */
typedef guint (*PktEximIdOf) (const char *p);
/* The line has the time of the one before. 32 bytes may be read. */
typedef gboolean (*PktEximSameTime) (const PktEximClock *c, const char *p);

typedef struct {
  PktEximIdOf id_of;
  PktEximSameTime same_time;
  PktEximMarksOf marks_of;
  PktMask64 mask_of;
} PktEximWays;

#define PKT_EXIM_SHORT_ID 16
#define PKT_EXIM_LONG_ID 23
/* Bits of the dashes, and of the bytes between: 1vw7kN-0004uF-2b, 10HmaX-000000005vi-0000. */
#define PKT_EXIM_SHORT_DASHES 0x2040u
#define PKT_EXIM_LONG_DASHES 0x40040u
#define PKT_EXIM_SHORT_REST (0xffffu & ~PKT_EXIM_SHORT_DASHES)
#define PKT_EXIM_LONG_REST (0x7fffffu & ~PKT_EXIM_LONG_DASHES)

static PKT_ALWAYS_INLINE guint
pkt_exim_id_by (guint32 dashes, guint32 alnum, guint32 blanks)
{
  if ((dashes & PKT_EXIM_LONG_DASHES) == PKT_EXIM_LONG_DASHES
      && (alnum & PKT_EXIM_LONG_REST) == PKT_EXIM_LONG_REST)
    return blanks >> PKT_EXIM_LONG_ID & 1 ? PKT_EXIM_LONG_ID : 0;
  return (dashes & PKT_EXIM_SHORT_DASHES) == PKT_EXIM_SHORT_DASHES
                 && (alnum & PKT_EXIM_SHORT_REST) == PKT_EXIM_SHORT_REST
                 && (blanks >> PKT_EXIM_SHORT_ID & 1)
             ? PKT_EXIM_SHORT_ID
             : 0;
}

static PKT_ALWAYS_INLINE guint
pkt_exim_id_anywhere (const char *p)
{
  const gsize n = pkt_exim_id_length (pkt_slice (p, 32));
  return n && p[n] == ' ' ? (guint)n : 0;
}

static PKT_ALWAYS_INLINE gboolean
pkt_exim_same_time (const PktEximClock *c, const char *p)
{
  return pkt_bytes_same (p, c->text, PKT_EXIM_TIME + 1);
}

#ifdef PKT_AVX2
PKT_TARGET_AVX2 static PKT_ALWAYS_INLINE guint32
pkt_exim_bits_32 (__m256i v)
{
  return (guint32)_mm256_movemask_epi8 (v);
}

PKT_TARGET_AVX2 static PKT_ALWAYS_INLINE guint
pkt_exim_id_avx2 (const char *p)
{
  const __m256i v = _mm256_loadu_si256 ((const __m256i *)p),
                digit = _mm256_sub_epi8 (v, _mm256_set1_epi8 ('0')),
                letter = _mm256_sub_epi8 (_mm256_or_si256 (v, _mm256_set1_epi8 (0x20)),
                                          _mm256_set1_epi8 ('a')),
                alnum = _mm256_or_si256 (
                    _mm256_cmpeq_epi8 (_mm256_min_epu8 (digit, _mm256_set1_epi8 (9)), digit),
                    _mm256_cmpeq_epi8 (_mm256_min_epu8 (letter, _mm256_set1_epi8 (25)), letter));
  return pkt_exim_id_by (pkt_exim_bits_32 (_mm256_cmpeq_epi8 (v, _mm256_set1_epi8 ('-'))),
                         pkt_exim_bits_32 (alnum),
                         pkt_exim_bits_32 (_mm256_cmpeq_epi8 (v, _mm256_set1_epi8 (' '))));
}
#endif

#ifdef PKT_AVX2
PKT_TARGET_AVX2 static PKT_ALWAYS_INLINE gboolean
pkt_exim_same_time_avx2 (const PktEximClock *c, const char *p)
{
  const guint32 all = (1u << (PKT_EXIM_TIME + 1)) - 1;
  return (pkt_exim_bits_32 (_mm256_cmpeq_epi8 (_mm256_loadu_si256 ((const __m256i *)p),
                                               _mm256_loadu_si256 ((const __m256i *)c->text)))
          & all)
         == all;
}
#endif

#ifdef PKT_AVX512
PKT_TARGET_AVX512 static PKT_ALWAYS_INLINE guint
pkt_exim_id_avx512 (const char *p)
{
  const __m256i v = _mm256_loadu_si256 ((const __m256i *)p),
                digit = _mm256_sub_epi8 (v, _mm256_set1_epi8 ('0')),
                letter = _mm256_sub_epi8 (_mm256_or_si256 (v, _mm256_set1_epi8 (0x20)),
                                          _mm256_set1_epi8 ('a'));
  return pkt_exim_id_by (_mm256_cmpeq_epi8_mask (v, _mm256_set1_epi8 ('-')),
                         _mm256_cmple_epu8_mask (digit, _mm256_set1_epi8 (9))
                             | _mm256_cmple_epu8_mask (letter, _mm256_set1_epi8 (25)),
                         _mm256_cmpeq_epi8_mask (v, _mm256_set1_epi8 (' ')));
}

PKT_TARGET_AVX512 static PKT_ALWAYS_INLINE gboolean
pkt_exim_same_time_avx512 (const PktEximClock *c, const char *p)
{
  const __mmask32 all = (1u << (PKT_EXIM_TIME + 1)) - 1;
  return _mm256_mask_cmpneq_epi8_mask (all, _mm256_loadu_si256 ((const __m256i *)p),
                                       _mm256_loadu_si256 ((const __m256i *)c->text))
         == 0;
}
#endif
