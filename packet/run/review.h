#pragma once
#include <jansson.h>
#include "packet/store/seal.h"

/* What a person sees of a packet before it is sent: the same in review.html, on the terminal and as
 * JSON, since all of it comes from packet.json and from the files as they lie there. */

/* A file of the packet by its path in it; NULL: not there. New reference. */
typedef GBytes *(*PktReviewFile) (const char *path, gpointer data);

/* Everything that is shown, for templates/review.html and the text; `sealed` NULL where nobody
 * could accept it yet. New reference. */
json_t *pkt_review_view (const json_t *manifest, PktReviewFile file, gpointer data,
                         const PktSealed *sealed);
/* review.html. PKT_ERROR_BUG where the template does not fit. Caller frees. */
char *pkt_review_html (const json_t *view, GError **error);
/* The same for a terminal, `width` columns; with colour where it is wanted. Caller frees. */
char *pkt_review_text (const json_t *view, gsize width, gboolean colour);
/* The same for scripts: pictures as their size and digest. New reference. */
json_t *pkt_review_json (const json_t *view, const PktSealed *sealed);

/* A packet on disk, and the view of it. */
PktSealed *pkt_review_load (const char *packet, json_t **out_view, GError **error);
