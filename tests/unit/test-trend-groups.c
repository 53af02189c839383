#include "packet/base/json.h"
#include "packet/trend/compare.h"
#include "packet/trend/table.h"
#include "tests/unit/trend-cube.h"

#define START (G_GINT64_CONSTANT (1780272000) * PKT_SECOND) /* 2026-06-01 00:00 UTC */
#define HOURS (10 * 24)
#define ROSE (7 * 24) /* hour of the change */

static guint16
name_id (PktTally *t, const char *name)
{
  g_ptr_array_add (t->names, g_strdup (name));
  return (guint16)(t->names->len - 1);
}

static void
add_reply (PktTally *t, const char *tag, int code)
{
  PktReplyKind k = { .rule = g_strdup ("r"), .tag = g_strdup (tag), .code = code };
  g_array_append_val (t->replies, k);
}

/* Final answers of one stream and IP in one hour, `percent` of them refused with reply 1. */
static void
add_hour (PktTally *t, int hour, gboolean apple, guint16 stream, guint16 ip, int n, int percent)
{
  gint64 at = START + hour * PKT_HOUR + 20 * PKT_MINUTE;
  int refused = n * percent / 100;
  for (int bounced = 0; bounced < 2; bounced++) {
    gint64 count = bounced ? refused : n - refused;
    if (count == 0)
      continue;
    PktCell *c = cube_cell (t, at, apple, bounced ? PKT_BOUNCED : PKT_DELIVERED,
                            bounced ? PKT_CAT_POLICY : PKT_CAT_UNKNOWN, count);
    c->key.stream = stream;
    c->key.local_ip = ip;
    c->key.reply = bounced && apple ? 1 : 0;
  }
}

/* Two streams from two IPs; percentages refused from ROSE on. */
static PktTally *
two_streams (int news, int orders, int others)
{
  PktTally *t = cube_new ();
  guint16 a = name_id (t, "news.example.com"), b = name_id (t, "=orders,\"x\".example.com"),
          ip1 = name_id (t, "192.0.2.10"), ip2 = name_id (t, "192.0.2.11");
  add_reply (t, "CS02", 550);
  add_reply (t, "", 451);
  for (int h = 0; h < HOURS; h++) {
    gboolean on = h >= ROSE;
    add_hour (t, h, TRUE, a, ip1, 20, on ? news : 0);
    add_hour (t, h, TRUE, b, ip2, 20, on ? orders : 0);
    add_hour (t, h, FALSE, a, ip1, 40, on ? others : 0);
  }
  t->first = START;
  t->last = START + HOURS * PKT_HOUR;
  cube_sort (t);
  return t;
}

static PktTrend *
trend_of (const PktTally *t, gboolean hours)
{
  const PktTrendOptions o
      = { .filter = PKT_SUM_APPLE, .zone_name = "UTC", .bands = PKT_BANDS_DEFAULT, .hours = hours };
  return pkt_trend_new (t, &o);
}

static void
test_groups (void)
{
  g_autoptr (PktTally) t = two_streams (40, 0, 0);
  g_autoptr (PktTrend) trend = trend_of (t, FALSE);
  const PktGroups *streams = trend->groups[PKT_BY_STREAM], *tags = trend->groups[PKT_BY_TAG];
  g_assert_cmpuint (streams->list->len, ==, 2);
  const PktGroup *news = g_ptr_array_index (streams->list, 0);
  g_assert_cmpstr (news->name, ==, "news.example.com");
  g_assert_cmpint (news->apple.policy, ==, 8 * (HOURS - ROSE));
  g_assert_cmpint (pkt_sum_final (&news->other), ==, 40 * HOURS);
  g_assert_cmpint (news->onset.rose_at, ==, START + ROSE * PKT_HOUR + 20 * PKT_MINUTE);
  g_assert_false (((const PktGroup *)g_ptr_array_index (streams->list, 1))->onset.found);
  g_assert_cmpuint (tags->list->len, ==, 1);
  const PktGroup *tag = g_ptr_array_index (tags->list, 0);
  g_assert_cmpstr (tag->name, ==, "CS02");
  g_assert_cmpint (tag->final, ==, 40 * HOURS); /* of all final answers */
  g_assert_cmpuint (tag->days->len, ==, 3);     /* days with that tag only */
  g_assert_true (tag->onset.found);
  g_autofree char *text = pkt_trend_group_text (trend, PKT_BY_STREAM, PKT_TREND_COLUMNS);
  g_assert_nonnull (strstr (text, "news.example.com"));
  g_assert_nonnull (strstr (text, "2026-06-08 00:20Z"));
}

/* By what the postmaster refuses: a stream to many unknown users does not stand before it. */
static void
test_order (void)
{
  g_autoptr (PktTally) t = two_streams (5, 0, 0);
  for (int apple = 0; apple < 2; apple++) {
    PktCell *c = cube_cell (t, START, apple, PKT_BOUNCED, PKT_CAT_MAILBOX_UNKNOWN, 50000);
    c->key.stream = 2;
  }
  cube_sort (t);
  g_autoptr (PktTrend) trend = trend_of (t, FALSE);
  const GPtrArray *streams = trend->groups[PKT_BY_STREAM]->list;
  const PktGroup *first = g_ptr_array_index (streams, 0), *last = g_ptr_array_index (streams, 1);
  g_assert_cmpstr (first->name, ==, "news.example.com");
  g_assert_cmpint (first->apple.policy, >, 0);
  g_assert_cmpint (last->apple.policy, ==, 0);
}

/* What is refused of either stream and of the others; what is said of it. */
static const struct {
  int news, orders, others;
  PktContrastVerdict verdict;
  guint streams;
  gboolean at_once;
  const char *says;
} contrasts[] = {
  { 40, 0, 0, PKT_CONTRAST_APPLE, 1, FALSE, "1 of 2 streams rose: news.example.com" },
  { 40, 40, 0, PKT_CONTRAST_APPLE, 2, TRUE, "systemstatus" },
  { 40, 40, 40, PKT_CONTRAST_EVERYWHERE, 2, TRUE, "Look at your own mail" },
  { 80, 80, 10, PKT_CONTRAST_MOST, 2, TRUE, "most at Apple" },
  { 0, 0, 0, PKT_CONTRAST_NOTHING, 0, FALSE, "" },
};

static void
test_contrast (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (contrasts); i++) {
    g_autoptr (PktTally) t = two_streams (contrasts[i].news, contrasts[i].orders,
                                          contrasts[i].others);
    g_autoptr (PktTrend) trend = trend_of (t, FALSE);
    const PktContrast *c = &trend->contrast;
    g_autofree char *text = pkt_contrast_text (c, 98),
                    *line = g_strdelimit (g_strdup (text), "\n", ' ');
    g_test_message ("%s", line);
    g_assert_cmpint (c->verdict, ==, contrasts[i].verdict);
    g_assert_cmpuint (c->streams.rose, ==, contrasts[i].streams);
    g_assert_cmpint (c->all_at_once, ==, contrasts[i].at_once);
    g_assert_nonnull (strstr (line, contrasts[i].says));
  }
}

/* Mail of which the sources do not tell the stream makes no stream of its own. */
static void
test_untold (void)
{
  static const char *const says[] = { "the one stream that the logs name rose", NULL };
  for (guint round = 0; round < G_N_ELEMENTS (says); round++) {
    g_autoptr (PktTally) t = two_streams (40, 40, 0);
    guint16 named = 0;
    for (guint i = 0; i < t->cells->len; i++) {
      PktCell *c = &g_array_index (t->cells, PktCell, i);
      named = named ? named : c->key.stream;
      if (round == 1 || c->key.stream != named)
        c->key.stream = 0;
    }
    g_autoptr (PktTrend) trend = trend_of (t, FALSE);
    g_autofree char *text = pkt_contrast_text (&trend->contrast, 98),
                    *line = g_strdelimit (g_strdup (text), "\n", ' ');
    g_test_message ("%s", line);
    g_assert_cmpint (trend->contrast.verdict, ==, PKT_CONTRAST_APPLE);
    g_assert_false (trend->contrast.all_at_once);
    g_assert_null (strstr (line, "stream is in these logs"));
    g_assert_true ((strstr (line, "stream") != NULL) == (says[round] != NULL));
    g_assert_true (says[round] == NULL || strstr (line, says[round]));
  }
}

/* Sixty streams of which fifty rise: the rest are in no table, and are streams all the same. */
static void
test_many_streams (void)
{
  g_autoptr (PktTally) t = cube_new ();
  PktCompareSide a = { 0 }, b = { 0 };
  PktSumFilter before = PKT_SUM_APPLE, after = PKT_SUM_APPLE;
  guint16 ip = name_id (t, "192.0.2.10");
  add_reply (t, "CS02", 550);
  for (guint s = 0; s < 60; s++) {
    g_autofree char *name = g_strdup_printf ("s%02u\033[31m.example.com", s);
    guint16 id = name_id (t, name);
    for (int h = 0; h < HOURS; h++)
      add_hour (t, h, TRUE, id, ip, 20, h >= ROSE && s >= 10 ? 40 : 0);
  }
  t->first = START;
  t->last = START + HOURS * PKT_HOUR;
  cube_sort (t);
  g_autoptr (PktTrend) trend = trend_of (t, FALSE);
  g_autofree char *text = pkt_contrast_text (&trend->contrast, 98),
                  *line = g_strdelimit (g_strdup (text), "\n", ' ');
  g_test_message ("%s", line);
  g_assert_false (trend->contrast.all_at_once);
  g_assert_nonnull (
      strstr (line, "50 of 50 streams with the most refusals rose: s10?[31m.example"));
  g_assert_null (strstr (line, "systemstatus"));
  before.to = after.from = START + ROSE * PKT_HOUR;
  pkt_compare_side (t, &before, "before", &a);
  pkt_compare_side (t, &after, "after", &b);
  g_autoptr (json_t) json = pkt_compare_json (&a, &b);
  g_assert_cmpuint (a.names[PKT_BY_STREAM]->len, ==, 60);
  g_assert_cmpuint (json_array_size (json_object_get (json, "differ")), ==, 0);
  gint64 from = G_MAXINT64, to = G_MININT64;
  pkt_groups_widen (t, &PKT_SUM_APPLE, PKT_BY_STREAM, &from, &to);
  g_assert_cmpint (from, ==, START + ROSE * PKT_HOUR + 20 * PKT_MINUTE);
  g_assert_cmpint (to, ==, START + (HOURS - 1) * PKT_HOUR + 20 * PKT_MINUTE);
  pkt_compare_side_clear (&a);
  pkt_compare_side_clear (&b);
}

/* Of next to all and of next to none, and no number with an exponent. */
static void
test_far_bounds (void)
{
  static const struct {
    gint64 policy, accepted;
    const char *says;
  } far[] = { { 60000, 0, "(100.0%; 95 %: 99.99-100%)" },
              { 1, 9999999, "(<0.01%; 95 %: 0.000002-0.000057%)" },
              { 1000, 9000, "(10.0%; 95 %: 9.4-11%)" } };
  for (gsize i = 0; i < G_N_ELEMENTS (far); i++) {
    g_autoptr (PktTally) t = cube_new ();
    cube_add (t, START, TRUE, PKT_BOUNCED, PKT_CAT_POLICY, far[i].policy);
    cube_add (t, START, TRUE, PKT_DELIVERED, PKT_CAT_UNKNOWN, far[i].accepted);
    t->first = t->last = START;
    cube_sort (t);
    g_autoptr (PktTrend) trend = trend_of (t, FALSE);
    g_autofree char *text = pkt_contrast_text (&trend->contrast, 200);
    g_test_message ("%s", text);
    g_assert_nonnull (strstr (text, far[i].says));
  }
}

/* The sender's CSV: as many fields in each row as in the head, a formula is none any more. */
static void
test_csv (void)
{
  g_autoptr (PktTally) t = two_streams (40, 0, 0);
  g_autoptr (PktTrend) trend = trend_of (t, FALSE);
  g_autofree char *csv = pkt_trend_own_csv (trend, PKT_N_BY, FALSE);
  g_assert_true (g_str_has_prefix (csv, "date,final,delivered,bounced,policy,"));
  g_assert_nonnull (strstr (csv, "\r\n2026-06-08,960,768,192,192,0,0.200000,0.175915,0.226477,"
                                 "escalate,192,0,0,0,0,0,0,960,0,0.000000,0.000000,0.003986\r\n"));
  g_auto (GStrv) rows = g_strsplit (csv, "\r\n", -1);
  g_assert_cmpuint (g_strv_length (rows), ==, 12); /* head, ten days, nothing after the last */
  g_autofree char *by = pkt_trend_own_csv (trend, PKT_BY_STREAM, FALSE);
  g_assert_nonnull (strstr (by, "\r\n2026-06-08,\"'=orders,\"\"x\"\".example.com\",480,480,0,"));
  g_autofree char *tags = pkt_trend_own_csv (trend, PKT_BY_TAG, FALSE);
  g_assert_nonnull (strstr (tags, "\r\n2026-06-08,CS02,960,0,192,192,0,0.200000,"));
  g_autofree char *comments = pkt_trend_own_csv (trend, PKT_N_BY, TRUE);
  g_assert_true (g_str_has_prefix (comments, "# Days begin"));
  g_assert_nonnull (strstr (comments, csv));
}

static void
test_hours (void)
{
  g_autoptr (PktTally) t = two_streams (40, 0, 0);
  g_autoptr (PktTrend) trend = trend_of (t, TRUE);
  g_assert_cmpuint (trend->spans->len, ==, HOURS);
  g_assert_cmpuint (trend->days->len, ==, 10);
  g_autofree char *csv = pkt_trend_own_csv (trend, PKT_N_BY, FALSE);
  g_assert_nonnull (strstr (csv, "\r\n2026-06-08T00:00+00:00,40,32,8,8,0,0.2"));
}

static void
test_habits (void)
{
  g_autoptr (PktTally) t = two_streams (0, 0, 0);
  for (int h = 0; h < HOURS; h++) {
    PktCell *c = cube_cell (t, START + h * PKT_HOUR + (h % 4 ? 1 : 31) * PKT_MINUTE, TRUE,
                            PKT_DEFERRED, PKT_CAT_RATE, 1);
    c->key.reply = 2;
  }
  cube_add (t, START + 9 * PKT_DAY + 5 * PKT_HOUR, TRUE, PKT_DELIVERED, PKT_CAT_UNKNOWN, 2880);
  cube_sort (t);
  g_autoptr (PktTrend) trend = trend_of (t, FALSE);
  const PktHabits *h = &trend->habits;
  g_assert_cmpint (h->busy, ==, HOURS);
  g_assert_cmpint (h->busy_at_hour, ==, HOURS * 3 / 4);
  g_assert_cmpfloat (h->spike_factor, ==, 4);
  g_assert_cmpfloat (h->spike_median, ==, 960);
  g_autofree char *text = pkt_habits_text (h);
  g_assert_nonnull (strstr (text, "75.0% of 240 answers 451 came in the first quarter"));
  g_assert_nonnull (strstr (text, "2026-06-10, 3,840 final answers, 4.0 times their median"));
  g_assert_null (strstr (text, "incident"));
  /* Ten days are no month. */
  g_autoptr (PktTally) bad = two_streams (40, 0, 0);
  g_autoptr (PktTrend) short_trend = trend_of (bad, FALSE);
  g_autofree char *few = pkt_habits_text (&short_trend->habits);
  g_assert_nonnull (strstr (few, "1 incident in 10 days.\n"));
  const PktHabits long_log = { .incidents = 2, .days = 60, .per_30_days = 1 };
  g_autofree char *often = pkt_habits_text (&long_log);
  g_assert_cmpstr (often, ==, "2 incidents in 60 days: 1.0 per 30 days.\n");
}

static void
test_bands (void)
{
  const PktBands bands = { 1, 1000000 }; /* from one in a million; never over 100 % */
  g_assert_cmpint (pkt_band_of (&bands, 0, 10), ==, PKT_BAND_HEALTHY);
  g_assert_cmpint (pkt_band_of (&bands, 1, 1000000), ==, PKT_BAND_WATCH);
  g_assert_cmpint (pkt_band_of (&bands, 1, 1000001), ==, PKT_BAND_HEALTHY);
  g_assert_cmpint (pkt_band_of (&bands, 10, 10), ==, PKT_BAND_WATCH);
  g_assert_cmpint (pkt_band_of (&bands, 0, 0), ==, PKT_BAND_NONE);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/trend/groups/groups", test_groups);
  g_test_add_func ("/trend/groups/order", test_order);
  g_test_add_func ("/trend/groups/contrast", test_contrast);
  g_test_add_func ("/trend/groups/untold", test_untold);
  g_test_add_func ("/trend/groups/many-streams", test_many_streams);
  g_test_add_func ("/trend/groups/far-bounds", test_far_bounds);
  g_test_add_func ("/trend/groups/csv", test_csv);
  g_test_add_func ("/trend/groups/hours", test_hours);
  g_test_add_func ("/trend/groups/habits", test_habits);
  g_test_add_func ("/trend/groups/bands", test_bands);
  return g_test_run ();
}
