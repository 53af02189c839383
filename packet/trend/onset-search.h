#pragma once
#include "packet/trend/onset.h"

/* The search for bouts, spans of time with a higher rate, in quarters of an hour. */

/* A quarter of an hour with final answers. */
typedef struct {
  gint64 slot;
  gint64 refused, final;
  gint64 first, last;                 /* final answers */
  gint64 first_refused, last_refused; /* PKT_NO_TIME */
  gint64 last_other;                  /* the others; PKT_NO_TIME */
} OnsetQuarter;

typedef struct {
  guint from, to; /* half open */
  gint64 refused, final;
  double statistic;
} OnsetSpan;

/* Log likelihood of k of n at their own rate. */
double onset_likelihood (gint64 k, gint64 n);
/* refused and final of s->from to s->to. */
void onset_count (const OnsetQuarter *q, OnsetSpan *s);
/* Appends the bouts among n quarters to `bouts` (OnsetSpan), in order. Returns the statistic of the
 * span that stands out most, bout or not. */
double onset_bouts (const OnsetQuarter *q, guint n, GArray *bouts);
/* TRUE when what came after is clearly lower (PKT_ONSET_RELIEF_…). */
gboolean onset_relieved (const OnsetSpan *before, const OnsetSpan *incident, const OnsetSpan *tail);
