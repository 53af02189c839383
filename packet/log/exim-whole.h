#pragma once
#include "packet/log/exim-batch.h"
#include "packet/log/lives.h"

#define PKT_EXIM_ARRIVED G_MAXUINT8 /* in place of a PktGlanceKind: a line of arrival, not read */

/* The lines of a step, and the lives of their messages: keys of all lines but SLOW ones. */
typedef struct {
  PktLives lives;
  gboolean unscoped;               /* a line without syslog's host was among them */
  guint8 text_at[PKT_BLOCK_LINES]; /* behind flag and blank, of all but SLOW ones */
  guint32 ends[PKT_BLOCK_LINES];   /* where it ends */
  PktEximBatch batch;
} PktEximWhole;

static inline void
pkt_exim_whole_start (PktEximWhole *w)
{
  pkt_lives_start (&w->lives);
  w->unscoped = FALSE;
}
