#include "packet/log/gunzip.h"
#ifdef HAVE_ISAL
#include <isa-l/igzip_lib.h>

struct PktGunzip {
  struct inflate_state state;
};

PktGunzip *
pkt_gunzip_new (void)
{
  PktGunzip *g = g_new0 (PktGunzip, 1); /* not all of it is set by the next call */
  isal_inflate_init (&g->state);
  g->state.crc_flag = ISAL_GZIP;
  return g;
}

void
pkt_gunzip_free (PktGunzip *g)
{
  g_free (g);
}

PktGunzipState
pkt_gunzip_step (PktGunzip *g, const guint8 **in, gsize *in_n, guint8 **out, gsize *out_n)
{
  struct inflate_state *s = &g->state;
  s->next_in = (guint8 *)*in; /* it only reads there */
  s->avail_in = (guint32)MIN (*in_n, G_MAXUINT32);
  s->next_out = *out;
  s->avail_out = (guint32)MIN (*out_n, G_MAXUINT32);
  int rc = isal_inflate (s);
  *in_n -= (gsize)(s->next_in - *in);
  *in = s->next_in;
  *out_n -= (gsize)(s->next_out - *out);
  *out = s->next_out;
  if (rc != ISAL_DECOMP_OK && rc != ISAL_END_INPUT)
    return PKT_GUNZIP_DAMAGED;
  if (s->block_state != ISAL_BLOCK_FINISH)
    return PKT_GUNZIP_MORE;
  isal_inflate_reset (s);
  s->crc_flag = ISAL_GZIP;
  return PKT_GUNZIP_END;
}
#else
#include <zlib.h>

struct PktGunzip {
  z_stream z;
};

PktGunzip *
pkt_gunzip_new (void)
{
  PktGunzip *g = g_new0 (PktGunzip, 1);
  inflateInit2 (&g->z, 15 + 16);
  return g;
}

void
pkt_gunzip_free (PktGunzip *g)
{
  inflateEnd (&g->z);
  g_free (g);
}

PktGunzipState
pkt_gunzip_step (PktGunzip *g, const guint8 **in, gsize *in_n, guint8 **out, gsize *out_n)
{
  g->z.next_in = (Bytef *)*in; /* it only reads there */
  g->z.avail_in = (uInt)MIN (*in_n, G_MAXUINT32);
  g->z.next_out = *out;
  g->z.avail_out = (uInt)MIN (*out_n, G_MAXUINT32);
  int rc = inflate (&g->z, Z_NO_FLUSH);
  *in_n -= (gsize)(g->z.next_in - *in);
  *in = g->z.next_in;
  *out_n -= (gsize)(g->z.next_out - *out);
  *out = g->z.next_out;
  if (rc != Z_STREAM_END)
    return rc == Z_OK || rc == Z_BUF_ERROR ? PKT_GUNZIP_MORE : PKT_GUNZIP_DAMAGED;
  inflateReset (&g->z);
  return PKT_GUNZIP_END;
}
#endif
