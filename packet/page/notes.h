#pragma once
#include "packet/base/xml.h"
#include "packet/model/page.h"
#include "packet/page/mask.h"

/* Plain facts about a page: what is there and what is not, nothing weighed. */

#define PKT_NOTES_MAX_TEXT 200 /* characters of a preheader, an address, a link's text */

/* Of a link that a reader sees: does it unsubscribe, does its text name another domain's host?
 * `text` is masked; `address` is the link's. */
void pkt_notes_link (PktPage *page, PktLinkHost *host, const char *text, const char *address);
/* The same of a plain text: a line that says so, and an address in it or in the next. */
gboolean pkt_notes_text_leaves (const char *text);
/* Preheader, postal address, words and links without a host, once the outline is there. */
void pkt_notes_take (PktPage *page, xmlNode *root, const PktMask *mask);
