#pragma once
#include <glib.h>
#include "packet/base/slice.h"

/* Whose attempt is it? Decided by the remote host, then by the recipient's domain, never by reply
 * text (facts: log-formats 1.2; design section 4). */
typedef enum {
  PKT_RELAY_APPLE,
  PKT_RELAY_OTHER,   /* another receiver */
  PKT_RELAY_RELAYED, /* Apple's recipient handed to a host that is not Apple's: no attempt, but
                        worth a warning */
  PKT_RELAY_HOP,     /* loopback or a socket: inside one's own machine, counts nowhere */
} PktRelayVerdict;

typedef struct PktRelay PktRelay;

/* Lists may be NULL: more recipient domains and more MX host names (or suffixes with a leading dot)
 * that count as Apple's. */
PktRelay *pkt_relay_new (const char *const *also_domains, const char *const *also_mx);
void pkt_relay_free (PktRelay *r);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PktRelay, pkt_relay_free)

/* host and ip empty: no host was reached. A custom domain whose mail went to Apple's hosts or
 * addresses before is remembered, so that its later tries without a host count too. Corporate mail
 * goes to such addresses as well, and is another receiver's. */
PktRelayVerdict pkt_relay_judge (PktRelay *r, PktSlice recipient, PktSlice host, PktSlice ip);
/* TRUE when the attempt is another receiver's beyond doubt, by a host's name; reads `relay`, a
 * PktRelay, and changes nothing: for any thread. */
gboolean pkt_relay_is_elsewhere (gconstpointer relay, PktSlice recipient, PktSlice host,
                                 PktSlice ip);
/* The same of one whose host nobody tells, … */
gboolean pkt_relay_is_other_domain (gconstpointer relay, PktSlice recipient);
/* … until a domain was found whose mail goes to Apple's hosts. */
gboolean pkt_relay_knows_custom (const PktRelay *r);
/* Hashes of these domains, *n of them, for a later run: caller frees. And what such a run knew. */
guint64 *pkt_relay_custom (const PktRelay *r, gsize *n);
void pkt_relay_know_custom (PktRelay *r, guint64 hash);
/* FALSE when a line, of whatever form, names no domain, host or address of Apple's, and has no
 * backslash behind which one could hide. For any thread. */
gboolean pkt_relay_may_name (gconstpointer relay, PktSlice line);
/* The same of many lines: a byte of the first that may name one; NULL. */
const char *pkt_relay_next_name (gconstpointer relay, PktSlice text);
gboolean pkt_relay_is_apple_host (const PktRelay *r, PktSlice host);
/* "icloud.com" and so on, in any case, also with a final dot, else "custom": what tables call a
 * recipient's domain. Static. */
const char *pkt_relay_domain_class (PktSlice domain);
