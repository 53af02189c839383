#pragma once
#include <glib.h>

/* A set of 64-bit values that are already random (hashes): 8 bytes a slot, 6/7 full at the most. */
typedef struct {
  guint64 *slots; /* 0 is empty */
  gsize size, used;
} PktDigests;

void pkt_digests_clear (PktDigests *d);
/* FALSE when it was there. */
gboolean pkt_digests_add (PktDigests *d, guint64 value);
/* Whether a value has the same first `bits` (40 to 64) as this one; *out gets the first found. */
gboolean pkt_digests_find (const PktDigests *d, guint64 value, guint bits, guint64 *out);
