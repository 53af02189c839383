#pragma once
#include <glib.h>

/* X-ICL-INFO and X-ICL-Out-Info: base64 of key=value text under an 8-byte XOR key (facts/apple.md
 * 4.4, found from samples, not documented). The clear text, or NULL when it does not begin with
 * "mr=". Caller frees. */
char *pkt_icl_decode (const char *value);
/* The value of `key` in that text, quoted or not; NULL when absent. Caller frees. */
char *pkt_icl_field (const char *clear, const char *key);
