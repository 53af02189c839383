#include "packet/page/drawing.h"
#include <string.h>

#define MARGIN 20
#define BAND 26
#define GAP 8 /* an empty line of the outline */
#define MAX_LINE 2000

static const char label[] = "The text of the page, drawn without a browser: no screenshot.";

/* One line; the pixels that it takes. */
static int
draw_line (cairo_t *cr, const char *text, const char *font, int width, int y)
{
  g_autoptr (PangoLayout) layout = pango_cairo_create_layout (cr);
  PangoFontDescription *description = pango_font_description_from_string (font);
  pango_layout_set_font_description (layout, description);
  pango_font_description_free (description);
  pango_layout_set_width (layout, width * PANGO_SCALE);
  pango_layout_set_wrap (layout, PANGO_WRAP_WORD_CHAR);
  gsize n = MIN (strlen (text), MAX_LINE);
  while (n > 0 && ((guchar)text[n] & 0xc0) == 0x80) /* no half letter */
    n--;
  pango_layout_set_text (layout, text, (int)n);
  cairo_move_to (cr, MARGIN, y);
  pango_cairo_show_layout (cr, layout);
  int height;
  pango_layout_get_pixel_size (layout, NULL, &height);
  return height;
}

static void
draw_band (cairo_t *cr, const char *text, int width, int y)
{
  cairo_set_source_rgb (cr, 0.93, 0.93, 0.93);
  cairo_rectangle (cr, 0, y, width, BAND);
  cairo_fill (cr);
  cairo_set_source_rgb (cr, 0.2, 0.2, 0.2);
  draw_line (cr, text, "DejaVu Sans 9px", width - 2 * MARGIN, y + 6);
}

static cairo_surface_t *
blank (int width, int height, cairo_t **out)
{
  cairo_surface_t *s = cairo_image_surface_create (CAIRO_FORMAT_RGB24, width, height);
  *out = cairo_create (s);
  cairo_set_source_rgb (*out, 1, 1, 1);
  cairo_paint (*out);
  cairo_set_source_rgb (*out, 0, 0, 0);
  return s;
}

/* "## Soup" is a heading; its marks are not drawn. */
static const char *
style_of (const char *line, const char **out_font)
{
  gsize marks = strspn (line, "#");
  gboolean heading = marks > 0 && marks < 7 && line[marks] == ' ';
  *out_font = !heading     ? "DejaVu Sans 13px"
              : marks == 1 ? "DejaVu Sans Bold 22px"
                           : "DejaVu Sans Bold 16px";
  return heading ? line + marks + 1 : line;
}

cairo_surface_t *
pkt_drawing_of_text (const char *outline)
{
  cairo_t *cr;
  cairo_surface_t *tall = blank (PKT_DRAWING_WIDTH, PKT_DRAWING_MAX_HEIGHT, &cr);
  g_auto (GStrv) lines = g_strsplit (outline, "\n", -1);
  int y = BAND + MARGIN;
  char **l = lines;
  pkt_cairo_need_font (cr);
  draw_band (cr, label, PKT_DRAWING_WIDTH, 0);
  cairo_set_source_rgb (cr, 0, 0, 0);
  for (; *l && y < PKT_DRAWING_MAX_HEIGHT - MARGIN; l++) {
    const char *font, *text = style_of (*l, &font);
    y += *text ? draw_line (cr, text, font, PKT_DRAWING_WIDTH - 2 * MARGIN, y) : GAP;
  }
  cairo_destroy (cr);
  int height = CLAMP (y + MARGIN, 1, PKT_DRAWING_MAX_HEIGHT);
  cairo_surface_t *page = blank (PKT_DRAWING_WIDTH, height, &cr);
  cairo_set_source_surface (cr, tall, 0, 0);
  cairo_paint (cr);
  cairo_destroy (cr);
  cairo_surface_destroy (tall);
  if (*l == NULL)
    return page;
  cairo_surface_t *noted = pkt_drawing_with_note (page, "Cut here: the text goes on.");
  cairo_surface_destroy (page);
  return noted;
}

cairo_surface_t *
pkt_drawing_with_note (cairo_surface_t *from, const char *note)
{
  int width = cairo_image_surface_get_width (from), height = cairo_image_surface_get_height (from);
  cairo_t *cr;
  cairo_surface_t *s = blank (width, height + BAND, &cr);
  cairo_set_source_surface (cr, from, 0, 0);
  cairo_paint (cr);
  draw_band (cr, note, width, height);
  cairo_destroy (cr);
  return s;
}
