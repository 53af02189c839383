#include "packet/redact/png.h"
#include <zlib.h>

#define SIGNATURE PKT_SLICE ("\x89PNG\r\n\x1a\n")

/* Chunks that only say how pixels look. */
static const char *const picture_chunks[] = { "IHDR", "PLTE", "IDAT", "IEND", "tRNS", "gAMA",
                                              "cHRM", "sRGB", "sBIT", "bKGD", "pHYs" };

typedef struct {
  PktSlice type, data;
  gsize next; /* where the next chunk begins */
} Chunk;

typedef struct {
  guint32 width, height;
  guint bits, channels;
  gboolean interlaced;
  guint64 expected; /* bytes of the filtered rows; 0: not known (interlaced) */
} Shape;

static guint32
read32 (const char *p)
{
  const guint8 *b = (const guint8 *)p;
  return (guint32)b[0] << 24 | (guint32)b[1] << 16 | (guint32)b[2] << 8 | b[3];
}

static gboolean
read_chunk (PktSlice s, gsize at, Chunk *out)
{
  if (at + 12 > s.n)
    return FALSE;
  guint32 n = read32 (s.p + at);
  if (n > s.n - at - 12)
    return FALSE;
  *out = (Chunk){ pkt_slice (s.p + at + 4, 4), pkt_slice (s.p + at + 8, n), at + 12 + n };
  uLong crc = crc32 (0, (const Bytef *)s.p + at + 4, n + 4);
  return crc == read32 (s.p + at + 8 + n);
}

static gboolean
is_type (const Chunk *c, const char *name)
{
  return memcmp (c->type.p, name, 4) == 0;
}

static gboolean
is_picture_chunk (const Chunk *c)
{
  for (gsize i = 0; i < G_N_ELEMENTS (picture_chunks); i++)
    if (is_type (c, picture_chunks[i]))
      return TRUE;
  return FALSE;
}

static gboolean
read_shape (const Chunk *c, Shape *out)
{
  static const guint8 channels[] = { 1, 0, 3, 1, 2, 0, 4 };
  if (!is_type (c, "IHDR") || c->data.n != 13)
    return FALSE;
  const guint8 *p = (const guint8 *)c->data.p;
  *out = (Shape){ read32 (c->data.p), read32 (c->data.p + 4), p[8], 0, p[12] != 0, 0 };
  if (p[9] >= G_N_ELEMENTS (channels) || channels[p[9]] == 0 || p[8] == 0 || p[8] > 16
      || out->width == 0 || out->height == 0
      || (guint64)out->width * out->height > PKT_PNG_MAX_PIXELS)
    return FALSE;
  out->channels = channels[p[9]];
  guint64 row = ((guint64)out->width * out->bits * out->channels + 7) / 8 + 1;
  out->expected = out->interlaced ? 0 : row * out->height;
  return TRUE;
}

/* The pixel data must be one stream of the size that the picture has, and nothing behind it. */
static const char *
check_pixels (const GString *idat, const Shape *shape)
{
  z_stream z = { .next_in = (Bytef *)idat->str, .avail_in = (uInt)idat->len };
  if (inflateInit (&z) != Z_OK)
    return "png-broken";
  guint64 limit = shape->expected ? shape->expected : (guint64)PKT_PNG_MAX_PIXELS * 8;
  int status = Z_OK;
  g_autofree char *row = g_malloc (65536);
  while (status == Z_OK && z.total_out <= limit) {
    z.next_out = (Bytef *)row;
    z.avail_out = 65536;
    status = inflate (&z, Z_NO_FLUSH);
  }
  guint64 total = z.total_out;
  gboolean rest = z.avail_in > 0;
  inflateEnd (&z);
  if (rest || (shape->expected && total > shape->expected))
    return "png-trailer";
  return status == Z_STREAM_END && (!shape->expected || total == shape->expected) ? NULL
                                                                                  : "png-broken";
}

static const char *
check_chunks (PktSlice s, guint64 *offset, GString *idat, Shape *shape)
{
  Chunk c = { .next = SIGNATURE.n };
  for (gboolean first = TRUE;; first = FALSE) {
    *offset = c.next;
    if (!read_chunk (s, c.next, &c) || (first && !read_shape (&c, shape)))
      return "png-broken";
    if (!is_picture_chunk (&c))
      return "png-chunk";
    if (is_type (&c, "IDAT"))
      g_string_append_len (idat, c.data.p, (gssize)c.data.n);
    if (is_type (&c, "IEND"))
      break;
  }
  *offset = c.next;
  return c.next == s.n && c.data.n == 0 ? NULL : "png-trailer";
}

const char *
pkt_png_check (PktSlice bytes, guint64 *offset)
{
  *offset = 0;
  if (!pkt_slice_starts (bytes, SIGNATURE))
    return "png-broken";
  GString *idat = g_string_new (NULL);
  Shape shape = { 0 };
  const char *rule = check_chunks (bytes, offset, idat, &shape);
  if (rule == NULL)
    rule = check_pixels (idat, &shape);
  g_string_free (idat, TRUE);
  return rule;
}
