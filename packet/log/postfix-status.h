#pragma once
#include "packet/model/attempt.h"

/* "to=<ADDR>, relay=…, delay=…, dsn=…, status=WORD (REASON)" of a delivery agent, behind the queue
 * id (log-formats 2.2): recipient, outcome, stage, remote host and IP, reply. FALSE for address
 * probes and for what is cut off before the status. */
gboolean pkt_postfix_status (PktSlice text, PktAttempt *out);
/* The address up to the first `stop` (">, relay="), quoted local parts taken whole; moves *s behind
 * it. */
gboolean pkt_postfix_address (PktSlice *s, PktSlice stop, PktSlice *out);
