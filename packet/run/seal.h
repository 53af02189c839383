#pragma once
#include "packet/store/seal.h"

/* The seal with what only this machine knows: where the inputs lie, what else was sent. */

/* What `send` goes by: packet and seal, held against each other, the inputs and the other packets
 * of this machine (pkt_record_others). Look at ->faults, or call pkt_seal_require (). */
PktSealed *pkt_seal_load (const char *packet, GError **error);

/* `review --accept`. `by`: NULL is the user's own name. `waive`: "ID=REASON", NULL-ended or NULL.
 * PKT_ERROR_PRIVACY where a name or reason holds an address that may not stand there; else as
 * pkt_seal_make (). Returns the packet with its new seal. */
PktSealed *pkt_seal_accept (const char *packet, const char *by, const char *const *waive,
                            GError **error);
