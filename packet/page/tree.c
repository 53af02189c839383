#include "packet/page/tree.h"
#include <string.h>
#include "packet/base/error.h"
#include "packet/base/xml.h"
#include "packet/page/guard.h"
#include "packet/page/page.h"

typedef struct {
  guint depth, elements, flattened;
  gboolean too_deep, too_many;
} Bounds;

/* libxml2 keeps a stack of open names of its own, so leaving out the tree's node is enough to
 * flatten: text goes to the node that is open. */
static void
start_element (void *user, const xmlChar *name, const xmlChar **attributes)
{
  xmlParserCtxtPtr ctxt = user;
  Bounds *b = ctxt->_private;
  b->depth++;
  b->elements++;
  b->too_deep |= b->depth > PKT_PAGE_MAX_OPEN;
  b->too_many |= b->elements > PKT_PAGE_MAX_NODES;
  if (b->too_deep || b->too_many)
    xmlStopParser (ctxt);
  else if (b->depth > PKT_PAGE_MAX_DEPTH)
    b->flattened++;
  else
    xmlSAX2StartElement (user, name, attributes);
}

static void
end_element (void *user, const xmlChar *name)
{
  Bounds *b = ((xmlParserCtxtPtr)user)->_private;
  if (b->depth <= PKT_PAGE_MAX_DEPTH && !b->too_deep && !b->too_many)
    xmlSAX2EndElement (user, name);
  b->depth -= b->depth > 0;
}

static gboolean
refuse (const char *source, const char *what, int bound, GError **error)
{
  g_set_error (error, PKT_ERROR, PKT_ERROR_DATA,
               "%s: the page has more than %d %s; no mail program shows that, save the page again",
               source, bound, what);
  return FALSE;
}

static gboolean
within (const Bounds *b, const char *source, GError **error)
{
  if (b->too_deep)
    return refuse (source, "elements open at once", PKT_PAGE_MAX_OPEN, error);
  if (b->too_many)
    return refuse (source, "elements", PKT_PAGE_MAX_NODES, error);
  return TRUE;
}

xmlDocPtr
pkt_tree_parse (const char *source, const char *utf8, guint *flattened, GError **error)
{
  if (!pkt_guard_attributes (pkt_slice_str (utf8), PKT_PAGE_MAX_ATTRIBUTES)) {
    refuse (source, "attributes in one tag", PKT_PAGE_MAX_ATTRIBUTES, error);
    return NULL;
  }
  Bounds bounds = { 0 };
  htmlParserCtxtPtr ctxt = htmlNewParserCtxt ();
  ctxt->_private = &bounds;
  ctxt->sax->startElement = start_element;
  ctxt->sax->endElement = end_element;
  xmlDocPtr doc = htmlCtxtReadMemory (ctxt, utf8, (int)strlen (utf8), NULL, "UTF-8",
                                      HTML_PARSE_RECOVER | HTML_PARSE_NOERROR | HTML_PARSE_NOWARNING
                                          | HTML_PARSE_NONET | HTML_PARSE_NODEFDTD
                                          | HTML_PARSE_IGNORE_ENC);
  htmlFreeParserCtxt (ctxt);
  *flattened = bounds.flattened;
  if (within (&bounds, source, error) && doc)
    return doc;
  if (doc)
    xmlFreeDoc (doc);
  else if (error && *error == NULL)
    g_set_error (error, PKT_ERROR, PKT_ERROR_DATA, "%s: no HTML in it; save the page as HTML",
                 source);
  return NULL;
}

gboolean
pkt_tree_is (const xmlNode *node, const char *name)
{
  return node && node->type == XML_ELEMENT_NODE
         && g_ascii_strcasecmp ((const char *)node->name, name) == 0;
}

static char *
take_xml (xmlChar *text)
{
  char *copy = text ? g_utf8_make_valid ((const char *)text, -1) : NULL;
  xmlFree (text);
  return copy;
}

char *
pkt_tree_attribute (const xmlNode *node, const char *name)
{
  for (const xmlAttr *a = node->properties; a; a = a->next)
    if (strcmp ((const char *)a->name, name) == 0) {
      char *value = a->children ? take_xml (xmlNodeListGetString (node->doc, a->children, 1))
                                : NULL;
      return value ? value : g_strdup ("");
    }
  return NULL;
}

char *
pkt_tree_text (const xmlNode *node)
{
  char *text = take_xml (xmlNodeGetContent (node));
  return text ? text : g_strdup ("");
}

xmlNode *
pkt_tree_next (xmlNode *node, gboolean skip)
{
  if (!skip && node->type == XML_ELEMENT_NODE && node->children)
    return node->children;
  while (node && node->next == NULL)
    node = node->parent && node->parent->type == XML_ELEMENT_NODE ? node->parent : NULL;
  return node ? node->next : NULL;
}
