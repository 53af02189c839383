#pragma once
#include <glib.h>

/* An IP address; one that maps IPv4 into IPv6 (::ffff:192.0.2.1) is kept as IPv4. */
typedef struct {
  gboolean six;
  guint8 bytes[16]; /* the first four for IPv4 */
} PktIp;

gboolean pkt_ip_parse (const char *text, PktIp *out);
/* The same family, and alike in the first `bits` bits. */
gboolean pkt_ip_within (const PktIp *ip, const PktIp *network, guint bits);
char *pkt_ip_text (const PktIp *ip); /* caller frees */
/* "1.2.0.192", or 32 nibbles, the last one first (RFC 3596 2.5); as blocklists want them too.
 * Caller frees. */
char *pkt_ip_reversed (const PktIp *ip);
/* "1.2.0.192.in-addr.arpa"; caller frees. */
char *pkt_ip_reverse_name (const PktIp *ip);
