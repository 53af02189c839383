#pragma once
#include <glib.h>

/* A set of 64-bit digests: 8 bytes each, at most three quarters full. For "seen before?" where one
 * false yes in 2^64 is no harm. */
typedef struct PktDigestSet PktDigestSet;

PktDigestSet *pkt_digest_set_new (void);
void pkt_digest_set_free (PktDigestSet *s);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PktDigestSet, pkt_digest_set_free)
/* TRUE when it was not in the set before. */
gboolean pkt_digest_set_add (PktDigestSet *s, guint64 digest);
/* Asks for the memory in which it is, or will be: for one that is added a little later. */
void pkt_digest_set_fetch (const PktDigestSet *s, guint64 digest);
gboolean pkt_digest_set_has (const PktDigestSet *s, guint64 digest);
guint64 pkt_digest_set_size (const PktDigestSet *s);
