#include <glib.h>
#include <string.h>
#include "packet/base/error.h"
#include "packet/model/engagement.h"
#include "packet/run/suppressed.h"

static void
test_reasons (void)
{
  static const struct {
    const char *reason;
    PktFallenGroup group;
  } rows[] = {
    { "hard-bounce", PKT_FALLEN_POLICY },
    { "soft bounce", PKT_FALLEN_POLICY },
    { "550 5.7.1 [cs01] message rejected due to local policy", PKT_FALLEN_POLICY },
    { "blocked", PKT_FALLEN_POLICY },
    { "bounce: user unknown", PKT_FALLEN_UNKNOWN_USER },
    { "550 5.1.1 no such user", PKT_FALLEN_UNKNOWN_USER },
    { "invalid", PKT_FALLEN_UNKNOWN_USER },
    { "unsubscribe", PKT_FALLEN_UNSUBSCRIBED },
    { "list-unsubscribe", PKT_FALLEN_UNSUBSCRIBED },
    { "opt-out", PKT_FALLEN_UNSUBSCRIBED },
    { "opted out by phone", PKT_FALLEN_UNSUBSCRIBED },
    { "do not contact", PKT_FALLEN_UNSUBSCRIBED },
    { "unsubscribed after a bounce", PKT_FALLEN_UNSUBSCRIBED },
    { "complaint", PKT_FALLEN_COMPLAINED },
    { "spam report", PKT_FALLEN_COMPLAINED },
    { "spam block", PKT_FALLEN_COMPLAINED }, /* the careful reading */
    { "unsubscribed with a complaint", PKT_FALLEN_COMPLAINED },
    { "inactive", PKT_FALLEN_INACTIVE },
    { "unengaged", PKT_FALLEN_INACTIVE },
    { "blocked by user", PKT_FALLEN_UNSUBSCRIBED },
    { "policy: do-not-email", PKT_FALLEN_UNSUBSCRIBED },
    { "désabonné (refus)", PKT_FALLEN_UNSUBSCRIBED },
    { "abgemeldet", PKT_FALLEN_UNSUBSCRIBED },
    { "plainte", PKT_FALLEN_COMPLAINED },
    { "", PKT_FALLEN_OTHER },
    { "manual", PKT_FALLEN_OTHER },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    g_assert_cmpstr (pkt_fallen_name (pkt_fallen_of_reason (rows[i].reason)), ==,
                     pkt_fallen_name (rows[i].group));
}

static gssize
read_slice (gpointer source, char *buf, gsize n, GError **error)
{
  PktSlice *s = source;
  (void)error;
  n = MIN (n, s->n);
  memcpy (buf, s->p, n);
  *s = pkt_slice_skip (*s, n);
  return (gssize)n;
}

static PktEngagement *
engagement (const char *csv, GError **error)
{
  PktSlice s = pkt_slice_str (csv);
  return pkt_engagement_read ("e.csv", read_slice, &s, 20595 /* 2026-05-22 */, error);
}

static void
test_engagement (void)
{
  const char *first;
  PktEngaged who;
  g_autoptr (PktEngagement) e = engagement ("kind;email;last_engaged;x\r\n"
                                            "click;Dana@iCloud.com;2026-05-01;\r\n"
                                            "order;dana@icloud.com;2026-04-01;\r\n"
                                            "open;dana@icloud.com;2026-05-20;\r\n"
                                            "OPEN;eve@me.com;2026-05-20 10:00;\r\n"
                                            ";flo@me.com;2026-05-02;\r\n"
                                            "click;gus@me.com;;\r\n"
                                            "click;hal@me.com;2026-05-23;\r\n"
                                            "click;ida@me.com;02.05.2026;\r\n"
                                            "dreamt;jan@me.com;2026-05-02;\r\n"
                                            "click;nobody;2026-05-02;\r\n",
                                            NULL);
  g_assert_nonnull (e);
  g_assert_true (pkt_engagement_find (e, "dana@icloud.com", TRUE, &who));
  g_assert_cmpint (who.day, ==, 20574); /* the click: opens do not make it newer */
  g_assert_cmpint (who.by, ==, PKT_ENGAGED_BY_ACT);
  g_assert_false (pkt_engagement_find (e, "eve@me.com", FALSE, &who));
  g_assert_true (pkt_engagement_find (e, "eve@me.com", TRUE, &who));
  g_assert_cmpint (who.by, ==, PKT_ENGAGED_BY_OPEN);
  g_assert_true (pkt_engagement_find (e, "flo@me.com", FALSE, &who));
  static const char *const unknown[] = { "gus@me.com", "hal@me.com", "ida@me.com",
                                         "jan@me.com", "nobody",     "kim@me.com" };
  for (gsize i = 0; i < G_N_ELEMENTS (unknown); i++)
    g_assert_false (pkt_engagement_find (e, unknown[i], TRUE, &who));
  g_assert_cmpuint (pkt_engagement_broken (e, &first), ==, 4);
  g_assert_cmpstr (first, ==, "e.csv:8: the day is not in the past");
}

static void
test_no_engagement (void)
{
  static const char *const csvs[] = { "", "address,last_engaged\n", "dana@icloud.com,\n",
                                      "x,y,z\n" };
  for (gsize i = 0; i < G_N_ELEMENTS (csvs); i++) {
    g_autoptr (GError) error = NULL;
    g_assert_null (engagement (csvs[i], &error));
    g_assert_error (error, PKT_ERROR, PKT_ERROR_DATA);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/suppressed/reasons", test_reasons);
  g_test_add_func ("/suppressed/engagement", test_engagement);
  g_test_add_func ("/suppressed/no-engagement", test_no_engagement);
  return g_test_run ();
}
