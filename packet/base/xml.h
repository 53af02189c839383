#pragma once
/* libxml2, loaded when something of it is first called, as base/cairo.h: it brings ICU and the C++
 * library along. Include this and none of its headers; the calls look as ever. */
#include <glib.h>
#include <libxml/HTMLparser.h>
#include <libxml/SAX2.h>
#include <libxml/parser.h>
#include <libxml/tree.h>

/* What is called of it; one more needs a row here and a #define below. */
/* clang-format off */
#define PKT_XML_FUNCTIONS \
  X (htmlCtxtReadMemory) X (htmlEntityLookup) X (htmlFreeParserCtxt) X (htmlNewParserCtxt) \
  X (htmlReadMemory) X (xmlDocGetRootElement) X (xmlFree) X (xmlFreeDoc) X (xmlFreeNode) \
  X (xmlNodeGetContent) X (xmlNodeListGetString) X (xmlReadMemory) X (xmlSAX2EndElement) \
  X (xmlSAX2StartElement) X (xmlStopParser) X (xmlUnlinkNode)
/* clang-format on */

typedef struct {
#define X(name) __typeof__ (name) *name##_;
  PKT_XML_FUNCTIONS
#undef X
} PktXmlLibrary;

/* Its functions. Where it is not on this machine the process says so and ends with 69. */
const PktXmlLibrary *pkt_xml_library (void);

#define htmlCtxtReadMemory (pkt_xml_library ()->htmlCtxtReadMemory_)
#define htmlEntityLookup (pkt_xml_library ()->htmlEntityLookup_)
#define htmlFreeParserCtxt (pkt_xml_library ()->htmlFreeParserCtxt_)
#define htmlNewParserCtxt (pkt_xml_library ()->htmlNewParserCtxt_)
#define htmlReadMemory (pkt_xml_library ()->htmlReadMemory_)
#define xmlDocGetRootElement (pkt_xml_library ()->xmlDocGetRootElement_)
#define xmlFree (*pkt_xml_library ()->xmlFree_) /* a variable */
#define xmlFreeDoc (pkt_xml_library ()->xmlFreeDoc_)
#define xmlFreeNode (pkt_xml_library ()->xmlFreeNode_)
#define xmlNodeGetContent (pkt_xml_library ()->xmlNodeGetContent_)
#define xmlNodeListGetString (pkt_xml_library ()->xmlNodeListGetString_)
#define xmlReadMemory (pkt_xml_library ()->xmlReadMemory_)
#define xmlSAX2EndElement (pkt_xml_library ()->xmlSAX2EndElement_)
#define xmlSAX2StartElement (pkt_xml_library ()->xmlSAX2StartElement_)
#define xmlStopParser (pkt_xml_library ()->xmlStopParser_)
#define xmlUnlinkNode (pkt_xml_library ()->xmlUnlinkNode_)
