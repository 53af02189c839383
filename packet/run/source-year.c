/* The year in which a log begins that writes none: by the one that was given, else by the file's
 * time. */
#include "packet/run/source.h"

/* Seconds of the years 1 to 9999: a log, or a file in an archive, may tell of any. */
static gint64
within_calendar (gint64 seconds)
{
  return CLAMP (seconds, -G_GINT64_CONSTANT (62135596800), G_GINT64_CONSTANT (253402300799));
}

/* Rotated logs of December beside January's, of which the year is given; index: years that began in
 * the log. */
static gboolean
is_of_year_before (const PktCounter *c, PktStamp last, int index)
{
  const PktScanOptions *o = c->options;
  const PktStampRule rule = { o->log_zone, o->year - index };
  if (c->year_runs == PKT_YEAR_OF_ALL || (c->year_runs == PKT_YEAR_RUN_INTO && index > 0))
    return FALSE;
  return pkt_stamp_resolve (last, &rule) > pkt_clock_now () + PKT_DAY;
}

int
pkt_source_first_year (PktCountSource *count, PktStamp last, gint64 file_time)
{
  const PktScanOptions *o = count->counter->options;
  const int index = pkt_stamp_year_index (last);
  if (o->year) {
    count->source->year_before = is_of_year_before (count->counter, last, index);
    return o->year - index - (count->source->year_before ? 1 : 0);
  }
  file_time = within_calendar (file_time);
  g_autoptr (GDateTime) t = g_date_time_new_from_unix_utc (file_time);
  int year = g_date_time_get_year (t);
  PktStampRule rule = { o->log_zone, year - index };
  if (pkt_stamp_resolve (last, &rule) > file_time * PKT_SECOND + PKT_DAY)
    year--;
  return year - index;
}

/* A log's last line and its file are of one time, unless the file was copied without it. */
#define FILE_AFTER (7 * PKT_DAY)

gboolean
pkt_source_year_is_guess (gint64 last, gint64 file_time)
{
  return last != PKT_NO_TIME && file_time
         && ABS (within_calendar (file_time) * PKT_SECOND - last) > FILE_AFTER;
}
