#pragma once
#include "packet/trend/onset.h"

/* What of the sender's own doing may bring refusals about: mail that bursts at the full hour, days
 * with far more mail than before, incidents that come back. */
typedef struct {
  gint64 busy, busy_at_hour;         /* Apple's 451 answers: all, and those in the first quarter */
  gint64 attempts, attempts_at_hour; /* all attempts to Apple, the same */
  gint64 spike_day;                  /* day with the greatest factor; G_MININT64: none known */
  gint64 spike_final;                /* its final answers */
  double spike_median;               /* of the days before it, PKT_HABITS_TRAILING at the most */
  double spike_factor;               /* final / median */
  guint days;                        /* from the first to the last attempt, 1 at the least */
  guint incidents;                   /* of the onset */
  double per_30_days;                /* incidents; negative: the logs hold fewer days */
} PktHabits;

#define PKT_HABITS_TRAILING 14 /* days with mail before a day that its volume is held against */
#define PKT_HABITS_LEAST 3     /* fewer tell nothing */
#define PKT_HABITS_SPIKE 2.0   /* a factor that is worth a line */

/* days: PktDay's of the same filter. */
void pkt_habits_make (const PktTally *t, const PktSumFilter *f, const GArray *days,
                      const PktOnset *onset, PktHabits *out);
/* Whole sentences, one a line, of what is worth one; caller frees. */
char *pkt_habits_text (const PktHabits *h);
