#pragma once
#include "packet/dns/dns.h"
#include "packet/model/dkim-key.h"

/* The key at SELECTOR._domainkey.DOMAIN. TXT records there that are no keys (no p=) do not count.
 * FALSE: the answer is still to come. `out` is cleared first; pkt_dkim_key_clear () frees it. */
gboolean pkt_dkim_key_fetch (PktDns *dns, const char *selector, const char *domain,
                             PktDkimKey *out);
