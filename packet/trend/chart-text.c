#include "packet/trend/chart-text.h"
#include "packet/trend/chart.h"

#define TEXT_PIXELS 12
#define TITLE_PIXELS 15

#ifndef __has_feature
#define __has_feature(x) 0
#endif
#if defined(__SANITIZE_ADDRESS__) || __has_feature(address_sanitizer)
/* fontconfig keeps its patterns to the end, and points to them by offsets that LeakSanitizer does
 * not know for pointers: without this every chart would be called a leak. */
const char *__lsan_default_suppressions (void);
const char *
__lsan_default_suppressions (void)
{
  return "leak:libfontconfig\n";
}
#endif

static PangoFontDescription *
sans (int pixels, PangoWeight weight)
{
  PangoFontDescription *d = pango_font_description_new ();
  pango_font_description_set_family (d, "Sans");
  pango_font_description_set_weight (d, weight);
  pango_font_description_set_absolute_size (d, (double)pixels * PANGO_SCALE);
  return d;
}

void
chart_text_init (ChartText *t, cairo_t *cr)
{
  pkt_cairo_need_font (cr);
  t->cr = cr;
  t->context = pango_cairo_create_context (cr);
  /* Nothing of the desktop's settings or the user's locale may decide a pixel. */
  cairo_font_options_t *options = cairo_font_options_create ();
  cairo_font_options_set_antialias (options, CAIRO_ANTIALIAS_GRAY);
  cairo_font_options_set_hint_style (options, CAIRO_HINT_STYLE_SLIGHT);
  cairo_font_options_set_hint_metrics (options, CAIRO_HINT_METRICS_ON);
  pango_cairo_context_set_font_options (t->context, options);
  cairo_font_options_destroy (options);
  pango_cairo_context_set_resolution (t->context, 96);
  pango_context_set_language (t->context, pango_language_from_string ("en"));
  pango_context_set_base_dir (t->context, PANGO_DIRECTION_LTR);
  t->plain = sans (TEXT_PIXELS, PANGO_WEIGHT_NORMAL);
  t->bold = sans (TITLE_PIXELS, PANGO_WEIGHT_BOLD);
  t->boxes = g_array_new (FALSE, FALSE, sizeof (PktChartBox));
}

void
chart_text_clear (ChartText *t)
{
  pango_font_description_free (t->plain);
  pango_font_description_free (t->bold);
  g_object_unref (t->context);
  g_array_unref (t->boxes);
}

static PangoLayout *
new_layout (ChartText *t, const char *text, const PangoFontDescription *font)
{
  PangoLayout *layout = pango_layout_new (t->context);
  pango_layout_set_font_description (layout, font);
  pango_layout_set_text (layout, text, -1);
  return layout;
}

PangoLayout *
chart_text_line (ChartText *t, const char *text, gboolean bold, int max_width)
{
  PangoLayout *layout = new_layout (t, text, bold ? t->bold : t->plain);
  pango_layout_set_single_paragraph_mode (layout, TRUE);
  if (max_width >= 0) {
    pango_layout_set_width (layout, max_width * PANGO_SCALE);
    pango_layout_set_ellipsize (layout, PANGO_ELLIPSIZE_END);
  }
  return layout;
}

PangoLayout *
chart_text_wrapped (ChartText *t, const char *text, int width)
{
  PangoLayout *layout = new_layout (t, text, t->plain);
  pango_layout_set_width (layout, width * PANGO_SCALE);
  pango_layout_set_wrap (layout, PANGO_WRAP_WORD_CHAR);
  return layout;
}

int
chart_text_width (PangoLayout *layout)
{
  PangoRectangle r;
  pango_layout_get_pixel_extents (layout, NULL, &r);
  return r.x + r.width;
}

int
chart_text_height (PangoLayout *layout)
{
  PangoRectangle r;
  pango_layout_get_pixel_extents (layout, NULL, &r);
  return r.y + r.height;
}

void
chart_text_show (ChartText *t, PangoLayout *layout, int x, int y)
{
  const PktChartBox box = { x, y, chart_text_width (layout), chart_text_height (layout),
                            pango_layout_is_ellipsized (layout) };
  g_array_append_val (t->boxes, box);
  cairo_move_to (t->cr, x, y);
  pango_cairo_show_layout (t->cr, layout);
}
