#pragma once
#include <glib.h>
#include <libxml/tree.h>
#include "packet/page/mask.h"

/* The page as a reader sees it, as text of 76 columns: title, headings with #, paragraphs, list
 * items with * or numbers, rows of tables with |, [image: alt], links as text [n] and below a table
 * of the hosts that the numbers stand for. What is hidden is left out. UTF-8, LF; caller frees. */
char *pkt_outline_text (xmlNode *root, const char *title, const PktMask *mask);
