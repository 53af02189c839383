#pragma once
#include "packet/model/case-problem.h"

/* What is wrong with a user's map (event-user.h) is added to the report; nothing is taken from it.
 */
void pkt_event_user_check (const json_t *root, PktCaseReport *report);
