#include "packet/base/clock.h"
#include "packet/base/workdays.h"

static gint64
day (const char *text)
{
  gint64 us;
  g_assert_true (pkt_clock_parse_user (text, NULL, FALSE, &us));
  return pkt_clock_day (us, NULL);
}

static void
test_holidays (void)
{
  /* As the Office of Personnel Management lists them; 2026-07-04 is a Saturday, 2022-06-19 and
   * 2022-12-25 are Sundays. */
  static const char *const off[] = { "2026-01-01", "2026-01-19", "2026-02-16", "2026-05-25",
                                     "2026-06-19", "2026-07-03", "2026-09-07", "2026-10-12",
                                     "2026-11-11", "2026-11-26", "2026-12-25", "2022-06-20",
                                     "2022-12-26", "2021-12-31", "2026-05-23", "2026-05-24" };
  static const char *const on[] = { "2026-01-02", "2026-01-12", "2026-05-18", "2026-05-26",
                                    "2026-07-06", "2026-11-27", "2026-12-24", "2022-06-17",
                                    "2026-10-05", "2026-05-22" };
  for (gsize i = 0; i < G_N_ELEMENTS (off); i++)
    if (pkt_workday (day (off[i])))
      g_error ("%s is no working day", off[i]);
  for (gsize i = 0; i < G_N_ELEMENTS (on); i++)
    if (!pkt_workday (day (on[i])))
      g_error ("%s is a working day", on[i]);
}

static void
test_spans (void)
{
  /* 25 May is Memorial Day: five working days after the 20th end on the 28th. */
  g_assert_cmpint (pkt_workday_after (day ("2026-05-20"), 5), ==, day ("2026-05-28"));
  g_assert_cmpint (pkt_workday_after (day ("2026-05-20"), 0), ==, day ("2026-05-20"));
  g_assert_cmpint (pkt_workday_after (day ("2026-05-23"), 1), ==, day ("2026-05-26"));
  g_assert_cmpuint (pkt_workdays_between (day ("2026-05-20"), day ("2026-05-27")), ==, 4);
  g_assert_cmpuint (pkt_workdays_between (day ("2026-05-20"), day ("2026-05-28")), ==, 5);
  g_assert_cmpuint (pkt_workdays_between (day ("2026-05-20"), day ("2026-05-20")), ==, 0);
  g_assert_cmpuint (pkt_workdays_between (day ("2026-05-28"), day ("2026-05-20")), ==, 0);
  /* Far off, and no end of it. */
  g_assert_true (pkt_workday (G_MAXINT64 - 1));
  g_assert_cmpuint (pkt_workdays_between (0, G_MAXINT64 - 2), >, 2000);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/base/workdays/holidays", test_holidays);
  g_test_add_func ("/base/workdays/spans", test_spans);
  return g_test_run ();
}
