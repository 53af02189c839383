#pragma once
#include <jansson.h>

/* Sets `special` of a view: what only one variant of the request says, in words; null of marketing.
 * `rows` and `replies` of these variants are written here, too, where they count tries. */
void pkt_view_special (json_t *view, const json_t *facts);
/* "deferred [HCM1]", "no answer", "refused [CS02]" of a transaction's short name. Caller frees. */
char *pkt_view_fate (const char *short_name);
/* "mx01.mail.icloud.com [17.57.156.30]" of a transaction, as far as its log tells: exports of
 * sending services mostly name no host, qmail no name. Caller frees. */
char *pkt_view_place (const json_t *transaction);
