#include "packet/log/utf16.h"
#include <string.h>
#include "packet/base/slice.h"

#define UNITS (16 * 1024) /* 16-bit units decoded at once */
#define REPLACEMENT 0xfffd

typedef struct {
  PktFeed base;
  PktFeed *below;
  gboolean big_endian;
  guint16 high; /* first half of a pair, 0 when there is none */
  guint8 in[UNITS * 2];
  guint in_n;              /* 1: half a unit is left over */
  char out[UNITS * 3 + 4]; /* a unit is 3 bytes of UTF-8 at the most; a lone half before it too */
  gsize out_at, out_n;
} Utf16;

static void
put (Utf16 *u, gunichar c)
{
  u->out_n += (gsize)g_unichar_to_utf8 (c, u->out + u->out_n);
}

static void
take_unit (Utf16 *u, guint16 unit)
{
  if (u->high && unit >= 0xdc00 && unit <= 0xdfff) {
    put (u, 0x10000 + ((gunichar)(u->high - 0xd800) << 10) + (unit - 0xdc00u));
    u->high = 0;
    return;
  }
  if (u->high)
    put (u, REPLACEMENT);
  u->high = unit >= 0xd800 && unit <= 0xdbff ? unit : 0;
  if (unit >= 0xdc00 && unit <= 0xdfff)
    put (u, REPLACEMENT);
  else if (u->high == 0)
    put (u, unit);
}

static gboolean
decode_more (Utf16 *u)
{
  gsize got = pkt_feed_read (u->below, u->in + u->in_n, sizeof u->in - u->in_n);
  u->base.problem = u->below->problem;
  u->out_at = u->out_n = 0;
  if (got == 0) {
    if (u->high || u->in_n)
      put (u, REPLACEMENT);
    u->high = 0;
    u->in_n = 0;
    return u->out_n > 0;
  }
  gsize n = u->in_n + got;
  for (gsize i = 0; i + 1 < n; i += 2)
    take_unit (u, (guint16)(u->in[i + u->big_endian] | u->in[i + !u->big_endian] << 8));
  u->in_n = n % 2;
  u->in[0] = u->in[n - 1];
  return TRUE;
}

static gsize
read_utf16 (PktFeed *s, void *p, gsize n)
{
  Utf16 *u = (Utf16 *)s;
  while (u->out_at == u->out_n)
    if (!decode_more (u))
      return 0;
  n = MIN (n, u->out_n - u->out_at);
  memcpy (p, u->out + u->out_at, n);
  u->out_at += n;
  return n;
}

static void
close_utf16 (PktFeed *s)
{
  pkt_feed_close (((Utf16 *)s)->below);
  g_free (s);
}

static gboolean
is_ascii_pair (guint8 letter, guint8 nul)
{
  return letter >= ' ' && letter < 127 && nul == 0;
}

PktFeed *
pkt_utf16_decode (PktFeed *below)
{
  gsize n;
  const guint8 *h = pkt_feed_peek (below, 4, &n);
  gboolean le = n >= 2 && h[0] == 0xff && h[1] == 0xfe, be = n >= 2 && h[0] == 0xfe && h[1] == 0xff;
  if (n >= PKT_UTF8_MARK_BYTES && memcmp (h, PKT_UTF8_MARK, PKT_UTF8_MARK_BYTES) == 0) {
    char mark[PKT_UTF8_MARK_BYTES];
    pkt_feed_read (below, mark, sizeof mark);
    return below;
  }
  if (n == 4 && !le && !be) {
    le = is_ascii_pair (h[0], h[1]) && is_ascii_pair (h[2], h[3]);
    be = is_ascii_pair (h[1], h[0]) && is_ascii_pair (h[3], h[2]);
  }
  if (!le && !be)
    return below;
  Utf16 *u = g_new0 (Utf16, 1);
  if (h[0] >= 0xfe) /* the mark itself */
    pkt_feed_read (below, u->in, 2);
  u->base.read = read_utf16;
  u->base.close = close_utf16;
  u->below = below;
  u->big_endian = be;
  return &u->base;
}
