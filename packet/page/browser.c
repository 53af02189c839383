#include "packet/page/browser.h"
#include "packet/base/error.h"
#include "packet/base/hold.h"
#include "packet/base/json.h"
#include "packet/page/browser-run.h"
#include "packet/page/cdp.h"

#define WINDOW 200 /* height before the page's own is known: a short page gets a short picture */
#define MAX_PAGE 20000 /* pixels of a page's width that are believed */

void
pkt_shot_clear (PktShot *shot)
{
  g_clear_pointer (&shot->png, g_bytes_unref);
}

/* An open page to talk to; its session, owned by the caller. */
static char *
attach (PktCdp *c, GError **error)
{
  g_autoptr (json_t) list = pkt_cdp_call (c, NULL, "Target.getTargets", NULL, error);
  const json_t *target;
  gsize i;
  json_array_foreach (list ? json_object_get (list, "targetInfos") : NULL, i, target)
  {
    const char *type = pkt_json_text (target, "type"), *id = pkt_json_text (target, "targetId");
    if (g_strcmp0 (type, "page") != 0 || id == NULL)
      continue;
    g_autoptr (json_t) got = pkt_cdp_call (c, NULL, "Target.attachToTarget",
                                           json_pack ("{s:s, s:b}", "targetId", id, "flatten", 1),
                                           error);
    const char *session = got ? pkt_json_text (got, "sessionId") : NULL;
    if (got && session == NULL)
      g_set_error_literal (error, PKT_ERROR, PKT_ERROR_UNAVAILABLE, "the browser opens no session");
    return g_strdup (session);
  }
  if (list)
    g_set_error_literal (error, PKT_ERROR, PKT_ERROR_UNAVAILABLE, "the browser shows no page");
  return NULL;
}

static gboolean
tell (PktCdp *c, const char *session, const char *method, json_t *params, GError **error)
{
  g_autoptr (json_t) done = pkt_cdp_call (c, session, method, params, error);
  return done != NULL;
}

static gboolean
set_size (PktCdp *c, const char *session, int width, int height, GError **error)
{
  return tell (c, session, "Emulation.setDeviceMetricsOverride",
               json_pack ("{s:i, s:i, s:i, s:b}", "width", width, "height", height,
                          "deviceScaleFactor", 1, "mobile", 0),
               error);
}

/* The page's own size at this width of the window. */
static gboolean
measure (PktCdp *c, const char *session, int *width, int *height, GError **error)
{
  g_autoptr (json_t) m = pkt_cdp_call (c, session, "Page.getLayoutMetrics", NULL, error);
  const json_t *size = m ? json_object_get (m, "cssContentSize") : NULL;
  if (m && size == NULL)
    g_set_error_literal (error, PKT_ERROR, PKT_ERROR_UNAVAILABLE,
                         "the browser does not say how large the page is");
  if (size == NULL)
    return FALSE;
  *width = (int)CLAMP (json_number_value (json_object_get (size, "width")), 1, MAX_PAGE);
  *height = (int)CLAMP (json_number_value (json_object_get (size, "height")), 1, G_MAXINT / 2);
  return TRUE;
}

static GBytes *
capture (PktCdp *c, const char *session, int width, int height, double scale, GError **error)
{
  json_t *clip = json_pack ("{s:i, s:i, s:i, s:i, s:f}", "x", 0, "y", 0, "width", width, "height",
                            height, "scale", scale);
  g_autoptr (json_t) shot = pkt_cdp_call (c, session, "Page.captureScreenshot",
                                          json_pack ("{s:s, s:o}", "format", "png", "clip", clip),
                                          error);
  const char *data = shot ? pkt_json_text (shot, "data") : NULL;
  if (shot && data == NULL)
    g_set_error_literal (error, PKT_ERROR, PKT_ERROR_UNAVAILABLE, "the browser gave no picture");
  if (data == NULL)
    return NULL;
  gsize n;
  guchar *bytes = g_base64_decode (data, &n);
  return g_bytes_new_take (bytes, n);
}

static gboolean
shoot (PktCdp *c, const char *session, const char *url, int width, PktShot *out, GError **error)
{
  int wide, high;
  pkt_cdp_forget (c);
  if (!set_size (c, session, width, WINDOW, error)
      || !tell (c, session, "Page.navigate", json_pack ("{s:s}", "url", url), error)
      || !pkt_cdp_wait (c, "Page.loadEventFired", error)
      || !measure (c, session, &wide, &high, error))
    return FALSE;
  gboolean fits = wide <= width + width / 10; /* a few pixels over are a sloppy margin */
  double scale = fits ? 1.0 : (double)width / wide;
  int shown = fits ? width : wide;
  int cut = (int)MIN ((double)high, PKT_BROWSER_MAX_HEIGHT / scale);
  out->width = width;
  out->height = (int)(high * scale);
  if (!set_size (c, session, shown, cut, error))
    return FALSE;
  out->png = capture (c, session, shown, cut, scale, error);
  return out->png != NULL;
}

static gboolean
shoot_all (PktBrowserRun *run, const int *widths, gsize n, gint64 deadline, PktShot *out,
           gboolean *out_spoke, GError **error)
{
  g_autoptr (PktCdp) c = pkt_cdp_new (run->socket, deadline);
  run->socket = -1;
  g_autofree char *session = attach (c, error);
  g_autofree char *page = g_build_filename (run->folder, "page.html", NULL);
  g_autofree char *url = g_filename_to_uri (page, NULL, error);
  *out_spoke = session != NULL;
  if (session == NULL || url == NULL || !tell (c, session, "Page.enable", NULL, error)
      || !tell (c, session, "Emulation.setScriptExecutionDisabled", json_pack ("{s:b}", "value", 1),
                error))
    return FALSE;
  for (gsize i = 0; i < n; i++)
    if (!shoot (c, session, url, widths[i], &out[i], error))
      return FALSE;
  return TRUE;
}

gboolean
pkt_browser_shoot (const char *program, const char *html, const int *widths, gsize n, guint seconds,
                   PktShot *out, gboolean *out_offline, GError **error)
{
  gint64 deadline = g_get_monotonic_time ()
                    + (gint64)(seconds ? seconds : PKT_BROWSER_SECONDS) * G_USEC_PER_SEC;
  g_autofree char *path = pkt_browser_find (program, error);
  gboolean done = FALSE, spoke = FALSE;
  if (path == NULL)
    return FALSE;
  pkt_hold_begin (); /* the page is a reader's, and lies in a folder of the browser's until it ends
                      */
  for (int way = 0; !done && !spoke && way < PKT_BROWSER_N_WAYS; way++) {
    PktBrowserRun run;
    if (error)
      g_clear_error (error); /* that of the way before */
    done = pkt_browser_start (&run, path, html, (PktBrowserWay)way, error)
           && shoot_all (&run, widths, n, deadline, out, &spoke, error);
    *out_offline = run.offline;
    pkt_browser_stop (&run);
    if (g_get_monotonic_time () >= deadline || pkt_hold_asked ())
      break;
  }
  pkt_hold_end ();
  for (gsize i = 0; !done && i < n; i++)
    pkt_shot_clear (&out[i]);
  return done;
}
