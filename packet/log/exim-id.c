#include "packet/log/exim-line.h"

static gboolean
is_base62 (const char *p, gsize n)
{
  for (gsize i = 0; i < n; i++)
    if ((guchar)(p[i] - '0') > 9 && (guchar)((p[i] | 0x20) - 'a') > 25)
      return FALSE;
  return TRUE;
}

#ifdef PKT_SSE2
/* Which of 16 bytes are letters or digits. */
static inline guint
alnum_of_16 (__m128i v)
{
  const __m128i digit = _mm_sub_epi8 (v, _mm_set1_epi8 ('0')),
                letter = _mm_sub_epi8 (_mm_or_si128 (v, _mm_set1_epi8 (0x20)), _mm_set1_epi8 ('a'));
  return (guint)_mm_movemask_epi8 (
      _mm_or_si128 (_mm_cmpeq_epi8 (_mm_min_epu8 (digit, _mm_set1_epi8 (9)), digit),
                    _mm_cmpeq_epi8 (_mm_min_epu8 (letter, _mm_set1_epi8 (25)), letter)));
}

/* pkt_exim_id_length() of at least 24 bytes. */
static gsize
id_length_at_once (const char *p)
{
  const __m128i begin = _mm_loadu_si128 ((const __m128i *)p),
                end = _mm_loadu_si128 ((const __m128i *)(p + 8));
  const guint dashes = (guint)_mm_movemask_epi8 (_mm_cmpeq_epi8 (begin, _mm_set1_epi8 ('-'))),
              alnum = alnum_of_16 (begin) | alnum_of_16 (end) << 8;
  if ((dashes & 0x2040) == 0x2040 && (alnum & 0xdfbf) == 0xdfbf)
    return 16;
  return (dashes & 0x40) && p[18] == '-' && (alnum & 0x7bffbf) == 0x7bffbf ? 23 : 0;
}
#endif

gsize
pkt_exim_id_length (PktSlice s)
{
#ifdef PKT_SSE2
  if (s.n >= 24)
    return id_length_at_once (s.p);
#endif
  if (s.n >= 16 && s.p[6] == '-' && s.p[13] == '-' && is_base62 (s.p, 6) && is_base62 (s.p + 7, 6)
      && is_base62 (s.p + 14, 2))
    return 16;
  if (s.n >= 23 && s.p[6] == '-' && s.p[18] == '-' && is_base62 (s.p, 6) && is_base62 (s.p + 7, 11)
      && is_base62 (s.p + 19, 4))
    return 23;
  return 0;
}
