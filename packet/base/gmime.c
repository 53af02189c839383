#include "packet/base/gmime.h"
#include "packet/base/late.h"

static const char *const libraries[] = { "libgmime-3.0.so.0", "libgmime-3.0.0.dylib", NULL };

static PktGmimeLibrary gmime;

/* Before the names become calls: their texts. */
#define X(name) { #name, G_STRUCT_OFFSET (PktGmimeLibrary, name##_) },
static const PktLateName functions[] = { PKT_GMIME_FUNCTIONS };
#undef X

static PktLate late = { libraries,        functions, G_N_ELEMENTS (functions), &gmime, "GMime",
                        "libgmime-3.0-0", 0 };

const PktGmimeLibrary *
pkt_gmime_library (void)
{
  pkt_late_need (&late);
  return &gmime;
}
