#pragma once
#include "packet/redact/key.h"
#include "packet/run/build.h"
#include "packet/run/inputs.h"
#include "packet/store/folder.h"

/* The packet, the map of its marks and the record of its inputs: all of them, or no packet. */

/* Whether there is a place for them, asked before anybody else is; and the key of the marks.
 * PKT_ERROR_EXISTS, PKT_ERROR_CONFIG. */
gboolean pkt_commit_ready (const char *case_name, const PktBuildOptions *o, const char *output,
                           guint8 key[PKT_KEY_BYTES], GError **error);
/* PKT_ERROR_IO and the above. */
gboolean pkt_commit (PktFolder *folder, const PktInputs *in, const PktBuildOptions *o,
                     const char *id, const json_t *map, const char *output, GError **error);
