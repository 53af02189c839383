#include "packet/trend/chart-plot.h"
#include <math.h>
#include "packet/base/text.h"

#define DIVISIONS 5 /* of both axes, so that one set of lines serves both */
#define TICK 4
#define MAX_BAR 56
#define DOTS_UP_TO 60 /* bars; more and the line is enough */
#define DATE_SPACE 12

static const ChartColour grid_colour = { 0.86, 0.86, 0.86 };

static const PktBucket *
bar_at (const Chart *c, guint i)
{
  return &g_array_index (c->buckets->bars, PktBucket, i);
}

/* --- axes --- */

/* The least of 1, 2, 3, 4, 5, 6, 8 times a power of ten with which DIVISIONS steps reach `most`. */
static gint64
nice_top (gint64 most)
{
  static const gint64 steps[] = { 1, 2, 3, 4, 5, 6, 8 };
  for (gint64 power = 1; power < G_MAXINT64 / 100; power *= 10)
    for (gsize i = 0; i < G_N_ELEMENTS (steps); i++)
      if (most <= steps[i] * power * DIVISIONS)
        return steps[i] * power * DIVISIONS;
  return G_MAXINT64;
}

static double
percent_of (const PktSum *s)
{
  gint64 final = pkt_sum_final (s);
  return final > 0 ? 100.0 * (double)s->policy / (double) final : 0;
}

static void
scale_axes (Chart *c)
{
  static const double tops[] = { 1, 2, 5, 10, 20, 50, 100 };
  gint64 most = 0;
  double percent = 0;
  for (guint i = 0; i < c->n; i++) {
    most = MAX (most, pkt_sum_final (&bar_at (c, i)->apple));
    percent = MAX (percent, percent_of (&bar_at (c, i)->apple));
  }
  c->top = nice_top (MAX (most, 1));
  gsize t = 0;
  while (t + 1 < G_N_ELEMENTS (tops) && percent > tops[t])
    t++;
  c->top_percent = tops[t];
}

static PangoLayout *
count_label (Chart *c, int division)
{
  g_autofree char *text = pkt_text_count (c->top / DIVISIONS * division);
  return chart_text_line (&c->text, text, FALSE, -1);
}

static PangoLayout *
percent_label (Chart *c, int division)
{
  char number[G_ASCII_DTOSTR_BUF_SIZE];
  g_ascii_formatd (number, sizeof number, "%g", c->top_percent * division / DIVISIONS);
  g_autofree char *text = g_strconcat (number, " %", NULL);
  return chart_text_line (&c->text, text, FALSE, -1);
}

static void
measure_axes (Chart *c, int *left, int *right)
{
  *left = *right = 0;
  for (int d = 0; d <= DIVISIONS; d++) {
    g_autoptr (PangoLayout) count = count_label (c, d), percent = percent_label (c, d);
    *left = MAX (*left, chart_text_width (count));
    *right = MAX (*right, chart_text_width (percent));
  }
}

static int
height_of (const Chart *c, double part)
{
  return (int)floor (part * c->h + 0.5);
}

static void
draw_axes (Chart *c)
{
  for (int d = 0; d <= DIVISIONS; d++) {
    int y = c->y + c->h - height_of (c, (double)d / DIVISIONS);
    chart_colour (c, grid_colour);
    cairo_rectangle (c->cr, c->x, y, c->w, 1);
    cairo_fill (c->cr);
    chart_colour (c, chart_ink);
    g_autoptr (PangoLayout) count = count_label (c, d), percent = percent_label (c, d);
    chart_text_show (&c->text, count, c->x - TICK - chart_text_width (count),
                     y - chart_text_height (count) / 2);
    chart_text_show (&c->text, percent, c->x + c->w + TICK, y - chart_text_height (percent) / 2);
  }
}

/* --- bars and line --- */

/* Left edge of a bar's place. */
static int
place_of (const Chart *c, guint i)
{
  return c->x + (int)floor ((double)c->w * i / MAX (c->n, 1) + 0.5);
}

static int
middle_of (const Chart *c, guint i)
{
  return (place_of (c, i) + place_of (c, i + 1)) / 2;
}

/* A part that is not nothing is seen: one pixel at the least. */
static int
draw_part (Chart *c, guint i, int y, gint64 count, ChartColour colour)
{
  if (count <= 0)
    return y;
  int place = place_of (c, i + 1) - place_of (c, i);
  int w = CLAMP (place * 4 / 5, 1, MAX_BAR);
  int h = MAX (1, height_of (c, (double)count / (double)c->top));
  h = MIN (h, y - c->y);
  chart_colour (c, colour);
  cairo_rectangle (c->cr, place_of (c, i) + (place - w) / 2, y - h, w, h);
  cairo_fill (c->cr);
  return y - h;
}

static void
draw_bars (Chart *c)
{
  for (guint i = 0; i < c->n; i++) {
    const PktSum *s = &bar_at (c, i)->apple;
    int y = draw_part (c, i, c->y + c->h, s->policy, chart_policy);
    y = draw_part (c, i, y, s->bounced - s->policy, chart_other);
    draw_part (c, i, y, s->delivered, chart_accepted);
  }
}

static double
line_y (const Chart *c, guint i)
{
  return c->y + c->h - percent_of (&bar_at (c, i)->apple) / c->top_percent * c->h;
}

static void
path_of_line (Chart *c)
{
  gboolean pen_down = FALSE;
  for (guint i = 0; i < c->n; i++) {
    if (pkt_sum_final (&bar_at (c, i)->apple) == 0) { /* a gap: the line breaks */
      pen_down = FALSE;
      continue;
    }
    (pen_down ? cairo_line_to : cairo_move_to) (c->cr, middle_of (c, i), line_y (c, i));
    pen_down = TRUE;
  }
}

static gboolean
has_answers (const Chart *c, guint i)
{
  return i < c->n && pkt_sum_final (&bar_at (c, i)->apple) > 0;
}

/* Dots mark the days with refusals, so that one in a million is seen too, and a day that stands
 * alone between gaps. */
static void
draw_dots (Chart *c, double radius)
{
  for (guint i = 0; i < c->n; i++) {
    gboolean alone = !has_answers (c, i + 1) && (i == 0 || !has_answers (c, i - 1));
    gboolean refused = c->n <= DOTS_UP_TO && bar_at (c, i)->apple.policy > 0;
    if (!has_answers (c, i) || !(alone || refused))
      continue;
    cairo_arc (c->cr, middle_of (c, i), line_y (c, i), radius, 0, 2 * G_PI);
    cairo_fill (c->cr);
  }
}

/* With a white edge, so that it is seen on the dark bars too. */
static void
draw_line (Chart *c)
{
  cairo_save (c->cr);
  cairo_rectangle (c->cr, 0, 0, PKT_CHART_WIDTH, c->y + c->h + 1); /* the edge ends at the axis */
  cairo_clip (c->cr);
  cairo_set_line_join (c->cr, CAIRO_LINE_JOIN_ROUND);
  path_of_line (c);
  chart_colour (c, chart_white);
  cairo_set_line_width (c->cr, 4.5);
  cairo_stroke_preserve (c->cr);
  chart_colour (c, chart_line);
  cairo_set_line_width (c->cr, 2);
  cairo_stroke (c->cr);
  cairo_restore (c->cr);
  chart_colour (c, chart_white);
  draw_dots (c, 4.5);
  chart_colour (c, chart_line);
  draw_dots (c, 3);
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
  while (s[1] != 0 && (double)c->w * s[0] / c->n < widest + DATE_SPACE)
    s++;
  return *s;
}

static void
draw_dates (Chart *c)
{
  guint stride = choose_stride (c);
  int free_from = CHART_MARGIN;
  chart_colour (c, chart_ink);
  for (guint i = 0; i < c->n; i += stride) {
    g_autoptr (PangoLayout) label = date_label (c, i);
    int w = chart_text_width (label), x = middle_of (c, i) - w / 2;
    x = CLAMP (x, CHART_MARGIN, PKT_CHART_WIDTH - CHART_MARGIN - w);
    if (x < free_from)
      continue;
    cairo_rectangle (c->cr, middle_of (c, i), c->y + c->h + 1, 1, TICK);
    cairo_fill (c->cr);
    chart_text_show (&c->text, label, x, c->y + c->h + TICK + 2);
    free_from = x + w + DATE_SPACE;
  }
}

/* --- onset and relief --- */

static char *
onset_text (const PktChartLabels *l)
{
  g_autofree char *time = pkt_clock_format (l->onset, l->zone, "%Y-%m-%d %H:%M");
  return g_strdup_printf (l->or_earlier ? "refusals rose %s %s or earlier" : "refusals rose %s %s",
                          time, l->zone_name);
}

/* Index of the bar that a time falls in; n when there is none. */
static guint
bar_of_time (const Chart *c, gint64 us)
{
  if (us == PKT_NO_TIME)
    return c->n;
  gint64 day = pkt_clock_day (us, c->labels->zone);
  for (guint i = 0; i < c->n; i++)
    if (day >= bar_at (c, i)->day && day < bar_at (c, i)->end)
      return i;
  return c->n;
}

static void
draw_dashes (Chart *c, int x, int y)
{
  const double dashes[] = { 4, 3 };
  chart_colour (c, chart_ink);
  cairo_set_dash (c->cr, dashes, G_N_ELEMENTS (dashes), 0);
  cairo_set_line_width (c->cr, 1);
  cairo_move_to (c->cr, x + 0.5, y);
  cairo_line_to (c->cr, x + 0.5, c->y + c->h);
  cairo_stroke (c->cr);
  cairo_set_dash (c->cr, NULL, 0, 0);
}

/* A dashed line at the left of the bar it began in, with its text in a row of its own over the
 * plot; another where it ended, told in the note. */
static void
draw_marks (Chart *c, int y)
{
  guint rose = bar_of_time (c, c->labels->onset), fell = bar_of_time (c, c->labels->relief);
  gboolean refused_too = fell == bar_of_time (c, c->labels->newest);
  if (fell < c->n)
    draw_dashes (c, place_of (c, refused_too ? fell + 1 : fell), c->y);
  if (rose == c->n)
    return;
  g_autofree char *text = onset_text (c->labels);
  g_autoptr (PangoLayout) label = chart_text_line (&c->text, text, FALSE,
                                                   PKT_CHART_WIDTH - 2 * CHART_MARGIN);
  int w = chart_text_width (label), x = place_of (c, rose);
  chart_colour (c, chart_ink);
  chart_text_show (&c->text, label,
                   CLAMP (x - w / 2, CHART_MARGIN, PKT_CHART_WIDTH - CHART_MARGIN - w), y);
  draw_dashes (c, x, y + chart_text_height (label) + 1);
}

static void
draw_nothing (Chart *c)
{
  g_autoptr (PangoLayout) line = chart_text_line (
      &c->text, "No mail to iCloud Mail in this period.", FALSE, c->w);
  chart_colour (c, chart_ink);
  chart_text_show (&c->text, line, c->x + (c->w - chart_text_width (line)) / 2, c->y + c->h / 2);
}

void
chart_plot (Chart *c, int head_end, PangoLayout *note)
{
  int left, right, row;
  scale_axes (c);
  measure_axes (c, &left, &right);
  g_autoptr (PangoLayout) sample = count_label (c, 0);
  row = chart_text_height (sample);
  c->x = CHART_MARGIN + left + TICK;
  c->w = PKT_CHART_WIDTH - CHART_MARGIN - right - TICK - c->x;
  c->y = head_end + CHART_GAP + row + CHART_GAP + 2; /* the row is the onset's */
  c->h = PKT_CHART_HEIGHT - CHART_MARGIN - chart_text_height (note) - CHART_GAP - row - TICK - 2
         - c->y;
  if (c->n == 0) {
    draw_nothing (c);
    return;
  }
  draw_axes (c);
  draw_bars (c);
  draw_marks (c, head_end + CHART_GAP);
  chart_colour (c, chart_ink);
  cairo_rectangle (c->cr, c->x, c->y + c->h, c->w, 1);
  cairo_fill (c->cr);
  draw_line (c);
  draw_dates (c);
}
