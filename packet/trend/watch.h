#pragma once
#include "packet/trend/trend.h"

/* The trend for a machine that watches: the last day, as a monitoring plugin's line and as metrics.
 * The last day ends with the newest attempt that was read. */
#define PKT_WATCH_WINDOW PKT_DAY

typedef enum {
  PKT_WATCH_OK,
  PKT_WATCH_WARNING,
  PKT_WATCH_CRITICAL,
  PKT_WATCH_UNKNOWN
} PktWatchState;

typedef struct {
  gint64 from, to; /* microseconds UTC, both included; PKT_NO_TIME: nothing was read */
  gint64 age;      /* of the newest attempt, microseconds; negative: its time is still to come */
  PktSum apple, other;
  /* healthy, watch, escalate; unknown without a final answer of Apple's, and where the rate is
   * healthy and not of now */
  PktWatchState state;
  gboolean recurrence; /* the first policy reply after relief lies in it: a warning at the least */
} PktWatch;

/* now: microseconds UTC, that `age` counts to. */
void pkt_watch_make (const PktTally *t, const PktTrend *trend, gint64 now, PktWatch *out);
/* One line as Nagios and Icinga read it: "APPLE MAIL CRITICAL - … | rate=14.935%;0.2;1;0;100 …".
 * The state is the exit status. Caller frees. */
char *pkt_watch_line (const PktWatch *w, const PktTrend *trend);
/* Prometheus' text format, for the node exporter's textfile collector. Caller frees. */
char *pkt_watch_metrics (const PktTally *t, const PktWatch *w, const PktTrend *trend);
