#include "packet/base/json.h"
#include "packet/trend/table.h"

#define TEXT_WIDTH 98 /* of the sentences */

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

/* final: that the rate is of; of a tag all answers, not its own. */
static json_t *
sum_json (const PktTrendOptions *o, const PktSum *s, gint64 final)
{
  double lo, hi;
  pkt_wilson (s->policy, final, &lo, &hi);
  return json_pack (
      "{sI sI sI sI sI so so so sb ss so}", "delivered", (json_int_t)s->delivered, "deferred",
      (json_int_t)s->deferred, "bounced", (json_int_t)s->bounced, "policy", (json_int_t)s->policy,
      "final", (json_int_t) final, "rate", rate_json (s->policy, final), "low",
      final > 0 ? json_real (lo) : json_null (), "high", final > 0 ? json_real (hi) : json_null (),
      "small", final < PKT_SUM_SMALL, "band",
      pkt_band_name (pkt_band_of (&o->bands, s->policy, final)), "by_group", groups_json (s));
}

static const char *
unit_of (const PktTrendOptions *o)
{
  return o->hours ? "hour" : "date";
}

static json_t *
spans_json (const PktTrendOptions *o, const GArray *spans)
{
  json_t *list = json_array ();
  for (guint i = 0; i < spans->len; i++) {
    const PktDay *d = &g_array_index (spans, PktDay, i);
    g_autofree char *label = pkt_trend_label (o, d);
    json_array_append_new (list,
                           json_pack ("{ss so so}", unit_of (o), label, "apple",
                                      sum_json (o, &d->apple, pkt_sum_final (&d->apple)), "other",
                                      sum_json (o, &d->other, pkt_sum_final (&d->other))));
  }
  return list;
}

static json_t *
side_json (const PktContrastSide *s)
{
  json_t *names = json_array ();
  for (guint i = 0; i < s->names->len; i++)
    json_array_append_new (names, pkt_json_string (g_ptr_array_index (s->names, i)));
  return json_pack ("{si si so}", "judged", (int)s->judged, "rose", (int)s->rose, "names", names);
}

static json_t *
contrast_json (const PktTrend *trend)
{
  const PktContrast *c = &trend->contrast;
  const PktTrendOptions *o = &trend->options;
  json_t *object = json_pack ("{so so ss so so so so sb}", "from", pkt_json_time (c->from), "to",
                              pkt_json_time (c->to), "verdict", pkt_contrast_word (c->verdict),
                              "apple", sum_json (o, &c->apple, pkt_sum_final (&c->apple)), "other",
                              sum_json (o, &c->other, pkt_sum_final (&c->other)), "streams",
                              side_json (&c->streams), "ips", side_json (&c->ips), "all_at_once",
                              c->all_at_once);
  pkt_json_set_text (object, "text", pkt_contrast_text (c, TEXT_WIDTH));
  return object;
}

static json_t *
habits_json (const PktTrend *trend)
{
  const PktHabits *h = &trend->habits;
  json_t *hits = json_array (), *spike = json_null ();
  for (guint i = 0; i < trend->hits->len; i++) {
    const PktTrendHit *hit = g_ptr_array_index (trend->hits, i);
    json_array_append_new (
        hits, json_pack ("{ss sI}", "recipient", hit->mark, "count", (json_int_t)hit->count));
  }
  if (h->spike_day != G_MININT64) {
    g_autofree char *day = pkt_clock_day_text (h->spike_day);
    spike = json_pack ("{ss sI sf sf}", "date", day, "final", (json_int_t)h->spike_final, "median",
                       h->spike_median, "factor", h->spike_factor);
  }
  return json_pack (
      "{sI sI sI sI so si si so so}", "busy_451", (json_int_t)h->busy, "busy_451_first_quarter",
      (json_int_t)h->busy_at_hour, "attempts", (json_int_t)h->attempts, "attempts_first_quarter",
      (json_int_t)h->attempts_at_hour, "greatest_volume", spike, "days", (int)h->days, "incidents",
      (int)h->incidents, "incidents_per_30_days",
      h->per_30_days < 0 ? json_null () : json_real (h->per_30_days), "excessive_volume", hits);
}

/* What a day of a group came to: short, there are many. */
static json_t *
group_days_json (const PktTrendOptions *o, const GArray *spans)
{
  json_t *list = json_array ();
  for (guint i = 0; i < spans->len; i++) {
    const PktDay *d = &g_array_index (spans, PktDay, i);
    g_autofree char *label = pkt_trend_label (o, d);
    json_array_append_new (list, json_pack ("{ss sI sI sI sI}", unit_of (o), label, "delivered",
                                            (json_int_t)d->apple.delivered, "deferred",
                                            (json_int_t)d->apple.deferred, "bounced",
                                            (json_int_t)d->apple.bounced, "policy",
                                            (json_int_t)d->apple.policy));
  }
  return list;
}

static json_t *
dimension_json (const PktTrend *trend, PktBy by)
{
  json_t *list = json_array ();
  const PktTrendOptions *o = &trend->options;
  for (guint i = 0; i < trend->groups[by]->list->len; i++) {
    const PktGroup *g = g_ptr_array_index (trend->groups[by]->list, i);
    json_t *one = json_pack ("{so so}", "name", pkt_json_string (g->name), "apple",
                             sum_json (o, &g->apple, g->final));
    if (pkt_sum_final (&g->other) > 0)
      json_object_set_new (one, "other", sum_json (o, &g->other, pkt_sum_final (&g->other)));
    json_object_set_new (one, "first_policy", pkt_json_time (g->onset.first));
    json_object_set_new (one, "onset", pkt_onset_json (&g->onset));
    json_object_set_new (one, o->hours ? "hours" : "days", group_days_json (o, g->spans));
    json_array_append_new (list, one);
  }
  return list;
}

json_t *
pkt_trend_json (const PktTrend *trend)
{
  const PktTrendOptions *o = &trend->options;
  PktDay total;
  pkt_sum_total (trend->spans, &total);
  json_t *groups = json_object ();
  for (guint by = 0; by < PKT_N_BY; by++)
    json_object_set_new (groups, pkt_by_name ((PktBy)by), dimension_json (trend, (PktBy)by));
  json_t *object = json_pack (
      "{si ss so so s{so so} so so so so}", "version", 1, "timezone", o->zone_name, "stream",
      pkt_json_string (o->stream), o->hours ? "hours" : "days", spans_json (o, trend->spans),
      "total", "apple", sum_json (o, &total.apple, pkt_sum_final (&total.apple)), "other",
      sum_json (o, &total.other, pkt_sum_final (&total.other)), "onset",
      pkt_onset_json (&trend->onset), "contrast", contrast_json (trend), "habits",
      habits_json (trend), "groups", groups);
  pkt_json_set_text (object, "rules", pkt_trend_rules (&o->bands));
  return object;
}
