#include "packet/base/archive.h"
#include "packet/base/late.h"

static const char *const libraries[] = { "libarchive.so.13", "libarchive.13.dylib", NULL };

static PktArchiveLibrary archive;

/* Before the names become calls: their texts. */
#define X(name) { #name, G_STRUCT_OFFSET (PktArchiveLibrary, name##_) },
static const PktLateName functions[] = { PKT_ARCHIVE_FUNCTIONS };
#undef X

static PktLate late = { libraries,      functions, G_N_ELEMENTS (functions), &archive, "libarchive",
                        "libarchive13", 0 };

const PktArchiveLibrary *
pkt_archive_library (void)
{
  pkt_late_need (&late);
  return &archive;
}
