#pragma once
#include "packet/trend/tally-build.h"

/* Attempts that came one after another and count in the same cell: added up here, and then counted
 * at once, as a PktTallySum. All zero is an empty one that takes nothing yet. */
typedef struct {
  PktStampKind kind;
  gint64 begin, end; /* stamps from `begin` on and before `end` belong to it */
  gint64 first, last;
  guint count;
  guint64 fingerprint; /* the sum of theirs */
} PktTallyRun;

/* An empty run that takes stamps like that one. */
PktTallyRun pkt_tally_run_start (const PktTallyBuild *b, PktStamp stamp);

static inline gboolean
pkt_tally_run_takes (const PktTallyRun *r, PktStamp stamp)
{
  return stamp.us >= r->begin && stamp.us < r->end && stamp.kind == r->kind;
}

static inline void
pkt_tally_run_add (PktTallyRun *r, gint64 us, guint64 fingerprint)
{
  r->first = MIN (r->first, us);
  r->last = MAX (r->last, us);
  r->count++;
  r->fingerprint += fingerprint;
}
