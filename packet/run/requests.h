#pragma once
#include <jansson.h>
#include "packet/model/page.h"

/* What was asked for a page, and what it would have shown and does not: for the sender, to prove
 * that no tracker, click or unsubscribe link was touched. `neutral`: why a URL that looks personal
 * was asked all the same, or NULL. */

/* Two tables; caller frees. */
char *pkt_requests_text (const PktPage *page, const char *neutral);
/* Sets "requests" [{kind, url, address, status, bytes, result}], "missing" [{kind, host, why,
 * count}], "pictures" (shown) and "url_is_neutral" (the reason, or null). */
void pkt_requests_json (const PktPage *page, const char *neutral, json_t *out);
/* The same with the page's "source" before it: a file's name without its folder, or the URL that
 * was asked. New reference. */
json_t *pkt_requests_page (const PktPage *page, const char *neutral);
