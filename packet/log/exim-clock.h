#pragma once
#include "packet/base/clock.h"

#define PKT_EXIM_TIME 19 /* bytes of "2026-02-13 14:39:57" */
#define PKT_EXIM_ID_AT (PKT_EXIM_TIME + 1)

/* The time that was read last: many lines share a second, nearly all a day. */
typedef struct {
  char text[32]; /* PKT_EXIM_TIME bytes and a blank; else what no line begins with */
  PktStamp stamp;
  gint64 day;    /* us of its first moment */
  gint64 second; /* pkt_stamp_written_second() */
} PktEximClock;

void pkt_exim_clock_start (PktEximClock *c);
/* p: PKT_EXIM_TIME bytes and one more. FALSE when they are no time and a blank. */
gboolean pkt_exim_clock_read (PktEximClock *c, const char *p);

/* The line begins "2026-02-13 14:39:57 "; c has its time. */
static inline gboolean
pkt_exim_has_time (PktEximClock *c, PktSlice line)
{
  return line.n > PKT_EXIM_TIME
         && (pkt_bytes_same (line.p, c->text, PKT_EXIM_TIME + 1)
             || pkt_exim_clock_read (c, line.p));
}

/* Nearly all lines of a mainlog begin "2026-02-13 14:39:57 1RwtJY-0009RI-E4 "; c has their time.
 * The id is not looked at whole. */
gboolean pkt_exim_is_plain (PktEximClock *c, PktSlice line);
