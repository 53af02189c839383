#pragma once
#include <jansson.h>
#include "packet/model/sample.h"

/* What a sample proves, for the operator: raw, never for a message. Keys, absent values null: path,
 * at_apple, allow_listed, received (RFC 3339), apple_host, apple_queue_id, client_ip, helo, ptr,
 * tls, from_domain, return_path_domain, message_id, auth {spf, dkim [], dmarc, arc, bimi; each
 * {result, domain, key_bits}}, dkim [{d, s}], folder, unsubscribe, one_click, from_fields (how
 * many). New reference. */
json_t *pkt_delivered_facts (const PktSample *s);
/* The same as aligned lines for people, with plain warnings where it proves nothing. Caller frees.
 */
char *pkt_delivered_table (const PktSample *s);
