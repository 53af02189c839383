#include "packet/base/gio.h"
#include "packet/base/late.h"

static const char *const libraries[] = { "libgio-2.0.so.0", "libgio-2.0.0.dylib", NULL };

static PktGioLibrary gio;

/* Before the names become calls: their texts. */
#define X(name) { #name, G_STRUCT_OFFSET (PktGioLibrary, name##_) },
static const PktLateName functions[] = { PKT_GIO_FUNCTIONS };
#undef X

static PktLate late = { libraries,      functions, G_N_ELEMENTS (functions), &gio, "GIO",
                        "libglib2.0-0", 0 };

const PktGioLibrary *
pkt_gio_library (void)
{
  pkt_late_need (&late);
  return &gio;
}
