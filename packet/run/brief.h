#pragma once
#include "packet/log/block.h"
#include "packet/log/format.h"
#include "packet/run/count.h"

/* Lines that were told whole where their block was read: counted without the format's parser, which
 * hears later how far they came. */
typedef struct {
  const PktFormat *format;
  gpointer state;     /* its */
  gboolean passes;    /* as it said last */
  gboolean remembers; /* there are messages that it remembers */
  gint64 years;       /* to add to stamps without a year */
  PktStamp last;      /* of what was counted so, kind NONE when the parser knows */
} PktBrief;

/* Counts lines from the first of n on, as far as the parser is not needed: how many. */
guint pkt_brief_count (PktBrief *b, PktCountSource *s, const PktBlockLine *lines, guint n,
                       const char *bytes);
/* Before the parser takes a line, and after the last one. */
static inline void
pkt_brief_pause (PktBrief *b)
{
  if (b->last.kind != PKT_STAMP_NONE)
    b->format->passed (b->state, b->last);
  b->last.kind = PKT_STAMP_NONE;
}

/* Behind such a line. */
static inline void
pkt_brief_go_on (PktBrief *b)
{
  b->passes = b->format && b->format->passes && b->format->passes (b->state, &b->years);
  b->remembers = b->passes && b->format->remembers && b->format->remembers (b->state, 0);
}
