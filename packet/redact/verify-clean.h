#pragma once
#include "packet/base/slice.h"

/* What the verifier judged and found nothing in, by hashes. A view differs from the one that it was
 * made of in a few places, so it is cut into stretches, and what was clean is not judged again. */
typedef struct PktClean PktClean;

PktClean *pkt_clean_new (void);
void pkt_clean_free (PktClean *c);
void pkt_clean_forget (PktClean *c);
gboolean pkt_clean_has (const PktClean *c, guint64 hash);
void pkt_clean_add (PktClean *c, guint64 hash);

/* Where the stretch that begins at `from` ends. Cuts are found by the text itself, so that they
 * stand at the same words in texts that differ before. */
gsize pkt_clean_cut (PktSlice text, gsize from);
/* Of a stretch and as much around it as its judgement may look at. */
guint64 pkt_clean_hash (PktSlice text, gsize from, gsize to, guint64 seed);
