#pragma once
#include "packet/run/count.h"
#include "packet/run/scan.h"

/* Adds to the scan's warnings what it could not read or tell, once its tally is made. Of what is
 * said of sources the first few are named: there may be thousands. */
void pkt_scan_warn (PktScan *scan, const PktCounter *counter);
