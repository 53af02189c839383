#include "packet/trend/chart-png.h"
#include <string.h>
#include <zlib.h>

#define MAX_COLOURS 256
#define BIT_DEPTH 8
#define INDEXED 3
#define EXACT 0xffffffu
#define LEVEL 8 /* 9 takes three times as long for a hundredth of the bytes */

/* Pixels as places in the palette, each row after a byte 0: no filter. */
typedef struct {
  guint8 palette[MAX_COLOURS * 3];
  guint n;
  GByteArray *rows;
} Indexed;

/* The place of a colour, a new one if need be; 0: there are more colours than places. */
static guint
place_of (GHashTable *places, guint32 pixel, guint32 key, Indexed *out)
{
  guint place = GPOINTER_TO_UINT (g_hash_table_lookup (places, GUINT_TO_POINTER (key + 1)));
  if (place || out->n == MAX_COLOURS)
    return place;
  for (guint k = 0; k < 3; k++) /* the first of near colours stands for all */
    out->palette[out->n * 3 + k] = (guint8)(pixel >> (16 - 8 * k));
  place = ++out->n;
  g_hash_table_insert (places, GUINT_TO_POINTER (key + 1), GUINT_TO_POINTER (place));
  return place;
}

/* FALSE when there are more colours than places, after `mask` took the low bits away. */
static gboolean
index_pixels (cairo_surface_t *surface, guint32 mask, Indexed *out)
{
  g_autoptr (GHashTable) places = g_hash_table_new (NULL, NULL);
  const guint8 *data = cairo_image_surface_get_data (surface);
  int w = cairo_image_surface_get_width (surface), h = cairo_image_surface_get_height (surface);
  int stride = cairo_image_surface_get_stride (surface);
  guint32 last = 0;
  guint place = 0; /* of the last one: most pixels are like the one before */
  out->n = 0;
  g_byte_array_set_size (out->rows, (guint)h * ((guint)w + 1));
  guint8 *to = out->rows->data;
  for (int y = 0; y < h; y++) {
    *to++ = 0; /* no filter */
    for (int x = 0; x < w; x++) {
      guint32 pixel;
      memcpy (&pixel, data + (gsize)y * (gsize)stride + (gsize)x * 4, 4);
      pixel &= EXACT;
      if (place == 0 || pixel != last)
        place = place_of (places, pixel, pixel & mask, out);
      if (place == 0)
        return FALSE;
      last = pixel;
      *to++ = (guint8)(place - 1);
    }
  }
  return TRUE;
}

static void
append_number (GByteArray *out, guint32 n)
{
  const guint32 big = GUINT32_TO_BE (n);
  g_byte_array_append (out, (const guint8 *)&big, sizeof big);
}

static void
append_chunk (GByteArray *out, const char *type, const guint8 *bytes, guint n)
{
  append_number (out, n);
  g_byte_array_append (out, (const guint8 *)type, 4);
  if (n > 0)
    g_byte_array_append (out, bytes, n);
  append_number (out, (guint32)crc32 (crc32 (0, NULL, 0), out->data + out->len - n - 4, n + 4));
}

static void
append_header (GByteArray *out, cairo_surface_t *surface)
{
  g_autoptr (GByteArray) header = g_byte_array_new ();
  const guint8 rest[] = { BIT_DEPTH, INDEXED, 0, 0, 0 };
  append_number (header, (guint32)cairo_image_surface_get_width (surface));
  append_number (header, (guint32)cairo_image_surface_get_height (surface));
  g_byte_array_append (header, rest, sizeof rest);
  append_chunk (out, "IHDR", header->data, header->len);
}

GBytes *
chart_png (cairo_surface_t *surface)
{
  static const guint32 masks[] = { EXACT, 0xfefefe, 0xfcfcfc, 0xf8f8f8, 0xf0f0f0, 0xe0e0c0 };
  Indexed image = { .rows = g_byte_array_new () };
  cairo_surface_flush (surface);
  for (gsize i = 0; i < G_N_ELEMENTS (masks) && !index_pixels (surface, masks[i], &image); i++)
    ; /* the last one leaves 256 colours at the most */
  uLongf n = compressBound (image.rows->len);
  g_autofree guint8 *packed = g_malloc (n);
  compress2 (packed, &n, image.rows->data, image.rows->len, LEVEL);
  GByteArray *out = g_byte_array_new ();
  g_byte_array_append (out, (const guint8 *)"\x89PNG\r\n\x1a\n", 8);
  append_header (out, surface);
  append_chunk (out, "PLTE", image.palette, image.n * 3);
  append_chunk (out, "IDAT", packed, (guint)n);
  append_chunk (out, "IEND", NULL, 0);
  g_byte_array_unref (image.rows);
  return g_byte_array_free_to_bytes (out);
}
