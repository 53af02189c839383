#pragma once
#include "packet/trend/bucket.h"
#include "packet/trend/chart-text.h"
#include "packet/trend/chart.h"

typedef struct {
  double r, g, b;
} ChartColour;

/* A chart while it is drawn, with the panel that is drawn in now. */
typedef struct {
  cairo_t *cr;
  ChartText text;
  const PktChartLabels *labels;
  PktBuckets *buckets;
  guint n;
  int height;         /* of the picture */
  int row;            /* height of a line of text */
  gint64 top;         /* of the left axis */
  double top_percent; /* of the right axis */
  int x, y, w, h;     /* of the panel */
  gboolean other;     /* it shows all other receivers, and no bars */
} Chart;

#define CHART_MARGIN 12
#define CHART_GAP 6
#define CHART_TICK 4
#define CHART_SPACE 12    /* between two labels side by side */
#define CHART_DIVISIONS 5 /* of both axes, so that one set of lines serves both */

/* Light, middle and dark of one blue and an orange-red: told apart by the colour-blind, and in grey
 * by lightness. */
static const ChartColour chart_accepted = { 0.80, 0.87, 0.93 },
                         chart_refused = { 0.55, 0.66, 0.76 }, chart_policy = { 0.11, 0.22, 0.36 },
                         chart_line = { 0.84, 0.37, 0.0 }, chart_ink = { 0.13, 0.13, 0.13 },
                         chart_white = { 1, 1, 1 }, chart_grid = { 0.86, 0.86, 0.86 },
                         chart_grey = { 0.45, 0.45, 0.45 };

static inline void
chart_colour (Chart *c, ChartColour colour)
{
  cairo_set_source_rgb (c->cr, colour.r, colour.g, colour.b);
}

/* Bounces that have one colour in the sender's own view, from the bottom up; dark and light blue
 * and orange by turns, each lighter than the one below. */
typedef struct {
  const char *text;
  ChartColour colour;
  guint categories; /* bits by PktCategory */
} ChartKind;

#define CHART_KINDS 6
extern const ChartKind chart_kinds[CHART_KINDS];

/* --- chart-axes.c --- */

const PktSum *chart_sum (const Chart *c, guint bar); /* of the panel's side */
double chart_percent (const PktSum *s);
int chart_place (const Chart *c, guint bar); /* its left edge */
int chart_middle (const Chart *c, guint bar);
/* Sets top, top_percent, x and w: what both axes' labels leave. */
void chart_scale (Chart *c);
void chart_axes (Chart *c);
/* Dashed lines where watch and escalate begin, as far as the scale reaches. */
void chart_bands (Chart *c);
/* Height that the dates take below a panel. */
int chart_dates_height (const Chart *c);
void chart_dates (Chart *c);

/* --- chart-plot.c --- */

/* Bars (not of others), line, dots, and in the sender's view intervals, into the panel. */
void chart_plot (Chart *c);

/* --- chart-marks.c --- */

/* Onset, relief and events: labels in rows of their own above the panel, dashed lines in it. */
typedef struct {
  PangoLayout *label;
  int line, x; /* of the dashed line, of the label */
  guint row;
} ChartMark;

GArray *chart_marks_new (Chart *c); /* ChartMark; caller unrefs */
int chart_marks_height (const Chart *c, const GArray *marks);
/* Rows begin at y. */
void chart_marks (Chart *c, const GArray *marks, int y);
