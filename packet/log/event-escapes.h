#pragma once
#include "packet/base/slice.h"

/* Escapes in a JSON string (RFC 8259 7); `raw` is what stands between its quotes. */

/* A byte is below a blank: no string holds one, though they may stand between values. */
gboolean pkt_escapes_have_controls (PktSlice text);
/* None of them is damaged, half a pair of surrogates or "\u0000", and no byte is below a blank. */
gboolean pkt_escapes_are_good (PktSlice raw);
/* The quote that ends the string that begins at p, behind its first one; NULL: none does. */
const char *pkt_escapes_string_end (const char *p, const char *limit);
/* What it says, n bytes and a NUL; caller frees. Bytes that are no UTF-8 become U+FFFD. NULL when
 * it is no string. */
char *pkt_escapes_decode (PktSlice raw, gsize *n);

/* Of 64 bytes, a bit each: which stand behind a backslash that is not itself escaped; *carry:
 * whether the first one does, and the one behind the last. A run of backslashes that begins at an
 * odd place is added to, so that its bits turn into one behind it: whose place tells whether it was
 * of an odd length. */
static inline guint64
pkt_escapes_behind (guint64 slashes, guint64 *carry)
{
  const guint64 even = G_GUINT64_CONSTANT (0x5555555555555555);
  slashes &= ~*carry;
  const guint64 behind = slashes << 1 | *carry, odd = slashes & ~even & ~behind,
                sum = odd + slashes;
  *carry = sum < odd;
  return (even ^ sum << 1) & behind;
}

static inline gboolean
pkt_escapes_are_in (PktSlice raw)
{
  return pkt_find_byte (raw.p, raw.p + raw.n, '\\') != NULL;
}
