#pragma once
#include <glib.h>
#include "packet/base/slice.h"

#define PKT_SECOND G_GINT64_CONSTANT (1000000) /* all times are in microseconds */
#define PKT_MINUTE (60 * PKT_SECOND)
#define PKT_HOUR (60 * PKT_MINUTE)
#define PKT_DAY (24 * PKT_HOUR)
#define PKT_NO_TIME G_MININT64

/* Now, in microseconds UTC; SOURCE_DATE_EPOCH (seconds) counts as now, so that a packet can be made
 * again. */
gint64 pkt_clock_now (void);

/* A time as a log wrote it. Log lines of syslog have neither year nor zone; both are known only
 * when the whole source was read, so a stamp is kept as written and resolved at its end. */
typedef enum {
  PKT_STAMP_NONE,
  PKT_STAMP_UTC,      /* us: microseconds since 1970 UTC, the log wrote its zone */
  PKT_STAMP_LOCAL,    /* us: wall clock as if it were UTC, the log has no zone */
  PKT_STAMP_YEARLESS, /* us: wall clock in a calendar whose years all have 366 days, from year 0 =
                         the source's first */
  PKT_N_STAMPS
} PktStampKind;

typedef struct {
  gint64 us;
  PktStampKind kind;
} PktStamp;

/* How a source's stamps become UTC. */
typedef struct {
  GTimeZone *zone; /* of stamps without one; borrowed */
  int first_year;  /* the year that a yearless source begins in */
} PktStampRule;

/* Microseconds UTC; PKT_NO_TIME for NONE. The repeated hour of a DST change is taken as the earlier
 * one. 29 February in a year without one is 1 March. */
gint64 pkt_stamp_resolve (PktStamp stamp, const PktStampRule *rule);
/* How much later the zone's clock shows the same once more, as in the hour of the change from
 * summer time; 0: it does not. zone may be NULL. */
gint64 pkt_clock_again (gint64 us, GTimeZone *zone);
/* The year of a stamp in a yearless source counted from 0. */
int pkt_stamp_year_index (PktStamp stamp);
/* Microseconds from year 0 to a year of a yearless source. */
gint64 pkt_stamp_years (int year_index);
/* a / b, rounded towards the past. */
static inline gint64
pkt_clock_floor (gint64 a, gint64 b)
{
  return a / b - (a % b < 0);
}
/* Seconds as written, the year left out where the log has none: rotated copies agree on it. */
static inline gint64
pkt_stamp_written_second (PktStamp stamp)
{
  if (stamp.kind == PKT_STAMP_YEARLESS)
    stamp.us -= pkt_stamp_years (pkt_stamp_year_index (stamp));
  return pkt_clock_floor (stamp.us, PKT_SECOND);
}

/* Seconds of the wall clock in zone (NULL: UTC), in a year of 366 days: what logs with a year and
 * without, with a zone and without, say alike of one moment. zone: also of stamps without one. */
gint64 pkt_stamp_wall_second (PktStamp stamp, GTimeZone *zone);

/* The stamps of a log that writes no year, as far as it was read. Of zeros to begin with. */
typedef struct {
  PktStamp last;
  PktStamp left, entered; /* the last before a year began, and the first in it; NONE: none did */
} PktYears;

/* Gives a stamp without a year the year that follows from the one before it; other kinds are left
 * alone. A year that began in the middle of the one before it, and is left for that again within a
 * day, was a clock that is not set ("Jan  1 00:00:07" at a boot), or a damaged line, and none. */
void pkt_stamp_follow (PktYears *years, PktStamp *stamp);

/* "2026-05-18T14:00:41.250000+02:00", also a blank for T, "Z", "+0200", no fraction; without a zone
 * it is LOCAL. The number of bytes read, 0 when it is none (RFC 3339). */
gsize pkt_clock_parse_rfc3339 (PktSlice s, PktStamp *out);
/* "Dec 29 00:36:09", "Jan  1 …", "Jan 01 …", with a fraction too; year_index comes from the caller.
 * 0 when it is none. */
gsize pkt_clock_parse_syslog (PktSlice s, int year_index, PktStamp *out);
/* Other stamps at the beginning of lines, 14 bytes or more: "Mar 3 10:45:36" with a blank lost,
 * "Mär 03 …" and the months of other languages, "Mar  3 2026 …", "2026 Mar  3 …", "Tue Mar  3
 * 10:45:36 2026", "Tue 2026-03-03 10:45:36 CET" (journalctl -o short-full), "2026/03/03 …",
 * "1779112841.123456" (journalctl -o short-unix). An abbreviation that several zones have makes it
 * LOCAL. 0 when it is none. */
gsize pkt_clock_parse_other (PktSlice s, int year_index, PktStamp *out);
/* The digits at s as a fraction of a second, added to *us; the bytes read. Those past microseconds
 * say nothing. */
gsize pkt_clock_fraction (PktSlice s, gint64 *us);
/* "Mon, 02 Nov 2026 16:00:01 +0100", as nearly all mail writes it (RFC 5322, 3.3); 0 for what needs
 * another look, though it may be a date. */
gsize pkt_clock_parse_mail (PktSlice s, PktStamp *out);
/* --since/--until and the case file: RFC 3339, "YYYY-MM-DD HH:MM UTC", or YYYY-MM-DD (the day's
 * first moment in zone, or, when `end` is set, its last). FALSE when it is none. */
gboolean pkt_clock_parse_user (const char *s, GTimeZone *zone, gboolean end, gint64 *out);

/* strftime-like text of a UTC time in a zone (NULL: UTC), as g_date_time_format; caller frees. */
char *pkt_clock_format (gint64 us, GTimeZone *zone, const char *format);
/* "2026-05-18T14:00:41Z", with a fraction as far as it is not zero; caller frees. */
char *pkt_clock_rfc3339 (gint64 us);
/* The same into `text`; the bytes written, no NUL among them. */
#define PKT_CLOCK_ROOM 40
gsize pkt_clock_write_rfc3339 (gint64 us, char text[PKT_CLOCK_ROOM]);
/* Days since 1970-01-01 of the wall clock in zone (NULL: UTC). */
gint64 pkt_clock_day (gint64 us, GTimeZone *zone);
/* "2026-05-18" of such a day; caller frees. */
char *pkt_clock_day_text (gint64 day);
/* The first moment (UTC) of such a day in zone. */
gint64 pkt_clock_day_start (gint64 day, GTimeZone *zone);
/* A zone by name ("UTC", "Europe/Berlin", "+02:00"); NULL when there is none of that name. */
GTimeZone *pkt_clock_zone (const char *name);
