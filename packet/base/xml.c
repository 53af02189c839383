#include "packet/base/xml.h"
#include "packet/base/late.h"

static const char *const libraries[] = { "libxml2.so.2", "libxml2.so.16", "libxml2.2.dylib", NULL };

static PktXmlLibrary xml;

/* Before the names become calls: their texts. */
#define X(name) { #name, G_STRUCT_OFFSET (PktXmlLibrary, name##_) },
static const PktLateName functions[] = { PKT_XML_FUNCTIONS };
#undef X

static PktLate late = { libraries, functions, G_N_ELEMENTS (functions), &xml, "libxml2",
                        "libxml2", 0 };

const PktXmlLibrary *
pkt_xml_library (void)
{
  pkt_late_need (&late);
  return &xml;
}
