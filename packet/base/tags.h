#pragma once
#include <glib.h>
#include "packet/base/slice.h"

#define PKT_TAGS_MAX 100

/* A tag list: `name=value; name=value` (RFC 6376 3.2), as DKIM signatures, DKIM keys and DMARC
 * records are. */
typedef struct {
  GPtrArray *pairs; /* char *[2]: name and value in turn */
} PktTags;

/* NULL where it is none: a part without '=', an empty or doubled name. Blanks and folding around
 * names and values are taken off; inside they stay. */
PktTags *pkt_tags_parse (PktSlice text);
void pkt_tags_free (PktTags *t);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PktTags, pkt_tags_free)
/* Names compare as they are written (RFC 6376 3.2). NULL when absent. */
const char *pkt_tags_get (const PktTags *t, const char *name);
const char *pkt_tags_first (const PktTags *t); /* the first name; NULL when there is none */
/* The value without any white space, as base64 and names are folded; NULL when absent. Caller
 * frees. */
char *pkt_tags_get_folded (const PktTags *t, const char *name);
/* Is `word` in the list `a:b:c` (or `a, b`), without case? */
gboolean pkt_tags_list_has (const char *list, const char *word);
