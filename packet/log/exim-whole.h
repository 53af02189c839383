#pragma once
#include <string.h>
#include "packet/log/block.h"

/* Most messages come and go within a block: a line of arrival, those of other receivers who
 * accepted, and "Completed". Of these the first delivery is made PKT_GLANCE_WHOLE, and arrival and
 * end are left out. A line of the step (at most PKT_BLOCK_LINES) is told by its place in it. */
#define PKT_EXIM_LIVES 1024 /* a power of two; a message whose place is taken is not found */
#define PKT_EXIM_NO_LINE G_MAXUINT16

G_STATIC_ASSERT (PKT_BLOCK_LINES <= PKT_EXIM_NO_LINE);

/* A message that arrived in the step. */
typedef struct {
  guint64 key; /* pkt_queue_key(); 0: none */
  guint16 arrival, delivery;
} PktEximLife;

#define PKT_EXIM_ARRIVED G_MAXUINT8 /* in place of a PktGlanceKind: a line of arrival, not read */

typedef struct {
  PktEximLife lives[PKT_EXIM_LIVES];
  guint since;                      /* what arrived before that line does not count */
  guint8 told[PKT_BLOCK_LINES + 8]; /* PktGlanceKind of each line; what else is told of it stands in
                                       the block, at the same place */
  guint32 ends[PKT_BLOCK_LINES];    /* where it ends */
} PktEximWhole;

static inline PktEximLife *
pkt_exim_life_of (PktEximWhole *w, guint64 key)
{
  return &w->lives[key >> 54];
}
G_STATIC_ASSERT (PKT_EXIM_LIVES == 1 << 10);
