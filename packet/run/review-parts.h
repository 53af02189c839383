#pragma once
#include "packet/request/message-read.h"
#include "packet/run/review.h"

/* Files as they are shown: [{name, size, type, why, text, table, data, alt, digest}]; one of text,
 * table and data (base64 of a PNG) is there, `why` says what is not shown. New references. */

/* What goes out: of the message where there is one, else the parts as the manifest lists them. */
json_t *pkt_review_attachments (const json_t *manifest, const PktReadMessage *m, PktReviewFile file,
                                gpointer data);
/* Parts that stay here. */
json_t *pkt_review_kept (const json_t *manifest, const PktReadMessage *m, PktReviewFile file,
                         gpointer data);
