#include "packet/log/gunzip.h"
#ifdef HAVE_ISAL
#include <isa-l/igzip_lib.h>
#include <string.h>

/* The header is read apart from the data: isal_inflate() of 2.30 keeps what it has read of a header
 * on its own stack, reads some of it before it was set, and loses it where a header is cut in two.
 */
struct PktGunzip {
  struct inflate_state state;
  struct isal_gzip_header header;
};

static void
begin_member (PktGunzip *g)
{
  isal_inflate_reset (&g->state);
  g->state.crc_flag = ISAL_GZIP;
  memset (&g->header, 0, sizeof g->header);
  isal_gzip_header_init (&g->header);
}

PktGunzip *
pkt_gunzip_new (void)
{
  PktGunzip *g = g_new0 (PktGunzip, 1); /* not all of it is set by the next call */
  isal_inflate_init (&g->state);
  begin_member (g);
  return g;
}

void
pkt_gunzip_free (PktGunzip *g)
{
  g_free (g);
}

static int
inflate_on (PktGunzip *g)
{
  if (g->state.crc_flag == ISAL_GZIP) {
    int rc = isal_read_gzip_header (&g->state, &g->header);
    if (rc != ISAL_DECOMP_OK)
      return rc;
    g->state.crc_flag = ISAL_GZIP_NO_HDR_VER;
  }
  return isal_inflate (&g->state);
}

PktGunzipState
pkt_gunzip_step (PktGunzip *g, const guint8 **in, gsize *in_n, guint8 **out, gsize *out_n)
{
  struct inflate_state *s = &g->state;
  s->next_in = (guint8 *)*in; /* it only reads there */
  s->avail_in = (guint32)MIN (*in_n, G_MAXUINT32);
  s->next_out = *out;
  s->avail_out = (guint32)MIN (*out_n, G_MAXUINT32);
  int rc = inflate_on (g);
  *in_n -= (gsize)(s->next_in - *in);
  *in = s->next_in;
  *out_n -= (gsize)(s->next_out - *out);
  *out = s->next_out;
  if (rc != ISAL_DECOMP_OK && rc != ISAL_END_INPUT)
    return PKT_GUNZIP_DAMAGED;
  if (s->block_state != ISAL_BLOCK_FINISH)
    return PKT_GUNZIP_MORE;
  begin_member (g);
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
