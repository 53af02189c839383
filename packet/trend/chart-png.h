#pragma once
#include "packet/base/cairo.h"
#include <glib.h>

/* A PNG with a palette (PNG specification, colour type 3) of an RGB24 surface: a third of the bytes
 * that cairo makes of a drawing with few colours. Near colours fall together where there are more
 * than 256. */
GBytes *chart_png (cairo_surface_t *surface);
