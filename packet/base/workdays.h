#pragma once
#include <glib.h>

/* Working days at the postmaster's: Monday to Friday without the eleven holidays of 5 U.S.C. 6103
 * (on a Saturday they are kept the Friday before, on a Sunday the Monday after). Days count from
 * 1970-01-01, as pkt_clock_day() gives them. */

gboolean pkt_workday (gint64 day);
/* The nth working day after `day`, which itself does not count. */
gint64 pkt_workday_after (gint64 day, guint n);
/* Working days after `from`, up to and with `to`. */
guint pkt_workdays_between (gint64 from, gint64 to);
