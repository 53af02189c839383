#pragma once
#include "packet/base/clock.h"

/* Of "3/4/2026" and "3-4-2026". */
typedef enum {
  PKT_DATES_NEITHER, /* may be two dates: none */
  PKT_DATES_MONTH_FIRST,
  PKT_DATES_DAY_FIRST,
} PktEventDates;

/* "2026-03-14 22:45", "14.03.2026 22:45:33", "Mar 14, 2026 at 10:45 PM", "Sat, 14 Mar 2026 22:45:33
 * +0100", "2026/03/14 22:45 UTC", "14-Mar-2026 22:45"; by `dates` also "3/14/2026 10:45:33 PM",
 * "14-03-2026 22:45". FALSE for what is none of these, or may be two dates. s has no blanks around
 * it. */
gboolean pkt_event_written_time (PktSlice s, PktEventDates dates, PktStamp *out);
