#pragma once
#include "packet/model/tally.h"

/* Days that the logs hold nothing of, right before something: they may have been lost, or nothing
 * was sent. */
#define PKT_GAP_LEAST (4 * PKT_DAY) /* a long weekend is none */
#define PKT_GAP_DAYS 5              /* with mail before it; fewer show no habit */

/* The last attempt of any mail before `start`, where no mail was tried from it to `start` for much
 * longer than ever before; PKT_NO_TIME: there is no such gap. Microseconds UTC. */
gint64 pkt_gap_before (const PktTally *t, gint64 start);
