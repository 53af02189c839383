#pragma once
#include <jansson.h>
#include "packet/run/evidence.h"

/* Whose each kind of Apple's answers is: [{answer, count, desk, name, reason, link}], in the order
 * of the groups. The reply's own desk, but: the sending platform where the pool is shared and the
 * reply names the IP, Spamhaus where it lists us, nobody for a day after a delisting, Apple's
 * status page where Apple takes nothing from anybody. New reference. */
json_t *pkt_desks_json (const PktEvidence *e);
/* Finds "other-desk" where Apple's postmaster could answer, but for each answer another desk comes
 * first: no request then, unless it is wanted anyway. */
void pkt_desks_find_elsewhere (PktEvidence *e);
