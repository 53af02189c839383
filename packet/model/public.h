#pragma once
#include <jansson.h>
#include "packet/base/slice.h"

/* Evidence that may leave. Opaque: only redact/ makes one, and only out of raw evidence; request/
 * and store/ take nothing else. */
typedef struct PktPublic PktPublic;         /* facts and texts for the templates */
typedef struct PktPublicPart PktPublicPart; /* an attachment */

/* Borrowed, as long as the object lives; do not change. */
const json_t *pkt_public_facts (const PktPublic *p);
const char *pkt_public_part_name (const PktPublicPart *p); /* ASCII file name */
const char *
pkt_public_part_type (const PktPublicPart *p); /* "text/plain", "text/csv", "image/png" */
PktSlice pkt_public_part_bytes (const PktPublicPart *p);
