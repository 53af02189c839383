#pragma once
#include <jansson.h>

/* Goes on behind "Done since": ", on 18 May: no refused message was sent again; … On 19 May: …".
 * Of [{date, what}]; null without any. start: "2026-05-20", far from which a day has its year; may
 * be NULL. New reference. */
json_t *pkt_view_dated (const json_t *list, const char *start);
/* Sets `stated` of a view from the facts, dates and mail type written out. */
void pkt_view_stated (json_t *view, const json_t *facts);
