#include "packet/base/text.h"
#include "packet/trend/chart.h"

static char *
share_text (const PktSum *s)
{
  gint64 final = pkt_sum_final (s);
  g_autofree char *k = pkt_text_count (s->policy), *n = pkt_text_count (final),
                  *percent = pkt_text_percent (s->policy, final);
  return *percent ? g_strdup_printf ("%s of %s (%s)", k, n, percent)
                  : g_strdup_printf ("%s of %s", k, n);
}

/* The days of the incident: from the onset's on, after relief to its last refusal's; all when there
 * is none. */
static void
choose_days (const GArray *days, const PktChartLabels *l, gint64 *from, gint64 *to)
{
  gint64 first = g_array_index (days, PktDay, 0).day;
  gint64 last = g_array_index (days, PktDay, days->len - 1).day;
  *from = first;
  *to = last;
  if (l->onset == PKT_NO_TIME)
    return;
  *from = CLAMP (pkt_clock_day (l->onset, l->zone), first, last);
  if (l->relief != PKT_NO_TIME)
    *to = CLAMP (pkt_clock_day (l->newest == PKT_NO_TIME ? l->relief : l->newest, l->zone), *from,
                 last);
}

static void
sum_days (const GArray *days, gint64 from, gint64 to, PktSum *apple, PktSum *other)
{
  pkt_sum_clear (apple);
  pkt_sum_clear (other);
  for (guint i = 0; i < days->len; i++) {
    const PktDay *d = &g_array_index (days, PktDay, i);
    if (d->day < from || d->day > to)
      continue;
    pkt_sum_add (apple, &d->apple);
    pkt_sum_add (other, &d->other);
  }
}

static void
add_time (GString *out, const char *what, gint64 us, const PktChartLabels *l)
{
  if (us == PKT_NO_TIME)
    return;
  g_autofree char *time = pkt_clock_format (us, l->zone, "%Y-%m-%d %H:%M:%S");
  g_string_append_printf (out, " %s %s %s.", what, time, l->zone_name);
}

char *
pkt_trend_alt (const GArray *days, const PktChartLabels *l)
{
  if (days->len == 0)
    return g_strdup ("No mail in this period.");
  gint64 from, to;
  PktSum apple, other;
  choose_days (days, l, &from, &to);
  sum_days (days, from, to, &apple, &other);
  g_autofree char *a = share_text (&apple), *b = share_text (&other);
  g_autofree char *from_text = pkt_clock_day_text (from), *to_text = pkt_clock_day_text (to);
  GString *out = g_string_new (from_text);
  if (to > from)
    g_string_append_printf (out, " to %s", to_text);
  g_string_append_printf (out, ", refused by policy of final answers: iCloud Mail %s", a);
  if (pkt_sum_final (&other) > 0)
    g_string_append_printf (out, "; all other receivers %s", b);
  g_string_append (out, ".");
  add_time (out, l->latest ? l->latest : "Latest refusal", l->newest, l);
  add_time (out, "Refusals fell", l->relief, l);
  return g_string_free (out, FALSE);
}
