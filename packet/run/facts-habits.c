/* What the logs tell of the stream as a whole: when it is sent, and whether all of Apple's domains
 * are alike. */
#include "packet/apple/relay.h"
#include "packet/base/json.h"
#include "packet/base/sort.h"
#include "packet/run/facts.h"
#include "packet/trend/exact.h"

#define ALIKE_BELOW 0.05 /* probability under which a domain differs, shared by all of them */
#define ALIKE_LEAST 20   /* refusals; fewer tell nothing */
#define RHYTHM_DAYS 14   /* from the first day to the last; fewer show no week */
#define RHYTHM_SENDING 5 /* days with mail */
#define RHYTHM_SMALL 20  /* a day under a twentieth of the median is a test or a straggler */
#define RHYTHM_BEGIN 10  /* mail begins with the quarter that has a tenth of the day */
#define SLOTS_A_DAY (PKT_DAY / PKT_SLOT_US)

typedef struct {
  gint64 final, refused;
} Share;

/* Final answers since the start by kind of recipient domain, and all together. */
static GHashTable *
shares_by_domain (const PktEvidence *e, Share *all)
{
  const PktTally *t = e->scan->tally;
  GHashTable *shares = g_hash_table_new_full (NULL, NULL, NULL, g_free);
  for (guint i = 0; i < t->cells->len; i++) {
    const PktCell *c = &g_array_index (t->cells, PktCell, i);
    if (!c->key.apple || c->first < e->started || c->key.rcpt_domain == 0
        || (c->key.outcome != PKT_DELIVERED && c->key.outcome != PKT_BOUNCED)
        || !pkt_evidence_has_cell (e, c))
      continue;
    Share *s = g_hash_table_lookup (shares, GUINT_TO_POINTER (c->key.rcpt_domain));
    if (s == NULL) {
      s = g_new0 (Share, 1);
      g_hash_table_insert (shares, GUINT_TO_POINTER (c->key.rcpt_domain), s);
    }
    s->final += c->count;
    all->final += c->count;
    if (c->key.outcome == PKT_BOUNCED && c->key.policy) {
      s->refused += c->count;
      all->refused += c->count;
    }
  }
  return shares;
}

json_t *
pkt_facts_alike (const PktEvidence *e)
{
  Share all = { 0, 0 };
  if (e->started == PKT_NO_TIME || !pkt_evidence_has_deliveries (e))
    return json_false ();
  g_autoptr (GHashTable) shares = shares_by_domain (e, &all);
  guint n = g_hash_table_size (shares);
  gboolean alike = n > 1 && all.refused >= ALIKE_LEAST;
  GHashTableIter iter;
  gpointer value;
  g_hash_table_iter_init (&iter, shares);
  while (alike && g_hash_table_iter_next (&iter, NULL, &value)) {
    const Share *s = value;
    alike = pkt_exact_fisher (s->refused, s->final, all.refused - s->refused, all.final - s->final)
            >= ALIKE_BELOW / n;
  }
  return json_boolean (alike);
}

/* A day of the stream, UTC. */
typedef struct {
  gint64 day, total;
  gint64 slots[SLOTS_A_DAY];
} SendingDay;

static GArray *
sending_days (const PktEvidence *e)
{
  const PktTally *t = e->scan->tally;
  GArray *days = g_array_new (FALSE, TRUE, sizeof (SendingDay));
  for (guint i = 0; i < t->cells->len; i++) { /* sorted by slot */
    const PktCell *c = &g_array_index (t->cells, PktCell, i);
    if ((c->key.outcome != PKT_DELIVERED && c->key.outcome != PKT_BOUNCED)
        || !pkt_evidence_has_cell (e, c))
      continue;
    gint64 at = c->key.slot * PKT_SLOT_US, day = pkt_clock_day (at, NULL);
    if (days->len == 0 || g_array_index (days, SendingDay, days->len - 1).day != day) {
      const SendingDay fresh = { .day = day };
      g_array_append_val (days, fresh);
    }
    SendingDay *d = &g_array_index (days, SendingDay, days->len - 1);
    d->total += c->count;
    d->slots[(at - day * PKT_DAY) / PKT_SLOT_US] += c->count;
  }
  return days;
}

static void
drop_small_days (GArray *days)
{
  g_autoptr (GArray) totals = g_array_new (FALSE, FALSE, sizeof (gint64));
  for (guint i = 0; i < days->len; i++)
    g_array_append_val (totals, g_array_index (days, SendingDay, i).total);
  g_array_sort (totals, pkt_sort_by_number);
  gint64 median = totals->len ? g_array_index (totals, gint64, totals->len / 2) : 0;
  guint kept = 0;
  for (guint i = 0; i < days->len; i++)
    if (g_array_index (days, SendingDay, i).total * RHYTHM_SMALL >= median)
      g_array_index (days, SendingDay, kept++) = g_array_index (days, SendingDay, i);
  g_array_set_size (days, kept);
}

/* The quarter in which nearly all days begin, that most of their mail follows within three hours
 * of; -1: none. */
static int
common_begin (const GArray *days)
{
  guint votes[SLOTS_A_DAY] = { 0 }, best = 0;
  gint64 near = 0, all = 0;
  for (guint i = 0; i < days->len; i++) {
    const SendingDay *d = &g_array_index (days, SendingDay, i);
    guint slot = 0;
    while (slot + 1 < SLOTS_A_DAY && d->slots[slot] * RHYTHM_BEGIN < d->total)
      slot++;
    votes[slot]++;
    if (votes[slot] > votes[best])
      best = slot;
  }
  for (guint i = 0; i < days->len; i++) {
    const SendingDay *d = &g_array_index (days, SendingDay, i);
    all += d->total;
    for (guint slot = best; slot < MIN (best + 12, SLOTS_A_DAY); slot++)
      near += d->slots[slot];
  }
  return votes[best] * 10 >= days->len * 9 && near * 10 >= all * 8 ? (int)best : -1;
}

/* From 0, a Monday, on; 1970-01-01 was a Thursday, and a log's clock may be of before. */
static guint
weekday_of (gint64 day)
{
  return (guint)(day + 3 - pkt_clock_floor (day + 3, 7) * 7);
}

/* "Monday to Friday", "daily", "Tuesday and Friday"; NULL where the week shows no order: a weekday
 * has mail in three of four weeks, or in one of ten at most. */
static char *
weekday_words (const GArray *days)
{
  static const char *const names[] = { "Monday", "Tuesday",  "Wednesday", "Thursday",
                                       "Friday", "Saturday", "Sunday" };
  guint seen[7] = { 0 }, of[7] = { 0 }, n = 0, first = 7, last = 0;
  const SendingDay *begin = &g_array_index (days, SendingDay, 0),
                   *end = &g_array_index (days, SendingDay, days->len - 1);
  for (gint64 day = begin->day; day <= end->day; day++)
    of[weekday_of (day)]++;
  for (guint i = 0; i < days->len; i++)
    seen[weekday_of (g_array_index (days, SendingDay, i).day)]++;
  GString *list = g_string_new (NULL);
  for (guint w = 0; w < 7; w++) {
    if (seen[w] * 4 < of[w] * 3) {
      if (seen[w] * 10 > of[w])
        return g_string_free (list, TRUE);
      continue;
    }
    first = MIN (first, w);
    last = w;
    g_string_append_printf (list, "%s%s", n++ ? " and " : "", names[w]);
  }
  if (n == 7)
    g_string_assign (list, "daily");
  else if (n > 2 && last - first + 1 == n)
    g_string_printf (list, "%s to %s", names[first], names[last]);
  else if (n > 2 || n == 0)
    return g_string_free (list, TRUE);
  else if (n == 1)
    g_string_prepend (list, "each ");
  return g_string_free (list, FALSE);
}

json_t *
pkt_facts_rhythm (const PktEvidence *e)
{
  g_autoptr (GArray) days = sending_days (e);
  drop_small_days (days);
  if (days->len < RHYTHM_SENDING
      || g_array_index (days, SendingDay, days->len - 1).day
                 - g_array_index (days, SendingDay, 0).day + 1
             < RHYTHM_DAYS)
    return json_null ();
  g_autofree char *words = weekday_words (days);
  int slot = common_begin (days);
  if (words == NULL)
    return json_null ();
  return slot < 0 ? json_string (words)
                  : json_sprintf ("%s at %02d:%02d UTC", words, slot / 4, slot % 4 * 15);
}
