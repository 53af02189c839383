#include "packet/base/clock.h"
#include <errno.h>
#include <stdlib.h>

#define LEAP_YEAR_DAYS 366
#define YEAR_10000 G_GINT64_CONSTANT (253402300800) /* seconds; RFC 3339 has four digits */

static const guint16 leap_days_before[12]
    = { 0, 31, 60, 91, 121, 152, 182, 213, 244, 274, 305, 335 };

gint64
pkt_clock_now (void)
{
  const char *epoch = g_getenv ("SOURCE_DATE_EPOCH");
  gint64 s;
  if (epoch && pkt_slice_number (pkt_slice_str (epoch), &s) && s < YEAR_10000)
    return s * PKT_SECOND;
  return g_get_real_time ();
}

/* Days from 1970-01-01 to a date of the Gregorian calendar; month 1 to 12. */
static gint64
days_from_civil (gint64 y, int m, int d)
{
  y -= m <= 2;
  gint64 era = (y >= 0 ? y : y - 399) / 400;
  gint64 yoe = y - era * 400;
  gint64 doy = (153 * (m + (m > 2 ? -3 : 9)) + 2) / 5 + d - 1;
  gint64 doe = yoe * 365 + yoe / 4 - yoe / 100 + doy;
  return era * 146097 + doe - 719468;
}

static int
days_in_month (int y, int m)
{
  static const guint8 days[12] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
  gboolean leap = (y % 4 == 0 && y % 100 != 0) || y % 400 == 0;
  return days[m - 1] + (m == 2 && leap);
}

static gint64
yearless_to_wall (gint64 us, int first_year)
{
  gint64 day = pkt_clock_floor (us, PKT_DAY), rest = us - day * PKT_DAY;
  int index = (int)pkt_clock_floor (day, LEAP_YEAR_DAYS),
      doy = (int)(day - (gint64)index * LEAP_YEAR_DAYS), m = 11;
  while (leap_days_before[m] > doy)
    m--;
  return days_from_civil (first_year + index, m + 1, doy - leap_days_before[m] + 1) * PKT_DAY
         + rest;
}

/* Wall clock to UTC. g_time_zone_adjust_time() moves a time in a gap and picks an interval in a
 * fold: that of summer time, which in Dublin and Casablanca is kept as the later one. */
static gint64
wall_to_utc (gint64 wall_us, GTimeZone *zone)
{
  if (zone == NULL)
    return wall_us;
  gint64 wall = pkt_clock_floor (wall_us, PKT_SECOND);
  gint64 sec = wall;
  int interval = g_time_zone_adjust_time (zone, G_TIME_TYPE_DAYLIGHT, &sec);
  gint64 offset = g_time_zone_get_offset (zone, interval),
         before = interval > 0 ? g_time_zone_get_offset (zone, interval - 1) : offset;
  if (before > offset
      && g_time_zone_find_interval (zone, G_TIME_TYPE_UNIVERSAL, sec - before) == interval - 1)
    offset = before;
  return wall_us - (wall - sec) * PKT_SECOND - offset * PKT_SECOND;
}

gint64
pkt_stamp_resolve (PktStamp stamp, const PktStampRule *rule)
{
  switch (stamp.kind) {
  case PKT_STAMP_UTC:
    return stamp.us;
  case PKT_STAMP_LOCAL:
    return wall_to_utc (stamp.us, rule->zone);
  case PKT_STAMP_YEARLESS:
    return wall_to_utc (yearless_to_wall (stamp.us, rule->first_year), rule->zone);
  case PKT_STAMP_NONE:
  case PKT_N_STAMPS:
    break;
  }
  return PKT_NO_TIME;
}

gint64
pkt_clock_again (gint64 us, GTimeZone *zone)
{
  static const gint64 shifts[] = { 3600, 1800 }; /* half an hour on Lord Howe */
  gint64 at = pkt_clock_floor (us, PKT_SECOND);
  for (gsize i = 0; zone && i < G_N_ELEMENTS (shifts); i++) {
    int now = g_time_zone_find_interval (zone, G_TIME_TYPE_UNIVERSAL, at),
        then = g_time_zone_find_interval (zone, G_TIME_TYPE_UNIVERSAL, at + shifts[i]);
    if (now != then
        && g_time_zone_get_offset (zone, now) - g_time_zone_get_offset (zone, then) == shifts[i])
      return shifts[i] * PKT_SECOND;
  }
  return 0;
}

int
pkt_stamp_year_index (PktStamp stamp)
{
  return (int)pkt_clock_floor (stamp.us, LEAP_YEAR_DAYS * PKT_DAY);
}

/* December to January is a long step back, a line of December among those of January a long one
 * forward; older parts of a log behind newer ones are a short step back. */
#define NEW_YEAR (45 * PKT_DAY)  /* a step back by more begins a year, */
#define OLD_YEAR (350 * PKT_DAY) /* one ahead by more is a line of the year before */
#define MONTHS_ON (20 * PKT_DAY) /* one ahead by more ends a year that was none */

static gboolean
was_no_year (const PktYears *y, gint64 us)
{
  const gint64 back = us - LEAP_YEAR_DAYS * PKT_DAY - y->left.us;
  return y->left.kind == PKT_STAMP_YEARLESS && us - y->last.us > MONTHS_ON
         && y->last.us - y->entered.us <= PKT_DAY && back >= -PKT_DAY && back <= NEW_YEAR;
}

void
pkt_stamp_follow (PktYears *y, PktStamp *stamp)
{
  const gint64 year = LEAP_YEAR_DAYS * PKT_DAY;
  if (stamp->kind != PKT_STAMP_YEARLESS)
    return;
  const gint64 step = y->last.kind == PKT_STAMP_YEARLESS ? stamp->us - y->last.us : 0;
  if (step < -NEW_YEAR) {
    stamp->us += year;
    y->left = y->last;
    y->entered = *stamp;
  } else if (step > OLD_YEAR || was_no_year (y, stamp->us))
    stamp->us -= year;
  y->last = *stamp;
}

gint64
pkt_stamp_years (int year_index)
{
  return year_index * LEAP_YEAR_DAYS * PKT_DAY;
}

/* Day of a year of 366 days, from 0, of a day since 1970-01-01. */
static int
day_of_leap_year (gint64 day)
{
  gint64 z = day + 719468, doe = z - pkt_clock_floor (z, 146097) * 146097;
  gint64 yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
  int doy = (int)(doe - (365 * yoe + yoe / 4 - yoe / 100)), mp = (5 * doy + 2) / 153;
  int d = doy - (153 * mp + 2) / 5, m = mp < 10 ? mp + 2 : mp - 10;
  return leap_days_before[m] + d;
}

gint64
pkt_stamp_wall_second (PktStamp stamp, GTimeZone *zone)
{
  gint64 second = pkt_clock_floor (stamp.us, PKT_SECOND);
  if (stamp.kind == PKT_STAMP_YEARLESS)
    return pkt_stamp_written_second (stamp);
  if (stamp.kind == PKT_STAMP_UTC && zone) {
    int interval = g_time_zone_find_interval (zone, G_TIME_TYPE_UNIVERSAL, second);
    second += interval < 0 ? 0 : g_time_zone_get_offset (zone, interval);
  }
  gint64 day = pkt_clock_floor (second, PKT_DAY / PKT_SECOND);
  return second + (day_of_leap_year (day) - day) * (PKT_DAY / PKT_SECOND);
}

/* Two digits at p, or -1. */
static inline int
two (const char *p)
{
  unsigned a = (unsigned)(p[0] - '0'), b = (unsigned)(p[1] - '0');
  return a > 9 || b > 9 ? -1 : (int)(a * 10 + b);
}

gsize
pkt_clock_fraction (PktSlice s, gint64 *us)
{
  gsize i = 0;
  for (gint64 unit = PKT_SECOND / 10; i < s.n && g_ascii_isdigit (s.p[i]); i++, unit /= 10)
    *us += unit * (s.p[i] - '0');
  return i;
}

/* "hh:mm:ss[.fraction]" at s: microseconds since midnight, and the bytes read; 0 when it is none.
 */
static inline gsize
parse_time (PktSlice s, gint64 *out)
{
  if (s.n < 8 || s.p[2] != ':' || s.p[5] != ':')
    return 0;
  int h = two (s.p), m = two (s.p + 3), sec = two (s.p + 6);
  if (h < 0 || h > 23 || m < 0 || m > 59 || sec < 0 || sec > 60)
    return 0;
  gint64 us = ((h * 60 + m) * 60 + sec) * PKT_SECOND;
  gsize i = 8;
  if (i + 1 < s.n && (s.p[i] == '.' || s.p[i] == ',') && g_ascii_isdigit (s.p[i + 1]))
    i += 1 + pkt_clock_fraction (pkt_slice_skip (s, i + 1), &us);
  *out = us;
  return i;
}

/* "Z", "+02:00", "-0500": the offset in seconds and the bytes read; 0 when there is none. */
static gsize
parse_offset (PktSlice s, int *out)
{
  if (s.n >= 1 && (s.p[0] == 'Z' || s.p[0] == 'z')) {
    *out = 0;
    return 1;
  }
  if (s.n < 5 || (s.p[0] != '+' && s.p[0] != '-'))
    return 0;
  gsize colon = s.p[3] == ':';
  if (s.n < 5 + colon)
    return 0;
  int h = two (s.p + 1), m = two (s.p + 3 + colon);
  if (h < 0 || h > 23 || m < 0 || m > 59)
    return 0;
  *out = (h * 3600 + m * 60) * (s.p[0] == '-' ? -1 : 1);
  return 5 + colon;
}

gsize
pkt_clock_parse_rfc3339 (PktSlice s, PktStamp *out)
{
  if (s.n < 19 || s.p[4] != '-' || s.p[7] != '-'
      || (s.p[10] != 'T' && s.p[10] != ' ' && s.p[10] != 't'))
    return 0;
  int hi = two (s.p), lo = two (s.p + 2), mon = two (s.p + 5), day = two (s.p + 8), offset = 0;
  gint64 us;
  if (hi < 0 || lo < 0 || mon < 1 || mon > 12 || day < 1
      || day > days_in_month (hi * 100 + lo, mon))
    return 0;
  gsize n = parse_time (pkt_slice_skip (s, 11), &us);
  if (n == 0)
    return 0;
  gsize z = parse_offset (pkt_slice_skip (s, 11 + n), &offset);
  out->kind = z ? PKT_STAMP_UTC : PKT_STAMP_LOCAL;
  out->us = days_from_civil (hi * 100 + lo, mon, day) * PKT_DAY + us - offset * PKT_SECOND;
  return 11 + n + z;
}

/* 0 to 11 of "Jan" to "Dec"; 12: none of them. */
static int
month_named (const char *p)
{
  static const char names[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
  int month = 0;
  while (month < 12 && memcmp (p, names + 3 * month, 3) != 0)
    month++;
  return month;
}

gsize
pkt_clock_parse_syslog (PktSlice s, int year_index, PktStamp *out)
{
  if (s.n < 15 || s.p[3] != ' ' || s.p[6] != ' ')
    return 0;
  int mon = month_named (s.p);
  char tens = s.p[4] == ' ' ? '0' : s.p[4];
  int day = two ((char[]){ tens, s.p[5] });
  gint64 us;
  if (mon == 12 || day < 1 || day > (mon == 1 ? 29 : days_in_month (2000, mon + 1)))
    return 0;
  gsize n = parse_time (pkt_slice_skip (s, 7), &us);
  if (n == 0)
    return 0;
  out->kind = PKT_STAMP_YEARLESS;
  out->us = ((gint64)year_index * LEAP_YEAR_DAYS + leap_days_before[mon] + day - 1) * PKT_DAY + us;
  return 7 + n;
}

gsize
pkt_clock_parse_mail (PktSlice s, PktStamp *out)
{
  gboolean weekday = s.n > 5 && s.p[3] == ',' && s.p[4] == ' ';
  PktSlice date = pkt_slice_skip (s, weekday ? 5 : 0);
  gsize digits = date.n > 1 && date.p[1] == ' ' ? 1 : 2, zone;
  gint64 us;
  int offset;
  if (date.n < digits + 24 || date.p[digits] != ' ' || date.p[digits + 4] != ' ')
    return 0;
  int day = two (digits == 1 ? (char[]){ '0', date.p[0] } : date.p);
  int month = month_named (date.p + digits + 1) + 1;
  int hundreds = two (date.p + digits + 5), year = hundreds * 100 + two (date.p + digits + 7);
  PktSlice time = pkt_slice_skip (date, digits + 10);
  if (month > 12 || hundreds < 19 || two (date.p + digits + 7) < 0 || day < 1
      || day > days_in_month (year, month) || date.p[digits + 9] != ' '
      || parse_time (time, &us) != 8 || us >= PKT_DAY || time.p[8] != ' '
      || time.p[6] == '6') /* a leap second */
    return 0;
  zone = parse_offset (pkt_slice_skip (time, 9), &offset);
  if (zone != 5 || time.n != 9 + zone)
    return 0;
  out->kind = PKT_STAMP_UTC;
  out->us = days_from_civil (year, month, day) * PKT_DAY + us - offset * PKT_SECOND;
  return s.n;
}

gboolean
pkt_clock_parse_user (const char *text, GTimeZone *zone, gboolean end, gint64 *out)
{
  PktSlice s = pkt_slice_trim (pkt_slice_str (text));
  PktStamp stamp;
  char buf[64];
  if (s.n == 10) {
    g_snprintf (buf, sizeof buf, "%.10sT00:00:00", s.p);
    if (!pkt_clock_parse_rfc3339 (pkt_slice_str (buf), &stamp))
      return FALSE;
    gint64 day = stamp.us / PKT_DAY;
    *out = end ? pkt_clock_day_start (day + 1, zone) - 1 : pkt_clock_day_start (day, zone);
    return TRUE;
  }
  gboolean utc = FALSE;
  if (s.n > 4 && s.n < sizeof buf && pkt_slice_ends_nocase (s, PKT_SLICE (" UTC"))) {
    s.n -= 4;
    utc = TRUE;
  }
  if (s.n == 16) { /* without seconds */
    g_snprintf (buf, sizeof buf, "%.16s:00", s.p);
    s = pkt_slice_str (buf);
  }
  if (s.n == 0 || pkt_clock_parse_rfc3339 (s, &stamp) != s.n)
    return FALSE;
  *out = stamp.kind == PKT_STAMP_UTC || utc ? stamp.us : wall_to_utc (stamp.us, zone);
  return TRUE;
}

gint64
pkt_clock_day (gint64 us, GTimeZone *zone)
{
  gint64 sec = pkt_clock_floor (us, PKT_SECOND);
  if (zone)
    sec += g_time_zone_get_offset (zone,
                                   g_time_zone_find_interval (zone, G_TIME_TYPE_UNIVERSAL, sec));
  return pkt_clock_floor (sec, 86400);
}

gint64
pkt_clock_day_start (gint64 day, GTimeZone *zone)
{
  return wall_to_utc (day * PKT_DAY, zone);
}

GTimeZone *
pkt_clock_zone (const char *name)
{
  if (strcmp (name, "local") == 0)
    return g_time_zone_new_local ();
  return g_time_zone_new_identifier (name);
}
