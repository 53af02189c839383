#pragma once
#include "packet/base/simd.h"
#include "packet/log/exim-line.h"

/* " R=dnslookup T=remote_smtp H=": what stands between a recipient and the host. Few routes take
 * nearly all mail, so their words are compared and not read. */
#define PKT_EXIM_MAX_ROUTE 96 /* bytes of one */
#define PKT_EXIM_ROUTES 4     /* remembered */

typedef struct {
  struct {
    char text[PKT_EXIM_MAX_ROUTE];
    gsize n; /* 0: none; else 8 or more */
  } all[PKT_EXIM_ROUTES];
  guint guess, next; /* the one of the line before; to be forgotten next */
  gboolean deferred; /* " defer (-44)" stands in front of " H=" */
} PktEximRoutes;

/* Remembers the one of a delivery that was read whole. */
void pkt_exim_learn_route (PktEximRoutes *routes, const PktEximLine *l);

/* Of 64 bytes. odd: '"', and ':' to '>', of which an address that is not quoted has none. */
typedef struct {
  guint64 blanks, ats, odd;
} PktEximMarks;
typedef PktEximMarks (*PktEximMarksOf) (const char *p);

static PKT_ALWAYS_INLINE PktEximMarks
pkt_exim_marks (const char *p)
{
  PktEximMarks m = { 0, 0, 0 };
#ifdef PKT_SSE2
  for (guint i = 0; i < 64; i += 16) {
    const __m128i v = _mm_loadu_si128 ((const __m128i *)(p + i)),
                  x = _mm_sub_epi8 (v, _mm_set1_epi8 (':')),
                  odd = _mm_or_si128 (_mm_cmpeq_epi8 (v, _mm_set1_epi8 ('"')),
                                      _mm_cmpeq_epi8 (_mm_min_epu8 (x, _mm_set1_epi8 (4)), x));
    m.blanks |= (guint64)(guint)_mm_movemask_epi8 (_mm_cmpeq_epi8 (v, _mm_set1_epi8 (' '))) << i;
    m.ats |= (guint64)(guint)_mm_movemask_epi8 (_mm_cmpeq_epi8 (v, _mm_set1_epi8 ('@'))) << i;
    m.odd |= (guint64)(guint)_mm_movemask_epi8 (odd) << i;
  }
#else
  for (guint i = 0; i < 64; i++) {
    m.blanks |= (guint64)(p[i] == ' ') << i;
    m.ats |= (guint64)(p[i] == '@') << i;
    m.odd |= (guint64)(p[i] == '"' || (p[i] >= ':' && p[i] <= '>')) << i;
  }
#endif
  return m;
}

#ifdef PKT_AVX2
PKT_TARGET_AVX2 static PKT_ALWAYS_INLINE guint64
pkt_exim_bits_avx2 (__m256i low, __m256i high)
{
  return (guint32)_mm256_movemask_epi8 (low) | (guint64)(guint32)_mm256_movemask_epi8 (high) << 32;
}

PKT_TARGET_AVX2 static PKT_ALWAYS_INLINE __m256i
pkt_exim_odd_avx2 (__m256i v)
{
  const __m256i x = _mm256_sub_epi8 (v, _mm256_set1_epi8 (':'));
  return _mm256_or_si256 (_mm256_cmpeq_epi8 (v, _mm256_set1_epi8 ('"')),
                          _mm256_cmpeq_epi8 (_mm256_min_epu8 (x, _mm256_set1_epi8 (4)), x));
}

PKT_TARGET_AVX2 static PKT_ALWAYS_INLINE PktEximMarks
pkt_exim_marks_avx2 (const char *p)
{
  const __m256i low = _mm256_loadu_si256 ((const __m256i *)p),
                high = _mm256_loadu_si256 ((const __m256i *)(p + 32)),
                blank = _mm256_set1_epi8 (' '), at = _mm256_set1_epi8 ('@');
  return (PktEximMarks){
    pkt_exim_bits_avx2 (_mm256_cmpeq_epi8 (low, blank), _mm256_cmpeq_epi8 (high, blank)),
    pkt_exim_bits_avx2 (_mm256_cmpeq_epi8 (low, at), _mm256_cmpeq_epi8 (high, at)),
    pkt_exim_bits_avx2 (pkt_exim_odd_avx2 (low), pkt_exim_odd_avx2 (high))
  };
}
#endif

#ifdef PKT_AVX512
PKT_TARGET_AVX512 static PKT_ALWAYS_INLINE PktEximMarks
pkt_exim_marks_avx512 (const char *p)
{
  const __m512i v = _mm512_loadu_si512 (p), x = _mm512_sub_epi8 (v, _mm512_set1_epi8 (':'));
  return (PktEximMarks){ _mm512_cmpeq_epi8_mask (v, _mm512_set1_epi8 (' ')),
                         _mm512_cmpeq_epi8_mask (v, _mm512_set1_epi8 ('@')),
                         _mm512_cmpeq_epi8_mask (v, _mm512_set1_epi8 ('"'))
                             | _mm512_cmple_epu8_mask (x, _mm512_set1_epi8 (4)) };
}
#endif

/* Bytes of the route that s begins with, 0 when none of them. */
static inline gsize
pkt_exim_take_route (PktEximRoutes *routes, PktSlice s)
{
  for (guint tried = 0, i = routes->guess; tried < PKT_EXIM_ROUTES;
       tried++, i = (i + 1) % PKT_EXIM_ROUTES) {
    const gsize n = routes->all[i].n;
    if (n && s.n > n && pkt_bytes_same (s.p, routes->all[i].text, n)) {
      routes->guess = i;
      return n;
    }
  }
  return 0;
}

/* The same of " F=<news@example.com> R=dnslookup T=remote_smtp S=4844 H=", where values differ from
 * line to line: fields with keys of a letter, whose values are plain or stand in brackets. */
gsize pkt_exim_pass_fields (PktEximRoutes *routes, PktSlice s);

/* "mx.example.net [192.0.2.7] …": sets host and ip. FALSE when it is not so plain. 64 bytes behind
 * s may be read. */
static PKT_ALWAYS_INLINE gboolean
pkt_exim_take_host (PktSlice s, PktEximLine *l, PktMask64 mask_of)
{
  const guint64 blanks = mask_of (s.p, ' '), closed = mask_of (s.p, ']');
  const guint host_n = blanks ? (guint)__builtin_ctzll (blanks) : 0;
  const guint64 ends = host_n && host_n < 60 ? closed >> (host_n + 2) : 0;
  if (ends == 0 || s.p[host_n + 1] != '[' || s.p[host_n + 2] == 'I') /* "IPv6:" */
    return FALSE;
  l->host = pkt_slice (s.p, host_n);
  l->ip = pkt_slice (s.p + host_n + 2, (gsize)__builtin_ctzll (ends));
  return l->ip.n > 0 && host_n + 2 + l->ip.n < s.n;
}

/* "reader@example.net R=dnslookup T=remote_smtp H=mx.example.net [192.0.2.7] …": sets recipient,
 * host and ip. FALSE when it is not so plain. 64 bytes behind s may be read. */
static PKT_ALWAYS_INLINE gboolean
pkt_exim_take_delivery (PktEximRoutes *routes, PktSlice s, PktEximLine *l, PktEximMarksOf marks_of,
                        PktMask64 mask_of)
{
  const PktEximMarks m = marks_of (s.p);
  if (m.blanks == 0)
    return FALSE;
  const guint n = (guint)__builtin_ctzll (m.blanks);
  const guint64 before = ((guint64)1 << n) - 1;
  if ((m.ats & before) == 0 || (m.odd & before) || s.p[n - 1] == '@')
    return FALSE;
  l->recipient = pkt_slice (s.p, n);
  s = pkt_slice_skip (s, n);
  gsize route = pkt_exim_take_route (routes, s);
  if (G_UNLIKELY (route == 0))
    route = pkt_exim_pass_fields (routes, s);
  return route && pkt_exim_take_host (pkt_slice_skip (s, route), l, mask_of);
}

/* "reader@example.net R=dnslookup T=remote_smtp defer (-44) H=mx.example.net [192.0.2.7]: SMTP
 * error from …: 450 4.2.2 …" of a receiver's own words, by a route that is known: likewise. */
static PKT_ALWAYS_INLINE gboolean
pkt_exim_take_put_off (PktEximRoutes *routes, PktSlice s, PktEximLine *l, PktEximMarksOf marks_of,
                       PktMask64 mask_of)
{
  if (!pkt_exim_take_delivery (routes, s, l, marks_of, mask_of))
    return FALSE;
  const PktSlice rest = pkt_slice_skip (s, (gsize)(l->ip.p + l->ip.n + 1 - s.p));
  return rest.n > 2 && rest.p[0] == ':' && rest.p[1] == ' '
         && pkt_exim_is_put_off (pkt_slice_skip (rest, 2));
}
