#pragma once
#include <jansson.h>

/* Sets `stated` of a view from that of the facts, dates and mail type written out. rhythm: when the
 * stream is sent, by the logs; may be NULL. */
void pkt_view_stated (json_t *view, const json_t *stated, const char *rhythm);
