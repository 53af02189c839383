#include "packet/log/event-escapes.h"

/* The four figures of "\u00fc" behind the u; -1 where they are none. */
static gint32
unit_at (const char *p, const char *limit)
{
  gint32 unit = 0;
  if (limit - p < 4)
    return -1;
  for (guint i = 0; i < 4; i++) {
    const gint figure = g_ascii_xdigit_value (p[i]);
    if (figure < 0)
      return -1;
    unit = unit << 4 | figure;
  }
  return unit;
}

/* "\u00fc", or the two halves of a sign beyond U+FFFF: bytes behind the backslash; 0: damaged. */
static gsize
read_unit (const char *p, const char *limit, gunichar *out)
{
  const gint32 unit = unit_at (p + 1, limit);
  if (unit <= 0 || (unit >= 0xdc00 && unit <= 0xdfff))
    return 0;
  *out = (gunichar)unit;
  if (unit < 0xd800 || unit > 0xdfff)
    return 5;
  if (limit - p < 11 || p[5] != '\\' || p[6] != 'u')
    return 0;
  const gint32 low = unit_at (p + 7, limit);
  if (low < 0xdc00 || low > 0xdfff)
    return 0;
  *out = 0x10000 + (((gunichar)unit & 0x3ff) << 10 | ((gunichar)low & 0x3ff));
  return 11;
}

/* What stands behind a backslash: its bytes; 0: damaged. */
static gsize
read_escape (const char *p, const char *limit, gunichar *out)
{
  static const char names[] = "\"\\/bfnrt", said[] = "\"\\/\b\f\n\r\t";
  if (p < limit && *p == 'u')
    return read_unit (p, limit, out);
  const char *name = p < limit && *p ? strchr (names, *p) : NULL;
  *out = name ? (guchar)said[name - names] : 0;
  return name ? 1 : 0;
}

gboolean
pkt_escapes_have_controls (PktSlice s)
{
  gsize i = 0;
#ifdef __SSE2__
  const __m128i last = _mm_set1_epi8 (0x1f);
  for (; i + 16 <= s.n; i += 16) {
    const __m128i v = _mm_loadu_si128 ((const __m128i *)(s.p + i));
    if (_mm_movemask_epi8 (_mm_cmpeq_epi8 (_mm_min_epu8 (v, last), v)))
      return TRUE;
  }
#endif
  for (; i < s.n; i++)
    if ((guchar)s.p[i] < ' ')
      return TRUE;
  return FALSE;
}

gboolean
pkt_escapes_are_good (PktSlice raw)
{
  const char *p = raw.p, *limit = p + raw.n;
  gunichar sign;
  if (pkt_escapes_have_controls (raw))
    return FALSE;
  while ((p = pkt_find_byte (p, limit, '\\'))) {
    const gsize n = read_escape (p + 1, limit, &sign);
    if (n == 0)
      return FALSE;
    p += 1 + n;
  }
  return TRUE;
}

/* In their place: no sign is longer than its escape. */
char *
pkt_escapes_decode (PktSlice raw, gsize *n)
{
  char *text = pkt_slice_utf8 (raw), *to = text;
  const char *from = text, *limit = text + strlen (text);
  if (!pkt_escapes_are_good (pkt_slice (text, (gsize)(limit - from)))) {
    g_free (text);
    return NULL;
  }
  for (const char *at; (at = pkt_find_byte (from, limit, '\\'));) {
    gunichar sign;
    memmove (to, from, (gsize)(at - from));
    to += at - from;
    from = at + 1 + read_escape (at + 1, limit, &sign);
    to += g_unichar_to_utf8 (sign, to);
  }
  memmove (to, from, (gsize)(limit - from));
  to += limit - from;
  *to = '\0';
  *n = (gsize)(to - text);
  return text;
}
