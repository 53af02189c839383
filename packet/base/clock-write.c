/* Times as text. */
#include "packet/base/clock.h"

char *
pkt_clock_format (gint64 us, GTimeZone *zone, const char *format)
{
  g_autoptr (GDateTime) utc = g_date_time_new_from_unix_utc (pkt_clock_floor (us, PKT_SECOND));
  if (utc == NULL)
    return g_strdup ("?");
  g_autoptr (GDateTime) local = zone ? g_date_time_to_timezone (utc, zone) : g_date_time_ref (utc);
  return g_date_time_format (local, format);
}

/* Two digits and what follows them. */
static void
put (char *p, int n, char then)
{
  p[0] = (char)('0' + n / 10);
  p[1] = (char)('0' + n % 10);
  p[2] = then;
}

/* Of days since 1970-01-01, the date of the Gregorian calendar; the reverse of clock.c's. */
static void
civil_from_days (gint64 days, int *y, int *m, int *d)
{
  gint64 z = days + 719468, era = pkt_clock_floor (z, 146097), doe = z - era * 146097;
  gint64 yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
  gint64 doy = doe - (365 * yoe + yoe / 4 - yoe / 100), mp = (5 * doy + 2) / 153;
  *d = (int)(doy - (153 * mp + 2) / 5 + 1);
  *m = (int)(mp < 10 ? mp + 3 : mp - 9);
  *y = (int)(yoe + era * 400 + (*m <= 2));
}

gsize
pkt_clock_write_rfc3339 (gint64 us, char text[PKT_CLOCK_ROOM])
{
  gint64 seconds = pkt_clock_floor (us, PKT_SECOND), fraction = us - seconds * PKT_SECOND;
  gint64 days = pkt_clock_floor (seconds, 86400);
  int y, m, d, s = (int)(seconds - days * 86400);
  civil_from_days (days, &y, &m, &d);
  if (y < 1 || y > 9999) { /* nobody's time */
    memcpy (text, "?Z", 2);
    return 2;
  }
  put (text, y / 100, '\0');
  put (text + 2, y % 100, '-');
  put (text + 5, m, '-');
  put (text + 8, d, 'T');
  put (text + 11, s / 3600, ':');
  put (text + 14, s / 60 % 60, ':');
  put (text + 17, s % 60, 'Z');
  if (fraction == 0)
    return 20;
  return 19
         + (gsize)g_snprintf (text + 19, PKT_CLOCK_ROOM - 19, fraction % 1000 ? ".%06dZ" : ".%03dZ",
                              (int)(fraction % 1000 ? fraction : fraction / 1000));
}

char *
pkt_clock_rfc3339 (gint64 us)
{
  char text[PKT_CLOCK_ROOM];
  return g_strndup (text, pkt_clock_write_rfc3339 (us, text));
}

char *
pkt_clock_day_text (gint64 day)
{
  return pkt_clock_format (day * PKT_DAY, NULL, "%Y-%m-%d");
}
