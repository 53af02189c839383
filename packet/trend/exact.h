#pragma once
#include <glib.h>

/* Exact answers about counts, where an approximation would be doubted. */

/* The rate that k of n (0 <= k <= n, n > 0) still lets us believe in: P (at most k of n) is 5 % at
 * it (Clopper and Pearson, one-sided 95 %). With k = 0 it is 1 - 0.05^(1/n), about 3/n. */
double pkt_exact_upper (gint64 k, gint64 n);
/* Fisher's exact test, two-sided: how probable are two samples that differ as much as k1 of n1 and
 * k2 of n2, or more, if both come from one rate. 1 when a sample is empty. */
double pkt_exact_fisher (gint64 k1, gint64 n1, gint64 k2, gint64 n2);
