#pragma once
#include <jansson.h>
#include "packet/base/slice.h"

/* Puts the addresses back for the marks of a map (packet/redact/map.h), as people quote them: in
 * any case, with or without the brackets, `[rcpt-k7m2q4xd]@icloud.com` as one. What it makes is raw
 * and for the sender's eyes only. */

typedef struct {
  char *mark;          /* "[rcpt-k7m2q4xd]" */
  const char *address; /* the map's; NULL: no mark of this map */
  guint count;
} PktRevealed;

/* `text` with the marks replaced; unknown ones stay. `found` (may be NULL) gets PktRevealed* in
 * order of first appearance. Caller frees. */
char *pkt_reveal_text (const json_t *map, PktSlice text, GPtrArray *found);
GPtrArray *pkt_revealed_list_new (void);
