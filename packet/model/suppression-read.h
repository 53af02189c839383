#pragma once
#include "packet/model/csv.h"
#include "packet/model/suppression.h"

#define PKT_SUPPRESSION_MAX_ADDRESSES 2000000 /* kept as needles; more are counted only */
#define PKT_SUPPRESSION_MAX_COUNTS 10000      /* pairs of reason and day; more are "(other)" */
#define PKT_SUPPRESSION_MAX_REASON 100        /* characters */

/* As pkt_suppression_load(), from any source; `path` is what messages name. */
PktSuppression *pkt_suppression_read (const char *path, PktCsvRead read, gpointer source,
                                      PktSuppressionVisit visit, gpointer data, GError **error);
