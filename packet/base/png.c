#include "packet/base/png.h"

#define LATE_FILES "libpng16.so.16", "libpng16.16.dylib"
#define LATE_PACKAGE "libpng16-16"
#define LATE_TITLE "libpng"
#define LATE_TABLE PktPngLibrary
#define LATE_FUNCTIONS PKT_PNG_FUNCTIONS
#define LATE_GET pkt_png_library
#include "packet/base/late-library.h"
