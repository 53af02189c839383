#pragma once
#include "packet/base/xml.h"
#include "packet/page/mask.h"

/* Texts in one line of the page that only together hold what is a person's: "+44 <b>20</b> 7946 …",
 * "Zebu<i>lon</i>", or with letters between that nobody sees. xmlNode* (borrowed) -> what the text
 * is to be instead: the first has all of the line, the others "". The caller frees the table. */
GHashTable *pkt_lines_masked (xmlNode *root, const PktMask *mask);
