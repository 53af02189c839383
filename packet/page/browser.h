#pragma once
#include <glib.h>

#define PKT_BROWSER_SECONDS 20      /* for all pictures of a page */
#define PKT_BROWSER_MAX_HEIGHT 4000 /* pixels of a picture; a longer page is cut there */

/* A picture of a page. */
typedef struct {
  GBytes *png; /* as the browser made it: checked and packed by packet/page/pack.h */
  int width;   /* asked for */
  int height;  /* of the page, before the cut */
} PktShot;

void pkt_shot_clear (PktShot *shot);

/* Pictures of a closed page (packet/page/clean.h), one for each width, made by one run of Chromium
 * with scripts switched off. `program` NULL: found by name; `seconds` 0: PKT_BROWSER_SECONDS.
 * A page that is much wider than the width is made smaller, as phones do. Sets `out_offline` where
 * the browser ran without a network at all. PKT_ERROR_NOINPUT, UNAVAILABLE or IO; the caller clears
 * the shots. */
gboolean pkt_browser_shoot (const char *program, const char *html, const int *widths, gsize n,
                            guint seconds, PktShot *out, gboolean *out_offline, GError **error);
