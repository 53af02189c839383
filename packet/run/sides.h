#pragma once
#include "packet/log/format.h"
#include "packet/run/count.h"

/* The formats that read one file: its own, and those of other programs that write into it, as
 * Postfix and Sendmail do into one syslog. */
typedef struct {
  PktCountSource *count;
  const PktFormat *own; /* NULL: not known yet */
  gpointer own_state;
  GArray *others; /* NULL: none so far */
} PktSides;

void pkt_sides_start (PktSides *s, const PktFormat *own);
/* Gives a line that its own format calls UNKNOWN or FOREIGN to the one that its tag tells, unless
 * `format` is known to be that: what became of it. */
PktRecordKind pkt_sides_feed (PktSides *s, PktSlice line, PktRecordKind kind,
                              const PktFormat *format);
/* Ends what was started: the stamp that the year rests on. */
PktStamp pkt_sides_end (PktSides *s);
void pkt_sides_clear (PktSides *s);
