#pragma once
#include <jansson.h>

/* Goes on behind "Done since": ", on 18 May: no refused message was sent again; … On 19 May: …".
 * Of [{date, what}]; null without any. New reference. */
json_t *pkt_view_dated (const json_t *list);
/* Sets `stated` of a view from that of the facts, dates and mail type written out. rhythm: when the
 * stream is sent, by the logs; may be NULL. */
void pkt_view_stated (json_t *view, const json_t *stated, const char *rhythm);
