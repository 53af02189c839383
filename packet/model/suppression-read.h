#pragma once
#include "packet/model/csv.h"
#include "packet/model/suppression.h"

#define PKT_SUPPRESSION_MAX_ROWS 16000000 /* known when they come again; more count twice */
#define PKT_SUPPRESSION_MAX_COUNTS 10000  /* pairs of reason and day; more are "(other)" */
#define PKT_SUPPRESSION_MAX_REASON 100    /* characters */

/* As pkt_suppression_load(), from any source; `path` is what messages name. */
PktSuppression *pkt_suppression_read (const char *path, PktCsvRead read, gpointer source,
                                      const PktSuppressionHooks *hooks, GError **error);
