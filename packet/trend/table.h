#pragma once
#include "packet/trend/trend.h"

/* Pieces of pkt_trend_text (). */

/* Aligned text, at most `width` columns if they can be: a row for each PktDay or PktHour, gaps
 * told, a sum. Caller frees. */
char *pkt_trend_table (const PktTrendOptions *o, const GArray *spans, guint width);
/* What is known of the incident, whole sentences, one a line; "" when nothing was refused. Caller
 * frees. */
char *pkt_onset_text (const PktOnset *onset);
/* {first, rose_at, from_rate, to_rate, …} or null when none was found. New reference. */
json_t *pkt_onset_json (const PktOnset *onset);
/* A chart of block characters, at most `width` columns (20 at the least): the policy rate of Apple
 * and of all others, on one scale. "" for no days. Caller frees. */
char *pkt_trend_blocks (const GArray *days, guint width);
/* One row of it for a group: at most `width` columns over the days from `first` to `last`, the
 * highest column is `top`, parts of one. Caller frees. */
char *pkt_trend_spark (const GArray *days, gint64 first, gint64 last, guint width, double top);
