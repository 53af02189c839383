#include "packet/base/psl.h"

#define LATE_FILES "libpsl.so.5", "libpsl.5.dylib"
#define LATE_PACKAGE "libpsl5"
#define LATE_TITLE "libpsl"
#define LATE_TABLE PktPslLibrary
#define LATE_FUNCTIONS PKT_PSL_FUNCTIONS
#define LATE_GET pkt_psl_library
#include "packet/base/late-library.h"
