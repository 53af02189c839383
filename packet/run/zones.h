#pragma once
#include "packet/run/scan.h"

/* One server's mail in two logs, of which one is read in a wrong zone: it is counted twice. */
typedef struct {
  guint n;                 /* deliveries that stand in both */
  gint64 apart;            /* microseconds, of the first that was met */
  const char *one, *other; /* paths of the logs that it stands in, the scan's */
} PktZonesApart;

/* Only where a log writes no zone, and of final answers: a queue gives a message to a recipient
 * once. */
void pkt_zones_look (const PktScan *scan, PktZonesApart *out);
