#include <zlib.h>
#include "packet/redact/decode-table.h"

#define MIN_BASE64 11 /* of "a@me.com" */
#define MIN_HEX 12
#define MIN_BASE32 13

/* ASCII in UTF-16: every second byte is NUL. Other characters keep both bytes. */
gboolean
pkt_decode_utf16 (PktSlice in, GString *out)
{
  gsize zeros = 0;
  for (gsize i = 0; i < in.n; i++)
    zeros += in.p[i] == '\0';
  if (in.n < 8 || zeros * 4 < in.n)
    return FALSE;
  for (gsize i = 0; i < in.n; i++)
    if (in.p[i] != '\0')
      g_string_append_c (out, in.p[i]);
  return TRUE;
}

static gboolean
has_zlib_magic (PktSlice in)
{
  if (in.n < 8)
    return FALSE;
  guint8 a = (guint8)in.p[0], b = (guint8)in.p[1];
  return (a == 0x1f && b == 0x8b) || (a == 0x78 && ((guint)a << 8 | b) % 31 == 0);
}

gboolean
pkt_decode_inflate (PktSlice in, GString *out)
{
  if (!has_zlib_magic (in))
    return FALSE;
  z_stream z = { .next_in = (Bytef *)in.p, .avail_in = (uInt)MIN (in.n, G_MAXUINT32) };
  if (inflateInit2 (&z, 15 + 32) != Z_OK)
    return FALSE;
  int status = Z_OK;
  while (status == Z_OK && out->len < PKT_DECODE_MAX_INFLATED) {
    char chunk[16384];
    z.next_out = (Bytef *)chunk;
    z.avail_out = sizeof chunk;
    status = inflate (&z, Z_SYNC_FLUSH); /* what a cut stream gives is looked at too */
    g_string_append_len (out, chunk, (gssize)(sizeof chunk - z.avail_out));
  }
  inflateEnd (&z);
  return out->len > 0;
}

/* X-ICL-INFO: `key=value` text under a repeated key; a run glued to other letters begins somewhere
 * in the key, so each phase is tried on the first bytes. */
static gboolean
decode_xor (PktSlice in, PktSlice key, GString *out)
{
  enum { PROBE = 24 };
  if (in.n < PROBE)
    return FALSE;
  for (gsize phase = 0; phase < key.n; phase++) {
    gsize i = 0;
    while (i < PROBE) {
      guint8 c = (guint8)(in.p[i] ^ key.p[(i + phase) % key.n]);
      if (c < 0x20 || c > 0x7e)
        break;
      i++;
    }
    if (i < PROBE)
      continue;
    for (i = 0; i < in.n; i++)
      g_string_append_c (out, (char)(in.p[i] ^ key.p[(i + phase) % key.n]));
    return TRUE;
  }
  return FALSE;
}

gboolean
pkt_decode_icl_info (PktSlice in, GString *out)
{
  return decode_xor (in, PKT_SLICE ("uyfwx06b"), out);
}

gboolean
pkt_decode_icl_out_info (PktSlice in, GString *out)
{
  return decode_xor (in, PKT_SLICE ("p9x3m7k2"), out);
}

gboolean
pkt_decode_mantsh (PktSlice in, GString *out)
{
  return decode_xor (in, PKT_SLICE ("\x2a"), out);
}

/* Finds the next run whose characters `value` knows, folds of a line inside allowed. */
static gboolean
next_run (PktSlice in, gsize *at, gsize *start, GString *joined, int (*value) (char), gsize min)
{
  for (gsize i = *at; i < in.n;) {
    if (value (in.p[i]) < 0) {
      i++;
      continue;
    }
    g_string_truncate (joined, 0);
    *start = i;
    while (i < in.n) {
      if (value (in.p[i]) >= 0) {
        g_string_append_c (joined, in.p[i++]);
        continue;
      }
      gsize j = i;
      while (j < in.n && strchr ("\r\n \t", in.p[j]) && in.p[j])
        j++;
      if (memchr (in.p + i, '\n', j - i) == NULL || (in.p[i] != '\r' && in.p[i] != '\n'))
        break;
      i = j;
    }
    *at = i;
    if (joined->len >= min)
      return TRUE;
  }
  *at = in.n;
  return FALSE;
}

static int
base64_value (char c)
{
  if (g_ascii_isupper (c))
    return c - 'A';
  if (g_ascii_islower (c))
    return c - 'a' + 26;
  if (g_ascii_isdigit (c))
    return c - '0' + 52;
  return c == '+' || c == '-' ? 62 : c == '/' || c == '_' ? 63 : -1;
}

static int
base32_value (char c)
{
  return g_ascii_isalpha (c) ? g_ascii_toupper (c) - 'A' : c >= '2' && c <= '7' ? c - '2' + 26 : -1;
}

static int
hex_value (char c)
{
  return g_ascii_xdigit_value (c);
}

gboolean
pkt_decode_base64_next (PktSlice in, gsize *at, gsize *start, GString *joined)
{
  return next_run (in, at, start, joined, base64_value, MIN_BASE64);
}

gboolean
pkt_decode_hex_next (PktSlice in, gsize *at, gsize *start, GString *joined)
{
  return next_run (in, at, start, joined, hex_value, MIN_HEX);
}

gboolean
pkt_decode_base32_next (PktSlice in, gsize *at, gsize *start, GString *joined)
{
  return next_run (in, at, start, joined, base32_value, MIN_BASE32);
}

static gboolean
decode_bits (PktSlice run, guint shift, guint width, int (*value) (char), GString *out)
{
  guint64 bits = 0;
  guint have = 0;
  for (gsize i = shift; i < run.n; i++) {
    bits = bits << width | (guint64)value (run.p[i]);
    have += width;
    while (have >= 8) {
      have -= 8;
      g_string_append_c (out, (char)(bits >> have & 0xff));
    }
  }
  return out->len >= 6;
}

gboolean
pkt_decode_base64_run (PktSlice run, guint shift, GString *out)
{
  return decode_bits (run, shift, 6, base64_value, out);
}

gboolean
pkt_decode_base32_run (PktSlice run, guint shift, GString *out)
{
  return decode_bits (run, shift, 5, base32_value, out);
}

gboolean
pkt_decode_hex_run (PktSlice run, guint shift, GString *out)
{
  return decode_bits (run, shift, 4, hex_value, out);
}
