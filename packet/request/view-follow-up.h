#pragma once
#include <jansson.h>

/* Sets `follow_up` of a view for templates/follow-up.txt and resolved.txt: its table, what changed
 * in words, and what the sender says; null where the mail goes back to none. `attached` and
 * `lookups` of the view are there already. */
void pkt_view_follow_up (json_t *view, const json_t *facts);
