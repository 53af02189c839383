#include "packet/base/json.h"
#include "packet/trend/table.h"

static json_t *
rate_json (gint64 part, gint64 whole)
{
  return whole > 0 ? json_real ((double)part / (double)whole) : json_null ();
}

/* Bounces by group, in the order of the categories; groups without any are left out. */
static json_t *
groups_json (const PktSum *s)
{
  json_t *groups = json_object ();
  for (guint c = 0; c < PKT_N_CATEGORIES; c++) {
    if (s->by_category[c] == 0)
      continue;
    const char *name = pkt_category_group ((PktCategory)c);
    json_int_t so_far = json_integer_value (json_object_get (groups, name));
    json_object_set_new (groups, name, json_integer (so_far + s->by_category[c]));
  }
  return groups;
}

static json_t *
sum_json (const PktSum *s)
{
  gint64 final = pkt_sum_final (s);
  double lo, hi;
  pkt_wilson (s->policy, final, &lo, &hi);
  return json_pack ("{sI sI sI sI sI so so so sb ss so}", "delivered", (json_int_t)s->delivered,
                    "deferred", (json_int_t)s->deferred, "bounced", (json_int_t)s->bounced,
                    "policy", (json_int_t)s->policy, "final", (json_int_t) final, "rate",
                    rate_json (s->policy, final), "low", final > 0 ? json_real (lo) : json_null (),
                    "high", final > 0 ? json_real (hi) : json_null (), "small",
                    final < PKT_SUM_SMALL, "band", pkt_band (s->policy, final), "by_group",
                    groups_json (s));
}

json_t *
pkt_trend_json (const GArray *days, const char *zone_name, const PktOnset *onset)
{
  json_t *list = json_array ();
  for (guint i = 0; i < days->len; i++) {
    const PktDay *d = &g_array_index (days, PktDay, i);
    g_autofree char *date = pkt_clock_day_text (d->day);
    json_array_append_new (list, json_pack ("{ss so so}", "date", date, "apple",
                                            sum_json (&d->apple), "other", sum_json (&d->other)));
  }
  PktDay total;
  pkt_sum_total (days, &total);
  return json_pack ("{si so so s{so so} so ss}", "version", 1, "timezone",
                    pkt_json_string (zone_name), "days", list, "total", "apple",
                    sum_json (&total.apple), "other", sum_json (&total.other), "onset",
                    onset ? pkt_onset_json (onset) : json_null (), "rules", pkt_trend_rules ());
}
