#pragma once
#include "packet/model/tally.h"

/* Sums over the cube of counts. Days, hours, onset and chart are all made of these, so they agree.
 */

/* What to sum. Start from PKT_SUM_APPLE or PKT_SUM_ALL and set the rest. */
typedef struct {
  gint64 from, to; /* microseconds UTC, half open; PKT_NO_TIME: open. A cell (a quarter of an hour)
                      is in when its first attempt is: two spans that meet share nothing */
  int apple;       /* 1 Apple's, 0 another receiver's, -1 any */
  guint16 stream, local_ip, rcpt_domain, from_domain, campaign; /* 0: any */
  const guint8 *replies; /* by PktCellKey.reply, 1: sum it; NULL: any. With it only these answers
                            are summed: then the finals are no denominator. Borrowed */
} PktSumFilter;

#define PKT_SUM_APPLE ((PktSumFilter){ PKT_NO_TIME, PKT_NO_TIME, 1, 0, 0, 0, 0, 0, NULL })
#define PKT_SUM_ALL ((PktSumFilter){ PKT_NO_TIME, PKT_NO_TIME, -1, 0, 0, 0, 0, 0, NULL })

/* Counting rules: design section 4. */
typedef struct {
  gint64 delivered, deferred, bounced, host_error, not_attempted;
  gint64 policy;                        /* bounced, and counts in the policy rate */
  gint64 by_category[PKT_N_CATEGORIES]; /* bounced only */
  gint64 first, last; /* microseconds UTC of the attempts; PKT_NO_TIME: there is none */
} PktSum;

void pkt_sum (const PktTally *t, const PktSumFilter *f, PktSum *out);
/* The start of the quarter of an hour that a time falls into: what is summed from a refusal on
 * begins there, since what was accepted beside it stands in a cell that began before. */
gint64 pkt_sum_quarter (gint64 us);
/* An empty sum: all 0, no times. */
void pkt_sum_clear (PktSum *s);
void pkt_sum_add (PktSum *s, const PktSum *other);
/* Delivered and bounced. */
gint64 pkt_sum_final (const PktSum *s);
/* TRUE when there was a delivery, a deferral or a bounce: the days that a table shows. */
gboolean pkt_sum_traffic (const PktSum *s);
gboolean pkt_sum_match (const PktSumFilter *f, const PktCell *c);

typedef struct {
  gint64 day; /* days since 1970-01-01 in the zone, pkt_clock_day() */
  PktSum apple, other;
} PktDay;

typedef struct {
  gint64 hour; /* microseconds UTC of the hour's start by the zone's clock */
  PktSum apple, other;
} PktHour;

/* PktDay or PktHour, sorted, only those with traffic; zone NULL is UTC; caller unrefs.
 * `f->apple` is not looked at, both sides are always given. What the cube knows of Apple only
 * (reply, recipient domain) narrows Apple's side alone. */
GArray *pkt_sum_days (const PktTally *t, const PktSumFilter *f, GTimeZone *zone);
GArray *pkt_sum_hours (const PktTally *t, const PktSumFilter *f, GTimeZone *zone);
/* All days of such an array together; `day` is the first one's, 0 when it is empty. */
void pkt_sum_total (const GArray *days, PktDay *out);

/* Under this many final outcomes a rate is shown with its interval and marked as small. */
#define PKT_SUM_SMALL 200

/* 95 % Wilson score interval of k of n, as parts of one; 0 to 1 when n is 0. */
void pkt_wilson (gint64 k, gint64 n, double *lo, double *hi);
/* Halves both until a million times either is a number still: of counts over 2^43 alone, which a
 * forged state file may hold. */
void pkt_sum_scale (gint64 *policy, gint64 *final);

/* The thresholds of bands, in millionths: watch from `watch` on, escalate over `escalate`.
 * Operating thresholds of senders, not Apple's. */
typedef struct {
  gint64 watch, escalate;
} PktBands;

#define PKT_BANDS_DEFAULT ((PktBands){ 2000, 10000 }) /* 0.2 % and 1 % */

typedef enum { PKT_BAND_NONE, PKT_BAND_HEALTHY, PKT_BAND_WATCH, PKT_BAND_ESCALATE } PktBand;
PktBand pkt_band_of (const PktBands *bands, gint64 policy, gint64 final);
const char *pkt_band_name (PktBand band);
