#include "packet/trend/sum.h"
#include "tests/unit/trend-cube.h"

static const struct {
  gint64 policy, final;
  const char *band;
} bands[] = {
  { 0, 0, "none" },         { 0, 1, "healthy" },
  { 1, 501, "healthy" },    { 1, 500, "watch" },
  { 1, 100, "watch" },      { 10, 1000, "watch" },
  { 11, 1000, "escalate" }, { 9999999, 9999999, "escalate" },
};

static void
test_bands (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (bands); i++)
    g_assert_cmpstr (
        pkt_band_name (pkt_band_of (&PKT_BANDS_DEFAULT, bands[i].policy, bands[i].final)), ==,
        bands[i].band);
}

/* Limits as R's prop.test (k, n, correct = FALSE) has them. */
static const struct {
  gint64 k, n;
  double lo, hi;
} intervals[] = {
  { 0, 0, 0, 1 },
  { 0, 10, 0, 0.277533 },
  { 10, 10, 0.722467, 1 },
  { 1, 10, 0.017876, 0.404150 },
  { 9, 200, 0.023854, 0.083304 },
  { 9474, 24541, 0.379975, 0.392157 },
};

static void
test_wilson (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (intervals); i++) {
    double lo, hi;
    pkt_wilson (intervals[i].k, intervals[i].n, &lo, &hi);
    g_assert_cmpfloat_with_epsilon (lo, intervals[i].lo, 1e-4);
    g_assert_cmpfloat_with_epsilon (hi, intervals[i].hi, 1e-4);
  }
}

static PktTally *
small_cube (void)
{
  PktTally *t = cube_new ();
  gint64 a = cube_time ("2026-05-18T22:50:00Z"), b = cube_time ("2026-05-20T08:41:16Z");
  cube_add (t, a, TRUE, PKT_DELIVERED, PKT_CAT_UNKNOWN, 10);
  cube_add (t, a + 20 * PKT_MINUTE, TRUE, PKT_BOUNCED, PKT_CAT_POLICY, 4);
  cube_cell (t, a, TRUE, PKT_BOUNCED, PKT_CAT_MAILBOX_UNKNOWN, 2)->key.rcpt_domain = 3;
  cube_add (t, a, TRUE, PKT_DEFERRED, PKT_CAT_RATE, 5);
  cube_add (t, a, FALSE, PKT_DELIVERED, PKT_CAT_UNKNOWN, 100);
  cube_add (t, b, FALSE, PKT_BOUNCED, PKT_CAT_CONTENT, 1);
  cube_cell (t, b, TRUE, PKT_BOUNCED, PKT_CAT_POLICY, 7)->key.reply = 2;
  cube_add (t, b + PKT_DAY, TRUE, PKT_NOT_ATTEMPTED, PKT_CAT_UNKNOWN, 9);
  cube_add (t, b + PKT_DAY, TRUE, PKT_HOST_ERROR, PKT_CAT_UNKNOWN, 9);
  cube_sort (t);
  return t;
}

static void
test_sum (void)
{
  g_autoptr (PktTally) t = small_cube ();
  PktSumFilter f = PKT_SUM_APPLE;
  PktSum s;
  pkt_sum (t, &f, &s);
  g_assert_cmpint (s.delivered, ==, 10);
  g_assert_cmpint (s.deferred, ==, 5);
  g_assert_cmpint (s.bounced, ==, 13);
  g_assert_cmpint (s.policy, ==, 11);
  g_assert_cmpint (s.host_error, ==, 9);
  g_assert_cmpint (s.not_attempted, ==, 9);
  g_assert_cmpint (s.by_category[PKT_CAT_MAILBOX_UNKNOWN], ==, 2);
  g_assert_cmpint (s.by_category[PKT_CAT_RATE], ==, 0); /* deferred, not bounced */
  g_assert_cmpint (pkt_sum_final (&s), ==, 23);
  g_assert_cmpint (s.first, ==, cube_time ("2026-05-18T22:50:00Z"));
  f = PKT_SUM_ALL;
  pkt_sum (t, &f, &s);
  g_assert_cmpint (pkt_sum_final (&s), ==, 124);
  f.replies = (const guint8[]){ 0, 0, 1 };
  pkt_sum (t, &f, &s);
  g_assert_cmpint (s.policy, ==, 7);
  f.apple = 0;
  pkt_sum (t, &f, &s);
  g_assert_cmpint (s.first, ==, PKT_NO_TIME);
}

/* Spans that meet share nothing and lose nothing, wherever they meet. */
static void
test_halves (void)
{
  g_autoptr (PktTally) t = small_cube ();
  gint64 start = cube_time ("2026-05-18T22:40:00Z");
  for (gint64 at = start; at < start + 40 * PKT_MINUTE; at += PKT_MINUTE) {
    PktSumFilter before = PKT_SUM_APPLE, after = PKT_SUM_APPLE;
    PktSum a, b;
    before.to = after.from = at;
    pkt_sum (t, &before, &a);
    pkt_sum (t, &after, &b);
    g_assert_cmpint (pkt_sum_final (&a) + pkt_sum_final (&b), ==, 23);
  }
}

static void
test_days (void)
{
  g_autoptr (PktTally) t = small_cube ();
  PktSumFilter f = PKT_SUM_APPLE;
  g_autoptr (GArray) utc = pkt_sum_days (t, &f, NULL);
  g_assert_cmpuint (utc->len, ==, 2); /* the third has no outcome */
  PktDay *d = &g_array_index (utc, PktDay, 0);
  g_autofree char *text = pkt_clock_day_text (d->day);
  g_assert_cmpstr (text, ==, "2026-05-18");
  g_assert_cmpint (pkt_sum_final (&d->apple), ==, 16);
  g_assert_cmpint (d->other.delivered, ==, 100);
  g_assert_cmpint (d[1].other.policy, ==, 1);
  g_autoptr (GTimeZone) berlin = pkt_clock_zone ("Europe/Berlin");
  g_autoptr (GArray) local = pkt_sum_days (t, &f, berlin); /* 22:50 UTC is 00:50 of the 19th */
  g_assert_cmpint (g_array_index (local, PktDay, 0).day, ==, d->day + 1);
  PktDay total;
  pkt_sum_total (local, &total);
  g_assert_cmpint (pkt_sum_final (&total.apple), ==, 23);
  g_assert_cmpint (pkt_sum_final (&total.other), ==, 101);
  f.rcpt_domain = 3; /* known of Apple's side only: the others stay whole */
  g_autoptr (GArray) narrow = pkt_sum_days (t, &f, NULL);
  pkt_sum_total (narrow, &total);
  g_assert_cmpint (pkt_sum_final (&total.apple), ==, 2);
  g_assert_cmpint (pkt_sum_final (&total.other), ==, 101);
}

static void
test_hours (void)
{
  g_autoptr (PktTally) t = small_cube ();
  PktSumFilter f = PKT_SUM_APPLE;
  g_autoptr (GArray) utc = pkt_sum_hours (t, &f, NULL);
  g_assert_cmpuint (utc->len, ==, 3);
  g_assert_cmpint (g_array_index (utc, PktHour, 0).hour, ==, cube_time ("2026-05-18T22:00:00Z"));
  g_autoptr (GTimeZone) kolkata = pkt_clock_zone ("Asia/Kolkata"); /* +05:30 */
  g_autoptr (GArray) half = pkt_sum_hours (t, &f, kolkata);
  g_assert_cmpuint (half->len, ==, 2);
  g_assert_cmpint (g_array_index (half, PktHour, 0).hour, ==, cube_time ("2026-05-18T22:30:00Z"));
}

/* In St. John's the clock went back at 00:01 until 2011: the day begins, ends and begins again. */
static void
test_day_once (void)
{
  g_autoptr (PktTally) t = cube_new ();
  gint64 midnight = cube_time ("2010-11-07T02:30:00Z");
  for (int i = -4; i < 8; i++)
    cube_add (t, midnight + i * PKT_SLOT_US, TRUE, PKT_DELIVERED, PKT_CAT_UNKNOWN, 1);
  g_autoptr (GTimeZone) zone = pkt_clock_zone ("America/St_Johns");
  PktSumFilter f = PKT_SUM_APPLE;
  g_autoptr (GArray) days = pkt_sum_days (t, &f, zone);
  g_assert_cmpuint (days->len, ==, 2);
}

static void
test_empty (void)
{
  g_autoptr (PktTally) t = cube_new ();
  PktSumFilter f = PKT_SUM_ALL;
  PktDay total;
  PktSum s;
  pkt_sum (t, &f, &s);
  g_assert_cmpint (s.first, ==, PKT_NO_TIME);
  g_assert_cmpint (pkt_sum_final (&s), ==, 0);
  g_autoptr (GArray) days = pkt_sum_days (t, &f, NULL);
  g_autoptr (GArray) hours = pkt_sum_hours (t, &f, NULL);
  g_assert_cmpuint (days->len + hours->len, ==, 0);
  pkt_sum_total (days, &total);
  g_assert_cmpint (total.day, ==, 0);
}

static const struct {
  const char *path;
  GTestFunc run;
} tests[] = {
  { "/trend/sum/bands", test_bands },       { "/trend/sum/wilson", test_wilson },
  { "/trend/sum/sum", test_sum },           { "/trend/sum/halves", test_halves },
  { "/trend/sum/days", test_days },         { "/trend/sum/hours", test_hours },
  { "/trend/sum/day-once", test_day_once }, { "/trend/sum/empty", test_empty },
};

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add_func (tests[i].path, tests[i].run);
  return g_test_run ();
}
