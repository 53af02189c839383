#pragma once
#include "packet/base/cairo.h"
#include <glib.h>

#define PKT_COLOURS_MAX 256

typedef struct {
  guint8 r, g, b;
} PktColour;

/* A picture of at most 256 colours. */
typedef struct {
  int width, height;
  guint n;
  PktColour palette[PKT_COLOURS_MAX]; /* sorted, so that the same pixels give the same table */
  guint8 *pixels;                     /* width x height, row by row */
} PktColours;

/* Its own colours where they are few, else the middle of boxes that hold as many pixels each
 * (median cut). `surface` is RGB24; NULL where it is broken. */
PktColours *pkt_colours_of (cairo_surface_t *surface);
void pkt_colours_free (PktColours *c);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PktColours, pkt_colours_free)
