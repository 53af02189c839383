#pragma once
#include "packet/log/glance.h"

/* How records become a PKT_GLANCE_RUN. `record` is of an attempt, its outcome and sort are set. */

/* The slot that a time lies in: where it begins. */
static inline gint64
pkt_run_slot (gint64 us)
{
  const gint64 in = us % PKT_GLANCE_SLOT;
  return us - (in < 0 ? in + PKT_GLANCE_SLOT : in);
}

/* The record counts as those of the run, which lie in the slot. A run without records has none. */
static inline gboolean
pkt_run_takes (const PktGlance *run, gint64 slot, const PktGlance *record)
{
  return run->records && run->records < G_MAXUINT16 && run->stamp_kind == record->stamp_kind
         && run->outcome == record->outcome && run->sort == record->sort
         && (guint64)(record->us - slot) < PKT_GLANCE_SLOT;
}

static inline void
pkt_run_add (PktGlance *run, const PktGlance *record)
{
  run->us = MIN (run->us, record->us);
  run->last_us = MAX (run->last_us, record->us);
  run->fingerprint += record->fingerprint;
  run->records++;
}

/* The first record of a run. */
static inline void
pkt_run_begin (PktGlance *run, const PktGlance *record)
{
  run->stamp_kind = record->stamp_kind;
  run->outcome = record->outcome;
  run->sort = record->sort;
  run->us = run->last_us = record->us;
  run->fingerprint = record->fingerprint;
  run->records = 1;
}
