#pragma once
#include "packet/trend/sum.h"

#define PKT_TREND_CSV_HEADER                                                                       \
  "date,final,accepted,refused_policy,refused_policy_percent,refused_other,deferred_tries,"        \
  "all_others_refused_policy_percent\r\n"

/* Apple's copy of PktDay's: eight columns, RFC 4180, CRLF, one row a day with traffic. Only ISO
 * dates and numbers, so no spreadsheet takes a field for a formula. Percentages have two decimals
 * (rounded half up) and are empty where nothing was final. Caller frees. */
char *pkt_trend_csv (const GArray *days);
/* "apple-bounce-trend-2026-05-01_2026-05-20.csv" for ".csv": dated by first and last day, without
 * dates when there is no day. Caller frees. */
char *pkt_trend_name (const GArray *days, const char *suffix);
