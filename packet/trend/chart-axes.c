#include <math.h>
#include "packet/base/text.h"
#include "packet/trend/chart-plot.h"

static const PktBucket *
bar_at (const Chart *c, guint i)
{
  return &g_array_index (c->buckets->bars, PktBucket, i);
}

const PktSum *
chart_sum (const Chart *c, guint bar)
{
  return c->other ? &bar_at (c, bar)->other : &bar_at (c, bar)->apple;
}

double
chart_percent (const PktSum *s)
{
  gint64 final = pkt_sum_final (s);
  return final > 0 ? 100.0 * (double)s->policy / (double) final : 0;
}

int
chart_place (const Chart *c, guint bar)
{
  return c->x + (int)floor ((double)c->w * bar / MAX (c->n, 1) + 0.5);
}

int
chart_middle (const Chart *c, guint bar)
{
  return (chart_place (c, bar) + chart_place (c, bar + 1)) / 2;
}

/* The least of 1, 2, 3, 4, 5, 6, 8 times a power of ten with which CHART_DIVISIONS steps reach
 * `most`. */
static gint64
nice_top (gint64 most)
{
  static const gint64 steps[] = { 1, 2, 3, 4, 5, 6, 8 };
  for (gint64 power = 1; power < G_MAXINT64 / 100; power *= 10)
    for (gsize i = 0; i < G_N_ELEMENTS (steps); i++)
      if (most <= steps[i] * power * CHART_DIVISIONS)
        return steps[i] * power * CHART_DIVISIONS;
  return G_MAXINT64;
}

static PangoLayout *
count_label (Chart *c, int division)
{
  g_autofree char *text = pkt_text_count (c->top / CHART_DIVISIONS * division);
  return chart_text_line (&c->text, text, FALSE, -1);
}

static PangoLayout *
percent_label (Chart *c, int division)
{
  char number[G_ASCII_DTOSTR_BUF_SIZE];
  g_ascii_formatd (number, sizeof number, "%g", c->top_percent * division / CHART_DIVISIONS);
  g_autofree char *text = g_strconcat (number, " %", NULL);
  return chart_text_line (&c->text, text, FALSE, -1);
}

void
chart_scale (Chart *c)
{
  static const double tops[] = { 1, 2, 5, 10, 20, 50, 100 };
  gint64 most = 0;
  double percent = 0;
  for (guint i = 0; i < c->n; i++) {
    const PktBucket *bar = bar_at (c, i);
    most = MAX (most, pkt_sum_final (&bar->apple));
    percent = MAX (percent, chart_percent (&bar->apple));
    if (c->labels->bands) /* the panel of others has the same scale */
      percent = MAX (percent, chart_percent (&bar->other));
  }
  c->top = nice_top (MAX (most, 1));
  gsize t = 0;
  while (t + 1 < G_N_ELEMENTS (tops) && percent > tops[t])
    t++;
  c->top_percent = tops[t];
  int left = 0, right = 0;
  for (int d = 0; d <= CHART_DIVISIONS; d++) {
    g_autoptr (PangoLayout) count = count_label (c, d), part = percent_label (c, d);
    left = MAX (left, chart_text_width (count));
    right = MAX (right, chart_text_width (part));
    c->row = MAX (c->row, MAX (chart_text_height (count), chart_text_height (part)));
  }
  c->x = CHART_MARGIN + left + CHART_TICK;
  c->w = PKT_CHART_WIDTH - CHART_MARGIN - right - CHART_TICK - c->x;
}

static int
height_of (const Chart *c, double part)
{
  return (int)floor (part * c->h + 0.5);
}

/* Where lines of text are higher than the steps, not each step has its number. */
void
chart_axes (Chart *c)
{
  int each = 1;
  while (each < CHART_DIVISIONS && c->h * each / CHART_DIVISIONS <= c->row)
    each++;
  for (int d = 0; d <= CHART_DIVISIONS; d++) {
    int y = c->y + c->h - height_of (c, (double)d / CHART_DIVISIONS);
    chart_colour (c, chart_grid);
    cairo_rectangle (c->cr, c->x, y, c->w, 1);
    cairo_fill (c->cr);
    if (d % each != 0)
      continue;
    chart_colour (c, chart_ink);
    g_autoptr (PangoLayout) count = count_label (c, d), percent = percent_label (c, d);
    if (!c->other)
      chart_text_show (&c->text, count, c->x - CHART_TICK - chart_text_width (count),
                       y - chart_text_height (count) / 2);
    chart_text_show (&c->text, percent, c->x + c->w + CHART_TICK,
                     y - chart_text_height (percent) / 2);
  }
}

void
chart_bands (Chart *c)
{
  const PktBands *bands = c->labels->bands;
  const double dashes[] = { 1, 3 },
               percents[] = { (double)bands->watch / 10000, (double)bands->escalate / 10000 };
  chart_colour (c, chart_grey);
  cairo_set_line_width (c->cr, 1);
  cairo_set_dash (c->cr, dashes, G_N_ELEMENTS (dashes), 0);
  for (gsize i = 0; i < G_N_ELEMENTS (percents); i++) {
    if (percents[i] > c->top_percent)
      continue;
    double y = c->y + c->h - height_of (c, percents[i] / c->top_percent) + 0.5;
    cairo_move_to (c->cr, c->x, y);
    cairo_line_to (c->cr, c->x + c->w, y);
    cairo_stroke (c->cr);
  }
  cairo_set_dash (c->cr, NULL, 0, 0);
}

/* --- dates --- */

static const guint *
nice_strides (const Chart *c)
{
  static const guint days[] = { 1, 2, 7, 14, 28, 56, 0 }, weeks[] = { 1, 2, 4, 13, 26, 52, 0 },
                     months[] = { 1, 2, 3, 6, 12, 24, 36, 60, 0 },
                     others[] = { 1, 2, 5, 10, 20, 50, 0 };
  if (c->buckets->unit == PKT_BUCKET_DAY)
    return days;
  if (c->buckets->unit == PKT_BUCKET_WEEK)
    return weeks;
  return c->buckets->months == 1 ? months : others;
}

static PangoLayout *
date_label (Chart *c, guint i)
{
  g_autofree char *text = pkt_buckets_label (c->buckets, bar_at (c, i));
  return chart_text_line (&c->text, text, FALSE, -1);
}

static guint
choose_stride (Chart *c)
{
  int widest = 0;
  for (guint i = 0; i < c->n; i++) {
    g_autoptr (PangoLayout) label = date_label (c, i);
    widest = MAX (widest, chart_text_width (label));
  }
  const guint *s = nice_strides (c);
  while (s[1] != 0 && (double)c->w * s[0] / c->n < widest + CHART_SPACE)
    s++;
  return *s;
}

/* Below the lower half of the axes' lowest numbers. */
static int
dates_gap (const Chart *c)
{
  return MAX (CHART_TICK, c->row / 2) + 2;
}

int
chart_dates_height (const Chart *c)
{
  return dates_gap (c) + c->row;
}

void
chart_dates (Chart *c)
{
  guint stride = choose_stride (c);
  int free_from = CHART_MARGIN;
  chart_colour (c, chart_ink);
  for (guint i = 0; i < c->n; i += stride) {
    g_autoptr (PangoLayout) label = date_label (c, i);
    int w = chart_text_width (label), x = chart_middle (c, i) - w / 2;
    x = CLAMP (x, CHART_MARGIN, PKT_CHART_WIDTH - CHART_MARGIN - w);
    if (x < free_from)
      continue;
    cairo_rectangle (c->cr, chart_middle (c, i), c->y + c->h + 1, 1, CHART_TICK);
    cairo_fill (c->cr);
    chart_text_show (&c->text, label, x, c->y + c->h + dates_gap (c));
    free_from = x + w + CHART_SPACE;
  }
}
