#include "packet/trend/onset.h"
#include <gio/gio.h>
#include <jansson.h>
#include <stdlib.h>
#include "packet/base/json.h"
#include "tests/unit/trend-cube.h"
#include "tests/unit/cpu-time.h"

#define START (G_GINT64_CONSTANT (1780272000) * PKT_SECOND) /* 2026-06-01 00:00 UTC */
#define SEED G_GUINT64_CONSTANT (0x9e3779b97f4a7c15)

/* One quarter of an hour: n final answers spread over it, refused at rate p. */
static void
add_quarter (PktTally *t, CubeRandom *r, gint64 quarter, gint64 n, double p)
{
  gint64 at = START + quarter * PKT_SLOT_US, k = cube_binomial (r, n, p);
  cube_add (t, at + PKT_MINUTE, TRUE, PKT_BOUNCED, PKT_CAT_POLICY, k);
  cube_add (t, at + 2 * PKT_MINUTE, TRUE, PKT_DELIVERED, PKT_CAT_UNKNOWN, n - k);
}

static PktOnset
find (const PktTally *t)
{
  PktSumFilter f = PKT_SUM_APPLE;
  PktOnset o;
  pkt_onset_find (t, &f, &o);
  return o;
}

/* 1,000 flat streams: from a few mails a day to a million, from hardly any refusal to one in
 * three. */
static const struct {
  int quarters, runs;
  double per_quarter, p;
} flat[] = {
  { 96, 150, 0.6, 0.3 },      { 96, 150, 20, 0.02 },    { 672, 100, 1, 0.01 },
  { 672, 100, 8, 0.05 },      { 672, 100, 100, 0.001 }, { 672, 100, 100, 0.05 },
  { 672, 100, 10000, 0.001 }, { 672, 100, 1000, 0.3 },  { 2880, 50, 5, 0.003 },
  { 2880, 50, 200, 0.0005 },
};

static void
test_flat (void)
{
  int found = 0, runs = 0;
  for (gsize i = 0; i < G_N_ELEMENTS (flat); i++)
    for (int run = 0; run < flat[i].runs; run++, runs++) {
      CubeRandom r = { SEED * (guint64)(run + 1) + i };
      g_autoptr (PktTally) t = cube_new ();
      for (int q = 0; q < flat[i].quarters; q++) {
        double n = flat[i].per_quarter * 2 * cube_uniform (&r);
        add_quarter (t, &r, q, (gint64)(n + cube_uniform (&r)), flat[i].p);
      }
      found += find (t).found;
    }
  g_test_message ("false onsets: %d of %d", found, runs);
  g_assert_cmpint (runs, ==, 1000);
  g_assert_cmpint (found, <, 10);
}

/* A rise found within an hour, or the time in which twenty more refusals than before are expected,
 * in 95 of 100, with neither relief nor "or earlier" invented. The log is twelve times as long as
 * that on both sides, two days at the least; the row with the longest ones, sixteen years, takes
 * part in `-m slow` only. The manual has the table of what is printed here. */
static const gint64 volumes[] = { 200, 2000, 20000, 200000, 2000000 }; /* final answers a day */
static const double rates[] = { 0.001, 0.01, 0.05 }, factors[] = { 2, 3 };
#define SEEDS 100
#define TIMES_REACH 12

static gboolean
rise_found (gint64 volume, double before, double after, guint seed)
{
  double a_quarter = (double)volume / 96, more = a_quarter * (after - before);
  gint64 reach = MAX (PKT_HOUR, (gint64)(20 / more * (double)PKT_SLOT_US));
  int lead = (int)MAX (192, TIMES_REACH * 20 / more);
  CubeRandom r = { SEED * (seed + 1) };
  g_autoptr (PktTally) t = cube_new ();
  for (int q = 0; q < 2 * lead; q++)
    add_quarter (t, &r, q, (gint64)(a_quarter + cube_uniform (&r)), q < lead ? before : after);
  PktOnset o = find (t);
  gint64 truth = START + lead * PKT_SLOT_US;
  return o.found && ABS (o.rose_at - truth) <= reach && !o.over && !o.log_begins_inside;
}

static void
test_rise (void)
{
  for (gsize f = 0; f < G_N_ELEMENTS (factors); f++)
    for (gsize i = 0; i < G_N_ELEMENTS (volumes); i++)
      for (gsize k = 0; k < G_N_ELEMENTS (rates); k++) {
        int good = 0;
        if ((double)volumes[i] * rates[k] < 1 && !g_test_slow ())
          continue;
        for (guint seed = 0; seed < SEEDS; seed++)
          good += rise_found (volumes[i], rates[k], rates[k] * factors[f], seed);
        g_test_message ("%7" G_GINT64_FORMAT " a day, %.1f %% times %g: %d of %d", volumes[i],
                        100 * rates[k], factors[f], good, SEEDS);
        g_assert_cmpint (good, >=, 95);
      }
}

static void
test_relief (void)
{
  CubeRandom r = { SEED };
  g_autoptr (PktTally) t = cube_new ();
  for (int q = 0; q < 960; q++) /* 4 days, 2 days of it, 4 days */
    add_quarter (t, &r, q, 3, q >= 384 && q < 576 ? 0.4 : 0.005);
  PktOnset o = find (t);
  g_assert_true (o.found && o.over && !o.log_begins_inside);
  g_assert_cmpint (ABS (o.rose_at - (START + 4 * PKT_DAY)), <=, PKT_HOUR);
  g_assert_cmpint (ABS (o.relief - (START + 6 * PKT_DAY)), <=, PKT_HOUR);
  g_assert_cmpint (o.first, <, o.rose_at);
  g_assert_cmpint (o.last, <, o.relief);
  g_assert_cmpuint (o.days_before, ==, 4);
  g_assert_cmpint (o.before_final, ==, 3 * 384);
  g_assert_cmpfloat_with_epsilon (o.to_rate, 0.4, 0.07);
  PktSumFilter f = PKT_SUM_APPLE;
  PktSum s;
  f.from = o.rose_at;
  f.to = o.relief;
  pkt_sum (t, &f, &s);
  g_assert_cmpint (o.after_policy, ==, s.policy);
  g_assert_cmpint (o.after_final, ==, pkt_sum_final (&s));
}

/* Back to what it was before is relief too, however high that was: in 95 of 100. */
static void
test_relief_to_before (void)
{
  int good = 0;
  for (guint seed = 0; seed < SEEDS; seed++) {
    CubeRandom r = { SEED * (seed + 1) };
    g_autoptr (PktTally) t = cube_new ();
    for (int q = 0; q < 960; q++)
      add_quarter (t, &r, q, 40, q >= 384 && q < 576 ? 0.06 : 0.02);
    PktOnset o = find (t);
    good += o.found && o.over && ABS (o.relief - (START + 6 * PKT_DAY)) <= 4 * PKT_HOUR;
  }
  g_test_message ("relief to the rate before: %d of %d", good, SEEDS);
  g_assert_cmpint (good, >=, 95);
}

/* Three answers after the last refusal are no relief. */
static void
test_no_relief_yet (void)
{
  CubeRandom r = { SEED };
  g_autoptr (PktTally) t = cube_new ();
  for (int q = 0; q < 480; q++)
    add_quarter (t, &r, q, 3, q >= 384 && q < 479 ? 0.4 : 0);
  PktOnset o = find (t);
  g_assert_true (o.found && !o.over);
  g_assert_cmpint (o.relief, ==, PKT_NO_TIME);
}

/* A newsletter of an hour a day is refused on three days, order mail all day is not: one incident,
 * begun on the first of the three. */
static void
test_bouts (void)
{
  CubeRandom r = { SEED };
  g_autoptr (PktTally) t = cube_new ();
  for (int q = 0; q < 14 * 96; q++) {
    gboolean newsletter = q % 96 >= 56 && q % 96 < 60;
    add_quarter (t, &r, q, newsletter ? 250 : 20, newsletter && q >= 11 * 96 ? 0.38 : 0.0005);
  }
  PktOnset o = find (t);
  g_assert_true (o.found);
  gint64 truth = START + (11 * 96 + 56) * PKT_SLOT_US;
  g_assert_cmpint (o.rose_at, >=, truth);
  g_assert_cmpint (o.rose_at, <, truth + PKT_HOUR);
}

/* Two incidents, weeks apart: the newest is told, the older and stronger one is not over again. */
static void
test_recurrence (void)
{
  CubeRandom r = { SEED };
  g_autoptr (PktTally) t = cube_new ();
  for (int q = 0; q < 40 * 96; q++) {
    gboolean old = q >= 960 && q < 1152, fresh = q >= 37 * 96;
    add_quarter (t, &r, q, 10, old ? 0.5 : fresh ? 0.2 : 0.002);
  }
  PktOnset o = find (t);
  g_assert_true (o.found && !o.over);
  g_assert_cmpint (ABS (o.rose_at - (START + 37 * PKT_DAY)), <=, PKT_HOUR);
}

/* What is refused of `n` each quarter; the log begins inside, or does it? */
static const struct {
  int quarters, rise_at;
  double before, after;
  gint64 n;
  gboolean found, inside;
} begins[] = {
  { 300, 0, 0, 0.4, 2, FALSE, TRUE },     /* high all along */
  { 9, 0, 0, 1, 1, FALSE, TRUE },         /* 9 of 9: a small server */
  { 4, 0, 0, 1, 1, FALSE, FALSE },        /* too few to say */
  { 300, 60, 0, 0.4, 4, TRUE, TRUE },     /* less than a day before */
  { 300, 130, 0, 0.4, 4, TRUE, FALSE },   /* more than a day */
  { 300, 0, 0, 0.005, 20, FALSE, FALSE }, /* under 1 % */
  { 300, 0, 0, 0, 20, FALSE, FALSE },     /* nothing refused */
};

static void
test_begins_inside (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (begins); i++) {
    CubeRandom r = { SEED };
    g_autoptr (PktTally) t = cube_new ();
    for (int q = 0; q < begins[i].quarters; q++)
      add_quarter (t, &r, q, begins[i].n,
                   q < begins[i].rise_at ? begins[i].before : MIN (begins[i].after, 1 - 1e-12));
    PktOnset o = find (t);
    g_test_message ("case %" G_GSIZE_FORMAT, i);
    g_assert_cmpint (o.found, ==, begins[i].found);
    g_assert_cmpint (o.log_begins_inside, ==, begins[i].inside);
  }
}

/* Two that are alike: the span of both stands out more than either. With mail between that was
 * accepted they are two; with none, or a shorter rest, one. */
static const struct {
  int rest; /* quarters between */
  gint64 n; /* final answers in each of these */
  guint incidents;
} alike[] = { { 4 * 96, 5, 2 }, { 4 * 96, 0, 1 }, { 2 * 96, 5, 1 } };

static void
test_alike (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (alike); i++) {
    CubeRandom r = { SEED };
    g_autoptr (PktTally) t = cube_new ();
    const int second = 576 + alike[i].rest;
    for (int q = 0; q < second + 384; q++) {
      gboolean bout = (q >= 384 && q < 576) || (q >= second && q < second + 192);
      gboolean rest = q >= 576 && q < second;
      if (!rest || alike[i].n)
        add_quarter (t, &r, q, 5, bout ? 0.5 : 0);
    }
    PktOnset o = find (t);
    g_test_message ("case %" G_GSIZE_FORMAT, i);
    g_assert_true (o.found && o.over);
    g_assert_cmpint (o.incidents, ==, alike[i].incidents);
    const int start = alike[i].incidents == 2 ? second : 384;
    g_assert_cmpint (ABS (o.rose_at - (START + start * PKT_SLOT_US)), <=, PKT_HOUR);
    g_assert_cmpfloat (o.statistic, >, PKT_ONSET_THRESHOLD);
  }
}

/* An answer's own onset: refusals of that answer, over all final answers. */
static void
test_one_reply (void)
{
  CubeRandom r = { SEED };
  g_autoptr (PktTally) t = cube_new ();
  for (int q = 0; q < 480; q++) {
    add_quarter (t, &r, q, 10, 0.03);
    if (q >= 240)
      cube_cell (t, START + q * PKT_SLOT_US, TRUE, PKT_BOUNCED, PKT_CAT_CONTENT, 1)->key.reply = 5;
  }
  cube_sort (t);
  PktSumFilter f = PKT_SUM_APPLE;
  PktOnset o;
  const guint8 replies[] = { 0, 0, 0, 0, 0, 1 };
  f.replies = replies;
  pkt_onset_find (t, &f, &o);
  g_assert_true (o.found);
  g_assert_cmpint (o.rose_at, ==, START + 240 * PKT_SLOT_US);
  g_assert_cmpint (o.first, ==, o.rose_at);
  g_assert_cmpint (o.after_policy, ==, 240);
  g_assert_cmpint (o.after_final, ==, 240 * 11);
  g_assert_cmpint (o.before_policy, ==, 0);
}

static void
test_empty (void)
{
  g_autoptr (PktTally) t = cube_new ();
  PktOnset o = find (t);
  g_assert_false (o.found || o.over || o.log_begins_inside);
  g_assert_cmpint (o.first, ==, PKT_NO_TIME);
  cube_add (t, START, TRUE, PKT_DEFERRED, PKT_CAT_RATE, 3);
  g_assert_false (find (t).found);
}

/* Bouts without end in a log of 20 years: bounded time, and the newest of those told. */
static void
test_many_bouts (void)
{
  CubeRandom r = { SEED };
  g_autoptr (PktTally) t = cube_new ();
  for (int q = 0; q < 20000; q++)
    add_quarter (t, &r, q * 40, 10, q % 100 < 10 ? 0.9 : 0);
  double start = cpu_time ();
  g_assert_true (find (t).found);
  g_assert_cmpfloat (cpu_time () - start, <, 20);
}

/* The lab's outages, counted from truth.json as the MX saw them. */
static const char *const outages[] = { "postfix", "postfix-multi", "exim-all", "opensmtpd" };

static json_t *
read_truth (const char *path)
{
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autoptr (GFileInputStream) in = g_file_read (file, NULL, NULL);
  if (in == NULL)
    return NULL;
  g_autoptr (GConverter) gunzip = G_CONVERTER (
      g_zlib_decompressor_new (G_ZLIB_COMPRESSOR_FORMAT_GZIP));
  g_autoptr (GInputStream) plain = g_converter_input_stream_new (G_INPUT_STREAM (in), gunzip);
  g_autoptr (GOutputStream) all = g_memory_output_stream_new_resizable ();
  gssize n = g_output_stream_splice (all, plain, G_OUTPUT_STREAM_SPLICE_CLOSE_TARGET, NULL, NULL);
  g_assert_cmpint (n, >, 0);
  return json_loadb (g_memory_output_stream_get_data (G_MEMORY_OUTPUT_STREAM (all)), (size_t)n, 0,
                     NULL);
}

static PktTally *
count_truth (json_t *truth, guint16 *n_streams, guint16 *news)
{
  PktTally *t = cube_new ();
  g_autoptr (GHashTable) streams = g_hash_table_new (g_str_hash, g_str_equal);
  gsize i;
  json_t *a;
  json_array_foreach (json_object_get (truth, "attempts"), i, a)
  {
    const char *name = json_string_value (json_object_get (a, "stream"));
    const char *outcome = json_string_value (json_object_get (a, "outcome"));
    if (!g_hash_table_contains (streams, name))
      g_hash_table_insert (streams, (gpointer)name,
                           GUINT_TO_POINTER (g_hash_table_size (streams) + 1));
    gboolean tagged = json_is_string (json_object_get (a, "tag"));
    PktOutcome o = g_str_equal (outcome, "delivered")  ? PKT_DELIVERED
                   : g_str_equal (outcome, "deferred") ? PKT_DEFERRED
                                                       : PKT_BOUNCED;
    PktCell *c = cube_cell (t, cube_time (json_string_value (json_object_get (a, "utc"))),
                            json_is_true (json_object_get (a, "is_apple")), o,
                            tagged && o == PKT_BOUNCED ? PKT_CAT_POLICY : PKT_CAT_UNKNOWN, 1);
    c->key.stream = (guint16)GPOINTER_TO_UINT (g_hash_table_lookup (streams, name));
  }
  cube_sort (t);
  *n_streams = (guint16)g_hash_table_size (streams);
  *news = (guint16)GPOINTER_TO_UINT (g_hash_table_lookup (streams, "news"));
  return t;
}

/* Clocks of the lab went in steps of 40 minutes. */
#define NEAR (PKT_HOUR + 40 * PKT_MINUTE)

static void
check_outage (json_t *truth)
{
  guint16 n_streams, news;
  g_autoptr (PktTally) t = count_truth (truth, &n_streams, &news);
  json_t *outage = json_object_get (truth, "outage");
  gint64 onset = json_integer_value (json_object_get (json_object_get (outage, "onset"), "epoch"));
  gint64 relief = json_integer_value (
      json_object_get (json_object_get (outage, "relief"), "epoch"));
  gint64 last = json_integer_value (
      json_object_get (json_object_get (outage, "last_rejection"), "epoch"));
  for (guint16 stream = 0; stream <= n_streams; stream++)
    for (int apple = 0; apple < 2; apple++) {
      PktSumFilter f = PKT_SUM_APPLE;
      PktOnset o;
      f.apple = apple;
      f.stream = stream;
      pkt_onset_find (t, &f, &o);
      gboolean refused = apple && (stream == 0 || stream == news);
      g_test_message ("apple %d stream %u: found %d, statistic %.1f, %" G_GINT64_FORMAT
                      " of %" G_GINT64_FORMAT ", rose %+.2f h, relief %+.2f h",
                      apple, stream, o.found, o.statistic, o.after_policy, o.after_final,
                      (double)(o.rose_at / PKT_SECOND - onset) / 3600,
                      (double)(o.relief / PKT_SECOND - relief) / 3600);
      g_assert_cmpint (o.found, ==, refused);
      if (!refused)
        continue;
      g_assert_true (o.over && !o.log_begins_inside);
      g_assert_cmpint (o.rose_at, >=, onset * PKT_SECOND);
      g_assert_cmpint (o.rose_at, <=, onset * PKT_SECOND + NEAR);
      /* between the last refusal and the true relief no log knows which it is */
      g_assert_cmpint (o.relief, >, last * PKT_SECOND);
      g_assert_cmpint (o.relief, <=, relief * PKT_SECOND + NEAR);
    }
}

static void
test_lab (void)
{
  const char *lab = g_getenv ("POSTPACKET_LAB");
  for (gsize i = 0; i < G_N_ELEMENTS (outages); i++) {
    g_autofree char *path = g_build_filename (lab ? lab : "/nonexistent", "outage", outages[i],
                                              "truth.json.gz", NULL);
    g_autoptr (json_t) truth = read_truth (path);
    if (truth == NULL) {
      g_test_skip ("no lab");
      return;
    }
    g_test_message ("%s", outages[i]);
    check_outage (truth);
  }
}

static const struct {
  const char *path;
  GTestFunc run;
} tests[] = {
  { "/trend/onset/flat", test_flat },
  { "/trend/onset/rise", test_rise },
  { "/trend/onset/relief", test_relief },
  { "/trend/onset/relief-to-before", test_relief_to_before },
  { "/trend/onset/no-relief-yet", test_no_relief_yet },
  { "/trend/onset/bouts", test_bouts },
  { "/trend/onset/recurrence", test_recurrence },
  { "/trend/onset/alike", test_alike },
  { "/trend/onset/begins-inside", test_begins_inside },
  { "/trend/onset/one-reply", test_one_reply },
  { "/trend/onset/empty", test_empty },
  { "/trend/onset/many-bouts", test_many_bouts },
  { "/trend/onset/lab", test_lab },
};

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add_func (tests[i].path, tests[i].run);
  return g_test_run ();
}
