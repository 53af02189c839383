#include "packet/trend/exact.h"
#include <math.h>

/* Worked out by hand. */
static const struct {
  gint64 k1, n1, k2, n2;
  double p;
} known[] = {
  { 3, 4, 1, 4, 34.0 / 70 }, /* Fisher's lady and her tea */
  { 4, 4, 0, 4, 2.0 / 70 },  /* all cups right: the other extreme counts too */
  { 0, 10, 0, 10, 1 },       /* nothing refused: nothing told */
  { 5, 5, 5, 5, 1 },         /* everything refused */
  { 1, 1, 0, 0, 1 },         /* an empty sample */
  { 10, 100, 10, 100, 1 },   /* the same */
};

static void
test_known (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (known); i++)
    g_assert_cmpfloat_with_epsilon (
        pkt_exact_fisher (known[i].k1, known[i].n1, known[i].k2, known[i].n2), known[i].p, 1e-9);
}

static double
choose (int n, int k)
{
  double c = 1;
  for (int i = 1; i <= k; i++)
    c = c * (n - k + i) / i;
  return k < 0 || k > n ? 0 : c;
}

/* Every table with up to 9 in a sample, against the sum over all tables with its margins. */
static void
test_all_small (void)
{
  for (int n1 = 1; n1 < 10; n1++)
    for (int n2 = 1; n2 < 10; n2++)
      for (int k1 = 0; k1 <= n1; k1++)
        for (int k2 = 0; k2 <= n2; k2++) {
          double p = 0, here = choose (n1, k1) * choose (n2, k2);
          for (int x = 0; x <= k1 + k2; x++) {
            double each = choose (n1, x) * choose (n2, k1 + k2 - x);
            p += each <= here * (1 + 1e-7) ? each : 0;
          }
          p /= choose (n1 + n2, k1 + k2);
          g_assert_cmpfloat_with_epsilon (pkt_exact_fisher (k1, n1, k2, n2), p, 1e-9);
          g_assert_cmpfloat_with_epsilon (pkt_exact_fisher (k2, n2, k1, n1), p, 1e-9);
        }
}

/* Millions a day: in time, never over 1, and near to what the normal distribution says. */
static void
test_large (void)
{
  double p = pkt_exact_fisher (20000, 2000000, 20392, 2000000); /* z = 1.96 or so */
  g_assert_cmpfloat_with_epsilon (p, 0.05, 0.002);
  g_assert_cmpfloat (pkt_exact_fisher (2000, 2000000, 600000, 2000000), <, 1e-100);
  g_assert_cmpfloat_with_epsilon (pkt_exact_fisher (0, 1000000, 1, 1000000), 1, 1e-9);
}

static double
at_most (int k, int n, double p)
{
  double sum = 0;
  for (int i = 0; i <= k; i++)
    sum += choose (n, i) * pow (p, i) * pow (1 - p, n - i);
  return sum;
}

static void
test_upper (void)
{
  g_assert_cmpfloat_with_epsilon (pkt_exact_upper (0, 59), 0.0495, 0.0001); /* the rule of 59 */
  g_assert_cmpfloat (pkt_exact_upper (7, 7), ==, 1);
  for (int n = 1; n < 40; n++)
    for (int k = 0; k < n; k++)
      g_assert_cmpfloat_with_epsilon (at_most (k, n, pkt_exact_upper (k, n)), 0.05, 1e-6);
  /* the sum and the approximation meet */
  g_assert_cmpfloat_with_epsilon (pkt_exact_upper (2000, 100000), pkt_exact_upper (2001, 100050),
                                  2e-5);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/trend/exact/known", test_known);
  g_test_add_func ("/trend/exact/all-small", test_all_small);
  g_test_add_func ("/trend/exact/large", test_large);
  g_test_add_func ("/trend/exact/upper", test_upper);
  return g_test_run ();
}
