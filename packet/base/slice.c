#include "packet/base/slice.h"

PktSlice
pkt_slice_find (PktSlice s, PktSlice needle)
{
  const char *hit = s.n >= needle.n && s.p ? memmem (s.p, s.n, needle.p, needle.n) : NULL;
  return hit ? pkt_slice (hit, s.n - (gsize)(hit - s.p)) : pkt_slice (NULL, 0);
}

gboolean
pkt_slice_equal_nocase (PktSlice a, PktSlice b)
{
  if (a.n != b.n)
    return FALSE;
  for (gsize i = a.n; i-- > 0;)
    if (pkt_ascii_lower (a.p[i]) != pkt_ascii_lower (b.p[i]))
      return FALSE;
  return TRUE;
}

gboolean
pkt_slice_ends_nocase (PktSlice s, PktSlice suffix)
{
  return s.n >= suffix.n
         && pkt_slice_equal_nocase (pkt_slice (s.p + s.n - suffix.n, suffix.n), suffix);
}

static inline gboolean
is_blank (char c)
{
  return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

PktSlice
pkt_slice_trim (PktSlice s)
{
  while (s.n && is_blank (s.p[0]))
    s = pkt_slice_skip (s, 1);
  while (s.n && is_blank (s.p[s.n - 1]))
    s.n--;
  return s;
}

PktSlice
pkt_slice_domain (PktSlice address)
{
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

char *
pkt_slice_utf8 (PktSlice s)
{
  return s.p ? g_utf8_make_valid (s.p, (gssize)s.n) : NULL;
}

/* Eight bytes at a time with a final mix: not for hostile keys that must not collide, only
 * for tables whose entries are compared or whose collisions cost one count in 2^64. */
