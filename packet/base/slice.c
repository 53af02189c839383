#include "packet/base/slice.h"

#define SHORT_NEEDLE 80 /* bytes; a longer one could be compared often without being there */

/* Where a needle of two bytes or more begins, NULL when it is nowhere. By its first and last byte:
 * memmem() makes a table of the needle at each call, which costs more than a line has bytes. */
static const char *
find_short (const char *p, const char *limit, PktSlice needle)
{
  const char first = needle.p[0], last = needle.p[needle.n - 1];
#ifdef PKT_SSE2
  const char *final = limit; /* the last sixteen places, which overlap others */
  if (limit - p >= (gssize)needle.n + 15)
    final -= needle.n + 15;
  while (final < limit) {
    const __m128i begins = _mm_loadu_si128 ((const __m128i *)p),
                  ends = _mm_loadu_si128 ((const __m128i *)(p + needle.n - 1));
    guint mask = (guint)_mm_movemask_epi8 (
        _mm_and_si128 (_mm_cmpeq_epi8 (begins, _mm_set1_epi8 (first)),
                       _mm_cmpeq_epi8 (ends, _mm_set1_epi8 (last))));
    for (; mask; mask &= mask - 1)
      if (pkt_bytes_same (p + __builtin_ctz (mask), needle.p, needle.n))
        return p + __builtin_ctz (mask);
    if (p == final)
      return NULL;
    p = MIN (p + 16, final);
  }
#endif
  for (; limit - p >= (gssize)needle.n; p++)
    if (*p == first && p[needle.n - 1] == last && pkt_bytes_same (p, needle.p, needle.n))
      return p;
  return NULL;
}

PktSlice
pkt_slice_find (PktSlice s, PktSlice needle)
{
  const char *hit = NULL;
  if (s.n < needle.n || s.p == NULL)
    return pkt_slice (NULL, 0);
  if (needle.n >= 2 && needle.n <= SHORT_NEEDLE)
    hit = find_short (s.p, s.p + s.n, needle);
  else
    hit = memmem (s.p, s.n, needle.p, needle.n);
  return hit ? pkt_slice (hit, s.n - (gsize)(hit - s.p)) : pkt_slice (NULL, 0);
}

PktSlice
pkt_slice_until_any (PktSlice s, const char *ends)
{
  const gsize n = strlen (ends);
  for (gsize i = 0; i < s.n; i++)
    if (memchr (ends, s.p[i], n))
      return pkt_slice (s.p, i);
  return s;
}

/* Eight bytes of each. */
static inline gboolean
same_nocase_8 (const char *a, const char *b)
{
  guint64 x, y;
  memcpy (&x, a, sizeof x);
  memcpy (&y, b, sizeof y);
  return x == y || pkt_ascii_lower_8 (x) == pkt_ascii_lower_8 (y);
}

/* Four to eight bytes of each. */
static inline gboolean
same_nocase_short (const char *a, const char *b, gsize n)
{
  guint32 x[2], y[2];
  memcpy (x, a, 4);
  memcpy (x + 1, a + n - 4, 4);
  memcpy (y, b, 4);
  memcpy (y + 1, b + n - 4, 4);
  return same_nocase_8 ((const char *)x, (const char *)y);
}

gboolean
pkt_bytes_same_nocase (const char *a, const char *b, gsize n)
{
  if (n < 4) {
    while (n-- > 0)
      if (pkt_ascii_lower (a[n]) != pkt_ascii_lower (b[n]))
        return FALSE;
    return TRUE;
  }
  if (n < 8)
    return same_nocase_short (a, b, n);
  for (; n > 8; n -= 8) /* most differ at their ends */
    if (!same_nocase_8 (a + n - 8, b + n - 8))
      return FALSE;
  return same_nocase_8 (a, b); /* the first eight, some of them once more */
}

gboolean
pkt_slice_ends_nocase (PktSlice s, PktSlice suffix)
{
  return s.n >= suffix.n
         && pkt_slice_equal_nocase (pkt_slice (s.p + s.n - suffix.n, suffix.n), suffix);
}

PktSlice
pkt_slice_trim_blanks (PktSlice s)
{
  while (s.n && pkt_ascii_is_blank (s.p[0]))
    s = pkt_slice_skip (s, 1);
  while (s.n && pkt_ascii_is_blank (s.p[s.n - 1]))
    s.n--;
  return s;
}

PktSlice
pkt_slice_domain (PktSlice address)
{
  if (address.n >= 16) { /* mostly among the last bytes, and nearer than a call */
    const char *from = address.p + address.n - 16;
    guint mask = pkt_mask_16 (from, '@');
    guint last = mask ? 31 - (guint)__builtin_clz (mask) : 0;
    if (mask)
      return pkt_slice (from + last + 1, 15 - last);
  }
  const char *at = address.n ? memrchr (address.p, '@', address.n) : NULL;
  return at ? pkt_slice (at + 1, (gsize)(address.p + address.n - at - 1)) : pkt_slice (NULL, 0);
}

gboolean
pkt_slice_number (PktSlice s, gint64 *out)
{
  gint64 v = 0;
  if (s.n == 0 || s.n > 18)
    return FALSE;
  for (gsize i = 0; i < s.n; i++) {
    if (!g_ascii_isdigit (s.p[i]))
      return FALSE;
    v = v * 10 + (s.p[i] - '0');
  }
  *out = v;
  return TRUE;
}

gboolean
pkt_slice_is_utf8 (PktSlice s)
{
  guint64 w, any = 0;
  gsize i = 0;
  for (; i + sizeof w <= s.n; i += sizeof w) {
    memcpy (&w, s.p + i, sizeof w);
    any |= w;
  }
  for (; i < s.n; i++)
    any |= (guint64)(guchar)s.p[i];
  return (any & 0x8080808080808080u) == 0 || g_utf8_validate_len (s.p, s.n, NULL);
}

char *
pkt_slice_utf8 (PktSlice s)
{
  return s.p ? g_utf8_make_valid (s.p, (gssize)s.n) : NULL;
}

/* Eight bytes at a time with a final mix: not for hostile keys that must not collide, only
 * for tables whose entries are compared or whose collisions cost one count in 2^64. */
