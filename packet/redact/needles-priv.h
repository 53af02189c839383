#pragma once
#include "packet/redact/needles.h"

/* Seeds of what is kept in `set` beside the digests, and in `every_local`. */
enum {
  PKT_NEEDLE_ADDRESS = 0x61,
  PKT_NEEDLE_LOCAL = 0x6c,
  PKT_NEEDLE_EVERY_LOCAL = 0x65,
  PKT_NEEDLE_SPELLED = 0x73,
};

/* Of its first 512 bytes in lower case: no address is longer. */
static inline guint64
pkt_needles_hash (PktSlice s, guint64 seed)
{
  char lower[512];
  gsize n = MIN (s.n, sizeof lower);
  for (gsize i = 0; i < n; i++)
    lower[i] = pkt_ascii_lower (s.p[i]);
  return pkt_slice_hash (pkt_slice (lower, n), seed);
}

/* "jane_q_icloud_com": what made a word of it made one sign of all. In place; FALSE: the local
 * part, n bytes, has none. */
gboolean pkt_needles_slug (char *local, gsize n);
/* Of "jane.quill" also "jane-quill" and "jane_quill" are nobody else; of "e.mail" they are words.
 */
gboolean pkt_needles_has_telling_parts (PktSlice local);
