#pragma once
#include "packet/trend/sum.h"

/* Apple's copy of the trend as a picture: bars of final answers and one line, the percentage
 * refused by policy. Plain counts: no bands, no intervals, no advice (design section 6). */
#define PKT_CHART_WIDTH 800
#define PKT_CHART_HEIGHT 420
#define PKT_CHART_MAX_BYTES (60 * 1024)
#define PKT_CHART_MAX_TEXT 200 /* characters of a label; more are cut */

typedef struct {
  const char *title;     /* NULL: "Mail to iCloud Mail by date" */
  const char *stream;    /* which mail: "newsletter, From example.com"; may be NULL */
  const char *zone_name; /* whose days the PktDay's are: "UTC" */
  GTimeZone *zone;       /* the same; NULL: UTC */
  gint64 onset;          /* microseconds UTC of the rise; PKT_NO_TIME: no mark */
  gboolean or_earlier;   /* the log begins inside */
  gint64 relief;         /* microseconds UTC; PKT_NO_TIME: none seen */
  gint64 newest;         /* last refusal of the incident, or newest of all; PKT_NO_TIME: not said */
} PktChartLabels;

/* A PNG of PKT_CHART_WIDTH x PKT_CHART_HEIGHT without text chunks; same bytes for the same days and
 * fonts. A day is a bar, over 120 days a week, over three years a month; those without traffic are
 * empty. Text is measured before it is placed, so that none overlaps with any font. PKT_ERROR_BUG
 * when cairo fails. */
GBytes *pkt_trend_png (const GArray *days, const PktChartLabels *labels, GError **error);
/* The picture in words, one or two sentences: what the note under it says. Caller frees. */
char *pkt_trend_alt (const GArray *days, const PktChartLabels *labels);
