#include "packet/base/png.h"
#include "packet/base/late.h"

static const char *const libraries[] = { "libpng16.so.16", "libpng16.16.dylib", NULL };

static PktPngLibrary png;

/* Before the names become calls: their texts. */
#define X(name) { #name, G_STRUCT_OFFSET (PktPngLibrary, name##_) },
static const PktLateName functions[] = { PKT_PNG_FUNCTIONS };
#undef X

static PktLate late = { libraries,     functions, G_N_ELEMENTS (functions), &png, "libpng",
                        "libpng16-16", 0 };

const PktPngLibrary *
pkt_png_library (void)
{
  pkt_late_need (&late);
  return &png;
}
