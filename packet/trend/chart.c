#include "packet/trend/chart.h"
#include "packet/base/error.h"
#include "packet/base/text.h"
#include "packet/trend/chart-plot.h"
#include "packet/trend/chart-png.h"

#define SWATCH 12
#define LEGEND_SPACE 18
#define POINTS 0.75    /* of a pixel at 96 to the inch */
#define OTHERS_SHARE 3 /* the panel of others has a third of the height of Apple's */
#define LEAST_PANEL 20

typedef struct {
  const ChartColour *colour;
  const char *text;
  gboolean line;
} LegendItem;

static void
draw_swatch (Chart *c, int x, int y, int h, const LegendItem *item)
{
  chart_colour (c, *item->colour);
  if (item->line) {
    cairo_rectangle (c->cr, x, y + h / 2 - 1, SWATCH + 6, 2);
    cairo_arc (c->cr, x + (SWATCH + 6) / 2.0, y + h / 2.0, 3, 0, 2 * G_PI);
  } else {
    cairo_rectangle (c->cr, x, y + (h - SWATCH) / 2, SWATCH, SWATCH);
  }
  cairo_fill (c->cr);
}

/* Wraps where the row is full. The y below it. */
static int
draw_items (Chart *c, const LegendItem *items, gsize n, int y)
{
  int x = CHART_MARGIN, h = 0;
  for (gsize i = 0; i < n; i++) {
    int icon = SWATCH + (items[i].line ? 6 : 0) + 5;
    g_autoptr (PangoLayout) label = chart_text_line (&c->text, items[i].text, FALSE,
                                                     PKT_CHART_WIDTH - 2 * CHART_MARGIN - icon);
    int w = chart_text_width (label);
    h = MAX (h, chart_text_height (label));
    if (x > CHART_MARGIN && x + icon + w > PKT_CHART_WIDTH - CHART_MARGIN) {
      x = CHART_MARGIN;
      y += h + 2;
    }
    draw_swatch (c, x, y, h, &items[i]);
    chart_colour (c, chart_ink);
    chart_text_show (&c->text, label, x + icon, y);
    x += icon + w + LEGEND_SPACE;
  }
  return y + h;
}

static int
draw_apples_legend (Chart *c, int y)
{
  static const LegendItem items[] = {
    { &chart_accepted, "accepted", FALSE },
    { &chart_refused, "refused, other reasons", FALSE },
    { &chart_policy, "refused by policy", FALSE },
    { &chart_line, "refused by policy, % of final answers (right)", TRUE },
  };
  return draw_items (c, items, G_N_ELEMENTS (items), y);
}

static int
draw_own_legend (Chart *c, int y)
{
  const PktBands *b = c->labels->bands;
  LegendItem items[CHART_KINDS + 1];
  char watch[G_ASCII_DTOSTR_BUF_SIZE], escalate[G_ASCII_DTOSTR_BUF_SIZE];
  g_ascii_formatd (watch, sizeof watch, "%g", (double)b->watch / 10000);
  g_ascii_formatd (escalate, sizeof escalate, "%g", (double)b->escalate / 10000);
  g_autofree char *line = g_strdup_printf ("policy, %% of final answers (right) with 95 %% "
                                           "interval; hollow: under %d; dotted: watch %s %%, "
                                           "escalate %s %%",
                                           PKT_SUM_SMALL, watch, escalate);
  for (guint k = 0; k < CHART_KINDS; k++)
    items[k] = (LegendItem){ &chart_kinds[k].colour, chart_kinds[k].text, FALSE };
  items[CHART_KINDS] = (LegendItem){ &chart_line, line, TRUE };
  return draw_items (c, items, G_N_ELEMENTS (items), y);
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
  y = draw_heading (c, what, FALSE, y + 2) + CHART_GAP;
  return l->bands ? draw_own_legend (c, y) : draw_apples_legend (c, y);
}

static void
draw_nothing (Chart *c)
{
  g_autoptr (PangoLayout) line = chart_text_line (
      &c->text, "No mail to iCloud Mail in this period.", FALSE, c->w);
  chart_colour (c, chart_ink);
  chart_text_show (&c->text, line, c->x + (c->w - chart_text_width (line)) / 2, c->y + c->h / 2);
}

/* Between y and bottom: marks, Apple's panel, in the sender's view that of all others, dates. */
static void
draw_panels (Chart *c, int y, int bottom)
{
  chart_scale (c);
  g_autoptr (GArray) marks = chart_marks_new (c);
  int marks_y = y + CHART_GAP;
  c->y = marks_y + chart_marks_height (c, marks) + c->row / 2 + 2;
  c->h = bottom - chart_dates_height (c) - c->y;
  int others = c->labels->bands ? c->row + CHART_GAP + c->row / 2 + c->row / 2 + 2 : 0;
  int other_h = others ? MAX ((c->h - others) / (OTHERS_SHARE + 1), LEAST_PANEL) : 0;
  c->h = MAX (c->h - others - other_h, LEAST_PANEL);
  if (c->n == 0) {
    draw_nothing (c);
    return;
  }
  chart_plot (c);
  chart_marks (c, marks, marks_y);
  if (others) {
    int heading = c->y + c->h + c->row / 2 + CHART_GAP;
    draw_heading (c, "All other receivers, the same percentage scale", FALSE, heading);
    c->y = c->y + c->h + others;
    c->h = other_h;
    c->other = TRUE;
    chart_plot (c);
  }
  chart_dates (c);
}

static void
draw_chart (Chart *c, const GArray *days)
{
  chart_colour (c, chart_white);
  cairo_paint (c->cr);
  g_autofree char *alt = pkt_trend_alt (days, c->labels);
  g_autoptr (PangoLayout) note = chart_text_wrapped (&c->text, alt,
                                                     PKT_CHART_WIDTH - 2 * CHART_MARGIN);
  int note_y = c->height - CHART_MARGIN - chart_text_height (note) + 2;
  draw_panels (c, draw_head (c), note_y - CHART_GAP);
  chart_colour (c, chart_ink);
  chart_text_show (&c->text, note, CHART_MARGIN, note_y);
}

/* --- surfaces --- */

static cairo_status_t
append_bytes (void *closure, const unsigned char *data, unsigned int n)
{
  g_byte_array_append (closure, data, n);
  return CAIRO_STATUS_SUCCESS;
}

/* A PDF says when it was made: by the last day of what it shows, so that it can be made again. */
static cairo_surface_t *
pdf_surface (GByteArray *bytes, int height, const GArray *days)
{
  cairo_surface_t *s = cairo_pdf_surface_create_for_stream (
      append_bytes, bytes, PKT_CHART_WIDTH * POINTS, height * POINTS);
  g_autofree char *day = days->len
                             ? pkt_clock_day_text (g_array_index (days, PktDay, days->len - 1).day)
                             : g_strdup ("1970-01-01");
  g_autofree char *time = g_strconcat (day, "T00:00:00Z", NULL);
  cairo_pdf_surface_set_metadata (s, CAIRO_PDF_METADATA_TITLE, "Mail to iCloud Mail by date");
  cairo_pdf_surface_set_metadata (s, CAIRO_PDF_METADATA_CREATE_DATE, time);
  return s;
}

static cairo_surface_t *
new_surface (PktChartFormat format, GByteArray *bytes, int height, const GArray *days)
{
  cairo_surface_t *s;
  switch (format) {
  case PKT_CHART_SVG:
    s = cairo_svg_surface_create_for_stream (append_bytes, bytes, PKT_CHART_WIDTH, height);
    cairo_svg_surface_set_document_unit (s, CAIRO_SVG_UNIT_PX);
    return s;
  case PKT_CHART_PDF:
    return pdf_surface (bytes, height, days);
  case PKT_CHART_PNG:
    break;
  }
  return cairo_image_surface_create (CAIRO_FORMAT_RGB24, PKT_CHART_WIDTH, height);
}

static void
chart_begin (Chart *c, cairo_surface_t *surface, const GArray *days, const PktChartLabels *labels)
{
  *c = (Chart){ .cr = cairo_create (surface), .labels = labels };
  c->height = labels->bands ? PKT_CHART_OWN_HEIGHT : PKT_CHART_HEIGHT;
  c->buckets = pkt_buckets_new (days, PKT_BUCKET_MAX_BARS);
  c->n = c->buckets->bars->len;
  chart_text_init (&c->text, c->cr);
}

static void
chart_end (Chart *c)
{
  chart_text_clear (&c->text);
  pkt_buckets_free (c->buckets);
  cairo_destroy (c->cr);
}

/* cairo numbers its surfaces as the process makes them: the number goes, so that a picture made
 * twice is the same; and what it shows in words comes in. */
static GBytes *
finish_svg (GBytes *taken, const char *alt)
{
  gsize n;
  g_autoptr (GBytes) bytes = taken;
  const char *p = g_bytes_get_data (bytes, &n);
  g_autofree char *text = g_strndup (p, n), *words = g_markup_escape_text (alt, -1);
  g_autoptr (GRegex) id = g_regex_new ("<g id=\"surface[0-9]+\">", 0, 0, NULL);
  g_autofree char *plain = g_regex_replace_literal (id, text, -1, 0, "<g id=\"chart\">", 0, NULL);
  char *root = plain ? strstr (plain, "<svg ") : NULL, *end = root ? strchr (root, '>') : NULL;
  if (end == NULL)
    return g_steal_pointer (&bytes);
  GString *out = g_string_new_len (plain, end + 1 - plain);
  g_string_append_printf (out, "\n<desc>%s</desc>%s", words, end + 1);
  return g_string_free_to_bytes (out);
}

GBytes *
pkt_trend_chart (const GArray *days, const PktChartLabels *labels, PktChartFormat format,
                 GError **error)
{
  GByteArray *out = g_byte_array_new ();
  int height = labels->bands ? PKT_CHART_OWN_HEIGHT : PKT_CHART_HEIGHT;
  cairo_surface_t *surface = new_surface (format, out, height, days);
  Chart c;
  chart_begin (&c, surface, days, labels);
  if (format == PKT_CHART_PDF)
    cairo_scale (c.cr, POINTS, POINTS);
  draw_chart (&c, days);
  cairo_status_t status = cairo_status (c.cr);
  chart_end (&c);
  g_autoptr (GBytes) png = format == PKT_CHART_PNG ? chart_png (surface) : NULL;
  cairo_surface_finish (surface);
  if (status == CAIRO_STATUS_SUCCESS)
    status = cairo_surface_status (surface);
  cairo_surface_destroy (surface);
  g_autoptr (GBytes) bytes = g_byte_array_free_to_bytes (out);
  if (status == CAIRO_STATUS_SUCCESS && png)
    return g_steal_pointer (&png);
  if (status == CAIRO_STATUS_SUCCESS && format == PKT_CHART_SVG) {
    g_autofree char *alt = pkt_trend_alt (days, labels);
    return finish_svg (g_steal_pointer (&bytes), alt);
  }
  if (status == CAIRO_STATUS_SUCCESS)
    return g_steal_pointer (&bytes);
  g_set_error (error, PKT_ERROR, PKT_ERROR_BUG, "the chart could not be drawn: %s",
               cairo_status_to_string (status));
  return NULL;
}

GBytes *
pkt_trend_png (const GArray *days, const PktChartLabels *labels, GError **error)
{
  return pkt_trend_chart (days, labels, PKT_CHART_PNG, error);
}

GArray *
pkt_trend_layout (const GArray *days, const PktChartLabels *labels)
{
  cairo_surface_t *surface = new_surface (PKT_CHART_PNG, NULL, PKT_CHART_OWN_HEIGHT, days);
  Chart c;
  chart_begin (&c, surface, days, labels);
  draw_chart (&c, days);
  GArray *boxes = g_array_ref (c.text.boxes);
  chart_end (&c);
  cairo_surface_destroy (surface);
  return boxes;
}
