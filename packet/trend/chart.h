#pragma once
#include "packet/trend/sum.h"

/* The trend as a picture, in two views. Apple's copy: bars of final answers and one line, the
 * percentage refused by policy; plain counts, no bands, no intervals, no advice (design section 6).
 * The sender's own: bars by category, the line with its intervals and the bands, marks of events,
 * and all other receivers below on the same scale. */
#define PKT_CHART_WIDTH 800
#define PKT_CHART_HEIGHT 420
#define PKT_CHART_OWN_HEIGHT 620
#define PKT_CHART_MAX_BYTES (60 * 1024)
#define PKT_CHART_MAX_TEXT 200 /* characters of a label; more are cut */
#define PKT_CHART_MAX_MARKS 6  /* of events; more are left out */

typedef enum { PKT_CHART_PNG, PKT_CHART_SVG, PKT_CHART_PDF } PktChartFormat;

/* Something that happened, told by the sender: "new template". */
typedef struct {
  gint64 time; /* microseconds UTC */
  const char *text;
} PktChartMark;

typedef struct {
  const char *title;     /* NULL: "Mail to iCloud Mail by date" */
  const char *stream;    /* which mail: "newsletter, From example.com"; may be NULL */
  const char *zone_name; /* whose days the PktDay's are: "UTC" */
  GTimeZone *zone;       /* the same; NULL: UTC */
  gint64 onset;          /* microseconds UTC of the rise; PKT_NO_TIME: no mark */
  gboolean or_earlier;   /* the log begins inside */
  gint64 relief;         /* microseconds UTC; PKT_NO_TIME: none seen */
  gint64 newest;         /* last refusal of the incident, or newest of all; PKT_NO_TIME: not said */
  const char *start;     /* what the onset is, in Apple's copy; NULL: "refusals rose" */
  const char *latest;    /* what the newest is; NULL: "Latest refusal" */
  const PktBands *bands; /* the sender's own view; NULL: Apple's copy */
  const PktChartMark *marks; /* of the sender's own view */
  guint n_marks;
} PktChartLabels;

/* One picture of PKT_CHART_WIDTH pixels: a PNG without text chunks, an SVG whose text is outlines,
 * or a PDF of one page. Same bytes for the same days and fonts. A day is a bar, over 120 days a
 * week, over three years a month; those without traffic are empty. Text is measured before it is
 * placed, so that none overlaps with any font. PKT_ERROR_BUG when cairo fails. */
GBytes *pkt_trend_chart (const GArray *days, const PktChartLabels *labels, PktChartFormat format,
                         GError **error);
/* Apple's copy or the sender's own as PNG. */
GBytes *pkt_trend_png (const GArray *days, const PktChartLabels *labels, GError **error);
/* The picture in words, one or two sentences: what the note under it says. Caller frees. */
char *pkt_trend_alt (const GArray *days, const PktChartLabels *labels);

/* Where a text of the picture lies, in pixels. */
typedef struct {
  int x, y, w, h;
  gboolean cut; /* it did not fit and ends with an ellipsis */
} PktChartBox;

/* All texts of the picture as it would be drawn: for tests of the layout. Caller unrefs. */
GArray *pkt_trend_layout (const GArray *days, const PktChartLabels *labels);
