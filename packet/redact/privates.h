#pragma once
#include <glib.h>

/* Words that must not leave although they are no recipient's: other clients' names, domains and
 * ids, and what the case makes private. Looked up by their first word, so thousands are cheap. */
typedef struct {
  GHashTable *by_word; /* folded first word -> GPtrArray of entries */
} PktPrivates;

void pkt_privates_init (PktPrivates *p);
void pkt_privates_clear (PktPrivates *p);
/* `text` is found as whole words in any case, a single word without a dot only as it is written
 * (Target, not target), and becomes `mark`. Under 3 characters: FALSE, it is in every text. */
gboolean pkt_privates_add (PktPrivates *p, const char *text, const char *mark);
gboolean pkt_privates_empty (const PktPrivates *p);
/* The first one's mark, borrowed; NULL when there is none. */
const char *pkt_privates_find (const PktPrivates *p, const char *utf8);
/* NULL when there was none; else caller frees, and *count says how many. */
char *pkt_privates_replace (const PktPrivates *p, const char *utf8, guint *count);
