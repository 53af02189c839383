#pragma once
#include "packet/log/text-reader.h"

/* Lines of a Cisco Secure Email Gateway that tell what became of a message's recipients. Used by
 * format-cisco-esa.c. What the reader remembers: by a message's number its sender, Message-ID,
 * recipients ("0 a@example.com": number and address) and what was accepted and not told yet; by a
 * connection's name its addresses. */

#define PKT_CISCO_INBOUND 1 /* of a message's state: for our own users */

/* Digits at the start of s, which moves behind them. */
PktSlice pkt_cisco_number (PktSlice *s);
/* "DCID 8" at the start of s: the name of a connection, beside the bare numbers of messages. */
PktSlice pkt_cisco_connection (PktSlice s);
/* What is remembered of message r->id. */
PktRemembered *pkt_cisco_message (PktTextReader *r);

/* "6 to RID [0, 1]" behind "Message done DCID 8 MID "; headers that the log was told to show may
 * follow. */
PktRecordKind pkt_cisco_done (PktTextReader *r, PktSlice connection, PktSlice s);
/* "[0] Response '2.0.0 Ok: queued as 4AB'" behind "MID 6 RID ". */
PktRecordKind pkt_cisco_accepted (PktTextReader *r, PktSlice s);
/* No answer will follow to what was accepted of it; m may be NULL. */
void pkt_cisco_end_waiting (PktTextReader *r, PktRemembered *m);
/* "DCID 3 MID 4 to RID 0 - 5.1.0 - Unknown address error ('550', ['…'])" behind "Bounced: ",
 * "Delayed: ". */
PktRecordKind pkt_cisco_refused (PktTextReader *r, PktSlice s, PktOutcome outcome);
