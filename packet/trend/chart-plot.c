#include "packet/trend/chart-plot.h"
#include <math.h>

#define MAX_BAR 56
#define DOTS_UP_TO 60 /* bars; more and the line is enough */

#define BIT(category) (1u << (category))

const ChartKind chart_kinds[CHART_KINDS] = {
  { "policy", { 0.08, 0.13, 0.24 }, BIT (PKT_CAT_POLICY) },
  { "content", { 0.55, 0.18, 0.02 }, BIT (PKT_CAT_CONTENT) },
  { "authentication, blocklist",
    { 0.17, 0.48, 0.73 },
    BIT (PKT_CAT_AUTH) | BIT (PKT_CAT_DMARC) | BIT (PKT_CAT_BLOCKLIST) },
  { "recipient",
    { 0.91, 0.60, 0.24 },
    BIT (PKT_CAT_MAILBOX_UNKNOWN) | BIT (PKT_CAT_MAILBOX_FULL) | BIT (PKT_CAT_RELAY) },
  { "connection, unknown",
    { 0.62, 0.79, 0.88 },
    BIT (PKT_CAT_UNKNOWN) | BIT (PKT_CAT_RATE) | BIT (PKT_CAT_PROTOCOL)
        | BIT (PKT_CAT_CONNECTION) },
  { "accepted", { 0.89, 0.92, 0.95 }, 0 },
};

static int
height_of (const Chart *c, double part)
{
  return (int)floor (part * c->h + 0.5);
}

/* A part that is not nothing is seen: one pixel at the least. */
static int
draw_part (Chart *c, guint i, int y, gint64 count, ChartColour colour)
{
  if (count <= 0)
    return y;
  int place = chart_place (c, i + 1) - chart_place (c, i);
  int w = CLAMP (place * 4 / 5, 1, MAX_BAR);
  int h = MAX (1, height_of (c, (double)count / (double)c->top));
  h = MIN (h, y - c->y);
  chart_colour (c, colour);
  cairo_rectangle (c->cr, chart_place (c, i) + (place - w) / 2, y - h, w, h);
  cairo_fill (c->cr);
  return y - h;
}

static gint64
count_of (const PktSum *s, const ChartKind *kind)
{
  gint64 n = kind->categories == 0 ? s->delivered : 0;
  for (guint k = 0; k < PKT_N_CATEGORIES; k++)
    n += kind->categories & BIT (k) ? s->by_category[k] : 0;
  return n;
}

static void
draw_bars (Chart *c)
{
  for (guint i = 0; i < c->n; i++) {
    const PktSum *s = chart_sum (c, i);
    int y = c->y + c->h;
    if (c->labels->bands) {
      for (guint k = 0; k < CHART_KINDS; k++)
        y = draw_part (c, i, y, count_of (s, &chart_kinds[k]), chart_kinds[k].colour);
      continue;
    }
    y = draw_part (c, i, y, s->policy, chart_policy);
    y = draw_part (c, i, y, s->bounced - s->policy, chart_refused);
    draw_part (c, i, y, s->delivered, chart_accepted);
  }
}

static double
percent_y (const Chart *c, double percent)
{
  return c->y + c->h - MIN (percent / c->top_percent, 1) * c->h;
}

static double
line_y (const Chart *c, guint i)
{
  return percent_y (c, chart_percent (chart_sum (c, i)));
}

static gboolean
has_answers (const Chart *c, guint i)
{
  return i < c->n && pkt_sum_final (chart_sum (c, i)) > 0;
}

static void
path_of_line (Chart *c)
{
  gboolean pen_down = FALSE;
  for (guint i = 0; i < c->n; i++) {
    if (!has_answers (c, i)) { /* a gap: the line breaks */
      pen_down = FALSE;
      continue;
    }
    (pen_down ? cairo_line_to : cairo_move_to) (c->cr, chart_middle (c, i), line_y (c, i));
    pen_down = TRUE;
  }
}

/* From the lower to the upper end of the 95 % interval; what the panel cannot hold is cut. */
static void
draw_intervals (Chart *c)
{
  cairo_set_line_width (c->cr, 1);
  for (guint i = 0; i < c->n; i++) {
    const PktSum *s = chart_sum (c, i);
    double lo, hi, x = chart_middle (c, i) + 0.5;
    if (!has_answers (c, i))
      continue;
    pkt_wilson (s->policy, pkt_sum_final (s), &lo, &hi);
    cairo_move_to (c->cr, x, percent_y (c, 100 * lo));
    cairo_line_to (c->cr, x, percent_y (c, 100 * hi));
  }
  chart_colour (c, chart_line);
  cairo_stroke (c->cr);
}

/* Dots mark the days with refusals, so that one in a million is seen too, and a day that stands
 * alone between gaps. In the sender's view those of few answers are hollow. */
static void
draw_dots (Chart *c, double radius, gboolean edge)
{
  for (guint i = 0; i < c->n; i++) {
    gboolean alone = !has_answers (c, i + 1) && (i == 0 || !has_answers (c, i - 1));
    gboolean small = c->labels->bands && pkt_sum_final (chart_sum (c, i)) < PKT_SUM_SMALL;
    gboolean marked = c->n <= DOTS_UP_TO && (chart_sum (c, i)->policy > 0 || small);
    if (!has_answers (c, i) || !(alone || marked))
      continue;
    chart_colour (c, edge ? chart_white : chart_line);
    cairo_arc (c->cr, chart_middle (c, i), line_y (c, i), radius, 0, 2 * G_PI);
    cairo_fill (c->cr);
    if (edge || !small)
      continue;
    chart_colour (c, chart_white);
    cairo_arc (c->cr, chart_middle (c, i), line_y (c, i), radius - 1.5, 0, 2 * G_PI);
    cairo_fill (c->cr);
  }
}

/* With a white edge, so that it is seen on the dark bars too. */
static void
draw_line (Chart *c)
{
  cairo_save (c->cr);
  cairo_rectangle (c->cr, 0, c->y - 4, PKT_CHART_WIDTH, c->h + 5); /* the edge ends at the axis */
  cairo_clip (c->cr);
  if (c->labels->bands)
    draw_intervals (c);
  cairo_set_line_join (c->cr, CAIRO_LINE_JOIN_ROUND);
  path_of_line (c);
  chart_colour (c, chart_white);
  cairo_set_line_width (c->cr, 4.5);
  cairo_stroke_preserve (c->cr);
  chart_colour (c, chart_line);
  cairo_set_line_width (c->cr, 2);
  cairo_stroke (c->cr);
  cairo_restore (c->cr);
  draw_dots (c, 4.5, TRUE);
  draw_dots (c, c->labels->bands ? 3.5 : 3, FALSE);
}

void
chart_plot (Chart *c)
{
  chart_axes (c);
  if (!c->other)
    draw_bars (c);
  if (c->labels->bands)
    chart_bands (c);
  chart_colour (c, chart_ink);
  cairo_rectangle (c->cr, c->x, c->y + c->h, c->w, 1);
  cairo_fill (c->cr);
  draw_line (c);
}
