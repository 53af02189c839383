#pragma once
#include <glib.h>
#include "packet/model/rule.h"

/* Apple's replies as templates/replies.json tells them, most specific first. Threads may share it.
 */
typedef struct PktCatalogue PktCatalogue;

/* Bounds of a catalogue file. */
#define PKT_CATALOGUE_MAX_ENTRIES 1000
#define PKT_CATALOGUE_MAX_PATTERNS 32

/* From the data built in, which is read when something of it is first asked for. */
PktCatalogue *pkt_catalogue_new (void);
/* From the bytes of another such file. PKT_ERROR_DATA with the entry's id: doubled id, unknown
 * category or desk, wrong type, pattern that does not compile. */
PktCatalogue *pkt_catalogue_parse (PktSlice json, GError **error);
void pkt_catalogue_free (PktCatalogue *cat);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PktCatalogue, pkt_catalogue_free)

/* Entries by priority, highest first, then as in the file. Texts that an entry does not have are
 * NULL. All of it lives as long as the catalogue. */
guint pkt_catalogue_size (const PktCatalogue *cat);
const PktRule *pkt_catalogue_get (const PktCatalogue *cat, guint i);
/* By id; NULL when there is none. */
const PktRule *pkt_catalogue_find (const PktCatalogue *cat, const char *id);
/* By tag ("CS02"), upper case; NULL when there is none. */
const PktRule *pkt_catalogue_find_tag (const PktCatalogue *cat, PktSlice tag);
/* Replies as seen, and where the entry is known from; NULL-terminated, may be empty. */
const char *const *pkt_catalogue_examples (const PktRule *rule);
const char *const *pkt_catalogue_sources (const PktRule *rule);

/* "4xx" and "5xx": entries that explain what no other does; they match nothing. */
gboolean pkt_rule_is_catch_all (const PktRule *rule);

/* The first rule whose code fits and one of whose patterns is in `text` (folded, see fold.h). Where
 * the reply has a tag, rules of another tag are passed over. NULL when there is none. */
const PktRule *pkt_catalogue_match (const PktCatalogue *cat, PktSlice text, const PktVerdict *v);
