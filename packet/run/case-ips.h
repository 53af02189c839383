#pragma once
#include "packet/model/case.h"
#include "packet/run/scan.h"

/* Which mail left by which IP where neither log nor user says so, by what a case tells of its IPs:
 * all by the only one it lists; or, of several that each have a HELO of its own, by that of the
 * host that wrote the line, mta1 for mta1.example.com. */
typedef struct PktCaseIps PktCaseIps;

/* NULL: it tells nothing, or the user says something. Borrows the case. */
PktCaseIps *pkt_case_ips_new (const PktCase *c, const PktScanOptions *given);
void pkt_case_ips_free (PktCaseIps *ips);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PktCaseIps, pkt_case_ips_free)

/* For a scan; it holds what it adds. `ips` may be NULL here and below. */
void pkt_case_ips_tell (const PktCaseIps *ips, PktScanOptions *o);
/* After it: no log and no answer of Apple's tells another IP, and each of several was found by its
 * host (one that stands behind another host's mail is no host's). FALSE: the scan is not to be
 * used. */
gboolean pkt_case_ips_hold (const PktCaseIps *ips, const PktScan *scan);
/* Then, what was taken for granted, as one of its warnings. */
void pkt_case_ips_warn (const PktCaseIps *ips, PktScan *scan);
