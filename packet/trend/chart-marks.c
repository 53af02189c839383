#include "packet/base/text.h"
#include "packet/trend/chart-plot.h"

#define MAX_MARKS (PKT_CHART_MAX_MARKS + 2)
#define MAX_LABEL ((PKT_CHART_WIDTH - 2 * CHART_MARGIN) / 2)
#define MARK_CHARS 60

/* Index of the bar that a time falls in; n when there is none. */
static guint
bar_of_time (const Chart *c, gint64 us)
{
  if (us == PKT_NO_TIME)
    return c->n;
  gint64 day = pkt_clock_day (us, c->labels->zone);
  for (guint i = 0; i < c->n; i++) {
    const PktBucket *bar = &g_array_index (c->buckets->bars, PktBucket, i);
    if (day >= bar->day && day < bar->end)
      return i;
  }
  return c->n;
}

static void
clear_mark (gpointer p)
{
  g_clear_object (&((ChartMark *)p)->label);
}

/* text NULL: a line without words. */
static void
add_mark (Chart *c, GArray *marks, guint bar, const char *text)
{
  ChartMark m = { .line = chart_place (c, bar) };
  if (bar > c->n)
    return;
  if (text) {
    m.label = chart_text_line (&c->text, text, FALSE, c->labels->bands ? MAX_LABEL : 2 * MAX_LABEL);
    int w = chart_text_width (m.label);
    m.x = CLAMP (m.line - w / 2, CHART_MARGIN, PKT_CHART_WIDTH - CHART_MARGIN - w);
  }
  g_array_append_val (marks, m);
}

static char *
time_text (const Chart *c, const char *what, gint64 us, const char *tail)
{
  g_autofree char *time = pkt_clock_format (us, c->labels->zone, "%Y-%m-%d %H:%M");
  return g_strdup_printf ("%s %s %s%s", what, time, c->labels->zone_name, tail);
}

/* At the left of the bar it began in. */
static void
add_onset (Chart *c, GArray *marks)
{
  guint bar = bar_of_time (c, c->labels->onset);
  if (bar == c->n)
    return;
  const PktChartLabels *l = c->labels;
  g_autofree char *text = time_text (c,
                                     l->bands   ? "rose"
                                     : l->start ? l->start
                                                : "refusals rose",
                                     l->onset, l->or_earlier ? " or earlier" : "");
  add_mark (c, marks, bar, text);
}

/* At the left of the bar it ended in, or at its right where that day was refused too. Apple's copy
 * tells it in the note. */
static void
add_relief (Chart *c, GArray *marks)
{
  guint bar = bar_of_time (c, c->labels->relief);
  if (bar == c->n)
    return;
  gboolean refused_too = bar == bar_of_time (c, c->labels->newest);
  g_autofree char *text = time_text (c, "fell", c->labels->relief, "");
  add_mark (c, marks, refused_too ? bar + 1 : bar, c->labels->bands ? text : NULL);
}

static void
add_events (Chart *c, GArray *marks)
{
  const PktChartLabels *l = c->labels;
  for (guint i = 0; l->bands && i < l->n_marks && i < PKT_CHART_MAX_MARKS; i++) {
    guint bar = bar_of_time (c, l->marks[i].time);
    if (bar == c->n)
      continue;
    g_autofree char *text = pkt_text_quote (pkt_slice_str (l->marks[i].text), MARK_CHARS);
    add_mark (c, marks, bar, text);
  }
}

static int
compare_marks (gconstpointer x, gconstpointer y)
{
  return ((const ChartMark *)x)->x - ((const ChartMark *)y)->x;
}

/* Each label takes the first row in which there is room. */
static void
choose_rows (GArray *marks)
{
  int ends[MAX_MARKS];
  for (guint r = 0; r < MAX_MARKS; r++)
    ends[r] = 0;
  for (guint i = 0; i < marks->len; i++) {
    ChartMark *m = &g_array_index (marks, ChartMark, i);
    if (m->label == NULL)
      continue;
    while (m->row + 1 < MAX_MARKS && m->x < ends[m->row] + CHART_SPACE)
      m->row++;
    ends[m->row] = m->x + chart_text_width (m->label);
  }
}

GArray *
chart_marks_new (Chart *c)
{
  GArray *marks = g_array_new (FALSE, FALSE, sizeof (ChartMark));
  g_array_set_clear_func (marks, clear_mark);
  add_onset (c, marks);
  add_relief (c, marks);
  add_events (c, marks);
  g_array_sort (marks, compare_marks);
  choose_rows (marks);
  return marks;
}

static guint
rows_of (const GArray *marks)
{
  guint rows = 1;
  for (guint i = 0; i < marks->len; i++)
    rows = MAX (rows, g_array_index (marks, ChartMark, i).row + 1);
  return rows;
}

int
chart_marks_height (const Chart *c, const GArray *marks)
{
  return (int)rows_of (marks) * (c->row + 2);
}

static void
draw_dashes (Chart *c, int x)
{
  const double dashes[] = { 4, 3 };
  chart_colour (c, chart_ink);
  cairo_set_dash (c->cr, dashes, G_N_ELEMENTS (dashes), 0);
  cairo_set_line_width (c->cr, 1);
  cairo_move_to (c->cr, x + 0.5, c->y - c->row / 2.0);
  cairo_line_to (c->cr, x + 0.5, c->y + c->h);
  cairo_stroke (c->cr);
  cairo_set_dash (c->cr, NULL, 0, 0);
}

void
chart_marks (Chart *c, const GArray *marks, int y)
{
  guint rows = rows_of (marks);
  for (guint i = 0; i < marks->len; i++) {
    const ChartMark *m = &g_array_index (marks, ChartMark, i);
    draw_dashes (c, m->line);
    if (m->label) /* the first row is the lowest, next to the lines */
      chart_text_show (&c->text, m->label, m->x, y + (int)(rows - 1 - m->row) * (c->row + 2));
  }
}
