#pragma once
#include "packet/run/check.h"

/* For a person: findings with why they matter, how to mend them and how to see that; then a table
 * of all that was looked at. Caller frees. */
char *pkt_checks_text (const PktChecks *c, const PktIdentity *id);
/* {"version": 1, "asked_at", "questions", "findings", "checks": [{kind, rule, state, subject,
 * found, why, mend, verify, …}]}: a check's own values follow under its names. New reference. */
json_t *pkt_checks_json (const PktChecks *c);
guint pkt_checks_count (const PktChecks *c, PktCheckState state);
