#pragma once
#include "packet/base/cairo.h"

#define PKT_DRAWING_WIDTH 600
#define PKT_DRAWING_MAX_HEIGHT 4000

/* The outline as a plain picture, for where no browser is: it says itself that it is no screenshot.
 * A longer one is cut, and says that too. The caller destroys the surface. */
cairo_surface_t *pkt_drawing_of_text (const char *outline);
/* The picture with a band below it that holds `note`; `from` stays the caller's. */
cairo_surface_t *pkt_drawing_with_note (cairo_surface_t *from, const char *note);
