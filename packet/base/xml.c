#include "packet/base/xml.h"

/* Of the ABI of the headers: another one's structures are others. */
#if LIBXML_VERSION >= 21400
#define LATE_FILES "libxml2.so.16", "libxml2.16.dylib"
#else
#define LATE_FILES "libxml2.so.2", "libxml2.2.dylib"
#endif
#define LATE_PACKAGE "libxml2"
#define LATE_TITLE "libxml2"
#define LATE_TABLE PktXmlLibrary
#define LATE_FUNCTIONS PKT_XML_FUNCTIONS
#define LATE_GET pkt_xml_library
#include "packet/base/late-library.h"
