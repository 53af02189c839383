#pragma once
#include <glib.h>
#include "packet/base/slice.h"

#define PKT_CSS_MAX_VALUE 300
#define PKT_CSS_MAX_SELECTOR 1000

/* Properties and values by allow-list: no url(), no escapes, no at-rule but @media. Text that was
 * allowed is appended, with nothing in it that needs more escaping than an attribute does. The
 * result is the number of declarations and rules left out. */
guint pkt_css_declarations (const char *style, GString *out);
guint pkt_css_sheet (const char *sheet, GString *out);

/* What a style says of being seen; what it does not say stays as it was. */
typedef struct {
  gboolean gone;      /* display: none, or no height with the overflow hidden */
  gboolean invisible; /* visibility: hidden; inherited, may be undone */
  gboolean no_size;   /* font-size: 0; inherited, may be undone */
  int width, height;  /* pixels; -1 not said */
  gboolean unseen;    /* shown where nobody sees it: no opacity, no room, far off the page */
} PktCssSight;

void pkt_css_sight (const char *style, PktCssSight *sight);

/* Adds the selectors (".a", "#b", "img", "td.a"; char*, owned by the set) of the rules that hide
 * what they name, or make it one pixel; those in @media are left out. */
void pkt_css_hiding (const char *sheet, GHashTable *selectors);

/* Calls `found` with each url(…) and @import target. */
void pkt_css_urls (const char *css, void (*found) (gpointer data, PktSlice url), gpointer data);
