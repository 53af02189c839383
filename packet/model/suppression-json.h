#pragma once
#include "packet/base/slice.h"

/* Suppression lists as the programs of sending services give them out: an array of objects, one
 * within an object ("items", "SuppressedDestinationSummaries"), or an object a line. Used inside
 * packet/model only. */
#define PKT_SUPPRESSION_MAX_JSON (64 << 20) /* bytes: it is parsed whole */

/* It begins as JSON does. */
gboolean pkt_suppression_is_json (PktSlice begin);
/* CSV of address,reason,date without a header, a line for each object that names an address in a
 * column of suppression-row.h; `path` is what messages name. NULL with error where it is no JSON.
 */
GString *pkt_suppression_of_json (PktSlice json, const char *path, GError **error);
