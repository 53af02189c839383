#include "packet/trend/sum.h"
#include <math.h>
#include <stddef.h>

#define Z_95 1.959963984540054 /* two-sided 95 % of the normal distribution */

void
pkt_sum_clear (PktSum *s)
{
  *s = (PktSum){ .first = PKT_NO_TIME, .last = PKT_NO_TIME };
}

static void
stretch (PktSum *s, gint64 first, gint64 last)
{
  if (first != PKT_NO_TIME && (s->first == PKT_NO_TIME || first < s->first))
    s->first = first;
  s->last = MAX (s->last, last); /* PKT_NO_TIME is the least number */
}

void
pkt_sum_add (PktSum *s, const PktSum *other)
{
  s->delivered += other->delivered;
  s->deferred += other->deferred;
  s->bounced += other->bounced;
  s->host_error += other->host_error;
  s->not_attempted += other->not_attempted;
  s->policy += other->policy;
  for (guint i = 0; i < PKT_N_CATEGORIES; i++)
    s->by_category[i] += other->by_category[i];
  stretch (s, other->first, other->last);
}

static void
add_cell (PktSum *s, const PktCell *c)
{
  switch ((PktOutcome)c->key.outcome) {
  case PKT_DELIVERED:
    s->delivered += c->count;
    break;
  case PKT_DEFERRED:
    s->deferred += c->count;
    break;
  case PKT_BOUNCED:
    s->bounced += c->count;
    s->policy += c->key.policy ? c->count : 0;
    s->by_category[c->key.category < PKT_N_CATEGORIES ? c->key.category : PKT_CAT_UNKNOWN]
        += c->count;
    break;
  case PKT_HOST_ERROR:
    s->host_error += c->count;
    break;
  case PKT_NOT_ATTEMPTED:
  case PKT_N_OUTCOMES:
    s->not_attempted += c->count;
    break;
  }
  stretch (s, c->first, c->last);
}

gboolean
pkt_sum_match (const PktSumFilter *f, const PktCell *c)
{
  const PktCellKey *k = &c->key;
  return (f->from == PKT_NO_TIME || c->first >= f->from)
         && (f->to == PKT_NO_TIME || c->first < f->to)
         && (f->apple < 0 || (k->apple != 0) == (f->apple != 0))
         && (f->stream == 0 || k->stream == f->stream)
         && (f->local_ip == 0 || k->local_ip == f->local_ip)
         && (f->rcpt_domain == 0 || k->rcpt_domain == f->rcpt_domain)
         && (f->from_domain == 0 || k->from_domain == f->from_domain)
         && (f->campaign == 0 || k->campaign == f->campaign)
         && (f->replies == NULL || f->replies[k->reply]);
}

void
pkt_sum (const PktTally *t, const PktSumFilter *f, PktSum *out)
{
  pkt_sum_clear (out);
  for (guint i = 0; i < t->cells->len; i++) {
    const PktCell *c = &g_array_index (t->cells, PktCell, i);
    if (pkt_sum_match (f, c))
      add_cell (out, c);
  }
}

gint64
pkt_sum_quarter (gint64 us)
{
  gint64 rest = us % PKT_SLOT_US;
  return us == PKT_NO_TIME ? us : us - (rest < 0 ? rest + PKT_SLOT_US : rest);
}

gint64
pkt_sum_final (const PktSum *s)
{
  return s->delivered + s->bounced;
}

gboolean
pkt_sum_traffic (const PktSum *s)
{
  return s->delivered > 0 || s->deferred > 0 || s->bounced > 0;
}

/* Apple's side and the others' side of one filter. */
typedef struct {
  PktSumFilter apple, other;
} Sides;

static Sides
split_sides (const PktSumFilter *f)
{
  Sides s = { *f, *f };
  s.apple.apple = 1;
  s.other.apple = 0;
  s.other.replies = NULL;
  s.other.rcpt_domain = 0;
  return s;
}

static void
add_to_side (const Sides *sides, const PktCell *c, PktSum *apple, PktSum *other)
{
  if (pkt_sum_match (&sides->apple, c))
    add_cell (apple, c);
  else if (pkt_sum_match (&sides->other, c))
    add_cell (other, c);
}

static gint64
hour_start (gint64 us, GTimeZone *zone)
{
  gint64 offset = 0;
  if (zone) {
    int i = g_time_zone_find_interval (zone, G_TIME_TYPE_UNIVERSAL, us / PKT_SECOND);
    offset = (gint64)g_time_zone_get_offset (zone, i) * PKT_SECOND;
  }
  gint64 wall = us + offset, rest = wall % PKT_HOUR;
  return wall - (rest < 0 ? rest + PKT_HOUR : rest) - offset;
}

/* PktDay and PktHour are the same to the loop that fills them. */
G_STATIC_ASSERT (sizeof (PktHour) == sizeof (PktDay));
G_STATIC_ASSERT (offsetof (PktHour, hour) == offsetof (PktDay, day));
G_STATIC_ASSERT (offsetof (PktHour, apple) == offsetof (PktDay, apple));
G_STATIC_ASSERT (offsetof (PktHour, other) == offsetof (PktDay, other));

typedef gint64 (*SpanOf) (gint64 us, GTimeZone *zone);

static void
close_span (GArray *spans, const PktDay *span)
{
  if (pkt_sum_traffic (&span->apple) || pkt_sum_traffic (&span->other))
    g_array_append_vals (spans, span, 1);
}

static GArray *
sum_spans (const PktTally *t, const PktSumFilter *f, GTimeZone *zone, SpanOf span_of)
{
  GArray *spans = g_array_new (FALSE, FALSE, sizeof (PktDay));
  Sides sides = split_sides (f);
  PktDay now = { .day = G_MININT64 };
  gint64 slot = G_MININT64, span = G_MININT64;
  for (guint i = 0; i < t->cells->len; i++) {
    const PktCell *c = &g_array_index (t->cells, PktCell, i);
    if (c->key.slot != slot) { /* the zone is asked once for each slot, not for each cell */
      slot = c->key.slot;
      /* never back: a clock that was set back over midnight must not open a day twice */
      span = MAX (span, span_of (slot * PKT_SLOT_US, zone));
    }
    if (span != now.day) {
      close_span (spans, &now);
      now.day = span;
      pkt_sum_clear (&now.apple);
      pkt_sum_clear (&now.other);
    }
    add_to_side (&sides, c, &now.apple, &now.other);
  }
  close_span (spans, &now);
  return spans;
}

GArray *
pkt_sum_days (const PktTally *t, const PktSumFilter *f, GTimeZone *zone)
{
  return sum_spans (t, f, zone, pkt_clock_day);
}

GArray *
pkt_sum_hours (const PktTally *t, const PktSumFilter *f, GTimeZone *zone)
{
  return sum_spans (t, f, zone, hour_start);
}

void
pkt_sum_total (const GArray *days, PktDay *out)
{
  out->day = 0;
  pkt_sum_clear (&out->apple);
  pkt_sum_clear (&out->other);
  for (guint i = 0; i < days->len; i++) {
    const PktDay *d = &g_array_index (days, PktDay, i);
    out->day = i == 0 ? d->day : out->day;
    pkt_sum_add (&out->apple, &d->apple);
    pkt_sum_add (&out->other, &d->other);
  }
}

void
pkt_wilson (gint64 k, gint64 n, double *lo, double *hi)
{
  *lo = 0;
  *hi = 1;
  if (n <= 0)
    return;
  double p = (double)k / (double)n, z2n = Z_95 * Z_95 / (double)n;
  double middle = (p + z2n / 2) / (1 + z2n);
  double half = Z_95 * sqrt (p * (1 - p) / (double)n + z2n / (4 * (double)n)) / (1 + z2n);
  *lo = k == 0 ? 0 : CLAMP (middle - half, 0, 1);
  *hi = k == n ? 1 : CLAMP (middle + half, 0, 1);
}

/* 2^43 attempts: more than a log holds, not more than a forged state file may. */
#define MOST (G_MAXINT64 >> 20)

void
pkt_sum_scale (gint64 *policy, gint64 *final)
{
  for (; *final > MOST; *final /= 2)
    *policy /= 2;
}

PktBand
pkt_band_of (const PktBands *bands, gint64 policy, gint64 final)
{
  if (final <= 0)
    return PKT_BAND_NONE;
  pkt_sum_scale (&policy, &final);
  gint64 millionths = policy * 1000000;
  if (millionths < final * bands->watch)
    return PKT_BAND_HEALTHY;
  return millionths <= final * bands->escalate ? PKT_BAND_WATCH : PKT_BAND_ESCALATE;
}

const char *
pkt_band_name (PktBand band)
{
  static const char *const names[] = { "none", "healthy", "watch", "escalate" };
  return names[band];
}
