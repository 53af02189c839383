#pragma once
#include <string.h>
#include "packet/log/block.h"

/* Most messages come and go within a block: a line of arrival, those of other receivers who
 * accepted, and "Completed". Of these the first delivery is made PKT_GLANCE_WHOLE, and arrival and
 * end are left out. */
#define PKT_EXIM_LIVES 1024 /* a power of two; a message whose place is taken is not found */
#define PKT_EXIM_NO_LINE G_MAXUINT16

G_STATIC_ASSERT (PKT_BLOCK_LINES <= PKT_EXIM_NO_LINE);

/* A message that arrived in the block, by the indices of its lines. */
typedef struct {
  guint64 mark; /* 0: none */
  guint16 arrival, delivery;
} PktEximLife;

typedef struct {
  PktEximLife lives[PKT_EXIM_LIVES];
  guint since; /* what arrived before that line does not count */
} PktEximWhole;

/* Of a message's id; never 0. */
static inline guint64
pkt_exim_mark (PktSlice id)
{
  return pkt_slice_hash_short (id, 0) | 1;
}

static inline PktEximLife *
pkt_exim_life_of (PktEximWhole *w, guint64 mark)
{
  return &w->lives[mark >> 54];
}
G_STATIC_ASSERT (PKT_EXIM_LIVES == 1 << 10);
