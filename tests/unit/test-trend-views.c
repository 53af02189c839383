#include "packet/base/json.h"
#include "packet/trend/bucket.h"
#include "packet/trend/csv.h"
#include "packet/trend/table.h"
#include "tests/unit/trend-cube.h"

static const PktTrendOptions options = { .zone_name = "UTC", .bands = { 2000, 10000 } };

#define APRIL_20 (G_GINT64_CONSTANT (1776643200) * PKT_SECOND) /* Monday, 2026-04-20 00:00 UTC */

static void
add_day (PktTally *t, int day, gboolean apple, gint64 accepted, gint64 policy, gint64 other,
         gint64 deferred)
{
  gint64 at = APRIL_20 + day * PKT_DAY + 14 * PKT_HOUR;
  cube_add (t, at, apple, PKT_DELIVERED, PKT_CAT_UNKNOWN, accepted);
  cube_add (t, at, apple, PKT_BOUNCED, PKT_CAT_POLICY, policy);
  cube_add (t, at, apple, PKT_BOUNCED, PKT_CAT_MAILBOX_UNKNOWN, other);
  cube_add (t, at, apple, PKT_DEFERRED, PKT_CAT_RATE, deferred);
}

/* The figures of a request: an edition before, a weekend, the first day refused, a test. */
static PktTally *
example_cube (void)
{
  PktTally *t = cube_new ();
  add_day (t, 0, TRUE, 18253, 1, 56, 588);
  add_day (t, 0, FALSE, 206000, 0, 300, 9);
  add_day (t, 3, TRUE, 11340, 7046, 26, 611);
  add_day (t, 3, FALSE, 412149, 54, 703, 0);
  add_day (t, 4, TRUE, 0, 2, 0, 0);
  add_day (t, 5, TRUE, 0, 0, 0, 7);
  add_day (t, 6, FALSE, 3, 1, 0, 0);
  cube_sort (t);
  return t;
}

static GArray *
days_of (const PktTally *t)
{
  PktSumFilter f = PKT_SUM_ALL;
  return pkt_sum_days (t, &f, NULL);
}

static void
test_csv (void)
{
  g_autoptr (PktTally) t = example_cube ();
  g_autoptr (GArray) days = days_of (t);
  g_autofree char *csv = pkt_trend_csv (days);
  g_assert_cmpstr (csv, ==,
                   PKT_TREND_CSV_HEADER "2026-04-20,18310,18253,1,0.01,56,588,0.00\r\n"
                                        "2026-04-23,18412,11340,7046,38.27,26,611,0.01\r\n"
                                        "2026-04-24,2,0,2,100.00,0,0,\r\n"
                                        "2026-04-25,0,0,0,,0,7,\r\n"
                                        "2026-04-26,0,0,0,,0,0,25.00\r\n");
  g_autofree char *name = pkt_trend_name (days, ".csv");
  g_assert_cmpstr (name, ==, "apple-bounce-trend-2026-04-20_2026-04-26.csv");
}

/* Every row has eight columns, and no field begins like a formula. */
static void
test_csv_form (void)
{
  g_autoptr (PktTally) t = example_cube ();
  g_autoptr (GArray) days = days_of (t);
  g_autofree char *csv = pkt_trend_csv (days);
  g_auto (GStrv) rows = g_strsplit (csv, "\r\n", -1);
  for (char **row = rows; row[0] && row[1]; row++) {
    g_auto (GStrv) fields = g_strsplit (*row, ",", -1);
    g_assert_cmpuint (g_strv_length (fields), ==, 8);
    for (char **f = fields; *f; f++)
      g_assert_true (**f == '\0' || g_ascii_isalnum (**f));
  }
}

static void
test_table (void)
{
  g_autoptr (PktTally) t = example_cube ();
  g_autoptr (GArray) days = days_of (t);
  g_autofree char *table = pkt_trend_table (&options, days, PKT_TREND_COLUMNS);
  /* clang-format off */
  const char *golden =
    "Apple, by day (days begin at 00:00 UTC)\n"
    "\n"
    "date         final  policy     rate  95 % interval  band      otherwise  accepted  4xx tries  others\n"
    "2026-04-20  18,310       1   0.01%                  healthy          56    18,253        588     0%\n"
    "  (2 days without mail)\n"
    "2026-04-23  18,412   7,046   38.3%                  escalate         26    11,340        611  0.01%\n"
    "2026-04-24       2       2  100.0%*    34.2-100.0%  escalate          0         0          0\n"
    "2026-04-25       0       0                                            0         0          7\n"
    "2026-04-26       0       0                                            0         0          0  25.0%*\n"
    "total       36,724   7,049   19.2%                  escalate         82    29,593      1,206  0.01%\n";
  /* clang-format on */
  g_assert_cmpstr (table, ==, golden);
  PktTrendOptions short_of_it = options;
  short_of_it.max_rows = 2;
  g_autofree char *end = pkt_trend_table (&short_of_it, days, PKT_TREND_COLUMNS);
  g_assert_nonnull (strstr (end, "\n  (3 earlier days: --csv, --json and --output have them)\n"
                                 "2026-04-25 "));
  g_assert_nonnull (strstr (end, "total       36,724"));
  g_autofree char *all_rules = pkt_trend_rules (&options.bands);
  g_auto (GStrv) rules = g_strsplit (all_rules, "\n", -1);
  for (char **line = rules; *line; line++)
    g_assert_cmpuint (strlen (*line), <=, 76);
}

static void
test_onset_text (void)
{
  g_autoptr (PktTally) t = cube_new ();
  for (int day = 0; day < 9; day++)
    add_day (t, day, TRUE, day < 7 ? 500 : 300, day < 7 ? 0 : 200, 3, 0);
  PktSumFilter f = PKT_SUM_APPLE;
  PktOnset o;
  pkt_onset_find (t, &f, &o);
  g_autofree char *text = pkt_onset_text (&o);
  g_assert_nonnull (strstr (text, "Rose 2026-04-27 14:00:00 UTC (first"));
  g_assert_nonnull (strstr (text, "Refused 0 of 3,521 before, 400 of 1,006 (39.8%) since;"));
  g_autoptr (json_t) json = pkt_onset_json (&o);
  g_assert_cmpstr (json_string_value (json_object_get (json, "rose_at")), ==,
                   "2026-04-27T14:00:00Z");
  g_assert_true (json_is_null (json_object_get (json, "relief")));
}

static PktTrend *
trend_of (const PktTally *t)
{
  PktTrendOptions o = options;
  o.filter = PKT_SUM_APPLE;
  return pkt_trend_new (t, &o);
}

static void
test_json (void)
{
  g_autoptr (PktTally) t = example_cube ();
  g_autoptr (PktTrend) trend = trend_of (t);
  g_autoptr (json_t) all = pkt_trend_json (trend);
  json_t *list = json_object_get (all, "days"), *apple;
  g_assert_cmpuint (json_array_size (list), ==, 5);
  apple = json_object_get (json_array_get (list, 1), "apple");
  g_assert_cmpint (json_integer_value (json_object_get (apple, "policy")), ==, 7046);
  g_assert_cmpint (json_integer_value (json_object_get (apple, "final")), ==, 18412);
  g_assert_cmpstr (json_string_value (json_object_get (apple, "band")), ==, "escalate");
  g_autofree char *groups = pkt_json_line (json_object_get (apple, "by_group"));
  g_assert_cmpstr (groups, ==, "{\"policy\": 7046, \"recipient\": 26}");
  apple = json_object_get (json_array_get (list, 3), "apple");
  g_assert_true (json_is_null (json_object_get (apple, "rate")));
  g_assert_cmpstr (pkt_json_text (json_object_get (all, "onset"), "rose_at"), ==,
                   "2026-04-23T14:00:00Z");
  g_assert_cmpstr (pkt_json_text (json_object_get (all, "contrast"), "verdict"), ==, "only-apple");
}

static void
test_blocks (void)
{
  g_autoptr (PktTally) t = cube_new ();
  add_day (t, 0, TRUE, 10, 0, 0, 0);
  add_day (t, 2, TRUE, 5, 5, 0, 0);
  add_day (t, 3, TRUE, 999999, 1, 0, 0);
  add_day (t, 3, FALSE, 7, 1, 0, 0);
  cube_sort (t);
  g_autoptr (GArray) days = days_of (t);
  g_autofree char *blocks = pkt_trend_blocks (days, 80);
  g_assert_cmpstr (blocks, ==,
                   "Refused by policy, of final answers; a column is a day\n"
                   " 50.0% │  █\n"
                   "       │  █\n"
                   "       │  █\n"
                   "       │  █\n"
                   "       │  █\n"
                   " Apple │· █▁\n"
                   "others │   ▂\n"
                   "        2026-04-20 to 2026-04-23\n");
}

/* Days from the first to the last: how many bars of what. */
static const struct {
  int last;
  guint max, bars;
  const char *word, *first_label;
} spans[] = {
  { 0, 160, 1, "day", "2026-04-20" },       { 119, 160, 120, "day", "2026-04-20" },
  { 120, 160, 18, "week", "2026-04-20" },   { 1098, 160, 157, "week", "2026-04-20" },
  { 1099, 160, 37, "month", "2026-04" },    { 30, 20, 5, "week", "2026-04-20" },
  { 7300, 160, 81, "quarter", "2026-04" },  { 36500, 160, 101, "year", "2026" },
  { 365000, 160, 101, "10 years", "2020" }, { 5, 1, 1, "week", "2026-04-20" },
};

static void
test_buckets (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (spans); i++) {
    g_autoptr (PktTally) t = cube_new ();
    add_day (t, 0, TRUE, 10, 0, 0, 0);
    if (spans[i].last > 0)
      add_day (t, spans[i].last, TRUE, 3, 2, 0, 0);
    g_autoptr (GArray) days = days_of (t);
    g_autoptr (PktBuckets) b = pkt_buckets_new (days, spans[i].max);
    g_assert_cmpuint (b->bars->len, ==, spans[i].bars);
    g_assert_cmpstr (pkt_buckets_word (b), ==, spans[i].word);
    g_autofree char *label = pkt_buckets_label (b, &g_array_index (b->bars, PktBucket, 0));
    g_assert_cmpstr (label, ==, spans[i].first_label);
    gint64 final = 0;
    for (guint bar = 0; bar < b->bars->len; bar++) {
      const PktBucket *one = &g_array_index (b->bars, PktBucket, bar);
      final += pkt_sum_final (&one->apple);
      g_assert_cmpint (one->day, <, one->end);
    }
    g_assert_cmpint (final, ==, spans[i].last > 0 ? 15 : 10);
  }
}

/* Times that no calendar has: a broken clock must not make a million bars. */
static void
test_far_away (void)
{
  PktDay far[2] = { { .day = -99999999 }, { .day = 99999999 } };
  for (guint i = 0; i < 2; i++) {
    pkt_sum_clear (&far[i].apple);
    pkt_sum_clear (&far[i].other);
    far[i].apple.delivered = 1;
  }
  g_autoptr (GArray) days = g_array_new (FALSE, FALSE, sizeof (PktDay));
  g_array_append_vals (days, far, 2);
  g_autoptr (PktBuckets) b = pkt_buckets_new (days, PKT_BUCKET_MAX_BARS);
  g_assert_cmpuint (b->bars->len, <=, PKT_BUCKET_MAX_BARS);
  g_autofree char *blocks = pkt_trend_blocks (days, 80);
  g_assert_cmpuint (strlen (blocks), <, 4000);
}

static void
test_empty (void)
{
  g_autoptr (PktTally) t = cube_new ();
  g_autoptr (GArray) days = days_of (t);
  PktSumFilter f = PKT_SUM_APPLE;
  PktOnset o;
  pkt_onset_find (t, &f, &o);
  g_autofree char *csv = pkt_trend_csv (days), *blocks = pkt_trend_blocks (days, 80);
  g_autoptr (PktTrend) trend = trend_of (t);
  g_autofree char *table = pkt_trend_text (trend, PKT_TREND_COLUMNS),
                  *name = pkt_trend_name (days, ".png"),
                  *groups = pkt_trend_group_text (trend, PKT_BY_TAG, PKT_TREND_COLUMNS);
  g_autoptr (json_t) json = pkt_trend_json (trend);
  g_assert_cmpstr (csv, ==, PKT_TREND_CSV_HEADER);
  g_assert_cmpstr (blocks, ==, "");
  g_assert_cmpstr (name, ==, "apple-bounce-trend.png");
  g_assert_nonnull (strstr (table, "No mail in this period."));
  g_assert_nonnull (strstr (groups, "No mail in this period."));
  g_assert_nonnull (json);
}

static const struct {
  const char *path;
  GTestFunc run;
} tests[] = {
  { "/trend/views/csv", test_csv },         { "/trend/views/csv-form", test_csv_form },
  { "/trend/views/table", test_table },     { "/trend/views/onset-text", test_onset_text },
  { "/trend/views/json", test_json },       { "/trend/views/blocks", test_blocks },
  { "/trend/views/buckets", test_buckets }, { "/trend/views/far-away", test_far_away },
  { "/trend/views/empty", test_empty },
};

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add_func (tests[i].path, tests[i].run);
  return g_test_run ();
}
