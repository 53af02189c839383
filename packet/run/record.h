#pragma once
#include <jansson.h>
#include "packet/run/build.h"
#include "packet/run/inputs.h"
#include "packet/store/seal.h"

/* What a build was made from, kept beside the case's key and map and not in the packet: the packet
 * is the same wherever it is built, and names no folder of this machine.
 *
 * packet-ID.json, 0600: {"version": 1, "packet": absolute path, "case", "folder": where the command
 * was started, "argv": [its words], "inputs": as in store/seal.h, "samples": [those of
 * delivered-headers.txt, absolute paths in their order]}. */

#define PKT_RECORD_MAX (2 * PKT_SEAL_MAX_BYTES) /* which holds the same inputs */

/* PKT_ERROR_CONFIG when there is no place for it, IO. */
gboolean pkt_record_save (const char *id, const PktInputs *in, const PktBuildOptions *o,
                          const char *output, GError **error);
/* By a packet's own manifest; new reference. PKT_ERROR_NOINPUT when none was written on this
 * machine, DATA when it is damaged. */
json_t *pkt_record_load (const json_t *manifest, GError **error);
/* Packets that may be about the same as `packet`: those beside it and those that were built here,
 * absolute paths, sorted, without itself. char*, NULL-ended; caller unrefs. */
GPtrArray *pkt_record_others (const char *packet);
