#include "packet/page/pack.h"
#include <string.h>
#include "packet/base/error.h"
#include "packet/base/png.h"
#include "packet/page/colours.h"

#define HEADER 33 /* bytes: signature and IHDR */
#define SMALLER 0.8
#define MIN_WIDTH 160
#define LEVEL 8 /* 9 takes three times as long for a hundredth of the bytes */

typedef struct {
  const guchar *p;
  gsize n;
} Source;

static cairo_status_t
give (void *data, unsigned char *out, unsigned int n)
{
  Source *s = data;
  if (n > s->n)
    return CAIRO_STATUS_READ_ERROR;
  memcpy (out, s->p, n);
  s->p += n;
  s->n -= n;
  return CAIRO_STATUS_SUCCESS;
}

static guint32
number_at (const guchar *p)
{
  return (guint32)p[0] << 24 | (guint32)p[1] << 16 | (guint32)p[2] << 8 | p[3];
}

static cairo_surface_t *
refuse (const char *name, const char *why, GError **error)
{
  g_set_error (error, PKT_ERROR, PKT_ERROR_DATA, "%s: %s", name, why);
  return NULL;
}

cairo_surface_t *
pkt_pack_read (const char *name, GBytes *png, GError **error)
{
  gsize n;
  const guchar *p = g_bytes_get_data (png, &n);
  if (n < HEADER || memcmp (p, "\x89PNG\r\n\x1a\n", 8) != 0 || memcmp (p + 12, "IHDR", 4) != 0)
    return refuse (name, "is no PNG picture; save the screenshot as PNG", error);
  guint32 width = number_at (p + 16), height = number_at (p + 20);
  if (width == 0 || height == 0 || width > PKT_PACK_MAX_SIDE || height > PKT_PACK_MAX_SIDE
      || (guint64)width * height > PKT_PACK_MAX_PIXELS) {
    g_autofree char *why = g_strdup_printf ("has %u x %u pixels, more than a screenshot may have "
                                            "(%d million); make it smaller",
                                            width, height, PKT_PACK_MAX_PIXELS / 1000000);
    return refuse (name, why, error);
  }
  Source source = { p, n };
  cairo_surface_t *s = cairo_image_surface_create_from_png_stream (give, &source);
  if (cairo_surface_status (s) == CAIRO_STATUS_SUCCESS)
    return s;
  cairo_surface_destroy (s);
  return refuse (name, "is a broken PNG picture; save it again", error);
}

/* On white, `width` pixels wide; caller destroys. */
static cairo_surface_t *
scaled (cairo_surface_t *from, int width)
{
  int w = cairo_image_surface_get_width (from), h = cairo_image_surface_get_height (from);
  double scale = (double)width / w;
  int height = MAX (1, (int)(h * scale + 0.5));
  cairo_surface_t *to = cairo_image_surface_create (CAIRO_FORMAT_RGB24, width, height);
  cairo_t *cr = cairo_create (to);
  cairo_set_source_rgb (cr, 1, 1, 1);
  cairo_paint (cr);
  if (width != w)
    cairo_scale (cr, scale, (double)height / h);
  cairo_set_source_surface (cr, from, 0, 0);
  cairo_pattern_set_filter (cairo_get_source (cr),
                            width == w ? CAIRO_FILTER_NEAREST : CAIRO_FILTER_GOOD);
  cairo_paint (cr);
  cairo_destroy (cr);
  cairo_surface_flush (to);
  return to;
}

static void
take_bytes (png_structp png, png_bytep bytes, png_size_t n)
{
  g_byte_array_append (png_get_io_ptr (png), bytes, (guint)n);
}

static void
flush_nothing (png_structp png)
{
  (void)png;
}

/* NULL where libpng gives up; it jumps back then, so nothing here is owned by a local. */
static GByteArray *
write_png (const PktColours *c, GByteArray *out)
{
  png_structp png = png_create_write_struct (PNG_LIBPNG_VER_STRING, NULL, NULL, NULL);
  png_infop info = png ? png_create_info_struct (png) : NULL;
  if (info == NULL || setjmp (png_jmpbuf (png))) {
    png_destroy_write_struct (&png, &info);
    return NULL;
  }
  png_color palette[PKT_COLOURS_MAX];
  for (guint i = 0; i < c->n; i++)
    palette[i] = (png_color){ c->palette[i].r, c->palette[i].g, c->palette[i].b };
  png_set_write_fn (png, out, take_bytes, flush_nothing);
  png_set_compression_level (png, LEVEL);
  png_set_filter (png, 0, PNG_FILTER_NONE);
  png_set_IHDR (png, info, (png_uint_32)c->width, (png_uint_32)c->height, 8, PNG_COLOR_TYPE_PALETTE,
                PNG_INTERLACE_NONE, PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
  png_set_PLTE (png, info, palette, (int)c->n);
  png_write_info (png, info);
  for (int y = 0; y < c->height; y++)
    png_write_row (png, c->pixels + (gsize)y * (gsize)c->width);
  png_write_end (png, NULL);
  png_destroy_write_struct (&png, &info);
  return out;
}

static GBytes *
pack_at (cairo_surface_t *from, int width, int *out_height)
{
  cairo_surface_t *s = scaled (from, width);
  g_autoptr (PktColours) colours = pkt_colours_of (s);
  cairo_surface_destroy (s);
  g_autoptr (GByteArray) out = g_byte_array_new ();
  *out_height = colours ? colours->height : 0;
  if (colours == NULL || write_png (colours, out) == NULL)
    return NULL;
  return g_byte_array_free_to_bytes (g_steal_pointer (&out));
}

GBytes *
pkt_pack_picture (cairo_surface_t *surface, GError **error)
{
  int width = MIN (cairo_image_surface_get_width (surface), PKT_PACK_MAX_WIDTH), height = 0;
  GBytes *png = pack_at (surface, width, &height);
  while (png && g_bytes_get_size (png) > PKT_PACK_MAX_BYTES && width > MIN_WIDTH) {
    g_bytes_unref (png);
    width = (int)(width * SMALLER);
    png = pack_at (surface, width, &height);
  }
  if (png && g_bytes_get_size (png) <= PKT_PACK_MAX_BYTES)
    return png;
  g_clear_pointer (&png, g_bytes_unref);
  g_set_error_literal (error, PKT_ERROR, PKT_ERROR_IO, "the picture cannot be packed");
  return NULL;
}
