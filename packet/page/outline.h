#pragma once
#include "packet/base/xml.h"
#include "packet/model/page.h"
#include "packet/page/mask.h"

/* Sets `page->outline`, the page as a reader sees it, as text of 76 columns: headings with #,
 * paragraphs, list items with * or numbers, rows of tables with |, [image: alt], links as text [n].
 * What is hidden is left out. UTF-8, LF. Numbers the page's hosts, counts its images, and tells
 * packet/page/notes.h of each link. */
void pkt_outline_take (PktPage *page, xmlNode *root, const PktMask *mask);
