#include "packet/trend/csv.h"

/* In whole numbers: no locale and no binary fraction comes between. */
static void
add_percent (GString *out, const PktSum *s)
{
  gint64 policy = s->policy, final = pkt_sum_final (s);
  if (final <= 0)
    return;
  pkt_sum_scale (&policy, &final);
  gint64 hundredths = (policy * 20000 + final) / (2 * final); /* half up */
  g_string_append_printf (out, "%" G_GINT64_FORMAT ".%02d", hundredths / 100,
                          (int)(hundredths % 100));
}

static void
add_row (GString *out, const PktDay *d)
{
  const PktSum *a = &d->apple;
  g_autofree char *date = pkt_clock_day_text (d->day);
  g_string_append_printf (out, "%s,%" G_GINT64_FORMAT ",%" G_GINT64_FORMAT ",%" G_GINT64_FORMAT ",",
                          date, pkt_sum_final (a), a->delivered, a->policy);
  add_percent (out, a);
  g_string_append_printf (out, ",%" G_GINT64_FORMAT ",%" G_GINT64_FORMAT ",",
                          a->bounced - a->policy, a->deferred);
  add_percent (out, &d->other);
  g_string_append (out, "\r\n");
}

char *
pkt_trend_csv (const GArray *days)
{
  GString *out = g_string_new (PKT_TREND_CSV_HEADER);
  for (guint i = 0; i < days->len; i++)
    add_row (out, &g_array_index (days, PktDay, i));
  return g_string_free (out, FALSE);
}

char *
pkt_trend_name (const GArray *days, const char *suffix)
{
  if (days->len == 0)
    return g_strconcat ("apple-bounce-trend", suffix, NULL);
  g_autofree char *from = pkt_clock_day_text (g_array_index (days, PktDay, 0).day);
  g_autofree char *to = pkt_clock_day_text (g_array_index (days, PktDay, days->len - 1).day);
  return g_strdup_printf ("apple-bounce-trend-%s_%s%s", from, to, suffix);
}
