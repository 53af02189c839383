#pragma once
#include "packet/dns/dns.h"

#define PKT_RESOLVER_TIMEOUT 3000 /* ms of the first try; the second has twice that */

/* Asks real servers, by c-ares. One channel per server, so that it is known who answered; the next
 * server is asked where one is silent, refuses or fails. UDP first, TCP where an answer is
 * truncated. */
typedef struct PktResolver PktResolver;

/* `servers`: "192.0.2.53", "192.0.2.53:5353", "[2001:db8::53]:5353", NULL-ended; NULL or empty: the
 * system's. PKT_ERROR_USAGE names the one that is no address; PKT_ERROR_UNAVAILABLE. Nothing is
 * sent before a question is asked of pkt_resolver_dns (). */
PktResolver *pkt_resolver_new (const char *const *servers, guint timeout_ms, GError **error);
void pkt_resolver_free (PktResolver *r); /* its PktDns too */
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PktResolver, pkt_resolver_free)

PktDns *pkt_resolver_dns (PktResolver *r);
/* Sends what was asked since, and waits until some answers came; FALSE when no question is open. */
gboolean pkt_resolver_wait (PktResolver *r);
/* Queries sent so far, to whichever server. */
guint pkt_resolver_sent (const PktResolver *r);
