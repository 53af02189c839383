#pragma once
#include <jansson.h>
#include "packet/trend/onset.h"

/* The sender's own view: bands, intervals and the test's statistic. None of it goes to Apple. */

/* How is counted, lines of at most 76 columns; printed under every table. Static. */
const char *pkt_trend_rules (void);
/* Aligned text: a row for each PktDay, gaps told, a sum, the incident (`onset` may be NULL) and the
 * rules. zone_name says whose days they are ("UTC"). Caller frees. */
char *pkt_trend_table (const GArray *days, const char *zone_name, const PktOnset *onset);
/* What is known of the incident, whole sentences, one a line; "" when nothing was refused. Caller
 * frees. */
char *pkt_onset_text (const PktOnset *onset);
/* A chart of block characters, at most `width` columns (20 at the least): the policy rate of Apple
 * and of all others, on one scale. "" for no days. Caller frees. */
char *pkt_trend_blocks (const GArray *days, guint width);
/* {version, timezone, days [{date, apple {delivered, deferred, bounced, policy, final, rate, low,
 * high, small, band, by_group {…}}, other {…}}], total, onset, rules}. rate, low and high are parts
 * of one, null where nothing was final. New reference. */
json_t *pkt_trend_json (const GArray *days, const char *zone_name, const PktOnset *onset);
/* {first, rose_at, from_rate, to_rate, …} or null when none was found. New reference. */
json_t *pkt_onset_json (const PktOnset *onset);
