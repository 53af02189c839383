#pragma once
#include "packet/base/cairo.h"

/* Text on a chart: measured first, then placed. */
typedef struct {
  cairo_t *cr;
  PangoContext *context;
  PangoFontDescription *plain, *bold;
  GArray *boxes; /* PktChartBox of all that was shown */
} ChartText;

void chart_text_init (ChartText *t, cairo_t *cr);
void chart_text_clear (ChartText *t);
/* One line, cut with an ellipsis at max_width (-1: never), or wrapped there. Caller unrefs. */
PangoLayout *chart_text_line (ChartText *t, const char *text, gboolean bold, int max_width);
PangoLayout *chart_text_wrapped (ChartText *t, const char *text, int width);
/* Pixels it takes. */
int chart_text_width (PangoLayout *layout);
int chart_text_height (PangoLayout *layout);
/* Left upper corner at x, y. */
void chart_text_show (ChartText *t, PangoLayout *layout, int x, int y);
