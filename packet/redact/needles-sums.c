/* Digests of recipients, as they are written. */
#include "packet/redact/needles.h"

/* Digests in hex: a run of 16 digits or more at any place, a shorter one from its start. */
gboolean
pkt_needles_have_hex (const PktNeedles *n, PktSlice s)
{
  guint64 value = 0;
  guint run = 0;
  for (gsize i = 0; i <= s.n; i++) {
    int digit = i < s.n && g_ascii_isxdigit (s.p[i]) ? g_ascii_xdigit_value (s.p[i]) : -1;
    if (digit < 0) {
      if (run >= PKT_NEEDLES_MIN_DIGITS && run < 16
          && pkt_digests_find (&n->set, value << (64 - 4 * run), 4 * run, NULL))
        return TRUE;
      run = 0;
      continue;
    }
    value = value << 4 | (guint64)digit;
    if (++run >= 16 && pkt_digests_find (&n->set, value, 64, NULL))
      return TRUE;
  }
  return FALSE;
}

/* Digests as bytes, after base64 or base32. */
gboolean
pkt_needles_have_raw (const PktNeedles *n, PktSlice s)
{
  guint64 value = 0;
  for (gsize i = 0; i < s.n; i++) {
    value = value << 8 | (guint8)s.p[i];
    if (i >= 7 && pkt_digests_find (&n->set, value, 64, NULL))
      return TRUE;
  }
  return FALSE;
}
