#include "packet/log/event-escapes.h"
#include "packet/base/simd.h"

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

/* What stands behind a backslash: its bytes; 0: damaged. Records inside of records have one every
 * few bytes. */
static inline gsize
read_escape (const char *p, const char *limit, gunichar *out)
{
  static const guint8 said[256] = { ['"'] = '"',  ['\\'] = '\\', ['/'] = '/',  ['b'] = '\b',
                                    ['f'] = '\f', ['n'] = '\n',  ['r'] = '\r', ['t'] = '\t' };
  if (p < limit && *p == 'u')
    return read_unit (p, limit, out);
  *out = p < limit ? said[(guchar)*p] : 0;
  return *out != 0;
}

gboolean
pkt_escapes_have_controls (PktSlice s)
{
  gsize i = 0;
#ifdef PKT_SSE2
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

/* Signs that may stand behind a backslash. */
static guint64
names_of_64 (const char *p)
{
  static const char names[] = "\"\\/bfnrtu";
  guint64 bits = 0;
  for (gsize i = 0; i < sizeof names - 1; i++)
    bits |= pkt_mask_64 (p, names[i]);
  return bits;
}

/* Of 64 bytes that begin at `p`, those that stand behind a backslash; *next: where the escape of a
 * sign ends that is written as two. */
static gboolean
are_good_64 (const char *p, const char *limit, guint64 escaped, const char *room, const char **next)
{
  gunichar sign;
  if (escaped & ~names_of_64 (room))
    return FALSE;
  for (guint64 units = escaped & pkt_mask_64 (room, 'u'); units; units &= units - 1) {
    const char *at = p + __builtin_ctzll (units);
    const gsize n = at < *next ? 1 : read_unit (at, limit, &sign);
    if (n == 0)
      return FALSE;
    *next = MAX (*next, at + n);
  }
  return TRUE;
}

/* 64 bytes from p on, with zeros in `room` behind the last. */
static inline const char *
fill_64 (const char *p, const char *limit, char room[64])
{
  if (limit - p >= 64)
    return p;
  memset (room, 0, 64);
  return memcpy (room, p, (gsize)(limit - p));
}

/* Many at a time: to go from one to the next takes as long as chance will. */
gboolean
pkt_escapes_are_good (PktSlice raw)
{
  const char *limit = raw.p + raw.n, *next = raw.p;
  char last[64];
  guint64 carry = 0;
  if (pkt_escapes_have_controls (raw))
    return FALSE;
  for (const char *p = raw.p; p < limit; p += 64) {
    const char *room = fill_64 (p, limit, last);
    const guint64 escaped = pkt_escapes_behind (pkt_mask_64 (room, '\\'), &carry);
    if (escaped && !are_good_64 (p, limit, escaped, room, &next))
      return FALSE;
  }
  return carry == 0;
}

/* Most have no escapes, so the first quote is their end. */
const char *
pkt_escapes_string_end (const char *p, const char *limit)
{
  const char *quote = pkt_find_byte (p, limit, '"');
  char last[64];
  guint64 carry = 0;
  if (quote == NULL || quote == p || quote[-1] != '\\')
    return quote;
  for (; p < limit; p += 64) {
    const char *room = fill_64 (p, limit, last);
    const guint64 escaped = pkt_escapes_behind (pkt_mask_64 (room, '\\'), &carry),
                  ends = pkt_mask_64 (room, '"') & ~escaped;
    if (ends)
      return p + __builtin_ctzll (ends);
  }
  return NULL;
}

/* Copies up to a backslash; 16 bytes more are written to. */
static char *
copy_plain (char *to, const char **from, const char *limit)
{
  const char *p = *from;
#ifdef PKT_SSE2
  for (guint mask = 0; mask == 0 && limit - p >= 16;) {
    const __m128i v = _mm_loadu_si128 ((const __m128i *)p);
    mask = (guint)_mm_movemask_epi8 (_mm_cmpeq_epi8 (v, _mm_set1_epi8 ('\\')));
    _mm_storeu_si128 ((__m128i *)to, v);
    const guint n = mask ? (guint)__builtin_ctz (mask) : 16;
    p += n;
    to += n;
  }
#endif
  while (p < limit && *p != '\\')
    *to++ = *p++;
  *from = p;
  return to;
}

/* No sign is longer than its escape. */
char *
pkt_escapes_decode (PktSlice raw, gsize *n)
{
  g_autofree char *text = pkt_slice_utf8 (raw);
  const char *from = text, *limit = text + strlen (text);
  if (!pkt_escapes_are_good (pkt_slice (text, (gsize)(limit - from))))
    return NULL;
  char *said = g_malloc ((gsize)(limit - from) + 16 + 1), *to = copy_plain (said, &from, limit);
  for (; from < limit; to = copy_plain (to, &from, limit)) {
    gunichar sign;
    from += 1 + read_escape (from + 1, limit, &sign);
    if (sign < 0x80)
      *to++ = (char)sign;
    else
      to += g_unichar_to_utf8 (sign, to);
  }
  *to = '\0';
  *n = (gsize)(to - said);
  return said;
}
