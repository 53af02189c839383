#include <glib.h>
#include "packet/run/review-diff.h"

static void
assert_diff (const char *before, const char *after, gboolean raw, const char *want)
{
  g_autofree char *got = pkt_diff_lines (before, after, raw, FALSE);
  g_assert_cmpstr (got, ==, want);
}

static void
test_lines (void)
{
  assert_diff ("", "", TRUE, "");
  assert_diff ("a\nb\n", "a\nb\n", TRUE, "");
  assert_diff ("a", "b", TRUE, "- a\n+ b\n");
  assert_diff ("a\nb\nc\nd", "a\nb\nX\nd", TRUE, "  b\n- c\n+ X\n  d\n");
  assert_diff ("1\n2\n3\n4\n5\n6\n7\n8", "1\nX\n3\n4\n5\n6\n7\nY", TRUE,
               "  1\n- 2\n+ X\n  3\n  ...\n  7\n- 8\n+ Y\n");
  assert_diff ("gone\nstays", "stays", TRUE, "- gone\n  stays\n");
  assert_diff ("stays", "stays\nnew", TRUE, "  stays\n+ new\n");
  assert_diff ("\033[2J\tx", "y", TRUE, "- ?[2J x\n+ y\n");
}

/* Without a terminal nothing of the side before is told but how much it is. */
static void
test_hidden (void)
{
  assert_diff ("secret", "mark", FALSE, "- (1 line, shown on a terminal only)\n+ mark\n");
  assert_diff ("a\ns1\ns2\nb\ns3", "a\nm1\nm2\nb", FALSE,
               "  a\n- (2 lines, shown on a terminal only)\n+ m1\n+ m2\n  b\n"
               "- (1 line, shown on a terminal only)\n");
}

static void
test_colour (void)
{
  g_autofree char *got = pkt_diff_lines ("a", "b", TRUE, TRUE);
  g_assert_cmpstr (got, ==, "\033[31m- a\033[0m\n\033[32m+ b\033[0m\n");
}

static void
test_bound (void)
{
  g_autoptr (GString) a = g_string_new (NULL), b = g_string_new (NULL);
  for (int i = 0; i < PKT_DIFF_MAX_LINES + 100; i++) {
    g_string_append_printf (a, "%d\n", i);
    g_string_append_printf (b, "%d\n", i % 100 ? i : -i);
  }
  g_autofree char *got = pkt_diff_lines (a->str, b->str, TRUE, FALSE);
  g_assert_nonnull (strstr (got, "- 3900\n+ -3900\n"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/run/diff/lines", test_lines);
  g_test_add_func ("/run/diff/hidden", test_hidden);
  g_test_add_func ("/run/diff/colour", test_colour);
  g_test_add_func ("/run/diff/bound", test_bound);
  return g_test_run ();
}
