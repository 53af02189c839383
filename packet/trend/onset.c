#include "packet/trend/onset.h"
#include <math.h>

#define MAX_BOUTS 64     /* of one log; more would not be read by anybody */
#define MAX_STEPS 20     /* towards the best span from one start; 3 or 4 are usual */
#define COST_STEP 1.5    /* between two starts */
#define COST_LEAST 1e-10 /* refusals per answer; less is never measured */

/* A quarter of an hour with final answers. */
typedef struct {
  gint64 slot;
  gint64 refused, final;
  gint64 first;                       /* final answer */
  gint64 first_refused, last_refused; /* PKT_NO_TIME */
} Quarter;

typedef struct {
  guint from, to; /* half open */
  gint64 refused, final;
  double statistic;
} Span;

static void
take_cell (Quarter *q, const PktCell *c, guint16 reply)
{
  q->final += c->count;
  q->first = q->first == PKT_NO_TIME ? c->first : MIN (q->first, c->first);
  gboolean refused = c->key.outcome == PKT_BOUNCED && c->key.policy;
  if (!refused || (reply != 0 && c->key.reply != reply))
    return;
  q->refused += c->count;
  q->first_refused = q->first_refused == PKT_NO_TIME ? c->first : MIN (q->first_refused, c->first);
  q->last_refused = MAX (q->last_refused, c->last);
}

static GArray *
collect_quarters (const PktTally *t, const PktSumFilter *f)
{
  GArray *quarters = g_array_new (FALSE, FALSE, sizeof (Quarter));
  PktSumFilter all_replies = *f;
  all_replies.reply = 0;
  for (guint i = 0; i < t->cells->len; i++) {
    const PktCell *c = &g_array_index (t->cells, PktCell, i);
    gboolean final = c->key.outcome == PKT_DELIVERED || c->key.outcome == PKT_BOUNCED;
    if (!final || c->count <= 0 || !pkt_sum_match (&all_replies, c))
      continue;
    if (quarters->len == 0
        || g_array_index (quarters, Quarter, quarters->len - 1).slot != c->key.slot) {
      Quarter q = { c->key.slot, 0, 0, PKT_NO_TIME, PKT_NO_TIME, PKT_NO_TIME };
      g_array_append_val (quarters, q);
    }
    take_cell (&g_array_index (quarters, Quarter, quarters->len - 1), c, f->reply);
  }
  return quarters;
}

/* Log likelihood of k of n at their own rate. */
static double
likelihood (gint64 k, gint64 n)
{
  double l = 0;
  if (k > 0)
    l += (double)k * log ((double)k / (double)n);
  if (k < n)
    l += (double)(n - k) * log1p (-(double)k / (double)n);
  return l;
}

static void
count_span (const Quarter *q, Span *s)
{
  s->refused = s->final = 0;
  for (guint i = s->from; i < s->to; i++) {
    s->refused += q[i].refused;
    s->final += q[i].final;
  }
}

/* The span of `part` with the greatest sum of (refused - cost * final): one pass, Kadane's way. */
static Span
best_for_cost (const Quarter *q, const Span *part, double cost)
{
  Span best = { part->from, part->from, 0, 0, 0 };
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
  count_span (q, &best);
  return best;
}

static gint64
rest_refused (const Span *part, const Span *s)
{
  return part->refused - s->refused;
}

static gint64
rest_final (const Span *part, const Span *s)
{
  return part->final - s->final;
}

/* Rate of what lies outside; half a refusal where there is none, so that it has a logarithm. */
static double
rest_rate (const Span *part, const Span *s)
{
  double k = (double)rest_refused (part, s), n = (double)rest_final (part, s);
  return MAX (k, 0.5) / (n + 1);
}

/* Refusals per answer at which both rates are equally likely; 0 when the inside is not higher. */
static double
cost_of (const Span *part, const Span *s)
{
  double p1 = ((double)s->refused + 0.5) / ((double)s->final + 1), p0 = rest_rate (part, s);
  if (p1 <= p0 || p1 >= 1)
    return 0;
  double accepted = log1p (-p0) - log1p (-p1);
  return accepted / (log (p1 / p0) + accepted);
}

/* The span with the greatest statistic. For fixed rates the best span is found in one pass; the
 * rates are then those of that span, until it stays. Starts are spread over all costs, so that
 * short steep and long flat rises are both met. */
static Span
best_span (const Quarter *q, const Span *part)
{
  Span best = { part->from, part->from, 0, 0, 0 };
  double whole = likelihood (part->refused, part->final);
  double least = MAX (COST_LEAST, 0.1 / (double)MAX (part->final, 1));
  for (double start = 0.9; start > least; start /= COST_STEP) {
    Span last = { 0 };
    double cost = start;
    for (guint step = 0; step < MAX_STEPS && cost > 0; step++) {
      Span s = best_for_cost (q, part, cost);
      if (s.to == s.from || (s.from == last.from && s.to == last.to))
        break;
      s.statistic = likelihood (s.refused, s.final)
                    + likelihood (rest_refused (part, &s), rest_final (part, &s)) - whole;
      if (s.statistic > best.statistic
          && (double)s.refused / (double)s.final > rest_rate (part, &s))
        best = s;
      cost = cost_of (part, &s);
      last = s;
    }
  }
  return best;
}

static gboolean
is_bout (const Span *part, const Span *s)
{
  double n = (double)(part->to - part->from);
  return s->refused >= PKT_ONSET_MIN_REFUSED
         && s->statistic >= PKT_ONSET_THRESHOLD + log (MAX (n, 1))
         && (double)s->refused * (double)rest_final (part, s)
                >= PKT_ONSET_MIN_RISE * (double)rest_refused (part, s) * (double)s->final;
}

typedef struct {
  const Quarter *q;
  GArray *bouts;
  guint left; /* bouts that may still be found: bounds depth and time, whatever the log */
} Search;

/* Bouts of part, in order. What lies before and after a bout is looked at in the same way. Returns
 * the statistic of the best span. */
static double
find_bouts (Search *search, Span part)
{
  count_span (search->q, &part);
  if (part.refused < PKT_ONSET_MIN_REFUSED || search->left == 0)
    return 0;
  Span s = best_span (search->q, &part);
  if (!is_bout (&part, &s))
    return s.statistic;
  search->left--;
  Span before = { part.from, s.from, 0, 0, 0 }, after = { s.to, part.to, 0, 0, 0 };
  find_bouts (search, before);
  g_array_append_val (search->bouts, s);
  find_bouts (search, after);
  return s.statistic;
}

/* The newest bout with all that lie near before it. */
static Span
newest_incident (const Quarter *q, const GArray *bouts)
{
  Span all = g_array_index (bouts, Span, bouts->len - 1);
  for (guint i = bouts->len - 1; i > 0; i--) {
    const Span *b = &g_array_index (bouts, Span, i - 1);
    if ((q[all.from].slot - q[b->to - 1].slot) * PKT_SLOT_US > PKT_ONSET_JOIN_US)
      break;
    all.from = b->from;
    all.statistic = MAX (all.statistic, b->statistic);
  }
  count_span (q, &all);
  return all;
}

static gboolean
is_relieved (const Span *incident, const Span *tail)
{
  double p1 = (double)incident->refused / (double)incident->final;
  double k = (double)tail->refused, n = (double)tail->final;
  if (tail->final == 0 || k / n * PKT_ONSET_RELIEF_FALL >= p1)
    return FALSE;
  if (incident->refused == incident->final)
    p1 = ((double)incident->refused + 0.5) / ((double)incident->final + 1);
  double at_p1 = k * log (p1) + (n - k) * log1p (-p1);
  return likelihood (tail->refused, tail->final) - at_p1 >= PKT_ONSET_RELIEF_STATISTIC;
}

static void
tell_times (const Quarter *q, guint n, PktOnset *out)
{
  for (guint i = 0; i < n; i++) {
    if (q[i].refused == 0)
      continue;
    out->first = out->first == PKT_NO_TIME ? q[i].first_refused : out->first;
    out->last = q[i].last_refused;
  }
}

static double
rate (gint64 k, gint64 n)
{
  return n > 0 ? (double)k / (double)n : 0;
}

static guint
count_days (const Quarter *q, guint n, gint64 before)
{
  guint days = 0;
  gint64 last = G_MININT64;
  for (guint i = 0; i < n; i++) {
    gint64 day = pkt_clock_day (q[i].slot * PKT_SLOT_US, NULL);
    if (day >= before)
      break;
    days += day != last;
    last = day;
  }
  return days;
}

/* Counts are taken by pkt_sum(), so that a text which sums from rose_at on has the same ones. */
static void
tell_counts (const PktTally *t, const PktSumFilter *f, PktOnset *out)
{
  PktSumFilter refused = *f, final = *f;
  PktSum sum;
  final.reply = 0;
  gint64 to = out->relief == PKT_NO_TIME ? f->to : out->relief;
  for (int after = 0; after < 2; after++) {
    refused.from = final.from = after ? out->rose_at : f->from;
    refused.to = final.to = after ? to : out->rose_at;
    pkt_sum (t, &refused, &sum);
    *(after ? &out->after_policy : &out->before_policy) = sum.policy;
    pkt_sum (t, &final, &sum);
    *(after ? &out->after_final : &out->before_final) = pkt_sum_final (&sum);
  }
  out->from_rate = rate (out->before_policy, out->before_final);
  out->to_rate = rate (out->after_policy, out->after_final);
}

static void
tell_incident (const Quarter *q, guint n, const Span *incident, PktOnset *out)
{
  guint i = incident->from;
  while (q[i].refused == 0)
    i++;
  out->found = TRUE;
  out->rose_at = q[i].first_refused;
  for (; i < incident->to; i++)
    if (q[i].refused > 0)
      out->last = q[i].last_refused;
  out->days_before = count_days (q, n, pkt_clock_day (out->rose_at, NULL));
  out->log_begins_inside = out->rose_at - q[0].first < PKT_DAY;
  Span tail = { incident->to, n, 0, 0, 0 };
  count_span (q, &tail);
  out->over = is_relieved (incident, &tail);
  if (out->over)
    out->relief = q[tail.from].first;
}

void
pkt_onset_find (const PktTally *t, const PktSumFilter *f, PktOnset *out)
{
  *out = (PktOnset){
    .first = PKT_NO_TIME, .rose_at = PKT_NO_TIME, .last = PKT_NO_TIME, .relief = PKT_NO_TIME
  };
  g_autoptr (GArray) quarters = collect_quarters (t, f);
  g_autoptr (GArray) bouts = g_array_new (FALSE, FALSE, sizeof (Span));
  const Quarter *q = (const Quarter *)quarters->data;
  Span all = { 0, quarters->len, 0, 0, 0 };
  count_span (q, &all);
  tell_times (q, quarters->len, out);
  Search search = { q, bouts, MAX_BOUTS };
  out->statistic = find_bouts (&search, all);
  if (bouts->len == 0) {
    out->log_begins_inside = all.refused >= PKT_ONSET_INSIDE_REFUSED
                             && all.refused * 100 > all.final;
    out->after_policy = all.refused;
    out->after_final = all.final;
    out->to_rate = rate (all.refused, all.final);
    return;
  }
  Span incident = newest_incident (q, bouts);
  out->statistic = incident.statistic;
  tell_incident (q, quarters->len, &incident, out);
  tell_counts (t, f, out);
}
