#include "packet/trend/onset.h"
#include <math.h>
#include "packet/trend/exact.h"
#include "packet/trend/onset-search.h"

static void
take_cell (OnsetQuarter *q, const PktCell *c, const guint8 *replies)
{
  q->final += c->count;
  q->first = q->first == PKT_NO_TIME ? c->first : MIN (q->first, c->first);
  q->last = MAX (q->last, c->last);
  gboolean refused = c->key.outcome == PKT_BOUNCED && c->key.policy;
  if (!refused || (replies && !replies[c->key.reply])) {
    q->last_other = MAX (q->last_other, c->last);
    return;
  }
  q->refused += c->count;
  q->first_refused = q->first_refused == PKT_NO_TIME ? c->first : MIN (q->first_refused, c->first);
  q->last_refused = MAX (q->last_refused, c->last);
}

static GArray *
collect_quarters (const PktTally *t, const PktSumFilter *f)
{
  GArray *quarters = g_array_new (FALSE, FALSE, sizeof (OnsetQuarter));
  PktSumFilter all_replies = *f;
  all_replies.replies = NULL;
  for (guint i = 0; i < t->cells->len; i++) {
    const PktCell *c = &g_array_index (t->cells, PktCell, i);
    gboolean final = c->key.outcome == PKT_DELIVERED || c->key.outcome == PKT_BOUNCED;
    if (!final || c->count <= 0 || !pkt_sum_match (&all_replies, c))
      continue;
    if (quarters->len == 0
        || g_array_index (quarters, OnsetQuarter, quarters->len - 1).slot != c->key.slot) {
      OnsetQuarter q = { .slot = c->key.slot,
                         .first = PKT_NO_TIME,
                         .last = PKT_NO_TIME,
                         .first_refused = PKT_NO_TIME,
                         .last_refused = PKT_NO_TIME,
                         .last_other = PKT_NO_TIME };
      g_array_append_val (quarters, q);
    }
    take_cell (&g_array_index (quarters, OnsetQuarter, quarters->len - 1), c, f->replies);
  }
  return quarters;
}

/* The first quarter after a rest inside the bout: so long without a refusal, and with so many
 * accepted, that at the bout's rate it would be no chance. bout->to: there is none. */
static guint
after_rest (const OnsetQuarter *q, const OnsetSpan *bout)
{
  gint64 refused = 0, final = 0, accepted = 0;
  guint last = bout->from;
  for (guint i = bout->from; i < bout->to; i++) {
    if (q[i].refused == 0) {
      accepted += q[i].final;
      continue;
    }
    double p1 = ((double)refused + 0.5) / ((double) final + 1);
    if (refused && (q[i].slot - q[last].slot) * PKT_SLOT_US > PKT_ONSET_JOIN_US
        && (double)accepted * log1p (-MIN (p1, 0.999)) <= -PKT_ONSET_THRESHOLD)
      return i;
    refused += q[i].refused;
    final += accepted + q[i].final;
    accepted = 0;
    last = i;
  }
  return bout->to;
}

static double
statistic_of (const OnsetSpan *s, const OnsetSpan *all)
{
  return onset_likelihood (s->refused, s->final)
         + onset_likelihood (all->refused - s->refused, all->final - s->final)
         - onset_likelihood (all->refused, all->final);
}

/* The best span may hold two that are alike, with a rest between. */
static GArray *
part_bouts (const OnsetQuarter *q, const GArray *bouts, const OnsetSpan *all)
{
  GArray *parts = g_array_new (FALSE, FALSE, sizeof (OnsetSpan));
  for (guint i = 0; i < bouts->len; i++) {
    OnsetSpan rest = g_array_index (bouts, OnsetSpan, i);
    while (rest.from < rest.to) {
      const guint next = after_rest (q, &rest);
      const gboolean whole = rest.from == g_array_index (bouts, OnsetSpan, i).from
                             && next == rest.to;
      OnsetSpan part = { rest.from, next, 0, 0, rest.statistic };
      rest.from = next;
      while (q[part.to - 1].refused == 0)
        part.to--;
      onset_count (q, &part);
      part.statistic = whole ? part.statistic : statistic_of (&part, all);
      g_array_append_val (parts, part);
    }
  }
  return parts;
}

/* Bouts that lie near each other are one incident. OnsetSpan's, in order. */
static GArray *
join_bouts (const OnsetQuarter *q, const GArray *bouts)
{
  GArray *incidents = g_array_new (FALSE, FALSE, sizeof (OnsetSpan));
  for (guint i = 0; i < bouts->len; i++) {
    const OnsetSpan *b = &g_array_index (bouts, OnsetSpan, i);
    OnsetSpan *last = incidents->len ? &g_array_index (incidents, OnsetSpan, incidents->len - 1)
                                     : NULL;
    if (last && (q[b->from].slot - q[last->to - 1].slot) * PKT_SLOT_US <= PKT_ONSET_JOIN_US) {
      last->to = b->to;
      last->statistic = MAX (last->statistic, b->statistic);
      onset_count (q, last);
    } else
      g_array_append_vals (incidents, b, 1);
  }
  return incidents;
}

static void
tell_times (const OnsetQuarter *q, guint n, PktOnset *out)
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
count_days (const OnsetQuarter *q, guint n, gint64 before)
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

/* From the quarter of an hour of the first refusal on: what was accepted meanwhile belongs to it.
 */
static void
tell_counts (const PktTally *t, const PktSumFilter *f, PktOnset *out)
{
  PktSumFilter refused = *f, final = *f;
  PktSum sum;
  final.replies = NULL;
  gint64 to = out->relief == PKT_NO_TIME ? f->to : pkt_sum_quarter (out->relief),
         rose = pkt_sum_quarter (out->rose_at);
  for (int after = 0; after < 2; after++) {
    refused.from = final.from = after ? MAX (rose, f->from) : f->from;
    refused.to = final.to = after ? to : rose;
    pkt_sum (t, &refused, &sum);
    *(after ? &out->after_policy : &out->before_policy) = sum.policy;
    pkt_sum (t, &final, &sum);
    *(after ? &out->after_final : &out->before_final) = pkt_sum_final (&sum);
  }
  out->from_rate = rate (out->before_policy, out->before_final);
  out->to_rate = rate (out->after_policy, out->after_final);
}

/* What came after relief, and how high the rate may still be. */
static void
tell_quiet (const OnsetQuarter *q, guint n, const OnsetSpan *tail, PktOnset *out)
{
  out->quiet_policy = tail->refused;
  out->quiet_final = tail->final;
  out->quiet_below = pkt_exact_upper (tail->refused, tail->final);
  out->quiet_days = (guint)((q[n - 1].last - out->last) / PKT_DAY);
  for (guint i = tail->from; i < n && out->again == PKT_NO_TIME; i++)
    out->again = q[i].first_refused;
}

/* The first refusal of the incident. All of it may have begun in the last minutes of a quarter that
 * as a whole looks little changed: then nothing but refusals follow the first of them, into the
 * next quarter too. */
static gint64
first_refusal (const OnsetQuarter *q, guint i)
{
  const OnsetQuarter *before = i ? &q[i - 1] : NULL;
  const gboolean follows = before && before->slot + 1 == q[i].slot && before->refused
                           && before->last_other <= before->first_refused
                           && q[i].first == q[i].first_refused;
  return follows ? before->first_refused : q[i].first_refused;
}

static void
tell_incident (const OnsetQuarter *q, guint n, const OnsetSpan *incident, PktOnset *out)
{
  guint i = incident->from;
  while (q[i].refused == 0)
    i++;
  out->found = TRUE;
  out->rose_at = first_refusal (q, i);
  for (; i < incident->to; i++)
    if (q[i].refused > 0)
      out->last = q[i].last_refused;
  out->days_before = count_days (q, n, pkt_clock_day (out->rose_at, NULL));
  out->log_begins_inside = out->rose_at - q[0].first < PKT_DAY;
  OnsetSpan tail = { incident->to, n, 0, 0, 0 };
  onset_count (q, &tail);
  OnsetSpan before = { 0, incident->from, 0, 0, 0 };
  onset_count (q, &before);
  out->over = onset_relieved (&before, incident, &tail);
  for (i = incident->to; !out->over && i < n; i++) /* what comes after is of it, too */
    if (q[i].refused > 0)
      out->last = q[i].last_refused;
  if (!out->over)
    return;
  out->relief = q[tail.from].first;
  tell_quiet (q, n, &tail, out);
}

void
pkt_onset_find (const PktTally *t, const PktSumFilter *f, PktOnset *out)
{
  *out = (PktOnset){ .first = PKT_NO_TIME,
                     .rose_at = PKT_NO_TIME,
                     .last = PKT_NO_TIME,
                     .relief = PKT_NO_TIME,
                     .again = PKT_NO_TIME };
  g_autoptr (GArray) quarters = collect_quarters (t, f);
  g_autoptr (GArray) bouts = g_array_new (FALSE, FALSE, sizeof (OnsetSpan));
  const OnsetQuarter *q = (const OnsetQuarter *)quarters->data;
  OnsetSpan all = { 0, quarters->len, 0, 0, 0 };
  onset_count (q, &all);
  tell_times (q, quarters->len, out);
  out->statistic = onset_bouts (q, quarters->len, bouts);
  if (bouts->len == 0) {
    out->log_begins_inside = all.refused >= PKT_ONSET_INSIDE_REFUSED
                             && all.refused * 100 > all.final;
    out->after_policy = all.refused;
    out->after_final = all.final;
    out->to_rate = rate (all.refused, all.final);
    return;
  }
  g_autoptr (GArray) parts = part_bouts (q, bouts, &all), incidents = join_bouts (q, parts);
  const OnsetSpan *newest = &g_array_index (incidents, OnsetSpan, incidents->len - 1);
  out->incidents = incidents->len;
  out->statistic = newest->statistic;
  tell_incident (q, quarters->len, newest, out);
  tell_counts (t, f, out);
}
