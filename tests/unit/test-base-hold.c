#include <glib.h>
#include <signal.h>
#include "packet/base/hold.h"

static volatile sig_atomic_t seen;

static void
on_signal (int signal)
{
  seen = signal;
}

/* What comes meanwhile comes when it is over, to whom it belongs. */
static void
test_waits (void)
{
  static const int signals[] = { SIGINT, SIGTERM, SIGHUP };
  for (gsize i = 0; i < G_N_ELEMENTS (signals); i++) {
    signal (signals[i], on_signal);
    seen = 0;
    pkt_hold_begin ();
    pkt_hold_begin ();
    raise (signals[i]);
    pkt_hold_end ();
    g_assert_cmpint (seen, ==, 0);
    pkt_hold_end ();
    g_assert_cmpint (seen, ==, signals[i]);
    signal (signals[i], SIG_DFL);
  }
}

/* nohup */
static void
test_ignored (void)
{
  signal (SIGHUP, SIG_IGN);
  pkt_hold_begin ();
  raise (SIGHUP);
  pkt_hold_end ();
  raise (SIGHUP);
  signal (SIGHUP, SIG_DFL);
}

static void
test_nothing (void)
{
  signal (SIGINT, on_signal);
  seen = 0;
  pkt_hold_begin ();
  pkt_hold_end ();
  g_assert_cmpint (seen, ==, 0);
  raise (SIGINT);
  g_assert_cmpint (seen, ==, SIGINT);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/base/hold/waits", test_waits);
  g_test_add_func ("/base/hold/ignored", test_ignored);
  g_test_add_func ("/base/hold/nothing", test_nothing);
  return g_test_run ();
}
