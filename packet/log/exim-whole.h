#pragma once
#include "packet/log/lives.h"

/* Which lines of a step tell something, in view of each other. */
#define PKT_EXIM_ARRIVED G_MAXUINT8 /* in place of a PktGlanceKind: a line of arrival, not read */

typedef struct {
  PktLives lives;
  guint8 told[PKT_BLOCK_LINES + 8]; /* PktGlanceKind of each line; what else is told of it stands in
                                       the block, at the same place */
  guint32 ends[PKT_BLOCK_LINES];    /* where it ends */
} PktEximWhole;
