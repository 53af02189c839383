#include "packet/trend/habits.h"
#include <stdlib.h>
#include "packet/base/sort.h"
#include "packet/base/text.h"

#define BUSY_CODE 451 /* "Service unavailable - try again later" */
#define BUSY_LEAST 20 /* answers; fewer make no pattern */
#define QUARTERS 4
#define MONTH 30 /* days; what fewer show may not go on so */

static gboolean
is_busy (const PktTally *t, const PktCell *c)
{
  return c->key.reply && c->key.reply <= t->replies->len
         && g_array_index (t->replies, PktReplyKind, c->key.reply - 1).code == BUSY_CODE;
}

/* All zones in use differ by whole quarters, nearly all by whole hours: the hour is UTC's. */
static void
count_hours (const PktTally *t, const PktSumFilter *f, PktHabits *out)
{
  PktSumFilter apple = *f;
  apple.apple = 1;
  for (guint i = 0; i < t->cells->len; i++) {
    const PktCell *c = &g_array_index (t->cells, PktCell, i);
    gboolean tried = c->key.outcome == PKT_DELIVERED || c->key.outcome == PKT_DEFERRED
                     || c->key.outcome == PKT_BOUNCED;
    if (!tried || !pkt_sum_match (&apple, c))
      continue;
    gint64 first = ((c->key.slot % QUARTERS) + QUARTERS) % QUARTERS == 0 ? c->count : 0;
    out->attempts += c->count;
    out->attempts_at_hour += first;
    if (is_busy (t, c)) {
      out->busy += c->count;
      out->busy_at_hour += first;
    }
  }
}

static double
median (gint64 *numbers, guint n)
{
  qsort (numbers, n, sizeof *numbers, pkt_sort_by_number);
  return ((double)numbers[(n - 1) / 2] + (double)numbers[n / 2]) / 2;
}

static void
find_spike (const GArray *days, PktHabits *out)
{
  gint64 volume[PKT_HABITS_TRAILING];
  guint seen = 0;
  for (guint i = 0; i < days->len; i++) {
    const PktDay *d = &g_array_index (days, PktDay, i);
    gint64 final = pkt_sum_final (&d->apple);
    if (final == 0)
      continue;
    if (seen >= PKT_HABITS_LEAST) {
      gint64 sorted[PKT_HABITS_TRAILING];
      guint n = MIN (seen, PKT_HABITS_TRAILING);
      memcpy (sorted, volume, sizeof sorted);
      double middle = median (sorted, n), factor = (double) final / middle;
      if (factor > out->spike_factor) {
        out->spike_factor = factor;
        out->spike_median = middle;
        out->spike_day = d->day;
        out->spike_final = final;
      }
    }
    volume[seen++ % PKT_HABITS_TRAILING] = final;
  }
}

void
pkt_habits_make (const PktTally *t, const PktSumFilter *f, const GArray *days,
                 const PktOnset *onset, PktHabits *out)
{
  *out = (PktHabits){ .spike_day = G_MININT64, .days = 1, .incidents = onset->incidents };
  count_hours (t, f, out);
  find_spike (days, out);
  if (days->len > 0)
    out->days = (guint)CLAMP (g_array_index (days, PktDay, days->len - 1).day
                                  - g_array_index (days, PktDay, 0).day + 1,
                              1, G_MAXINT);
  out->per_30_days = out->days < MONTH ? -1 : (double)MONTH * out->incidents / out->days;
}

static char *
number_text (double x)
{
  char number[G_ASCII_DTOSTR_BUF_SIZE];
  return g_strdup (g_ascii_formatd (number, sizeof number, "%.1f", x));
}

/* ": 1.5 per 30 days"; empty where that is not known. */
static char *
often_text (double per_30_days)
{
  const gboolean seldom = per_30_days < 0.05;
  if (per_30_days < 0)
    return g_strdup ("");
  g_autofree char *number = number_text (seldom ? 0.1 : per_30_days);
  return g_strdup_printf (": %s%s per 30 days", seldom ? "under " : "", number);
}

char *
pkt_habits_text (const PktHabits *h)
{
  GString *out = g_string_new (NULL);
  if (h->busy >= BUSY_LEAST) {
    g_autofree char *busy = pkt_text_count (h->busy),
                    *share = pkt_text_percent (h->busy_at_hour, h->busy),
                    *all = pkt_text_percent (h->attempts_at_hour, h->attempts);
    g_string_append_printf (out,
                            "%s of %s answers 451 came in the first quarter of an hour (%s of all "
                            "attempts are made then)%s.\n",
                            *share ? share : "0%", busy, *all ? all : "0%",
                            h->busy_at_hour * 2 > h->busy ? ": start sends off the full hour" : "");
  }
  if (h->spike_factor >= PKT_HABITS_SPIKE) {
    g_autofree char *day = pkt_clock_day_text (h->spike_day),
                    *final = pkt_text_count (h->spike_final),
                    *factor = number_text (h->spike_factor);
    g_string_append_printf (out,
                            "Most mail against the days before: %s, %s final answers, %s times "
                            "their median.\n",
                            day, final, factor);
  }
  if (h->incidents > 0) {
    g_autofree char *days = pkt_text_count (h->days), *often = often_text (h->per_30_days);
    g_string_append_printf (out, "%u %s in %s %s%s.\n", h->incidents,
                            h->incidents == 1 ? "incident" : "incidents", days,
                            h->days == 1 ? "day" : "days", often);
  }
  return g_string_free (out, FALSE);
}
