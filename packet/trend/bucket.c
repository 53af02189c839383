#include "packet/trend/bucket.h"
#include "packet/base/clock.h"

#define EPOCH_JULIAN 719163 /* 1970-01-01 as GDate counts, from 0001-01-01 = 1 */
#define FIRST_DAY (1 - EPOCH_JULIAN)
#define LAST_DAY (3652059 - EPOCH_JULIAN) /* 9999-12-31 */

static const struct {
  guint months;
  const char *word;
} steps[] = {
  { 1, "month" },        { 3, "quarter" },         { 12, "year" },
  { 60, "5 years" },     { 120, "10 years" },      { 600, "50 years" },
  { 1200, "100 years" }, { 12000, "1,000 years" }, { 120000, "10,000 years" },
};

static gint64
month_of (gint64 day)
{
  GDate d;
  g_date_clear (&d, 1);
  g_date_set_julian (&d, (guint32)(CLAMP (day, FIRST_DAY, LAST_DAY) + EPOCH_JULIAN));
  return (gint64)g_date_get_year (&d) * 12 + (gint64)g_date_get_month (&d) - 1;
}

static gint64
month_start (gint64 month)
{
  GDate d;
  if (month < 12)
    return FIRST_DAY;
  if (month >= 10000 * 12)
    return LAST_DAY + 1;
  g_date_clear (&d, 1);
  g_date_set_dmy (&d, 1, (GDateMonth)(month % 12 + 1), (GDateYear)(month / 12));
  return (gint64)g_date_get_julian (&d) - EPOCH_JULIAN;
}

/* Number of the bar that a day falls in, counted from some fixed start. */
static gint64
bar_of (const PktBuckets *b, gint64 day)
{
  switch (b->unit) {
  case PKT_BUCKET_DAY:
    return day;
  case PKT_BUCKET_WEEK:
    return pkt_clock_floor (day + 3, 7); /* 1970-01-01 was a Thursday */
  case PKT_BUCKET_MONTHS:
    break;
  }
  return month_of (day) / b->months;
}

static gint64
bar_start (const PktBuckets *b, gint64 bar)
{
  switch (b->unit) {
  case PKT_BUCKET_DAY:
    return bar;
  case PKT_BUCKET_WEEK:
    return bar * 7 - 3;
  case PKT_BUCKET_MONTHS:
    break;
  }
  return month_start (bar * b->months);
}

static gint64
day_at (const GArray *days, guint i)
{
  return CLAMP (g_array_index (days, PktDay, i).day, FIRST_DAY, LAST_DAY);
}

static void
choose_unit (PktBuckets *b, gint64 first, gint64 last, guint max)
{
  if (last - first < MIN (PKT_BUCKET_MAX_DAYS, (gint64)max))
    return;
  b->unit = PKT_BUCKET_WEEK;
  if (bar_of (b, last) - bar_of (b, first) < MIN (PKT_BUCKET_MAX_WEEKS, (gint64)max))
    return;
  b->unit = PKT_BUCKET_MONTHS;
  for (gsize i = 0; i < G_N_ELEMENTS (steps); i++) {
    b->months = steps[i].months;
    if (bar_of (b, last) - bar_of (b, first) < (gint64)max)
      return;
  }
}

PktBuckets *
pkt_buckets_new (const GArray *days, guint max_bars)
{
  PktBuckets *b = g_new0 (PktBuckets, 1);
  b->months = 1;
  b->bars = g_array_new (FALSE, FALSE, sizeof (PktBucket));
  if (days->len == 0)
    return b;
  gint64 from = day_at (days, 0), to = day_at (days, days->len - 1);
  choose_unit (b, from, to, CLAMP (max_bars, 1, PKT_BUCKET_MAX_BARS));
  gint64 first = bar_of (b, from);
  for (gint64 bar = first; bar <= bar_of (b, to); bar++) {
    PktBucket one = { .day = bar_start (b, bar), .end = bar_start (b, bar + 1) };
    pkt_sum_clear (&one.apple);
    pkt_sum_clear (&one.other);
    g_array_append_val (b->bars, one);
  }
  for (guint i = 0; i < days->len; i++) {
    const PktDay *d = &g_array_index (days, PktDay, i);
    PktBucket *into = &g_array_index (b->bars, PktBucket,
                                      (guint)(bar_of (b, day_at (days, i)) - first));
    pkt_sum_add (&into->apple, &d->apple);
    pkt_sum_add (&into->other, &d->other);
  }
  return b;
}

void
pkt_buckets_free (PktBuckets *b)
{
  g_array_unref (b->bars);
  g_free (b);
}

const char *
pkt_buckets_word (const PktBuckets *b)
{
  if (b->unit != PKT_BUCKET_MONTHS)
    return b->unit == PKT_BUCKET_DAY ? "day" : "week";
  gsize i = 0;
  while (steps[i].months != b->months)
    i++;
  return steps[i].word;
}

char *
pkt_buckets_label (const PktBuckets *b, const PktBucket *bar)
{
  char *text = pkt_clock_day_text (bar->day);
  if (b->unit == PKT_BUCKET_MONTHS && strlen (text) == strlen ("2026-05-18"))
    text[b->months < 12 ? strlen ("2026-05") : strlen ("2026")] = '\0';
  return text;
}
