#include "packet/base/cairo.h"

/* Brings the others along. */
#define LATE_FILES "libpangocairo-1.0.so.0", "libpangocairo-1.0.0.dylib"
#define LATE_PACKAGE "libpangocairo-1.0-0"
#define LATE_TITLE "Pango and cairo"
#define LATE_TABLE PktCairo
#define LATE_FUNCTIONS PKT_CAIRO_FUNCTIONS
#define LATE_GET pkt_cairo
#include "packet/base/late-library.h"
