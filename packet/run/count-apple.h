#pragma once
#include "packet/run/count.h"

/* Whether it was told before; noted if not. */
gboolean pkt_count_is_duplicate (PktCountSource *s, const PktAttempt *a);
/* The same of an attempt that is another receiver's: a bounce tells again what a log told. */
gboolean pkt_count_is_told_of_other (PktCountSource *s, const PktAttempt *a);
/* Counts an attempt to Apple unless it was told before, and keeps it where events are kept.
 * gave_up: it is the last reply to a recipient whom the MTA gave up. */
void pkt_count_apple (PktCountSource *s, const PktAttempt *a, gboolean gave_up);
/* Those that wait (accepted.h) are counted: at the end of a source. */
void pkt_count_end_apple (PktCountSource *s);
