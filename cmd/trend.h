#pragma once
#include "cmd/sources.h"
#include "packet/trend/chart.h"
#include "packet/trend/trend.h"

/* What `trend` was told. */
typedef struct {
  CmdSources sources;
  char *output, *stream, *by_name, *bands_text;
  char **mark;
  gboolean csv, comments, hours, force;
  /* made of these */
  PktBy by; /* PKT_N_BY: not asked for */
  PktBands bands;
  GArray *marks; /* PktChartMark, texts borrowed */
} CmdTrend;

/* Writes all files into --output and prints their paths. */
gboolean cmd_trend_write (const CmdTrend *o, const PktTrend *trend, GError **error);
/* Prints what the options ask for. */
gboolean cmd_trend_print (const CmdTrend *o, const PktTrend *trend, GError **error);
