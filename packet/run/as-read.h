#pragma once
#include <jansson.h>
#include "packet/run/scan.h"

/* The logs of an earlier reading again: what they have grown by since is left out. Rows are
 * PktInputs.files. */

/* PKT_ERROR_SEAL where an input is not what it was. NULL is well. */
gboolean pkt_as_read_check (const json_t *rows, GError **error);
/* Replaces paths (char*, NULL-ended) by the files that were read then, a log that grew by its part
 * (log/part.h). */
gboolean pkt_as_read_paths (const json_t *rows, GPtrArray **paths, GError **error);
/* The rows by their files, to look up many; both borrow. Caller unrefs. */
GHashTable *pkt_as_read_index (const json_t *rows);
/* The row of a source; NULL. */
json_t *pkt_as_read_row (GHashTable *index, const char *path);
