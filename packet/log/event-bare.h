#pragma once
#include "packet/base/simd.h"
#include "packet/log/event-value.h"

/* pkt_event_is_bare_address() without a call, for the many. */

#ifdef PKT_SSE2
/* pkt_event_is_bare_address(), of 16 to 32 bytes: the first 16 and the last. */
static inline gboolean
pkt_event_is_bare_16_32 (PktSlice s)
{
  const __m128i first = _mm_loadu_si128 ((const __m128i *)s.p),
                last = _mm_loadu_si128 ((const __m128i *)(s.p + s.n - 16)),
                blank = _mm_set1_epi8 (' ');
#define MASK(f)                                                                                    \
  ((guint32)_mm_movemask_epi8 (f (first)) | (guint32)_mm_movemask_epi8 (f (last)) << (s.n - 16))
#define IS_AT(x) _mm_cmpeq_epi8 (x, _mm_set1_epi8 ('@'))
#define IS_DOT(x) _mm_cmpeq_epi8 (x, _mm_set1_epi8 ('.'))
#define IS_ODD(x)                                                                                  \
  _mm_or_si128 (_mm_cmpeq_epi8 (_mm_min_epu8 (x, blank), x),                                       \
                _mm_or_si128 (_mm_cmpeq_epi8 (x, _mm_set1_epi8 ('<')),                             \
                              _mm_cmpeq_epi8 (x, _mm_set1_epi8 ('"'))))
  const __m128i odd = _mm_or_si128 (IS_ODD (first), IS_ODD (last));
  const guint32 at = MASK (IS_AT), dot = MASK (IS_DOT);
#undef MASK
#undef IS_AT
#undef IS_DOT
#undef IS_ODD
  if (at < 2 || _mm_movemask_epi8 (odd)) /* the first byte is none */
    return FALSE;
  const guint last_at = 31 - (guint)__builtin_clz (at);
  return last_at + 3 < s.n && (guint64)dot >> (last_at + 1) != 0;
}
#endif

static inline gboolean
pkt_event_is_bare (PktSlice s)
{
#ifdef PKT_SSE2
  if (s.n >= 16 && s.n <= 32)
    return pkt_event_is_bare_16_32 (s);
#endif
  return pkt_event_is_bare_address (s);
}
