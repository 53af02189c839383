#include "packet/base/cares.h"
#include "packet/base/late.h"

static const char *const libraries[] = { "libcares.so.2", "libcares.2.dylib", NULL };

static PktCaresLibrary cares;

/* Before the names become calls: their texts. */
#define X(name) { #name, G_STRUCT_OFFSET (PktCaresLibrary, name##_) },
static const PktLateName functions[] = { PKT_CARES_FUNCTIONS };
#undef X

static PktLate late = { libraries,    functions, G_N_ELEMENTS (functions), &cares, "c-ares",
                        "libc-ares2", 0 };

const PktCaresLibrary *
pkt_cares_library (void)
{
  pkt_late_need (&late);
  return &cares;
}
