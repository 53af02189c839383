#include <zlib.h>
#include "packet/redact/verify.h"

/* A picture that goes out holds pixels and nothing else. */

#define LOWER "janeq@icloud.com"

static PktVerifier *
new_verifier (void)
{
  PktVerifier *v = pkt_verifier_new (NULL);
  pkt_verifier_add_recipient (v, PKT_SLICE (LOWER));
  return v;
}

static void
put_chunk (GString *png, const char *type, const char *data, gsize n)
{
  guint32 length = GUINT32_TO_BE ((guint32)n);
  g_string_append_len (png, (const char *)&length, 4);
  gsize start = png->len;
  g_string_append_len (png, type, 4);
  g_string_append_len (png, data, (gssize)n);
  guint32 crc = GUINT32_TO_BE ((guint32)crc32 (0, (const Bytef *)png->str + start, (uInt)n + 4));
  g_string_append_len (png, (const char *)&crc, 4);
}

static GString *
picture (const char *extra_type, const char *extra, gsize pixels_too_many, const char *trailer)
{
  GString *png = g_string_new_len ("\x89PNG\r\n\x1a\n", 8);
  static const char shape[13] = { 0, 0, 0, 2, 0, 0, 0, 2, 8, 0, 0, 0, 0 };
  char rows[64] = { 0 };
  guchar packed[128];
  uLongf n = sizeof packed;
  g_assert_cmpint (compress (packed, &n, (const Bytef *)rows, 6 + pixels_too_many), ==, Z_OK);
  put_chunk (png, "IHDR", shape, sizeof shape);
  if (extra_type)
    put_chunk (png, extra_type, extra, strlen (extra));
  put_chunk (png, "IDAT", (const char *)packed, n);
  put_chunk (png, "IEND", "", 0);
  g_string_append (png, trailer);
  return png;
}

static void
test_pictures (void)
{
  static const struct {
    const char *type, *data, *trailer, *rule;
    gsize pixels;
  } cases[] = {
    { NULL, "", "", NULL, 0 },
    { "sRGB", "\1", "", NULL, 0 },
    { "tEXt", "Comment", "", "png-chunk", 0 },
    { "iTXt", LOWER, "", "png-chunk", 0 },
    { "zTXt", "x", "", "png-chunk", 0 },
    { "eXIf", "x", "", "png-chunk", 0 },
    { "prIv", "x", "", "png-chunk", 0 },
    { NULL, "", "more", "png-trailer", 0 },
    { NULL, "", "", "png-trailer", 10 },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (PktVerifier) v = new_verifier ();
    GString *png = picture (cases[i].type, cases[i].data, cases[i].pixels, cases[i].trailer);
    g_autoptr (GPtrArray) leaks = pkt_verify_bytes (v, "trend.png", "image/png", png->str,
                                                    png->len);
    g_assert_cmpuint (leaks->len > 0, ==, cases[i].rule != NULL);
    if (cases[i].rule)
      g_assert_cmpstr (((PktLeak *)leaks->pdata[0])->rule, ==, cases[i].rule);
    png->str[png->len / 2] ^= 1; /* a CRC that is wrong */
    g_autoptr (GPtrArray) broken = pkt_verify_bytes (v, "trend.png", "image/png", png->str,
                                                     png->len);
    g_assert_cmpuint (broken->len, >, 0);
    g_string_free (png, TRUE);
  }
}

static void
test_page_picture (void)
{
  GString *png = picture (NULL, "", 0, "");
  g_autofree char *b = g_base64_encode ((const guchar *)png->str, png->len);
  g_autofree char *page = g_strdup_printf ("<img src=\"data:image/png;base64,%s\">", b);
  g_autoptr (PktVerifier) v = new_verifier ();
  g_autoptr (GPtrArray) leaks = pkt_verify_bytes (v, "review.html", "text/html", page,
                                                  strlen (page));
  g_assert_cmpuint (leaks->len, ==, 0);
  g_string_free (png, TRUE);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/redact/pictures/chunks", test_pictures);
  g_test_add_func ("/redact/pictures/in-page", test_page_picture);
  return g_test_run ();
}
