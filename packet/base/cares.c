#include "packet/base/cares.h"

#define LATE_FILES "libcares.so.2", "libcares.2.dylib"
#define LATE_PACKAGE "libc-ares2"
#define LATE_TITLE "c-ares"
#define LATE_TABLE PktCaresLibrary
#define LATE_FUNCTIONS PKT_CARES_FUNCTIONS
#define LATE_GET pkt_cares_library
#include "packet/base/late-library.h"
