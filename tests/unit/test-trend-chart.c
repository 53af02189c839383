#include "packet/trend/chart.h"
#include "packet/trend/onset.h"
#include "tests/unit/trend-cube.h"

#define APRIL_20 (G_GINT64_CONSTANT (1776643200) * PKT_SECOND)

/* Pictures: so many days, recipients a day, refused from day `rise` to before `fall`, days left
 * out. */
static const struct {
  const char *name;
  int days;
  gint64 n;
  int rise, fall;
  double share;
  int gap_from, gap_to;
  const char *stream;
} pictures[] = {
  { "empty", 0, 0, 0, 0, 0, 0, 0, NULL },
  { "one day", 1, 18412, 0, 1, 0.38, 0, 0, "newsletter" },
  { "nine of nine", 1, 9, 0, 1, 1, 0, 0, NULL },
  { "seven days", 7, 15, 5, 7, 0.3, 3, 4, NULL },
  { "twenty days", 20, 9999999, 15, 18, 0.4, 5, 7, "newsletter" },
  { "spike", 20, 2000000, 11, 12, 0.0000005, 0, 0, NULL },
  { "120 days", 120, 1000, 80, 99, 0.2, 10, 30, NULL },
  { "three years", 1095, 1000, 900, 960, 0.3, 500, 560, NULL },
  { "twenty years", 7300, 10, 7000, 7300, 0.3, 500, 560, NULL },
  { "long words", 20, 100, 15, 20, 0.3, 0, 0,
    "a very long name of a stream that goes on and on, "
    "WWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWW "
    "WWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWW\n\x1b[31m\xff\xfe and ends with no UTF-8" },
};

static PktTally *
cube_of (gsize i)
{
  PktTally *t = cube_new ();
  for (int d = 0; d < pictures[i].days; d++) {
    if (d >= pictures[i].gap_from && d < pictures[i].gap_to)
      continue;
    gint64 at = APRIL_20 + d * PKT_DAY + 14 * PKT_HOUR, refused = 0;
    if (d >= pictures[i].rise && d < pictures[i].fall)
      refused = MAX (1, (gint64)((double)pictures[i].n * pictures[i].share));
    cube_add (t, at, TRUE, PKT_BOUNCED, PKT_CAT_POLICY, refused);
    cube_add (t, at, TRUE, PKT_DELIVERED, PKT_CAT_UNKNOWN, pictures[i].n - refused);
    cube_add (t, at, FALSE, PKT_DELIVERED, PKT_CAT_UNKNOWN, 3 * pictures[i].n);
  }
  return t;
}

static GBytes *
draw (gsize i, char **alt)
{
  g_autoptr (PktTally) t = cube_of (i);
  PktSumFilter f = PKT_SUM_APPLE;
  PktOnset o;
  GError *error = NULL;
  pkt_onset_find (t, &f, &o);
  g_autoptr (GArray) days = pkt_sum_days (t, &f, NULL);
  PktChartLabels labels = { NULL,      pictures[i].stream,  "UTC",    NULL,
                            o.rose_at, o.log_begins_inside, o.relief, o.last };
  GBytes *png = pkt_trend_png (days, &labels, &error);
  g_assert_no_error (error);
  *alt = pkt_trend_alt (days, &labels);
  return png;
}

static guint32
number_at (const guint8 *p)
{
  return (guint32)p[0] << 24 | (guint32)p[1] << 16 | (guint32)p[2] << 8 | p[3];
}

/* Size, and no chunk that could hold words or a time (PNG specification, 11.3). */
static void
check_chunks (const guint8 *p, gsize n)
{
  static const char *const allowed[] = { "IHDR", "PLTE", "IDAT", "IEND", "bKGD", "pHYs", NULL };
  g_assert_cmpuint (n, >, 33);
  g_assert_cmpmem (p, 8, "\x89PNG\r\n\x1a\n", 8);
  g_assert_cmpuint (number_at (p + 16), ==, PKT_CHART_WIDTH);
  g_assert_cmpuint (number_at (p + 20), ==, PKT_CHART_HEIGHT);
  gsize at = 8;
  while (at + 12 <= n) {
    g_autofree char *type = g_strndup ((const char *)p + at + 4, 4);
    g_assert_true (g_strv_contains (allowed, type));
    at += 12 + number_at (p + at);
  }
  g_assert_cmpuint (at, ==, n);
}

static void
test_picture (gconstpointer data)
{
  gsize i = GPOINTER_TO_SIZE (data), n;
  g_autofree char *alt = NULL, *again_alt = NULL;
  g_autoptr (GBytes) png = draw (i, &alt);
  g_autoptr (GBytes) again = draw (i, &again_alt);
  const guint8 *p = g_bytes_get_data (png, &n);
  g_test_message ("%s: %" G_GSIZE_FORMAT " bytes; %s", pictures[i].name, n, alt);
  g_assert_true (g_bytes_equal (png, again));
  g_assert_cmpuint (n, <=, PKT_CHART_MAX_BYTES);
  g_assert_true (g_utf8_validate (alt, -1, NULL));
  check_chunks (p, n);
}

static void
test_alt (void)
{
  g_autofree char *alt = NULL;
  g_autoptr (GBytes) png = draw (4, &alt); /* twenty days */
  g_assert_nonnull (png);
  g_assert_cmpstr (alt, ==,
                   "2026-05-05 to 2026-05-07, refused by policy of final answers: iCloud Mail "
                   "11,999,997 of 29,999,997 (40.0%); all other receivers 0 of 89,999,991. Latest "
                   "refusal 2026-05-07 14:00:00 UTC. Refusals fell 2026-05-08 14:00:00 UTC.");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (pictures); i++) {
    g_autofree char *path = g_strdup_printf ("/trend/chart/%s", pictures[i].name);
    g_strdelimit (path, " ", '-');
    g_test_add_data_func (path, GSIZE_TO_POINTER (i), test_picture);
  }
  g_test_add_func ("/trend/chart/alt", test_alt);
  return g_test_run ();
}
