#include "packet/base/archive.h"

#define LATE_FILES "libarchive.so.13", "libarchive.13.dylib"
#define LATE_PACKAGE "libarchive13"
#define LATE_TITLE "libarchive"
#define LATE_TABLE PktArchiveLibrary
#define LATE_FUNCTIONS PKT_ARCHIVE_FUNCTIONS
#define LATE_GET pkt_archive_library
#include "packet/base/late-library.h"
