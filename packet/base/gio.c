#include "packet/base/gio.h"

#define LATE_FILES "libgio-2.0.so.0", "libgio-2.0.0.dylib"
#define LATE_PACKAGE "libglib2.0-0"
#define LATE_TITLE "GIO"
#define LATE_TABLE PktGioLibrary
#define LATE_FUNCTIONS PKT_GIO_FUNCTIONS
#define LATE_GET pkt_gio_library
#include "packet/base/late-library.h"
