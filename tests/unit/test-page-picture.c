/* Pictures of a page: what is read, how it is packed, and browsers that misbehave. */
#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include "packet/base/error.h"
#include "packet/page/browser.h"
#include "packet/page/colours.h"
#include "packet/page/drawing.h"
#include "packet/page/pack.h"
#include "packet/redact/png.h"

/* As in packet/trend/chart-text.c, which is not linked here. */
const char *__lsan_default_suppressions (void);
const char *
__lsan_default_suppressions (void)
{
  return "leak:libfontconfig\n";
}

static cairo_surface_t *
noise (int width, int height, guint32 mask)
{
  cairo_surface_t *s = cairo_image_surface_create (CAIRO_FORMAT_RGB24, width, height);
  gsize stride = (gsize)cairo_image_surface_get_stride (s);
  guint32 x = 2463534242u; /* xorshift: the same on each run */
  for (int y = 0; y < height; y++) {
    guint32 *row = (guint32 *)(void *)(cairo_image_surface_get_data (s) + (gsize)y * stride);
    for (int i = 0; i < width; i++) {
      x ^= x << 13, x ^= x >> 17, x ^= x << 5;
      row[i] = x & mask;
    }
  }
  cairo_surface_mark_dirty (s);
  return s;
}

/* Width and height, of the IHDR. */
static int
side_of (GBytes *png, gsize at)
{
  guint32 n;
  memcpy (&n, (const char *)g_bytes_get_data (png, NULL) + at, sizeof n);
  return (int)GUINT32_FROM_BE (n);
}
#define WIDTH_OF(png) side_of (png, 16)
#define HEIGHT_OF(png) side_of (png, 20)

static GBytes *
pack (cairo_surface_t *s)
{
  g_autoptr (GError) error = NULL;
  GBytes *png = pkt_pack_picture (s, &error);
  g_assert_no_error (error);
  gsize n;
  const char *p = g_bytes_get_data (png, &n);
  guint64 offset;
  g_assert_null (pkt_png_check (pkt_slice (p, n), &offset)); /* no chunk that may hold text */
  g_assert_cmpuint (n, <=, PKT_PACK_MAX_BYTES);
  guint32 length;
  for (gsize at = 8; at + 8 < n; at += 12 + GUINT32_FROM_BE (length)) {
    memcpy (&length, p + at, sizeof length);
    static const char *const known[] = { "IHDR", "PLTE", "IDAT", "IEND" };
    gboolean ok = FALSE;
    for (gsize k = 0; k < G_N_ELEMENTS (known); k++)
      ok |= memcmp (p + at + 4, known[k], 4) == 0;
    g_assert_true (ok);
  }
  return png;
}

/* Few colours come out as they went in. */
static void
test_exact (void)
{
  cairo_surface_t *s = noise (90, 60, 0xc0c0c0);
  g_autoptr (GBytes) png = pack (s), again = pack (s);
  g_assert_cmpint (WIDTH_OF (png), ==, 90);
  g_assert_cmpint (HEIGHT_OF (png), ==, 60);
  g_assert_true (g_bytes_equal (png, again));
  cairo_surface_t *back = pkt_pack_read ("x", png, NULL);
  g_assert_nonnull (back);
  for (int y = 0; y < 60; y++) {
    const guint32 *a = (const guint32 *)(const void *)(cairo_image_surface_get_data (s)
                                                       + y * cairo_image_surface_get_stride (s));
    const guint32 *b = (const guint32 *)(const void *)(cairo_image_surface_get_data (back)
                                                       + y * cairo_image_surface_get_stride (back));
    for (int x = 0; x < 90; x++)
      g_assert_cmphex (a[x] & 0xffffff, ==, b[x] & 0xffffff);
  }
  cairo_surface_destroy (s);
  cairo_surface_destroy (back);
}

/* Noise cannot be packed, so it is made smaller; many colours become the nearest of 256. */
static void
test_smaller (void)
{
  cairo_surface_t *s = noise (2000, 1500, 0xffffff);
  g_autoptr (GBytes) png = pack (s);
  g_assert_cmpint (WIDTH_OF (png), <, PKT_PACK_MAX_WIDTH);
  g_assert_cmpint (ABS (WIDTH_OF (png) * 3 / 4 - HEIGHT_OF (png)), <=, 1);
  cairo_surface_destroy (s);
  s = noise (64, 64, 0xffffff);
  g_autoptr (PktColours) c = pkt_colours_of (s);
  g_assert_cmpuint (c->n, ==, PKT_COLOURS_MAX);
  guint64 off = 0;
  for (int y = 0; y < 64; y++)
    for (int x = 0; x < 64; x++) {
      guint32 rgb = ((const guint32 *)(const void *)(cairo_image_surface_get_data (s)
                                                     + y * cairo_image_surface_get_stride (s)))[x];
      const PktColour *p = &c->palette[c->pixels[y * 64 + x]];
      off += (guint64)(ABS ((int)(rgb >> 16 & 255) - p->r) + ABS ((int)(rgb >> 8 & 255) - p->g)
                       + ABS ((int)(rgb & 255) - p->b));
    }
  g_assert_cmpuint (off / (64 * 64), <, 50); /* of 765; one grey for all would be 192 off */
  cairo_surface_destroy (s);
}

static const struct {
  const char *bytes;
  gsize n;
  const char *says;
} refused[] = {
#define BYTES(s) (s), sizeof (s) - 1
  { BYTES (""), "is no PNG" },
  { BYTES ("<svg xmlns='http://www.w3.org/2000/svg'><script>1</script></svg>"), "is no PNG" },
  { BYTES ("\xff\xd8\xff\xe0 a JPEG, whatever its name says      "), "is no PNG" },
  { BYTES ("\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\1\x86\xa0\0\1\x86\xa0\x08\6\0\0\0\0\0\0\0"),
    "has 100000 x 100000 pixels" },
  { BYTES ("\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\x4e\x20\0\0\x4e\x20\x08\6\0\0\0\0\0\0\0"),
    "has 20000 x 20000 pixels" },
  { BYTES ("\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\0\0\0\0\1\x08\6\0\0\0\0\0\0\0"), "has 0 x 1" },
  { BYTES ("\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\1\0\0\0\1\x08\6\0\0\0\0\0\0\0"),
    "is a broken PNG" },
};

static void
test_refused (gconstpointer data)
{
  gsize i = GPOINTER_TO_SIZE (data);
  g_autoptr (GBytes) bytes = g_bytes_new_static (refused[i].bytes, refused[i].n);
  g_autoptr (GError) error = NULL;
  g_assert_null (pkt_pack_read ("shot.png", bytes, &error));
  g_assert_error (error, PKT_ERROR, PKT_ERROR_DATA);
  g_assert_true (g_str_has_prefix (error->message, "shot.png: "));
  g_assert_nonnull (strstr (error->message, refused[i].says));
}

static gboolean
has_ink (cairo_surface_t *s, int from, int to)
{
  for (int y = from; y < to; y++) {
    const guint32 *row = (const guint32 *)(const void *)(cairo_image_surface_get_data (s)
                                                         + y * cairo_image_surface_get_stride (s));
    for (int x = 0; x < cairo_image_surface_get_width (s); x++)
      if ((row[x] & 0xffffff) < 0x505050)
        return TRUE;
  }
  return FALSE;
}

static void
test_drawing (void)
{
  cairo_surface_t *s = pkt_drawing_of_text (
      "# Soup\n\nParsnip, apple, ginger \xe2\x80\x94 caf\xc3\xa9\n");
  g_assert_cmpint (cairo_image_surface_get_width (s), ==, PKT_DRAWING_WIDTH);
  g_assert_cmpint (cairo_image_surface_get_height (s), <, 200);
  g_assert_true (has_ink (s, 0, 26));
  g_assert_true (has_ink (s, 40, cairo_image_surface_get_height (s)));
  cairo_surface_destroy (s);
  GString *long_text = g_string_new (NULL);
  for (int i = 0; i < 20000; i++)
    g_string_append (long_text, "One more line of a page that never ends\n");
  s = pkt_drawing_of_text (long_text->str);
  int height = cairo_image_surface_get_height (s);
  g_assert_cmpint (height, >, PKT_DRAWING_MAX_HEIGHT);
  g_assert_cmpint (height, <, PKT_DRAWING_MAX_HEIGHT + 40);
  g_assert_true (has_ink (s, PKT_DRAWING_MAX_HEIGHT + 2, height)); /* says that it is cut */
  cairo_surface_destroy (s);
  g_string_free (long_text, TRUE);
}

/* ---- browsers ---- */

/* A shell function, and the first answer there is. */
#define TARGETS                                                                                    \
  "answer() { printf '{\"id\":%d,\"result\":%s}\\0' \"$1\" \"$2\" >&4; }; "                        \
  "answer 1 '{\"targetInfos\":[{\"type\":\"page\",\"targetId\":\"t\"}]}'; "

static const struct {
  const char *name, *script, *says;
} browsers[] = {
  { "ends at once", "exit 0", "ended before" },
  { "fails", "echo no display >&2; exit 1", "ended before" },
  { "hangs", "exec sleep 600", "in time" },
  { "babbles", "printf 'hello\\0' >&4; sleep 600", "DevTools" },
  { "refuses", "printf '{\"id\":1,\"error\":{}}\\0' >&4; sleep 600", "refuses Target.getTargets" },
  { "has no page", "printf '{\"id\":1,\"result\":{}}\\0' >&4; sleep 600", "shows no page" },
  { "opens no session", TARGETS "answer 2 '{}'; sleep 600", "opens no session" },
  { "has no size",
    TARGETS "answer 2 '{\"sessionId\":\"s\"}'; for i in 3 4 5 6; do answer $i '{}'; done; "
            "printf '{\"method\":\"Page.loadEventFired\"}\\0' >&4; answer 7 '{}'; sleep 600",
    "how large the page is" },
  { "never ends a message", "while printf '{\"a\":\"bbbbbbbbbbbbbbbbbbbbbbbbbbbbb'; do :; done >&4",
    "" },
  { "leaves children",
    "sleep 601 & setsid sleep 602 & (setsid sh -c 'sleep 603 & exec sleep 604' &) ; "
    "sleep 605",
    "in time" },
};

static gboolean
runs (const char *word)
{
  g_autoptr (GDir) dir = g_dir_open ("/proc", 0, NULL);
  for (const char *name; dir && (name = g_dir_read_name (dir)) != NULL;) {
    g_autofree char *path = g_build_filename ("/proc", name, "cmdline", NULL), *line = NULL;
    gsize n;
    if (!g_ascii_isdigit (*name) || !g_file_get_contents (path, &line, &n, NULL) || n < 7)
      continue;
    if (strcmp (line, "sleep") == 0 && strcmp (line + 6, word) == 0)
      return TRUE;
  }
  return FALSE;
}

static void
test_browser (gconstpointer data)
{
  gsize i = GPOINTER_TO_SIZE (data);
  g_autofree char *dir = g_dir_make_tmp ("browser-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (dir, "chromium", NULL);
  g_autofree char *script = g_strconcat ("#!/bin/sh\n", browsers[i].script, "\n", NULL);
  g_assert_true (g_file_set_contents (path, script, -1, NULL));
  g_chmod (dir, 0755);
  g_chmod (path, 0755);
  const int widths[] = { 600, 320 };
  PktShot shots[2] = { 0 };
  gboolean offline;
  g_autoptr (GError) error = NULL;
  g_test_timer_start ();
  g_assert_false (pkt_browser_shoot (path, "<p>x", widths, 2, 1, shots, &offline, &error));
  g_assert_cmpfloat (g_test_timer_elapsed (), <, 5);
  g_assert_error (error, PKT_ERROR, PKT_ERROR_UNAVAILABLE);
  if (!strstr (error->message, browsers[i].says))
    g_error ("%s", error->message);
  g_assert_null (shots[0].png);
  for (int k = 600; k < 606; k++) {
    g_autofree char *seconds = g_strdup_printf ("%d", k);
    g_assert_false (runs (seconds));
  }
  g_remove (path);
  g_rmdir (dir);
}

/* A child that was there before is left alone. */
static void
test_other_children (void)
{
  const char *argv[] = { "sleep", "607", NULL };
  GPid pid = 0;
  g_assert_true (g_spawn_async (NULL, (char **)argv, NULL,
                                G_SPAWN_SEARCH_PATH | G_SPAWN_DO_NOT_REAP_CHILD, NULL, NULL, &pid,
                                NULL));
  const int widths[] = { 600 };
  PktShot shot = { 0 };
  gboolean offline;
  g_assert_false (pkt_browser_shoot ("/bin/true", "<p>x", widths, 1, 1, &shot, &offline, NULL));
  g_assert_cmpint (kill (pid, 0), ==, 0);
  g_assert_true (runs ("607"));
  kill (pid, SIGKILL);
  g_spawn_close_pid (pid);
}

static void
test_no_browser (void)
{
  const int widths[] = { 600 };
  PktShot shot = { 0 };
  gboolean offline;
  g_autoptr (GError) error = NULL;
  g_assert_false (
      pkt_browser_shoot ("/no/such/browser", "<p>x", widths, 1, 1, &shot, &offline, &error));
  g_assert_error (error, PKT_ERROR, PKT_ERROR_NOINPUT);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/picture/exact", test_exact);
  g_test_add_func ("/picture/smaller", test_smaller);
  g_test_add_func ("/picture/drawing", test_drawing);
  for (gsize i = 0; i < G_N_ELEMENTS (refused); i++) {
    g_autofree char *name = g_strdup_printf ("/picture/refused/%" G_GSIZE_FORMAT, i);
    g_test_add_data_func (name, GSIZE_TO_POINTER (i), test_refused);
  }
  for (gsize i = 0; i < G_N_ELEMENTS (browsers); i++) {
    g_autofree char *name = g_strdup_printf ("/browser/%s", browsers[i].name);
    g_test_add_data_func (name, GSIZE_TO_POINTER (i), test_browser);
  }
  g_test_add_func ("/browser/other children", test_other_children);
  g_test_add_func ("/browser/none", test_no_browser);
  return g_test_run ();
}
