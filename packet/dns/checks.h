#pragma once
#include "packet/dns/dns.h"
#include "packet/model/check.h"

/* Each looks at one thing and adds its rows to `rows` (PktCheck*), at once and all of them. FALSE:
 * answers are still to come, nothing was added, call again. The rules are those of
 * templates/checks.json. */

/* The envelope domain of mail from an IP (RFC 7208). The local part that a macro may ask for is
 * always "postmaster": a real one would tell a recipient to every server on the way. */
gboolean pkt_check_spf (PktDns *dns, const char *ip, const char *domain, const char *helo,
                        GPtrArray *rows);
/* The key that a selector publishes (RFC 6376 3.6, RFC 8463). */
gboolean pkt_check_dkim (PktDns *dns, const char *selector, const char *domain, GPtrArray *rows);
/* The policy for mail From `domain`, by RFC 9989 and by RFC 7489. */
gboolean pkt_check_dmarc (PktDns *dns, const char *domain, GPtrArray *rows);
/* Does what passed at Apple belong to the visible From? By the record that applies to `from`.
 * `spf` (NULL: it did not pass) is the envelope's domain, `dkim` (char*, may be empty) those of the
 * signatures that passed; `subject` names the sample. */
gboolean pkt_check_alignment (PktDns *dns, const char *subject, const char *from, const char *spf,
                              const GPtrArray *dkim, GPtrArray *rows);
/* Names of an IP, whether they lead back to it, and whether HELO (may be NULL) is one of them. */
gboolean pkt_check_reverse (PktDns *dns, const char *ip, const char *helo, GPtrArray *rows);
/* Can mail to the domain be answered: SOA, MX, A, AAAA; MTA-STS, TLS-RPT and BIMI are named. */
gboolean pkt_check_domain (PktDns *dns, const char *domain, GPtrArray *rows);
