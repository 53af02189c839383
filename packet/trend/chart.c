#include "packet/trend/chart.h"
#include "packet/base/error.h"
#include "packet/base/text.h"
#include "packet/trend/bucket.h"
#include "packet/trend/chart-plot.h"

#define SWATCH 12
#define LEGEND_SPACE 18

static void
draw_swatch (Chart *c, int x, int y, int h, const ChartColour *colour, gboolean line)
{
  chart_colour (c, *colour);
  if (line) {
    cairo_rectangle (c->cr, x, y + h / 2 - 1, SWATCH + 6, 2);
    cairo_arc (c->cr, x + (SWATCH + 6) / 2.0, y + h / 2.0, 3, 0, 2 * G_PI);
  } else {
    cairo_rectangle (c->cr, x, y + (h - SWATCH) / 2, SWATCH, SWATCH);
  }
  cairo_fill (c->cr);
}

/* Wraps where the row is full. The y below it. */
static int
draw_legend (Chart *c, int y)
{
  static const struct {
    const ChartColour *colour;
    const char *text;
    gboolean line;
  } items[] = {
    { &chart_accepted, "accepted", FALSE },
    { &chart_other, "refused, other reasons", FALSE },
    { &chart_policy, "refused by policy", FALSE },
    { &chart_line, "refused by policy, % of final answers (right)", TRUE },
  };
  int x = CHART_MARGIN, h = 0;
  for (gsize i = 0; i < G_N_ELEMENTS (items); i++) {
    int icon = SWATCH + (items[i].line ? 6 : 0) + 5;
    g_autoptr (PangoLayout) label = chart_text_line (&c->text, items[i].text, FALSE,
                                                     PKT_CHART_WIDTH - 2 * CHART_MARGIN - icon);
    int w = chart_text_width (label);
    h = MAX (h, chart_text_height (label));
    if (x > CHART_MARGIN && x + icon + w > PKT_CHART_WIDTH - CHART_MARGIN) {
      x = CHART_MARGIN;
      y += h + 2;
    }
    draw_swatch (c, x, y, h, items[i].colour, items[i].line);
    chart_colour (c, chart_ink);
    chart_text_show (&c->text, label, x + icon, y);
    x += icon + w + LEGEND_SPACE;
  }
  return y + h;
}

/* A line of its own; the y below it. */
static int
draw_heading (Chart *c, const char *text, gboolean bold, int y)
{
  g_autofree char *clean = pkt_text_quote (pkt_slice_str (text), PKT_CHART_MAX_TEXT);
  g_autoptr (PangoLayout) line = chart_text_line (&c->text, clean, bold,
                                                  PKT_CHART_WIDTH - 2 * CHART_MARGIN);
  chart_colour (c, chart_ink);
  chart_text_show (&c->text, line, CHART_MARGIN, y);
  return y + chart_text_height (line);
}

static int
draw_head (Chart *c)
{
  const PktChartLabels *l = c->labels;
  int y = draw_heading (c, l->title ? l->title : "Mail to iCloud Mail by date", TRUE,
                        CHART_MARGIN - 2);
  /* the sender's words come last: where there is no room, they are cut */
  g_autofree char *what = g_strdup_printf (
      "Recipients with a final answer per %s; days begin at 00:00 %s%s%s",
      pkt_buckets_word (c->buckets), l->zone_name, l->stream ? ". " : "",
      l->stream ? l->stream : "");
  y = draw_heading (c, what, FALSE, y + 2);
  return draw_legend (c, y + CHART_GAP);
}

static void
draw_chart (Chart *c, const GArray *days)
{
  chart_colour (c, chart_white);
  cairo_paint (c->cr);
  g_autofree char *alt = pkt_trend_alt (days, c->labels);
  g_autoptr (PangoLayout) note = chart_text_wrapped (&c->text, alt,
                                                     PKT_CHART_WIDTH - 2 * CHART_MARGIN);
  chart_plot (c, draw_head (c), note);
  chart_colour (c, chart_ink);
  chart_text_show (&c->text, note, CHART_MARGIN,
                   PKT_CHART_HEIGHT - CHART_MARGIN - chart_text_height (note) + 2);
}

static cairo_status_t
append_bytes (void *closure, const unsigned char *data, unsigned int n)
{
  g_byte_array_append (closure, data, n);
  return CAIRO_STATUS_SUCCESS;
}

GBytes *
pkt_trend_png (const GArray *days, const PktChartLabels *labels, GError **error)
{
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_RGB24, PKT_CHART_WIDTH,
                                                         PKT_CHART_HEIGHT);
  Chart c = { .cr = cairo_create (surface), .labels = labels };
  c.buckets = pkt_buckets_new (days, PKT_BUCKET_MAX_BARS);
  c.n = c.buckets->bars->len;
  chart_text_init (&c.text, c.cr);
  draw_chart (&c, days);
  GByteArray *png = g_byte_array_new ();
  cairo_status_t status = cairo_status (c.cr);
  if (status == CAIRO_STATUS_SUCCESS)
    status = cairo_surface_write_to_png_stream (surface, append_bytes, png);
  chart_text_clear (&c.text);
  pkt_buckets_free (c.buckets);
  cairo_destroy (c.cr);
  cairo_surface_destroy (surface);
  g_autoptr (GBytes) bytes = g_byte_array_free_to_bytes (png);
  if (status == CAIRO_STATUS_SUCCESS)
    return g_steal_pointer (&bytes);
  g_set_error (error, PKT_ERROR, PKT_ERROR_BUG, "the chart could not be drawn: %s",
               cairo_status_to_string (status));
  return NULL;
}
