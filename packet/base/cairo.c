#include "packet/base/cairo.h"
#include <stdlib.h>
#include "packet/base/error.h"

/* Brings the others along. */
#define LATE_FILES "libpangocairo-1.0.so.0", "libpangocairo-1.0.0.dylib"
#define LATE_PACKAGE "libpangocairo-1.0-0"
#define LATE_TITLE "Pango and cairo"
#define LATE_TABLE PktCairo
#define LATE_FUNCTIONS PKT_CAIRO_FUNCTIONS
#define LATE_GET pkt_cairo
#include "packet/base/late-library.h"

static gboolean
has_font (cairo_t *cr)
{
  PangoLayout *layout = pango_cairo_create_layout (cr);
  pango_layout_set_text (layout, "Az09", -1);
  gboolean known = pango_layout_get_unknown_glyphs_count (layout) == 0;
  g_object_unref (layout);
  return known;
}

void
pkt_cairo_need_font (cairo_t *cr)
{
  static gsize known;
  if (g_once_init_enter (&known))
    g_once_init_leave (&known, has_font (cr) ? 1 : 2);
  if (known == 1)
    return;
  g_printerr ("postpacket: no font is found, so a picture would be without its words; install one "
              "(Debian: fonts-dejavu-core)\n");
  exit (PKT_ERROR_UNAVAILABLE);
}
