#pragma once
#include "packet/run/count.h"

/* What a cell of the tally is told apart by. */

/* The sending address of an attempt: what the log tells, one that Apple's reply names (v, which may
 * be NULL) among it; then what the user says. An inner address, 10.0.0.5, is none that Apple sees:
 * it may be mapped. As long as these live. */
PktSlice pkt_count_local_ip (const PktCounter *c, const PktAttempt *a, const PktVerdict *v);
/* Sets the key's sending address, stream, From domain and campaign. */
void pkt_count_name_sender (const PktCounter *c, const PktAttempt *a, PktSlice local_ip,
                            PktCellKey *key);
