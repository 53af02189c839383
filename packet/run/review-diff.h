#pragma once
#include <glib.h>

#define PKT_DIFF_MAX_LINES 4000 /* of one side of a part */

/* What was replaced in a packet, before and after: for the sender's eyes, on this machine only.
 * What a mark stands for comes from the map beside the key (redact/map.h), a sample's header from
 * the mail itself. `raw` FALSE: the side before is left out. `names`: parts to show, NULL-ended, or
 * NULL for all. With colour where it is wanted. Caller frees.
 * PKT_ERROR_NOINPUT where this machine has no map or record of the packet, or a name is no part. */
char *pkt_review_diff (const char *packet, const char *const *names, gboolean raw, gboolean colour,
                       GError **error);

/* Lines of `before` and `after` as "- …", "+ …" and, around them, "  …"; "" when they are the same.
 * Caller frees. */
char *pkt_diff_lines (const char *before, const char *after, gboolean raw, gboolean colour);
