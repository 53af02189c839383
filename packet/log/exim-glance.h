#pragma once
#include "packet/log/glance.h"

#define PKT_EXIM_TIME 19 /* bytes of "2026-02-13 14:39:57" */

/* The time that was read last: many lines share a second. Of zeros to begin with. */
typedef struct {
  char text[PKT_EXIM_TIME];
  PktStamp stamp;
} PktEximClock;

/* Nearly all lines of a mainlog begin "2026-02-13 14:39:57 1RwtJY-0009RI-E4 "; c has their time.
 * The id is not looked at whole. */
gboolean pkt_exim_is_plain (PktEximClock *c, PktSlice line);

/* Tells of such lines: the end of a message (REMOVED), and what another receiver accepted
 * (ELSEWHERE). */
extern const PktGlancer pkt_exim_glancer;
