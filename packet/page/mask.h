#pragma once
#include <glib.h>

/* Takes out of a text what is a person's: merge fields ({{…}}, %%…%%, *|…|*, [[…]], ${…}, {name},
 * {% … %}) become [field], the given names [name]. A name counts as a whole in any case; each of
 * its words alone only as it is written, with a capital, or all in capitals. */
typedef struct PktMask PktMask;

PktMask *pkt_mask_new (const GPtrArray *names); /* char*, UTF-8; NULL: fields only */
void pkt_mask_free (PktMask *m);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PktMask, pkt_mask_free)
/* Caller frees. */
char *pkt_mask_text (const PktMask *m, const char *utf8);
