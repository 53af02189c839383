#pragma once
#include "packet/trend/sum.h"

/* When did it begin, and is it over? Found by a likelihood ratio that a reader can check:
 *
 *   statistic = l (k1, n1) + l (k0, n0) - l (k, n),   l (k, n) = k ln (k/n) + (n-k) ln (1 - k/n)
 *
 * with k1 refused by policy of n1 final answers inside the incident, k0 of n0 outside of it, k of n
 * in all: how much better two rates tell the counts than one. Quarters of an hour with traffic are
 * looked at. A span counts when
 *
 *   statistic >= PKT_ONSET_THRESHOLD + ln (n/n1) + ln (n/n0)
 *
 * since there are the more spans of a length the shorter they are; the one that exceeds this most
 * is taken. A flat stream has one in fewer than 1 of 100 (tests/unit/test-trend-onset.c). */
#define PKT_ONSET_THRESHOLD 9.0
#define PKT_ONSET_MIN_REFUSED 5
/* The rate inside against the rate outside. A true factor of two is measured as less every second
 * time, so the bound lies below it. */
#define PKT_ONSET_MIN_RISE 1.5
/* Bouts nearer to each other are one incident: a newsletter sent once a day is refused once a day,
 * and rests at weekends. */
#define PKT_ONSET_JOIN_US (3 * PKT_DAY)
/* Relief: the rate after is under a quarter of the rate inside, or no more than half again the rate
 * before; and so many answers came that the rate inside is e^6, 403 times, less likely for them. */
#define PKT_ONSET_RELIEF_FALL 4.0
#define PKT_ONSET_RELIEF_BACK 1.5
#define PKT_ONSET_RELIEF_STATISTIC 6.0
/* A start is looked for within an hour, or the time in which this many more refusals than before
 * are expected; another quarter than the likeliest is taken when that has less than this part of
 * the best chance of lying so near. */
#define PKT_ONSET_REACH_REFUSED 20.0
#define PKT_ONSET_AS_LIKELY 0.98
/* Fewer refusals or a lower rate are no sign that the log begins inside an incident. */
#define PKT_ONSET_INSIDE_REFUSED 5

typedef struct {
  gboolean found;
  gint64 first;   /* first policy reply of all; PKT_NO_TIME: there is none */
  gint64 rose_at; /* first policy reply of the incident; PKT_NO_TIME when not found */
  gint64 last;    /* last policy reply of the incident; of all when not found, or not over */
  double from_rate, to_rate; /* parts of one: before the quarter of an hour of rose_at, and from
                                there to relief or the end */
  gint64 before_policy, before_final, after_policy, after_final; /* the counts of those rates */
  guint days_before;          /* UTC days with final answers that ended before the day of rose_at */
  gboolean log_begins_inside; /* less than a day of traffic before rose_at; or not found, but over
                                 1 % refused: say "or earlier" */
  gboolean over;              /* relief is known, and nothing like it came after */
  gint64 relief;              /* first final answer after the incident; PKT_NO_TIME */
  gint64 quiet_policy, quiet_final; /* from relief to the end, when over */
  double quiet_below; /* the true rate since relief is under it (95 %); pkt_exact_upper() */
  guint quiet_days;   /* whole days from `last` to the last final answer */
  gint64 again;       /* first policy reply after relief; PKT_NO_TIME */
  guint incidents;    /* found in all; this one is the newest */
  double statistic;   /* of its strongest bout; of the best span when not found */
} PktOnset;

/* `f->replies` narrows what counts as refused, not the final answers it is divided by. An incident
 * of several bouts (PKT_ONSET_JOIN_US) is one; of several incidents the newest is told. */
void pkt_onset_find (const PktTally *t, const PktSumFilter *f, PktOnset *out);
