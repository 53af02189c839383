#include "packet/base/workdays.h"

#define MAX_SPAN 4000 /* days that are looked at one by one */
#define WEEK 7
#define EPOCH 719163     /* 1970-01-01 in GDate's count */
#define LAST_DAY 2000000 /* in the year 7445 */

/* The nth Monday, or other weekday, of a month; 0 is the last one. */
static const struct {
  GDateMonth month;
  GDateWeekday weekday;
  int nth;
} moving[] = {
  { G_DATE_JANUARY, G_DATE_MONDAY, 3 },    /* Martin Luther King's birthday */
  { G_DATE_FEBRUARY, G_DATE_MONDAY, 3 },   /* Washington's birthday */
  { G_DATE_MAY, G_DATE_MONDAY, 0 },        /* Memorial Day */
  { G_DATE_SEPTEMBER, G_DATE_MONDAY, 1 },  /* Labor Day */
  { G_DATE_OCTOBER, G_DATE_MONDAY, 2 },    /* Columbus Day */
  { G_DATE_NOVEMBER, G_DATE_THURSDAY, 4 }, /* Thanksgiving */
};

static const struct {
  GDateMonth month;
  GDateDay day;
} fixed[] = {
  { G_DATE_JANUARY, 1 },   { G_DATE_JUNE, 19 },     { G_DATE_JULY, 4 },
  { G_DATE_NOVEMBER, 11 }, { G_DATE_DECEMBER, 25 },
};

static gboolean
date_of (gint64 day, GDate *out)
{
  if (day <= -EPOCH || day > LAST_DAY)
    return FALSE;
  g_date_clear (out, 1);
  g_date_set_julian (out, (guint32)(day + EPOCH));
  return TRUE;
}

static gboolean
is_fixed (const GDate *d)
{
  for (gsize i = 0; i < G_N_ELEMENTS (fixed); i++)
    if (g_date_get_month (d) == fixed[i].month && g_date_get_day (d) == fixed[i].day)
      return TRUE;
  return FALSE;
}

static gboolean
is_moving (const GDate *d)
{
  int nth = (g_date_get_day (d) - 1) / WEEK + 1;
  gboolean last = g_date_get_day (d) + WEEK
                  > g_date_get_days_in_month (g_date_get_month (d), g_date_get_year (d));
  for (gsize i = 0; i < G_N_ELEMENTS (moving); i++)
    if (g_date_get_month (d) == moving[i].month && g_date_get_weekday (d) == moving[i].weekday
        && (moving[i].nth ? nth == moving[i].nth : last))
      return TRUE;
  return FALSE;
}

gboolean
pkt_workday (gint64 day)
{
  GDate d, before, after;
  if (day > LAST_DAY || day <= -EPOCH)
    return TRUE;
  if (!date_of (day, &d) || !date_of (day - 1, &before) || !date_of (day + 1, &after))
    return TRUE;
  GDateWeekday weekday = g_date_get_weekday (&d);
  if (weekday == G_DATE_SATURDAY || weekday == G_DATE_SUNDAY || is_fixed (&d) || is_moving (&d))
    return FALSE;
  return !(weekday == G_DATE_FRIDAY && is_fixed (&after))
         && !(weekday == G_DATE_MONDAY && is_fixed (&before));
}

gint64
pkt_workday_after (gint64 day, guint n)
{
  for (guint i = 0; n && i < MAX_SPAN && day < LAST_DAY; i++)
    n -= pkt_workday (++day);
  return day;
}

guint
pkt_workdays_between (gint64 from, gint64 to)
{
  guint n = 0;
  if (from > LAST_DAY || from < -EPOCH)
    return 0;
  for (gint64 day = from + 1; day <= to && day - from <= MAX_SPAN; day++)
    n += pkt_workday (day);
  return n;
}
