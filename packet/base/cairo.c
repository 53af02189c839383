#include "packet/base/cairo.h"
#include "packet/base/late.h"

/* Brings the others along. */
static const char *const libraries[] = { "libpangocairo-1.0.so.0", "libpangocairo-1.0.0.dylib",
                                         NULL };

static PktCairo cairo;

/* Before the names become calls: their texts. */
#define X(name) { #name, G_STRUCT_OFFSET (PktCairo, name##_) },
static const PktLateName functions[] = { PKT_CAIRO_FUNCTIONS };
#undef X

static PktLate late = { libraries, functions,         G_N_ELEMENTS (functions),
                        &cairo,    "Pango and cairo", "libpangocairo-1.0-0",
                        0 };

const PktCairo *
pkt_cairo (void)
{
  pkt_late_need (&late);
  return &cairo;
}
