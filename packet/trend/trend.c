#include "packet/trend/trend.h"

static void
hit_free (gpointer p)
{
  PktTrendHit *h = p;
  g_free (h->mark);
  g_free (h);
}

PktTrend *
pkt_trend_new (const PktTally *t, const PktTrendOptions *options)
{
  PktTrend *trend = g_new0 (PktTrend, 1);
  PktSumFilter f = options->filter;
  f.apple = 1;
  trend->options = *options;
  trend->days = pkt_sum_days (t, &f, options->zone);
  trend->spans = options->hours ? pkt_sum_hours (t, &f, options->zone) : g_array_ref (trend->days);
  for (guint by = 0; by < PKT_N_BY; by++)
    trend->groups[by] = pkt_groups_new (t, &f, (PktBy)by, options->hours, options->zone);
  pkt_onset_find (t, &f, &trend->onset);
  pkt_contrast_make (t, &f, &trend->onset, trend->groups[PKT_BY_STREAM], trend->groups[PKT_BY_IP],
                     &trend->contrast);
  pkt_habits_make (t, &f, trend->days, &trend->onset, &trend->habits);
  trend->hits = g_ptr_array_new_with_free_func (hit_free);
  return trend;
}

void
pkt_trend_free (PktTrend *trend)
{
  for (guint by = 0; by < PKT_N_BY; by++)
    pkt_groups_free (trend->groups[by]);
  pkt_contrast_clear (&trend->contrast);
  g_array_unref (trend->spans);
  g_array_unref (trend->days);
  g_ptr_array_unref (trend->hits);
  g_free (trend);
}

void
pkt_trend_add_hit (PktTrend *trend, const char *mark, gint64 count)
{
  PktTrendHit *h = g_new0 (PktTrendHit, 1);
  h->mark = g_strdup (mark);
  h->count = count;
  g_ptr_array_add (trend->hits, h);
}

char *
pkt_trend_label (const PktTrendOptions *o, const PktDay *span)
{
  return o->hours ? pkt_clock_format (((const PktHour *)span)->hour, o->zone, "%Y-%m-%dT%H:%M%:z")
                  : pkt_clock_day_text (span->day);
}
