#pragma once
#include "packet/base/slice.h"

/* Escapes in a JSON string (RFC 8259 7); `raw` is what stands between its quotes. */

/* A byte is below a blank: no string holds one, though they may stand between values. */
gboolean pkt_escapes_have_controls (PktSlice text);
/* None of them is damaged, half a pair of surrogates or "\u0000", and no byte is below a blank. */
gboolean pkt_escapes_are_good (PktSlice raw);
/* What it says, n bytes and a NUL; caller frees. Bytes that are no UTF-8 become U+FFFD. NULL when
 * it is no string. */
char *pkt_escapes_decode (PktSlice raw, gsize *n);

static inline gboolean
pkt_escapes_are_in (PktSlice raw)
{
  return pkt_find_byte (raw.p, raw.p + raw.n, '\\') != NULL;
}
