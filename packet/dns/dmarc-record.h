#pragma once
#include "packet/dns/dmarc.h"

/* The one record at _dmarc.DOMAIN. Texts that do not begin with v=DMARC1 are discarded, several
 * that do discard each other (RFC 9989 4.10). NULL: none; *out_several and *out_stray (a text that
 * looks meant as one; caller frees) tell why. */
PktDmarcRecord *pkt_dmarc_record_pick (const PktDnsAnswer *a, const char *domain,
                                       gboolean *out_several, char **out_stray);
void pkt_dmarc_record_free (gpointer record);
