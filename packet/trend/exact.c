#include "packet/trend/exact.h"
#include <math.h>

#define HALVINGS 60
#define MANY 2000 /* over this the sum is long, and Wilson's bound the same in three digits */
#define Z_95_ONE 1.644854 /* one-sided 95 % of the normal distribution */
#define NEGLIGIBLE 1e-18
#define AS_PROBABLE (1 + 1e-7) /* equal but for rounding */

/* P (at most k of n) at rate p. */
static double
at_most (gint64 k, gint64 n, double p)
{
  double odds = p / (1 - p), log_term = (double)n * log1p (-p), sum = 0;
  for (gint64 i = 0; i <= k; i++) {
    sum += exp (log_term);
    log_term += log (odds * (double)(n - i) / (double)(i + 1));
  }
  return sum;
}

static double
wilson_upper (double k, double n)
{
  double p = k / n, z2n = Z_95_ONE * Z_95_ONE / n;
  double half = Z_95_ONE * sqrt (p * (1 - p) / n + z2n / (4 * n));
  return (p + z2n / 2 + half) / (1 + z2n);
}

double
pkt_exact_upper (gint64 k, gint64 n)
{
  if (k >= n)
    return 1;
  if (k == 0)
    return -expm1 (log (0.05) / (double)n);
  if (k > MANY)
    return wilson_upper ((double)k, (double)n);
  double lo = (double)k / (double)n, hi = 1;
  for (guint i = 0; i < HALVINGS; i++) {
    double middle = (lo + hi) / 2;
    if (at_most (k, n, middle) > 0.05)
      lo = middle;
    else
      hi = middle;
  }
  return hi;
}

static double
log_choose (gint64 n, gint64 k)
{
  return lgamma ((double)n + 1) - lgamma ((double)k + 1) - lgamma ((double)(n - k) + 1);
}

/* Margins of the table: k of n in all, n1 in the first sample. */
typedef struct {
  gint64 k, n, n1, least, most; /* what the first sample may have of k */
} Table;

/* P (x + 1) / P (x). */
static double
step_up (const Table *t, gint64 x)
{
  return (double)(t->k - x) / (double)(x + 1) * (double)(t->n1 - x)
         / (double)(t->n - t->n1 - t->k + x + 1);
}

/* Sums probabilities, as parts of the likeliest one's, from x away: all of them, and those that are
 * at most `limit`. */
static void
sum_tail (const Table *t, gint64 x, double weight, int direction, double limit, double sums[2])
{
  while (x >= t->least && x <= t->most && weight > NEGLIGIBLE) {
    sums[0] += weight;
    sums[1] += weight <= limit ? weight : 0;
    if (direction > 0 ? x == t->most : x == t->least)
      break;
    weight *= direction > 0 ? step_up (t, x) : 1 / step_up (t, x - 1);
    x += direction;
  }
}

double
pkt_exact_fisher (gint64 k1, gint64 n1, gint64 k2, gint64 n2)
{
  Table t = { .k = k1 + k2, .n = n1 + n2, .n1 = n1 };
  if (n1 <= 0 || n2 <= 0)
    return 1;
  t.least = MAX (0, t.k - n2);
  t.most = MIN (t.k, n1);
  gint64 mode = (gint64)(((double)t.k + 1) * ((double)n1 + 1) / ((double)t.n + 2));
  mode = CLAMP (mode, t.least, t.most);
  double at_mode = log_choose (n1, mode) + log_choose (n2, t.k - mode);
  double limit = exp (log_choose (n1, k1) + log_choose (n2, k2) - at_mode) * AS_PROBABLE;
  double sums[2] = { 0, 0 };
  sum_tail (&t, mode, 1, 1, limit, sums);
  if (mode > t.least)
    sum_tail (&t, mode - 1, 1 / step_up (&t, mode - 1), -1, limit, sums);
  return MIN (sums[1] / sums[0], 1);
}
