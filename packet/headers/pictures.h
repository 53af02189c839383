#pragma once
#include "packet/model/sample.h"

#define PKT_PICTURES_MAX 200                      /* of one mail */
#define PKT_PICTURES_MAX_BYTES (16 * 1024 * 1024) /* of all of them, decoded */

struct _GMimePart;

/* Keeps an image part in s->pictures under its Content-ID (RFC 2392) and its Content-Location
 * (RFC 2557); other parts and those over the bounds are left alone. */
void pkt_pictures_take (PktSample *s, struct _GMimePart *part);
