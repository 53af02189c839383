#include "packet/page/picture.h"

#define MAX_SEGMENTS 500 /* of a JPEG before its frame */

static guint
big (const guint8 *p, guint n)
{
  guint v = 0;
  for (guint i = 0; i < n; i++)
    v = v << 8 | p[i];
  return v;
}

static guint
little (const guint8 *p, guint n)
{
  guint v = 0;
  while (n-- > 0)
    v = v << 8 | p[n];
  return v;
}

static void
look_png (const guint8 *p, gsize n, PktPicture *out)
{
  if (n < 33 || memcmp (p + 8, "\0\0\0\rIHDR", 8) != 0)
    return;
  out->width = big (p + 16, 4);
  out->height = big (p + 20, 4);
}

/* The logical screen; frames are clipped to it. */
static void
look_gif (const guint8 *p, gsize n, PktPicture *out)
{
  if (n < 13)
    return;
  out->width = little (p + 6, 2);
  out->height = little (p + 8, 2);
}

/* Start of frame: C0 to CF but DHT, JPG and DAC. */
static void
look_jpeg (const guint8 *p, gsize n, PktPicture *out)
{
  gsize i = 2;
  for (guint k = 0; k < MAX_SEGMENTS && i + 9 < n && p[i] == 0xff; k++) {
    guint marker = p[i + 1];
    if (marker == 0xff) { /* a filler */
      i++;
      continue;
    }
    if (marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 && marker != 0xcc) {
      out->height = big (p + i + 5, 2);
      out->width = big (p + i + 7, 2);
      return;
    }
    i += 2 + big (p + i + 2, 2);
  }
}

static void
look_webp (const guint8 *p, gsize n, PktPicture *out)
{
  if (n < 30)
    return;
  if (memcmp (p + 12, "VP8X", 4) == 0) {
    out->width = little (p + 24, 3) + 1;
    out->height = little (p + 27, 3) + 1;
  } else if (memcmp (p + 12, "VP8L", 4) == 0 && p[20] == 0x2f) {
    guint bits = little (p + 21, 4);
    out->width = (bits & 0x3fff) + 1;
    out->height = (bits >> 14 & 0x3fff) + 1;
  } else if (memcmp (p + 12, "VP8 ", 4) == 0 && memcmp (p + 23, "\x9d\x01\x2a", 3) == 0) {
    out->width = little (p + 26, 2) & 0x3fff;
    out->height = little (p + 28, 2) & 0x3fff;
  }
}

static const struct {
  const char *magic;
  gsize n;
  const char *type;
  void (*look) (const guint8 *p, gsize n, PktPicture *out);
} formats[] = {
  { "\x89PNG\r\n\x1a\n", 8, "image/png", look_png },
  { "GIF87a", 6, "image/gif", look_gif },
  { "GIF89a", 6, "image/gif", look_gif },
  { "\xff\xd8\xff", 3, "image/jpeg", look_jpeg },
  { "RIFF", 4, "image/webp", look_webp },
};

const char *
pkt_picture_look (PktSlice bytes, PktPicture *out)
{
  const guint8 *p = (const guint8 *)bytes.p;
  *out = (PktPicture){ 0 };
  for (gsize i = 0; i < G_N_ELEMENTS (formats) && out->type == NULL; i++)
    if (pkt_slice_starts (bytes, pkt_slice (formats[i].magic, formats[i].n))) {
      out->type = formats[i].type;
      formats[i].look (p, bytes.n, out);
    }
  if (out->type && p[0] == 'R' && (bytes.n < 12 || memcmp (p + 8, "WEBP", 4) != 0))
    out->type = NULL;
  if (out->type == NULL)
    return "it is no PNG, JPEG, GIF or WebP picture";
  if (out->width == 0 || out->height == 0)
    return "the picture does not say its size";
  if (out->width > PKT_PICTURE_MAX_SIDE || out->height > PKT_PICTURE_MAX_SIDE
      || (guint64)out->width * out->height > PKT_PICTURE_MAX_PIXELS)
    return "the picture has more pixels than any mail shows";
  return NULL;
}

char *
pkt_picture_data_url (const PktPicture *p, PktSlice bytes)
{
  g_autofree char *base64 = g_base64_encode ((const guchar *)bytes.p, bytes.n);
  return g_strdup_printf ("data:%s;base64,%s", p->type, base64);
}
