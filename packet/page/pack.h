#pragma once
#include "packet/base/cairo.h"
#include <glib.h>

#define PKT_PACK_MAX_PIXELS (16 * 1000 * 1000)
#define PKT_PACK_MAX_SIDE 20000
#define PKT_PACK_MAX_WIDTH 1200         /* wider ones are made smaller */
#define PKT_PACK_MAX_BYTES (300 * 1000) /* of a packed picture */

/* Reads a PNG: its size is looked at before anything is unpacked. PKT_ERROR_DATA, with `name` in
 * front, where it is none, is broken or over a bound. The caller destroys the surface. */
cairo_surface_t *pkt_pack_read (const char *name, GBytes *png, GError **error);
/* A PNG of at most 256 colours and PKT_PACK_MAX_BYTES, with no chunk but IHDR, PLTE, IDAT, IEND:
 * the picture is made smaller as far as that needs. The same pixels give the same bytes.
 * PKT_ERROR_IO; the caller unrefs. */
GBytes *pkt_pack_picture (cairo_surface_t *surface, GError **error);
