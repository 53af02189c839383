#pragma once
#include <jansson.h>
#include "packet/run/evidence.h"

/* Whose each kind of Apple's answers is: [{answer, count, desk, name, reason, link}], in the order
 * of the groups. The reply's own desk, but: the sending platform where the pool is shared and the
 * reply names the IP, Spamhaus where it lists us, nobody for a day after a delisting, Apple's
 * status page where Apple takes nothing from anybody. New reference. */
json_t *pkt_desks_json (const PktEvidence *e);
