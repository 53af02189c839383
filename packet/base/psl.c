#include "packet/base/psl.h"
#include "packet/base/late.h"

static const char *const libraries[] = { "libpsl.so.5", "libpsl.5.dylib", NULL };

static PktPslLibrary psl;

/* Before the names become calls: their texts. */
#define X(name) { #name, G_STRUCT_OFFSET (PktPslLibrary, name##_) },
static const PktLateName functions[] = { PKT_PSL_FUNCTIONS };
#undef X

static PktLate late
    = { libraries, functions, G_N_ELEMENTS (functions), &psl, "libpsl", "libpsl5", 0 };

const PktPslLibrary *
pkt_psl_library (void)
{
  pkt_late_need (&late);
  return &psl;
}
