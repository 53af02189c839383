#pragma once
#include "packet/trend/bucket.h"
#include "packet/trend/chart-text.h"
#include "packet/trend/chart.h"

typedef struct {
  double r, g, b;
} ChartColour;

/* A chart while it is drawn. */
typedef struct {
  cairo_t *cr;
  ChartText text;
  const PktChartLabels *labels;
  PktBuckets *buckets;
  guint n;
  gint64 top;         /* of the left axis */
  double top_percent; /* of the right axis */
  int x, y, w, h;     /* of the plot */
} Chart;

#define CHART_MARGIN 12
#define CHART_GAP 6

/* Light, middle and dark of one blue and an orange-red: told apart by the colour-blind, and in grey
 * by lightness. */
static const ChartColour chart_accepted = { 0.80, 0.87, 0.93 }, chart_other = { 0.55, 0.66, 0.76 },
                         chart_policy = { 0.11, 0.22, 0.36 }, chart_line = { 0.84, 0.37, 0.0 },
                         chart_ink = { 0.13, 0.13, 0.13 }, chart_white = { 1, 1, 1 };

static inline void
chart_colour (Chart *c, ChartColour colour)
{
  cairo_set_source_rgb (c->cr, colour.r, colour.g, colour.b);
}

/* Axes, bars, line, marks and dates between the y below the head and the note at the bottom. */
void chart_plot (Chart *c, int head_end, PangoLayout *note);
