#pragma once
#include "cmd/sources.h"
#include "packet/trend/chart.h"
#include "packet/trend/trend.h"

/* What `trend` was told. */
typedef struct {
  CmdSources sources;
  char *output, *stream, *by_name, *bands_text, *state, *prometheus;
  char **mark;
  gboolean csv, comments, hours, force, monitor;
  /* made of these */
  PktBy by; /* PKT_N_BY: not asked for */
  PktBands bands;
  int lock;      /* of the state, until the run ends; -1 */
  GArray *marks; /* PktChartMark, texts borrowed */
} CmdTrend;

/* Writes all files into --output and prints their paths. */
gboolean cmd_trend_write (const CmdTrend *o, const PktTrend *trend, GError **error);
/* Prints what the options ask for. */
gboolean cmd_trend_print (const CmdTrend *o, const PktTrend *trend, GError **error);
/* --prometheus and --monitor; *status is the monitor's. */
gboolean cmd_trend_watch (const CmdTrend *o, const PktTally *tally, const PktTrend *trend,
                          int *status, GError **error);
/* The monitor's line and status for an error, which it takes. */
int cmd_trend_unknown (GError **error);
/* The options that a state file was made with; caller frees. */
char *cmd_trend_settings (const CmdTrend *o);
