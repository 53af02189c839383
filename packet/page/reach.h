#pragma once
#include <glib.h>
#include <sys/socket.h>

/* Which addresses a request may go to. Refused are all that are not global unicast by IANA's
 * special-purpose registries (RFC 6890, RFC 8190), those that lead elsewhere by translation (NAT64,
 * 6to4, Teredo), and Apple's own: nothing of Apple's is ever asked. */
typedef struct PktReach PktReach;

#define PKT_REACH_MIN_BITS4 8 /* a shorter --allow-address would take the guard away */
#define PKT_REACH_MIN_BITS6 7

/* `allowed`: "10.1.0.0/16", "::1", NULL-ended or NULL: ranges of one's own that may be asked all
 * the same, never Apple's and no multicast. PKT_ERROR_USAGE names the one that is no range. */
PktReach *pkt_reach_new (const char *const *allowed, GError **error);
void pkt_reach_free (PktReach *r);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PktReach, pkt_reach_free)

/* NULL when it may be asked, else what it is: "a loopback address". An IPv4 address in IPv6
 * (RFC 4291 2.5.5.2) is judged as the IPv4 address. */
const char *pkt_reach_refuses (const PktReach *r, const struct sockaddr *address);
/* "192.0.2.1", "2001:db8::1", without a port; caller frees. */
char *pkt_reach_text (const struct sockaddr *address);
