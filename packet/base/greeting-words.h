#pragma once
#include "packet/base/json.h"

/* What greetings are made of: words of templates/greetings.json, and a name. Used by greeting.c
 * alone. All texts are UTF-8 with a NUL at the end. */

/* A list of that file. */
const json_t *pkt_greeting_list (const char *name);
gboolean pkt_greeting_listed (const char *list, const char *lower);
/* A blank of any kind, those of no width among them. */
gboolean pkt_greeting_is_gap (gunichar c);
/* Behind gaps; a line feed is none. */
const char *pkt_greeting_skip_gaps (const char *p);
/* The bytes of `p` that are `lower`, in any case; 0. */
gsize pkt_greeting_begins (const char *p, const char *lower);
/* Behind the longest greeting of the list that begins at `p`; NULL. */
const char *pkt_greeting_behind (const char *p, const char *list);
/* The word that begins at `p`, perhaps empty, and where it ends. Caller frees. */
char *pkt_greeting_word (const char *p, const char **end);
/* The name that begins at `p`, and where it ends; NULL. Caller frees. */
char *pkt_greeting_name (const char *p, const char **end);
