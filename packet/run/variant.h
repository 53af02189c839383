#pragma once
#include "packet/run/evidence.h"

/* Which text the request is made from: by the stream's mail where Apple refuses for good, else by
 * what the evidence shows. */

#define PKT_DEFERRAL_HOURS 24   /* answers that put off are no matter for a desk before */
#define PKT_CONNECTION_HOURS 48 /* nor are connections that fail */
#define PKT_TRIES_LEAST 20      /* fewer count only where they are all there is */

/* Sets e->variant, and for deferral and connection the start and the groups that lead. Call it
 * with the groups made. PKT_ERROR_DATA where $.request.template says what the stream is not. */
gboolean pkt_variant_choose (PktEvidence *e, GError **error);
/* Findings: what helps before Apple is asked, and what its desk asks first. */
void pkt_variant_find (PktEvidence *e);
const char *pkt_variant_word (PktVariant variant); /* "marketing" … */
/* Counts tries instead of final answers. */
gboolean pkt_variant_counts_tries (PktVariant variant);
/* In the stream, or a host's failure that was logged without the message that it was for. */
gboolean pkt_variant_in_stream (const PktEvidence *e, const PktEvent *event);

typedef struct {
  gint64 tries, failed, accepted;
} PktTries;
/* Of the stream at Apple, attempt by attempt; half open. */
PktTries pkt_variant_count (const PktEvidence *e, gint64 from, gint64 to);
