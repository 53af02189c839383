#pragma once
#include "packet/dns/answer.h"

#define PKT_DNS_MAX_ALIASES 16 /* CNAMEs followed from one name */

/* Reads a reply (RFC 1035 4.1) into `answer`: status, the CNAMEs from the name asked for, and the
 * records of answer->type at their end. Records of other names are left out, whatever their type.
 * Never fails: what cannot be read is PKT_DNS_MALFORMED with a problem. TRUE where the last alias
 * still has to be asked for: the server followed it no further. */
gboolean pkt_dns_message_read (PktDnsAnswer *answer, const guint8 *bytes, gsize n);
