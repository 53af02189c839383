#pragma once
#include <glib.h>

/* Words that must not leave although they are no recipient's: other clients' names, domains and
 * ids, and what the case makes private. Looked up by their first word, so thousands are cheap. */
typedef struct {
  GHashTable *by_word; /* folded first word, and all words joined -> GPtrArray of entries */
} PktPrivates;

void pkt_privates_init (PktPrivates *p);
void pkt_privates_clear (PktPrivates *p);
/* `text` becomes `mark`. Its words are found in any case, whatever stands between them, if anything
 * ("Harbour Lights", "harbour-lights", "HarbourLights"); a single word only as it is written
 * (Target, not target), and in any case within an identifier (pool-target-2). Under 3 characters:
 * FALSE, it is in every text. */
gboolean pkt_privates_add (PktPrivates *p, const char *text, const char *mark);
/* A word that may be an ordinary one: found within identifiers alone. */
gboolean pkt_privates_add_label (PktPrivates *p, const char *label, const char *mark);
gboolean pkt_privates_empty (const PktPrivates *p);
/* The first one's mark, borrowed; NULL when there is none. `identifiers`: single words within them
 * count, too, which chance writes in encoded bytes. */
const char *pkt_privates_find (const PktPrivates *p, const char *utf8, gboolean identifiers);
/* NULL when there was none; else caller frees, and *count says how many. */
char *pkt_privates_replace (const PktPrivates *p, const char *utf8, guint *count);
