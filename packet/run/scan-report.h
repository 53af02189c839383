#pragma once
#include <jansson.h>
#include "packet/run/scan.h"
#include "packet/trend/onset.h"

/* What a scan found, as design section 4 lays it down. */

/* Where a report goes, a piece at a time. */
typedef gboolean (*PktScanPut) (const char *bytes, gsize n, GError **error);

/* `scan --json`. FALSE with the error of `put`. */
gboolean pkt_scan_json (const PktScan *scan, const char *zone_name, GTimeZone *zone, PktScanPut put,
                        GError **error);
/* One line of `scan --events`; new reference. Addresses are raw: for the operator. */
json_t *pkt_scan_event_json (const PktEvent *e);
/* For people: one screen of so many columns. Caller frees. */
#define PKT_SCAN_COLUMNS 109      /* where nobody knows how wide the screen is */
#define PKT_SCAN_LEAST_COLUMNS 80 /* there is no table that is less wide */
char *pkt_scan_table (const PktScan *scan, const char *zone_name, GTimeZone *zone, guint columns);

/* A kind of reply and what its cells come to. */
typedef struct {
  const PktReplyKind *kind;
  guint id; /* index + 1, as in PktCellKey */
  gint64 deferred, bounced, host_error;
  gint64 first, last;
  GPtrArray *domains, *ips, *streams, *from; /* const char*, sorted, each once */
} PktReplySum;

/* The onset over all of Apple's traffic; not found where no delivery is known (bounces alone): a
 * rate needs both. */
void pkt_scan_onset (const PktTally *t, PktOnset *out);

/* Bounced ones first, by count, then the others by count; caller unrefs. */
GPtrArray *pkt_scan_replies (const PktTally *t);
