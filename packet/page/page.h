#pragma once
#include <glib.h>
#include "packet/base/slice.h"
#include "packet/model/page.h"

#define PKT_PAGE_MAX_BYTES (2 * 1024 * 1024)
#define PKT_PAGE_MAX_DEPTH 256      /* deeper elements are taken as if they stood at this depth */
#define PKT_PAGE_MAX_OPEN 2048      /* open elements: the parser's work per end tag */
#define PKT_PAGE_MAX_NODES 200000   /* elements */
#define PKT_PAGE_MAX_ATTRIBUTES 256 /* of one tag: the parser compares each with each */
#define PKT_PAGE_MAX_NAMES 64
#define PKT_PAGE_WIDTH 76 /* columns of the outline */

/* Reads an HTML page without touching any network, and makes of it a closed page, a text outline
 * and the hosts that it points to. `source` is for messages and copied. `charset` is that of a
 * header, or NULL: a byte order mark, meta element or the bytes tell (base/charset.h). `names`
 * (char*, or NULL) are recipients' names: they become [name], merge fields [field]. The caller owns
 * the page. PKT_ERROR_DATA when the page is empty or over a bound above. */
PktPage *pkt_page_read (const char *source, PktSlice html, const char *charset,
                        const GPtrArray *names, GError **error);
