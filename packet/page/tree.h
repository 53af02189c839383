#pragma once
#include <glib.h>
#include "packet/base/xml.h"

/* Parses UTF-8 text with libxml2's HTML parser: no network, no entity loading, bounds of page.h.
 * `flattened` counts elements beyond the depth bound. PKT_ERROR_DATA; the caller frees with
 * xmlFreeDoc(). */
xmlDocPtr pkt_tree_parse (const char *source, const char *utf8, guint *flattened, GError **error);

gboolean pkt_tree_is (const xmlNode *node, const char *name);
/* The value of an attribute; NULL when absent, "" when it has no value. Caller frees (g_free). */
char *pkt_tree_attribute (const xmlNode *node, const char *name);
/* The text of a node and what is in it; caller frees (g_free). */
char *pkt_tree_text (const xmlNode *node);
/* The next node in document order that is not below `node` when `skip`, NULL after the last. */
xmlNode *pkt_tree_next (xmlNode *node, gboolean skip);
