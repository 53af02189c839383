#pragma once
#include <glib.h>
#include "packet/page/mask-forms.h"

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

/* Stands in a text where an element begins or ends between two letters; no page text has it, since
 * blanks of all kinds are one there. A word may end there ("Jane" and "Street" in blocks of their
 * own), or go on. */
#define PKT_MASK_PART "\xe2\x80\x85"
/* Without these, and without what is a person's if words end there, unless more is without. Caller
 * frees. */
char *pkt_mask_parted (const PktMask *m, const char *utf8);

/* A page is read text by text. What a label announces ("Order number", "Deliver to:") may stand in
 * the next text, and an address in several lines. */
typedef struct {
  PktMaskLabel awaits;
  gboolean goes_on; /* in an address: its next line may be a paragraph of its own */
  guint lines;      /* of an address, so far */
} PktMaskPlace;

/* The next text that is not blank, masked. Caller frees. */
char *pkt_mask_next (const PktMask *m, PktMaskPlace *place, const char *utf8);
/* It is told elsewhere, or not at all. */
void pkt_mask_pass (PktMaskPlace *place, const char *utf8);
/* A cell, a line or a paragraph ends here. */
void pkt_mask_end_line (PktMaskPlace *place);
