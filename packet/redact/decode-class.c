#include "packet/redact/decode-class.h"
#include "packet/base/byte-table.h"

#define ANY2(c, a, b) ((c) == (a) || (c) == (b))
#define ANY4(c, a, b, d, e) (ANY2 (c, a, b) || ANY2 (c, d, e))

#define IS_BLANK(c) ANY4 (c, ' ', '\t', '\r', '\n')
#define IS_ATOM_SIGN(c)                                                                            \
  (ANY4 (c, '-', '_', '+', '=') || ANY4 (c, '~', '\'', '%', '!') || ANY4 (c, '#', '$', '&', '*')   \
   || ANY4 (c, '/', '?', '^', '`') || PKT_BYTE_IN (c, '{', '}'))
#define IS_AROUND(c)                                                                               \
  (IS_BLANK (c) || ANY4 (c, '(', ')', '[', ']') || ANY4 (c, '{', '}', '<', '>')                    \
   || ANY4 (c, '*', '_', '-', '.'))
#define IS_HEADER_SIGN(c)                                                                          \
  (ANY4 (c, ' ', '=', '.', ';') || ANY4 (c, ':', ',', '@', '-') || ANY4 (c, '_', '<', '>', '/')    \
   || ANY2 (c, '+', '"'))

#define CLASS(c)                                                                                   \
  ((PKT_BYTE_IS_XDIGIT (c) ? PKT_DECODE_XDIGIT : 0)                                                \
   | (PKT_BYTE_IS_ALNUM (c) ? PKT_DECODE_ALNUM : 0) | (IS_BLANK (c) ? PKT_DECODE_BLANK : 0)        \
   | (PKT_BYTE_IN (c, 0x20, 0x7e) || IS_BLANK (c) ? PKT_DECODE_PRINTABLE : 0)                      \
   | (PKT_BYTE_IS_ALNUM (c) || PKT_BYTE_IS_HIGH (c) || ANY2 (c, '-', '_') || (c) == '+'            \
          ? PKT_DECODE_LABEL                                                                       \
          : 0)                                                                                     \
   | (PKT_BYTE_IS_ALNUM (c) || PKT_BYTE_IS_HIGH (c) || IS_ATOM_SIGN (c) ? PKT_DECODE_ATOM : 0)     \
   | (IS_AROUND (c) ? PKT_DECODE_AROUND : 0)                                                       \
   | (ANY4 ((c) | 0x20, 'a', 'd', 'p', 'p') || ANY2 (c, '@', '.') || (c) == 0xc3                   \
          ? PKT_DECODE_SPELLING                                                                    \
          : 0)                                                                                     \
   | (PKT_BYTE_IS_XDIGIT (c) || IS_BLANK (c) || ANY4 (c, 'x', 'X', ',', ';') ? PKT_DECODE_CODE     \
                                                                             : 0)                  \
   | (PKT_BYTE_IS_XDIGIT (c) || IS_BLANK (c) || ANY4 (c, ':', '-', '.', ',')                       \
          ? PKT_DECODE_HEX_PAUSE                                                                   \
          : 0)                                                                                     \
   | (ANY4 (c, '@', '=', '.', '_') || (c) == '-' ? PKT_DECODE_SIGN : 0)                            \
   | (PKT_BYTE_IS_ALNUM (c) || IS_HEADER_SIGN (c) ? PKT_DECODE_HEADER_TEXT : 0))

const guint16 pkt_decode_class[256] = { PKT_BYTE_TABLE (CLASS) };

#define HEX(c)                                                                                     \
  ((gint8)(PKT_BYTE_IS_DIGIT (c)       ? (c) - '0'                                                 \
           : PKT_BYTE_IN (c, 'A', 'F') ? (c) - 'A' + 10                                            \
           : PKT_BYTE_IN (c, 'a', 'f') ? (c) - 'a' + 10                                            \
                                       : -1))
#define BASE64(c)                                                                                  \
  ((gint8)(PKT_BYTE_IS_UPPER (c)   ? (c) - 'A'                                                     \
           : PKT_BYTE_IS_LOWER (c) ? (c) - 'a' + 26                                                \
           : PKT_BYTE_IS_DIGIT (c) ? (c) - '0' + 52                                                \
           : ANY2 (c, '+', '-')    ? 62                                                            \
           : ANY2 (c, '/', '_')    ? 63                                                            \
                                   : -1))
#define BASE32(c)                                                                                  \
  ((gint8)(PKT_BYTE_IS_UPPER (c)       ? (c) - 'A'                                                 \
           : PKT_BYTE_IS_LOWER (c)     ? (c) - 'a'                                                 \
           : PKT_BYTE_IN (c, '2', '7') ? (c) - '2' + 26                                            \
                                       : -1))
#define BASE32HEX(c)                                                                               \
  ((gint8)(PKT_BYTE_IS_DIGIT (c)       ? (c) - '0'                                                 \
           : PKT_BYTE_IN (c, 'A', 'V') ? (c) - 'A' + 10                                            \
           : PKT_BYTE_IN (c, 'a', 'v') ? (c) - 'a' + 10                                            \
                                       : -1))

const gint8 pkt_decode_hex[256] = { PKT_BYTE_TABLE (HEX) };
const gint8 pkt_decode_base64[256] = { PKT_BYTE_TABLE (BASE64) };
const gint8 pkt_decode_base32[256] = { PKT_BYTE_TABLE (BASE32) };
const gint8 pkt_decode_base32hex[256] = { PKT_BYTE_TABLE (BASE32HEX) };

/* Its last byte is looked at first: where that is another one, nothing before needs a look. */
gboolean
pkt_decode_stretch (PktSlice in, gsize *at, guint what, gsize min, gsize *end)
{
  gsize i = *at;
  for (gsize k; i + min <= in.n; i = k) {
    for (k = i + min; k > i && pkt_decode_is (in.p[k - 1], what);)
      k--;
    if (k > i)
      continue;
    *at = i;
    for (*end = i + min; *end < in.n && *end - i < PKT_DECODE_STRETCH; ++*end)
      if (!pkt_decode_is (in.p[*end], what))
        break;
    return TRUE;
  }
  return FALSE;
}
