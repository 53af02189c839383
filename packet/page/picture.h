#pragma once
#include "packet/base/slice.h"

#define PKT_PICTURE_MAX_SIDE 10000                /* pixels */
#define PKT_PICTURE_MAX_PIXELS (24 * 1000 * 1000) /* four bytes each when shown */

typedef struct {
  const char *type; /* image/png, image/gif, image/jpeg, image/webp; NULL: none of them */
  guint width, height;
} PktPicture;

/* What the bytes are, whatever a name or a server says of them: signature and size of PNG (W3C PNG
 * 5.6, 11.2.2), GIF (89a 17, 18), JPEG (T.81 B.2.2) and WebP (RFC 9649). NULL when a browser may be
 * given it, else why not (static): another format, no size, or a size that fills a memory. */
const char *pkt_picture_look (PktSlice bytes, PktPicture *out);
/* "data:image/png;base64,…"; caller frees. */
char *pkt_picture_data_url (const PktPicture *p, PktSlice bytes);
