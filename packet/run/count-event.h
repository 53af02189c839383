#pragma once
#include "packet/run/count.h"

/* Gives the source's events their UTC times. Where its clock ran an hour twice, and the log goes
 * back within it, what follows is of the second time. */
void pkt_count_date_events (PktCountSource *s, const PktStampRule *rule);
/* Keeps one of Apple's attempts as an event, or counts it where there are too many. local_ip: ours,
 * or empty; gave_up: after deferrals. */
void pkt_count_keep_event (PktCountSource *s, const PktAttempt *a, const PktVerdict *v,
                           PktSlice local_ip, gboolean gave_up);
