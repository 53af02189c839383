#include <math.h>
#include "packet/trend/onset-search.h"

#define MAX_BOUTS 64     /* of one log; more would not be read by anybody */
#define MAX_STEPS 20     /* towards the best span from one start; 3 or 4 are usual */
#define COST_STEP 1.5    /* between two starts */
#define COST_LEAST 1e-10 /* refusals per answer; less is never measured */

double
onset_likelihood (gint64 k, gint64 n)
{
  double l = 0;
  if (k > 0)
    l += (double)k * log ((double)k / (double)n);
  if (k < n)
    l += (double)(n - k) * log1p (-(double)k / (double)n);
  return l;
}

void
onset_count (const OnsetQuarter *q, OnsetSpan *s)
{
  s->refused = s->final = 0;
  for (guint i = s->from; i < s->to; i++) {
    s->refused += q[i].refused;
    s->final += q[i].final;
  }
}

/* The span of `part` with the greatest sum of (refused - cost * final): one pass, Kadane's way. */
static OnsetSpan
best_for_cost (const OnsetQuarter *q, const OnsetSpan *part, double cost)
{
  OnsetSpan best = { part->from, part->from, 0, 0, 0 };
  double most = 0, sum = 0;
  guint start = part->from;
  for (guint i = part->from; i < part->to; i++) {
    if (sum <= 0) {
      sum = 0;
      start = i;
    }
    sum += (double)q[i].refused - cost * (double)q[i].final;
    if (sum > most) {
      most = sum;
      best.from = start;
      best.to = i + 1;
    }
  }
  onset_count (q, &best);
  return best;
}

static gint64
rest_refused (const OnsetSpan *part, const OnsetSpan *s)
{
  return part->refused - s->refused;
}

static gint64
rest_final (const OnsetSpan *part, const OnsetSpan *s)
{
  return part->final - s->final;
}

/* Rate of what lies outside; half a refusal where there is none, so that it has a logarithm. */
static double
rest_rate (const OnsetSpan *part, const OnsetSpan *s)
{
  double k = (double)rest_refused (part, s), n = (double)rest_final (part, s);
  return MAX (k, 0.5) / (n + 1);
}

/* Refusals per answer at which both rates are equally likely; 0 when the inside is not higher. */
static double
cost_of (const OnsetSpan *part, const OnsetSpan *s)
{
  double p1 = ((double)s->refused + 0.5) / ((double)s->final + 1), p0 = rest_rate (part, s);
  if (p1 <= p0 || p1 >= 1)
    return 0;
  double accepted = log1p (-p0) - log1p (-p1);
  return accepted / (log (p1 / p0) + accepted);
}

/* How much the statistic has to exceed for a span of this share of the answers: a short span is one
 * of many that might have been chosen. */
static double
price_of (const OnsetSpan *part, const OnsetSpan *s)
{
  double n = (double)part->final;
  return log (n / (double)s->final) + log (n / (double)MAX (rest_final (part, s), 1));
}

/* The span that stands out most. For fixed rates the best span is found in one pass; the
 * rates are then those of that span, until it stays. Starts are spread over all costs, so that
 * short steep and long flat rises are both met. */
static OnsetSpan
best_span (const OnsetQuarter *q, const OnsetSpan *part)
{
  OnsetSpan best = { part->from, part->from, 0, 0, 0 };
  double whole = onset_likelihood (part->refused, part->final), most = -G_MAXDOUBLE;
  double least = MAX (COST_LEAST, 0.1 / (double)MAX (part->final, 1));
  for (double start = 0.9; start > least; start /= COST_STEP) {
    OnsetSpan last = { 0 };
    double cost = start;
    for (guint step = 0; step < MAX_STEPS && cost > 0; step++) {
      OnsetSpan s = best_for_cost (q, part, cost);
      if (s.to == s.from || (s.from == last.from && s.to == last.to))
        break;
      s.statistic = onset_likelihood (s.refused, s.final)
                    + onset_likelihood (rest_refused (part, &s), rest_final (part, &s)) - whole;
      if (s.statistic - price_of (part, &s) > most
          && (double)s.refused / (double)s.final > rest_rate (part, &s)) {
        most = s.statistic - price_of (part, &s);
        best = s;
      }
      cost = cost_of (part, &s);
      last = s;
    }
  }
  return best;
}

/* How near to the truth a start can be told: an hour, or the time in which twenty more refusals
 * than before are expected. */
static gint64
reach_of (const OnsetQuarter *q, const OnsetSpan *s, double p0, double p1)
{
  double span = (double)(q[s->to - 1].slot - q[s->from].slot + 1) * PKT_SLOT_US;
  double more = (double)s->final * (p1 - p0);
  return MAX (PKT_HOUR, (gint64)MIN (PKT_ONSET_REACH_REFUSED / more * span, 1e15));
}

/* For each quarter from part->from on: how likely it is the start of a bout that ends at s->to,
 * given both rates; the likeliest has 1. Caller frees. */
static double *
weigh_starts (const OnsetQuarter *q, const OnsetSpan *part, const OnsetSpan *s, double p0,
              double p1)
{
  guint n = s->to - part->from;
  double hit = log (p1 / p0), miss = log1p (-p1) - log1p (-p0), sum = 0, top = -G_MAXDOUBLE;
  double *weight = g_new (double, n);
  for (guint i = n; i-- > 0;) {
    const OnsetQuarter *at = &q[part->from + i];
    sum += (double)at->refused * hit + (double)(at->final - at->refused) * miss;
    weight[i] = sum;
    top = MAX (top, sum);
  }
  for (guint i = 0; i < n; i++)
    weight[i] = exp (weight[i] - top);
  return weight;
}

/* The weight within `room` slots of each quarter; takes the place of the weights. */
static void
gather_near (const OnsetQuarter *q, double *weight, guint n, gint64 room)
{
  g_autofree double *sum = g_new (double, n + 1);
  guint from = 0, to = 0;
  sum[0] = 0;
  for (guint i = 0; i < n; i++)
    sum[i + 1] = sum[i] + weight[i];
  for (guint i = 0; i < n; i++) {
    while (to < n && q[to].slot <= q[i].slot + room)
      to++;
    while (q[from].slot < q[i].slot - room)
      from++;
    weight[i] = sum[to] - sum[from];
  }
}

/* The start of a bout: the likeliest quarter, unless there is one around which clearly more of the
 * likelihood lies within reach. A slow change has many quarters that are almost as likely. */
static guint
best_start (const OnsetQuarter *q, const OnsetSpan *part, const OnsetSpan *s)
{
  double p1 = ((double)s->refused + 0.5) / ((double)s->final + 1), p0 = rest_rate (part, s);
  if (p1 >= 1 || p1 <= p0)
    return s->from;
  guint n = s->to - part->from, first = 0, last = 0;
  g_autofree double *near = weigh_starts (q, part, s, p0, p1);
  gather_near (q + part->from, near, n, reach_of (q, s, p0, p1) / PKT_SLOT_US);
  for (guint i = 0; i < n; i++) {
    if (near[i] > near[first] * (1 + 1e-9))
      first = i;
    if (near[i] >= near[first] * (1 - 1e-9))
      last = i;
  }
  if (near[s->from - part->from] >= PKT_ONSET_AS_LIKELY * near[first])
    return s->from;
  return part->from + (first + last) / 2;
}

static gboolean
is_bout (const OnsetSpan *part, const OnsetSpan *s)
{
  return s->refused >= PKT_ONSET_MIN_REFUSED
         && s->statistic >= PKT_ONSET_THRESHOLD + price_of (part, s)
         && (double)s->refused * (double)rest_final (part, s)
                >= PKT_ONSET_MIN_RISE * (double)rest_refused (part, s) * (double)s->final;
}

gboolean
onset_relieved (const OnsetSpan *before, const OnsetSpan *incident, const OnsetSpan *tail)
{
  double p1 = (double)incident->refused / (double)incident->final;
  double k = (double)tail->refused, n = (double)tail->final;
  double p0 = before->final > 0 ? (double)before->refused / (double)before->final : 0;
  if (tail->final == 0
      || (k / n * PKT_ONSET_RELIEF_FALL >= p1
          && (k / n > PKT_ONSET_RELIEF_BACK * p0 || k / n >= p1)))
    return FALSE;
  if (incident->refused == incident->final)
    p1 = ((double)incident->refused + 0.5) / ((double)incident->final + 1);
  double at_p1 = k * log (p1) + (n - k) * log1p (-p1);
  return onset_likelihood (tail->refused, tail->final) - at_p1 >= PKT_ONSET_RELIEF_STATISTIC;
}

typedef struct {
  const OnsetQuarter *q;
  GArray *bouts;
  guint left; /* bouts that may still be found: bounds depth and time, whatever the log */
} Search;

/* Bouts of part, in order. What lies before and after a bout is looked at in the same way. Returns
 * the statistic of the best span. */
static double
find_bouts (Search *search, OnsetSpan part)
{
  onset_count (search->q, &part);
  if (part.refused < PKT_ONSET_MIN_REFUSED || search->left == 0)
    return 0;
  OnsetSpan s = best_span (search->q, &part);
  if (!is_bout (&part, &s))
    return s.statistic;
  search->left--;
  OnsetSpan lasting = { s.from, part.to, 0, 0, 0 }, tail = { s.to, part.to, 0, 0, 0 };
  onset_count (search->q, &tail);
  onset_count (search->q, &lasting);
  OnsetSpan before_it = { part.from, s.from, 0, 0, 0 };
  onset_count (search->q, &before_it);
  s.from = best_start (search->q, &part, onset_relieved (&before_it, &s, &tail) ? &s : &lasting);
  onset_count (search->q, &s);
  OnsetSpan before = { part.from, s.from, 0, 0, 0 }, after = { s.to, part.to, 0, 0, 0 };
  find_bouts (search, before);
  g_array_append_val (search->bouts, s);
  find_bouts (search, after);
  return s.statistic;
}

double
onset_bouts (const OnsetQuarter *q, guint n, GArray *bouts)
{
  Search search = { q, bouts, MAX_BOUTS };
  OnsetSpan all = { 0, n, 0, 0, 0 };
  return find_bouts (&search, all);
}
