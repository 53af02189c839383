#pragma once
#include "packet/base/simd.h"
#include "packet/log/exim-clock.h"
#include "packet/log/exim-line.h"

/* What most lines begin with: the time, zone and process id of the line before, and a message id:
 * "2026-02-13 14:39:57 10HmaX-000000005vi-0000 ". */
#define PKT_EXIM_SHAPE 64 /* bytes, at most */

typedef struct {
  char text[PKT_EXIM_SHAPE];
  guint64 same, alnum;        /* bytes that are those of `text`; letters or digits */
  guint id_at, id_n, flag_at; /* 0, 0, 0: no line has it */
  PktEximMoment when;
} PktEximShape;

#define PKT_EXIM_BEHIND_ZONE (PKT_EXIM_ID_AT + 6) /* "2026-02-13 14:39:57 +0100 " */
#define PKT_EXIM_FLAG_BYTES 9 /* behind an id and a blank as many are read: "Completed" */

void pkt_exim_shape_start (PktEximShape *shape);
/* It becomes that of the line, which begins as the clock read it, with an id of n bytes. FALSE:
 * lines of that kind all begin in another way. */
gboolean pkt_exim_shape_learn (PktEximShape *shape, const PktEximClock *clock, PktSlice line,
                               guint n);

/* The line has it. PKT_EXIM_SHAPE bytes may be read. */
typedef gboolean (*PktEximHasShape) (const PktEximShape *shape, const char *p);

/* Which of 24 bytes are letters or digits. */
static PKT_ALWAYS_INLINE guint64
pkt_exim_alnum (const char *p)
{
  guint64 bits = 0;
#ifdef PKT_SSE2
  for (guint i = 0; i < 16; i += 8) {
    const __m128i v
        = _mm_loadu_si128 ((const __m128i *)(p + i)),
        digit = _mm_sub_epi8 (v, _mm_set1_epi8 ('0')),
        letter = _mm_sub_epi8 (_mm_or_si128 (v, _mm_set1_epi8 (0x20)), _mm_set1_epi8 ('a')),
        is = _mm_or_si128 (_mm_cmpeq_epi8 (_mm_min_epu8 (digit, _mm_set1_epi8 (9)), digit),
                           _mm_cmpeq_epi8 (_mm_min_epu8 (letter, _mm_set1_epi8 (25)), letter));
    bits |= (guint64)(guint)_mm_movemask_epi8 (is) << i;
  }
#else
  for (guint i = 0; i < 24; i++)
    bits |= (guint64)((guchar)(p[i] - '0') <= 9 || (guchar)((p[i] | 0x20) - 'a') <= 25) << i;
#endif
  return bits;
}

static PKT_ALWAYS_INLINE gboolean
pkt_exim_has_shape (const PktEximShape *s, const char *p)
{
  const char *id = p + s->id_at, *text = s->text + s->id_at;
  const guint second = s->id_n == PKT_EXIM_LONG_ID ? 18 : 13;
  return s->id_n && pkt_bytes_same (p, s->text, s->id_at) && id[6] == text[6]
         && id[second] == text[second] && id[s->id_n] == ' '
         && ((s->alnum >> s->id_at) & ~pkt_exim_alnum (id)) == 0;
}

#ifdef PKT_AVX2
PKT_TARGET_AVX2 static PKT_ALWAYS_INLINE guint32
pkt_exim_alnum_avx2 (const char *p)
{
  const __m256i v = _mm256_loadu_si256 ((const __m256i *)p),
                digit = _mm256_sub_epi8 (v, _mm256_set1_epi8 ('0')),
                letter = _mm256_sub_epi8 (_mm256_or_si256 (v, _mm256_set1_epi8 (0x20)),
                                          _mm256_set1_epi8 ('a'));
  return (guint32)_mm256_movemask_epi8 (_mm256_or_si256 (
      _mm256_cmpeq_epi8 (_mm256_min_epu8 (digit, _mm256_set1_epi8 (9)), digit),
      _mm256_cmpeq_epi8 (_mm256_min_epu8 (letter, _mm256_set1_epi8 (25)), letter)));
}

PKT_TARGET_AVX2 static PKT_ALWAYS_INLINE gboolean
pkt_exim_has_shape_avx2 (const PktEximShape *s, const char *p)
{
  const guint64 alnum = pkt_exim_alnum_avx2 (p) | (guint64)pkt_exim_alnum_avx2 (p + 32) << 32;
  return ((s->same & ~pkt_same_64_avx2 (p, s->text)) | (s->alnum & ~alnum)) == 0;
}
#endif

#ifdef PKT_AVX512
PKT_TARGET_AVX512 static PKT_ALWAYS_INLINE gboolean
pkt_exim_has_shape_avx512 (const PktEximShape *s, const char *p)
{
  const __m512i v = _mm512_loadu_si512 (p), digit = _mm512_sub_epi8 (v, _mm512_set1_epi8 ('0')),
                letter = _mm512_sub_epi8 (_mm512_or_si512 (v, _mm512_set1_epi8 (0x20)),
                                          _mm512_set1_epi8 ('a'));
  const guint64 other = _mm512_mask_cmpneq_epi8_mask (s->same, v, _mm512_loadu_si512 (s->text)),
                odd = _mm512_mask_cmpgt_epu8_mask (
                    _mm512_mask_cmpgt_epu8_mask (s->alnum, digit, _mm512_set1_epi8 (9)), letter,
                    _mm512_set1_epi8 (25));
  return (other | odd) == 0;
}
#endif

static inline guint
pkt_exim_digit (const char *p)
{
  return (guint)(guchar)(*p - '0');
}

/* Of "14:39:57": seconds behind the hour. */
static inline guint
pkt_exim_within_hour (const char *p)
{
  return pkt_exim_digit (p + 3) * 600 + pkt_exim_digit (p + 4) * 60 + pkt_exim_digit (p + 6) * 10
         + pkt_exim_digit (p + 7);
}

/* Is that of the same hour, by digits, "2026-02-13 14:39:57 ". */
static inline gboolean
pkt_exim_is_of_hour (const PktEximShape *s, const char *p)
{
  return pkt_bytes_same (p, s->text, 14) && pkt_exim_digit (p + 14) <= 5
         && pkt_exim_digit (p + 15) <= 9 && p[16] == ':' && pkt_exim_digit (p + 17) <= 5
         && pkt_exim_digit (p + 18) <= 9 && p[PKT_EXIM_TIME] == ' ';
}

/* Takes another time of the same hour, that of the line at p, where no more than a zone stands
 * between time and id. FALSE: it is as it was. */
static PKT_ALWAYS_INLINE gboolean
pkt_exim_shape_follow (PktEximShape *s, const char *p)
{
  if ((s->id_at != PKT_EXIM_ID_AT && s->id_at != PKT_EXIM_BEHIND_ZONE)
      || !pkt_exim_is_of_hour (s, p))
    return FALSE;
  const gint64 later = (gint64)pkt_exim_within_hour (p + 11)
                       - (gint64)pkt_exim_within_hour (s->text + 11);
  memcpy (s->text, p, PKT_EXIM_ID_AT);
  s->when.stamp.us += later * PKT_SECOND;
  s->when.second += later;
  return TRUE;
}
