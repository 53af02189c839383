#pragma once
#include "packet/base/slice.h"

#define PKT_PNG_MAX_PIXELS (64 * 1024 * 1024)

/* Where a PNG could carry more than its picture: "png-chunk" (text, EXIF, anything that is no
 * picture), "png-trailer" (bytes behind the end, of the file or of its pixel data), "png-broken"
 * (structure, CRC). NULL when it is only a picture; *offset gets the place. PNG specification 1.2.
 */
const char *pkt_png_check (PktSlice bytes, guint64 *offset);
