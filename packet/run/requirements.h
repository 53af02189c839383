#pragma once
#include <jansson.h>
#include "packet/run/evidence.h"

#define PKT_REQUIREMENTS 13

/* The points of Apple's page, in its order, as [{number, requirement, state, where}]: proven,
 * stated, contradicted or unknown, and by what. New reference. */
json_t *pkt_requirements_json (const PktEvidence *e);
/* "12 of 13 shown, missing: ARC on forwarded mail": shown is proven or stated. Caller frees. */
char *pkt_requirements_line (const json_t *requirements);
