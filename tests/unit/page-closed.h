#pragma once
#include <glib.h>
#include <string.h>
#include "packet/base/xml.h"
#include "packet/page/clean.h"
#include "packet/page/policy.h"
#include "packet/page/tree.h"

/* Aborts when a clean page, read again, holds anything that the allow-list does not name. */
static inline void
closed_attribute (const xmlNode *node, const char *name, const char *value)
{
  gboolean src = strcmp (name, "src") == 0;
  if (src) {
    g_assert_true (pkt_tree_is (node, "img"));
    g_assert_true (pkt_policy_image (value));
    return;
  }
  PktAttributeRule rule = pkt_policy_attribute (name);
  g_assert_cmpint (rule, !=, PKT_ATTRIBUTE_DROP);
  g_assert_true (pkt_policy_value (rule, value));
  if (rule == PKT_ATTRIBUTE_STYLE) {
    g_autofree char *lower = g_ascii_strdown (value, -1);
    static const char *const never[] = { "url(", "//", "\\", "expression(", "<", "@" };
    for (gsize i = 0; i < G_N_ELEMENTS (never); i++)
      if (strstr (lower, never[i]))
        g_error ("style holds '%s': %s", never[i], value);
  }
}

static inline void
closed_element (const xmlNode *node)
{
  static const char *const frame[] = { "html", "head", "body", "title", "style", "meta", NULL };
  const char *name = (const char *)node->name;
  if (pkt_policy_element (name) != PKT_ELEMENT_KEEP && !g_strv_contains (frame, name))
    g_error ("element %s in the clean page", name);
  for (const xmlAttr *a = node->properties; a; a = a->next) {
    g_autofree char *value = pkt_tree_attribute (node, (const char *)a->name);
    if (pkt_tree_is (node, "meta"))
      g_assert_true (g_str_equal (value, "utf-8") || g_str_equal (value, PKT_PAGE_CSP)
                     || g_str_equal (value, "Content-Security-Policy"));
    else
      closed_attribute (node, (const char *)a->name, value);
  }
  if (pkt_tree_is (node, "style")) {
    g_autofree char *sheet = pkt_tree_text (node);
    g_assert_null (strstr (sheet, "url("));
    g_assert_null (strstr (sheet, "@import"));
    g_assert_null (strchr (sheet, '<'));
    g_assert_null (strchr (sheet, '\\'));
  }
}

static inline void
page_assert_closed (const char *clean)
{
  g_assert_true (g_utf8_validate (clean, -1, NULL));
  xmlDocPtr doc = htmlReadMemory (clean, (int)strlen (clean), NULL, "UTF-8",
                                  HTML_PARSE_NOERROR | HTML_PARSE_NOWARNING | HTML_PARSE_NONET
                                      | HTML_PARSE_NODEFDTD);
  g_assert_nonnull (doc);
  for (xmlNode *n = doc->children; n; n = pkt_tree_next (n, FALSE)) {
    if (n->type == XML_ELEMENT_NODE)
      closed_element (n);
    g_assert_cmpint (n->type, !=, XML_COMMENT_NODE);
    g_assert_cmpint (n->type, !=, XML_PI_NODE);
  }
  xmlFreeDoc (doc);
}
