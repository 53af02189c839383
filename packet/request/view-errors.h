#pragma once
#include <jansson.h>

/* Adds to a view what templates/smtp-errors.txt reads: the list of groups, each with its columns
 * written out. */
void pkt_view_errors (json_t *view, const json_t *facts);

/* request/view-days.c: parts of a group's text. What they return the caller frees. */
#define PKT_VIEW_KEY 10 /* columns of "By domain " */
/* "By IP     192.0.2.10  4,662     192.0.2.11  4,600" */
char *pkt_view_counts (const char *key, const json_t *counts);
/* "By day    …" and a note on it: sets by_day and by_day_note from the group's facts. */
void pkt_view_days (json_t *view, const json_t *group);
char *pkt_view_wrapped (const char *key, const char *text);
