#pragma once
#include "packet/trend/sum.h"

/* The bars of a chart: days, or weeks, months, years where days would be too many. Dense: a bar for
 * each span from the first to the last, those without traffic empty, so that a gap is seen as one.
 */
typedef enum { PKT_BUCKET_DAY, PKT_BUCKET_WEEK, PKT_BUCKET_MONTHS } PktBucketUnit;

#define PKT_BUCKET_MAX_DAYS 120  /* longer: weeks, from Monday on */
#define PKT_BUCKET_MAX_WEEKS 157 /* three years; longer: months, then more of them */
#define PKT_BUCKET_MAX_BARS 160

typedef struct {
  gint64 day, end; /* first day, and the first after it */
  PktSum apple, other;
} PktBucket;

typedef struct {
  PktBucketUnit unit;
  guint months; /* in a bar of months: 1, 3, 12, 60 … */
  GArray *bars; /* PktBucket; empty for no days */
} PktBuckets;

/* Of PktDay's; at most max_bars (1 or more) bars. Days before year 1 or after 9999 count into the
 * first or last of the calendar. */
PktBuckets *pkt_buckets_new (const GArray *days, guint max_bars);
void pkt_buckets_free (PktBuckets *b);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PktBuckets, pkt_buckets_free)
/* "day", "week", "month", "quarter", "year", "5 years"; static. */
const char *pkt_buckets_word (const PktBuckets *b);
/* "2026-05-18", "2026-05" or "2026" of a bar; caller frees. */
char *pkt_buckets_label (const PktBuckets *b, const PktBucket *bar);
