#include "packet/run/screen.h"
#include <string.h>
#include "packet/base/error.h"
#include "packet/base/text.h"
#include "packet/page/browser-run.h"
#include "packet/page/browser.h"
#include "packet/page/drawing.h"
#include "packet/page/pack.h"

#define WIDE 600
#define PHONE 320

G_DEFINE_AUTOPTR_CLEANUP_FUNC (cairo_surface_t, cairo_surface_destroy)

void
pkt_screen_free (PktScreen *s)
{
  g_clear_pointer (&s->wide, g_bytes_unref);
  g_clear_pointer (&s->phone, g_bytes_unref);
  g_free (s->alt);
  g_free (s->note);
  g_free (s);
}

PktScreen *
pkt_screen_of_file (const char *name, GBytes *png, GError **error)
{
  g_autoptr (cairo_surface_t) picture = pkt_pack_read (name, png, error);
  if (picture == NULL)
    return NULL;
  GBytes *packed = pkt_pack_picture (picture, NULL);
  if (packed == NULL) {
    g_set_error (error, PKT_ERROR, PKT_ERROR_DATA,
                 "%s: is more than %d kB however small it is made; cut it to the part that matters",
                 name, PKT_PACK_MAX_BYTES / 1000);
    return NULL;
  }
  PktScreen *s = g_new0 (PktScreen, 1);
  s->kind = PKT_SCREEN_OWN;
  s->wide = packed;
  s->alt = g_strdup ("the sender's own screenshot of the campaign");
  return s;
}

static char *
cut_note (const PktShot *shot)
{
  if (shot->height <= PKT_BROWSER_MAX_HEIGHT)
    return NULL;
  g_autofree char *shown = pkt_text_count (PKT_BROWSER_MAX_HEIGHT);
  g_autofree char *all = pkt_text_count (shot->height);
  return g_strdup_printf ("Cut here: %s of the page's %s pixels are shown.", shown, all);
}

/* What the browser gave must be a picture of the size asked for. */
static GBytes *
finish (const PktShot *shot, GError **error)
{
  g_autoptr (cairo_surface_t) picture = pkt_pack_read ("the browser's picture", shot->png, error);
  if (picture == NULL)
    return NULL;
  int width = cairo_image_surface_get_width (picture);
  int height = cairo_image_surface_get_height (picture);
  int due = MIN (shot->height, PKT_BROWSER_MAX_HEIGHT);
  if (ABS (width - shot->width) > 1 || ABS (height - due) > 2) {
    g_set_error (error, PKT_ERROR, PKT_ERROR_UNAVAILABLE,
                 "the browser's picture has %d x %d pixels instead of %d x %d", width, height,
                 shot->width, due);
    return NULL;
  }
  g_autofree char *note = cut_note (shot);
  g_autoptr (cairo_surface_t) noted = note ? pkt_drawing_with_note (picture, note) : NULL;
  return pkt_pack_picture (noted ? noted : picture, error);
}

static PktScreen *
by_browser (const char *program, const char *html, GError **error)
{
  static const int widths[] = { WIDE, PHONE };
  PktShot shots[G_N_ELEMENTS (widths)] = { 0 };
  gboolean offline = FALSE;
  if (!pkt_browser_shoot (program, html, widths, G_N_ELEMENTS (widths), 0, shots, &offline, error))
    return NULL;
  PktScreen *s = g_new0 (PktScreen, 1);
  s->kind = PKT_SCREEN_BROWSER;
  s->wide = finish (&shots[0], error);
  s->phone = s->wide ? finish (&shots[1], error) : NULL;
  s->note = cut_note (&shots[0]);
  s->alt = g_strdup_printf (
      "screenshot of the campaign page, %d pixels wide, rendered %s%s%s", WIDE,
      offline ? "without a network" : "with nothing to fetch and no name to resolve",
      s->note ? ". " : "", s->note ? s->note : "");
  for (gsize i = 0; i < G_N_ELEMENTS (widths); i++)
    pkt_shot_clear (&shots[i]);
  if (s->phone)
    return s;
  pkt_screen_free (s);
  return NULL;
}

static PktScreen *
drawn (const char *outline, char *why_taken, GError **error)
{
  g_autofree char *why = why_taken;
  g_autoptr (cairo_surface_t) picture = pkt_drawing_of_text (outline);
  GBytes *packed = pkt_pack_picture (picture, error);
  if (packed == NULL)
    return NULL;
  PktScreen *s = g_new0 (PktScreen, 1);
  s->kind = PKT_SCREEN_DRAWN;
  s->wide = packed;
  s->alt = g_strdup ("the text of the campaign page, drawn without a browser: no screenshot");
  s->note = g_steal_pointer (&why);
  return s;
}

/* The page as the redactor leaves it, if the verifier finds nothing in it; else why not. */
static char *
public_page (const char *clean_html, PktRedactor *r, PktVerifier *v, char **out_why)
{
  g_autofree char *html = pkt_redact_closed_page (r, pkt_slice_str (clean_html));
  g_autoptr (GPtrArray) leaks = pkt_verify_bytes (v, "campaign.html", "text/html", html,
                                                  strlen (html));
  if (leaks->len == 0)
    return g_steal_pointer (&html);
  *out_why = g_strdup_printf ("the page may hold what is a reader's where it cannot be replaced "
                              "(rule %s)",
                              ((const PktLeak *)g_ptr_array_index (leaks, 0))->rule);
  return NULL;
}

PktScreen *
pkt_screen_of_page (const char *clean_html, const char *outline, const char *browser,
                    PktRedactor *r, PktVerifier *v, GError **error)
{
  const char *name = browser ? browser : g_getenv ("POSTPACKET_BROWSER");
  char *why = NULL;
  if (browser && !g_str_equal (browser, PKT_SCREEN_NONE)) {
    g_autofree char *program = pkt_browser_find (browser, error);
    if (program == NULL)
      return NULL;
  }
  if (g_strcmp0 (name, PKT_SCREEN_NONE) == 0)
    return drawn (outline, g_strdup ("no browser was to be run"), error);
  g_autofree char *html = public_page (clean_html, r, v, &why);
  if (html == NULL)
    return drawn (outline, why, error);
  g_autoptr (GError) failed = NULL;
  PktScreen *s = by_browser (name && *name ? name : NULL, html, &failed);
  return s ? s : drawn (outline, g_strdup (failed->message), error);
}
