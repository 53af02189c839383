#pragma once
#include <glib.h>

/* Takes out of a text what is a person's: merge fields ({{…}}, %%…%%, *|…|*, [[…]], ${…}, {name},
 * {% … %}) become [field], and so do numbers of one reader, order or account and the address that
 * something goes to; the given names become [name]. A name counts as a whole in any case; each of
 * its words alone only as it is written, with a capital, or all in capitals. */
typedef struct PktMask PktMask;

PktMask *pkt_mask_new (const GPtrArray *names); /* char*, UTF-8; NULL: fields only */
void pkt_mask_free (PktMask *m);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PktMask, pkt_mask_free)
/* Caller frees. */
char *pkt_mask_text (const PktMask *m, const char *utf8);

/* What a label announces that ends a text: "Order number", "Deliver to:". It stands in another cell
 * or line. */
typedef enum { PKT_MASK_NOTHING, PKT_MASK_NUMBER, PKT_MASK_ADDRESS } PktMaskAwaits;

PktMaskAwaits pkt_mask_awaits (const PktMask *m, const char *utf8);
/* The text that follows such a label, masked. Caller frees. */
char *pkt_mask_awaited (const PktMask *m, PktMaskAwaits what, const char *utf8);
