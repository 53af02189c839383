#pragma once
#include "packet/base/simd.h"

#define PKT_CSV_STEP 64 /* bytes, a bit of a mask each, the first the lowest */

/* Writes the places of the bits, counted from `at`: where the next belong. Up to PKT_CSV_STEP
 * places behind them may be overwritten. */
typedef guint16 *(*PktCsvPlaces) (guint16 *out, guint64 bits, guint at);

static PKT_ALWAYS_INLINE guint16 *
pkt_csv_places (guint16 *out, guint64 bits, guint at)
{
  for (; bits; bits &= bits - 1)
    *out++ = (guint16)(at + (guint)__builtin_ctzll (bits));
  return out;
}

#ifdef PKT_AVX2
/* Eight at a time, there or not: mostly fewer are, and nothing has to be guessed. */
PKT_TARGET_AVX2 static PKT_ALWAYS_INLINE guint16 *
pkt_csv_places_avx2 (guint16 *out, guint64 bits, guint at)
{
  guint16 *const end = out + _mm_popcnt_u64 (bits);
  for (; out < end; out += 8) {
#pragma GCC unroll 8
    for (guint k = 0; k < 8; k++) {
      out[k] = (guint16)(at + (guint)_tzcnt_u64 (bits));
      bits &= bits - 1;
    }
  }
  return end;
}

#endif

#ifdef PKT_AVX512
/* Places in the step, side by side, 16 of them at a time; base: `at` 16 times. */
PKT_TARGET_AVX512_VBMI2 static PKT_ALWAYS_INLINE guint16 *
pkt_csv_places_from_512 (guint16 *out, guint64 bits, guint at, __m256i base)
{
  static const guint8 all[PKT_CSV_STEP]
      = { 0,  1,  2,  3,  4,  5,  6,  7,  8,  9,  10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21,
          22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 37, 38, 39, 40, 41, 42, 43,
          44, 45, 46, 47, 48, 49, 50, 51, 52, 53, 54, 55, 56, 57, 58, 59, 60, 61, 62, 63 };
  guint16 *const end = out + _mm_popcnt_u64 (bits);
  const __m512i from = _mm512_maskz_compress_epi8 (bits, _mm512_loadu_si512 (all));
  _mm256_storeu_si256 (
      (__m256i *)out,
      _mm256_add_epi16 (_mm256_cvtepu8_epi16 (_mm512_castsi512_si128 (from)), base));
  if (G_LIKELY (end <= out + 16))
    return end;
  guint8 rest[PKT_CSV_STEP];
  _mm512_storeu_si512 (rest, from);
  for (guint i = 16; out + i < end; i++)
    out[i] = (guint16)(at + rest[i]);
  return end;
}

PKT_TARGET_AVX512_VBMI2 static PKT_ALWAYS_INLINE guint16 *
pkt_csv_places_avx512 (guint16 *out, guint64 bits, guint at)
{
  return pkt_csv_places_from_512 (out, bits, at, _mm256_set1_epi16 ((gint16)at));
}
#endif
