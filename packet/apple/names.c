#include "packet/apple/names.h"

/* At the second byte of "e.c", "c.c", "d.c", "s.n": does a name of Apple's end here? */
static gboolean
is_name (PktSlice line, gsize dot)
{
  static const PktSlice ends[] = { PKT_SLICE ("me.com"), PKT_SLICE ("mac.com"),
                                   PKT_SLICE ("icloud.com"), PKT_SLICE ("appleid.com"),
                                   PKT_SLICE ("akadns.net") };
  for (gsize i = 0; i < G_N_ELEMENTS (ends); i++)
    if (dot + 4 >= ends[i].n && dot + 4 <= line.n
        && pkt_slice_equal_nocase (pkt_slice (line.p + dot + 4 - ends[i].n, ends[i].n), ends[i]))
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
look_at (PktSlice line, gsize i)
{
  const char *p = line.p + i;
  if (p[0] == '\\')
    return TRUE;
  if (p[1] == '.')
    return p[0] == '7' ? is_address (line, i + 1) : is_name (line, i + 1);
  return pkt_ascii_lower (p[0]) == 'i' && is_pod (line, i);
}

#ifdef __SSE2__
static inline __m128i
is (__m128i bytes, char c)
{
  return _mm_cmpeq_epi8 (bytes, _mm_set1_epi8 (c));
}

/* A bit for each of 16 places at which look_at() is worth its time. */
static inline guint
places (const char *p)
{
  const __m128i a = _mm_loadu_si128 ((const __m128i *)p),
                b = _mm_loadu_si128 ((const __m128i *)(p + 1)),
                c = _mm_loadu_si128 ((const __m128i *)(p + 2)), low = _mm_set1_epi8 (0x20);
  const __m128i x = _mm_or_si128 (a, low), z = _mm_or_si128 (c, low), dot = is (b, '.');
  const __m128i com = _mm_and_si128 (
      is (z, 'c'), _mm_or_si128 (_mm_or_si128 (is (x, 'e'), is (x, 'c')), is (x, 'd')));
  const __m128i net = _mm_and_si128 (is (z, 'n'), is (x, 's'));
  const __m128i dotted = _mm_and_si128 (dot, _mm_or_si128 (_mm_or_si128 (com, net), is (a, '7')));
  const __m128i pod = _mm_and_si128 (is (x, 'i'),
                                     _mm_and_si128 (is (z, 'c'), is (_mm_or_si128 (b, low), 's')));
  return (guint)_mm_movemask_epi8 (_mm_or_si128 (_mm_or_si128 (dotted, pod), is (a, '\\')));
}
#endif

gboolean
pkt_line_names_apple (PktSlice line)
{
  gsize i = 0;
#ifdef __SSE2__
  for (; i + 18 <= line.n; i += 16)
    for (guint mask = places (line.p + i); mask; mask &= mask - 1)
      if (look_at (line, i + (gsize)__builtin_ctz (mask)))
        return TRUE;
#endif
  for (; i + 3 <= line.n; i++)
    if (look_at (line, i))
      return TRUE;
  return line.n && memchr (line.p + MIN (i, line.n - 1), '\\', line.n - MIN (i, line.n - 1));
}
