#pragma once
#include "packet/base/slice.h"

/* Mails that a person sent on as attachments of one that is no bounce itself: message/rfc822, and
 * files whose name ends in .eml. */
#define PKT_ATTACHED_MAX 500
#define PKT_ATTACHED_MAX_BYTES (4 << 20) /* of one; a longer one is left out */

/* Gets the bytes of one, decoded; they live until it returns. */
typedef void (*PktAttachedSink) (PktSlice mail, gpointer data);

/* Hands them out in their order, none that is attached to one of them. Returns their number; 0 also
 * of a mail that is nested beyond all reason. */
guint pkt_bounce_attached (PktSlice mail, PktAttachedSink sink, gpointer data);
