#include <zlib.h>
#include "packet/redact/decode.h"
#include "packet/redact/selftest-priv.h"

/* An address as bits: base64 and its kin, compressed, under a key. */

#define LOWER "janeq@icloud.com"
#define JSON_TEXT "{\"campaign\":\"may\",\"r\":\"" LOWER "\",\"z\":1}"

static char *
base64 (const char *bytes, gsize n)
{
  return g_base64_encode ((const guchar *)bytes, n);
}

static char *
base64_text (const char *text)
{
  return base64 (text, strlen (text));
}

static char *
url_form (char *b)
{
  g_strdelimit (b, "+", '-');
  g_strdelimit (b, "/", '_');
  g_strdelimit (b, "=", '\0');
  return b;
}

static char *
pieces (const char *text, gsize n, const char *between)
{
  GString *out = g_string_new (NULL);
  for (gsize i = 0; text[i]; i++)
    g_string_append_printf (out, "%s%c", i && i % n == 0 ? between : "", text[i]);
  return g_string_free (out, FALSE);
}

static char *
base64_first (void)
{
  return base64_text (LOWER);
}
static char *
base64_second (void)
{
  return base64_text ("e" LOWER "&x=1");
}
static char *
base64_third (void)
{
  return base64_text ("e=" LOWER "&x=1");
}
static char *
base64_url (void)
{
  return url_form (base64_text ("?>?>" LOWER "~~~"));
}
static char *
base64_query (void)
{
  g_autofree char *b = url_form (base64_text (LOWER));
  return g_strdup_printf ("https://click.example.com/u?e=%s&n=1", b);
}
static char *
base64_glued (void)
{
  g_autofree char *b = base64_text (LOWER);
  return g_strconcat ("/track/ab", b, NULL);
}
static char *
base64_folded (void)
{
  g_autofree char *b = base64_text (JSON_TEXT);
  return pieces (b, 28, "\r\n ");
}
static char *
base64_spaced (void)
{
  g_autofree char *b = base64_text (JSON_TEXT);
  return pieces (b, 20, " ");
}
static char *
base64_soft (void)
{
  g_autofree char *b = base64_text (JSON_TEXT);
  return pieces (b, 20, "=\r\n");
}
static char *
base64_twice (void)
{
  g_autofree char *b = base64_text (LOWER);
  return base64_text (b);
}
static char *
base64_percent (void)
{
  return base64_text ("janeq%40icloud%2ecom");
}
static char *
base64_utf16 (void)
{
  glong n = 0;
  g_autofree gunichar2 *wide = g_utf8_to_utf16 (LOWER, -1, NULL, &n, NULL);
  return base64 ((const char *)wide, (gsize)n * 2);
}
static char *
json_in_base64 (void)
{
  g_autofree char *inner = base64_text (JSON_TEXT);
  g_autofree char *outer = g_strdup_printf ("{\"v\":{\"data\":\"%s\"}}", inner);
  return base64_text (outer);
}

/* window: as inflateInit2 has it; 15 zlib, 31 gzip, -15 bare. */
static char *
deflated (int window)
{
  guchar out[512];
  z_stream z = { .next_in = (Bytef *)JSON_TEXT, .avail_in = sizeof JSON_TEXT - 1 };
  if (deflateInit2 (&z, Z_BEST_COMPRESSION, Z_DEFLATED, window, 8, Z_DEFAULT_STRATEGY) != Z_OK)
    return g_strdup ("");
  z.next_out = out;
  z.avail_out = sizeof out;
  deflate (&z, Z_FINISH);
  gsize n = sizeof out - z.avail_out;
  deflateEnd (&z);
  return g_base64_encode (out, n);
}
static char *
zlib_stream (void)
{
  return deflated (15);
}
static char *
gzip_stream (void)
{
  return deflated (31);
}
static char *
bare_stream (void)
{
  return deflated (-15);
}

/* What nobody here opens is as bad as what was found in it. */
static char *
bzip2_stream (void)
{
  return g_strdup ("QlpoOTFBWSZTWdlOBSoAAAQVgAABQAAuN6IAIAAiE09TT1DyhAAACJDW11+psfF3JFOFCQ2U4FKg");
}
static char *
base64_deep (void)
{
  char *text = g_strdup (LOWER);
  for (guint i = 0; i < PKT_DECODE_MAX_DEPTH - 1; i++) {
    g_autofree char *inner = text;
    text = base64_text (inner);
  }
  return text;
}
static char *
base64_stranger (void)
{
  return base64_text ("to=" PKT_CANARY_STRANGER);
}

static char *
jwt (void)
{
  g_autofree char *head = url_form (base64_text ("{\"alg\":\"HS256\"}"));
  g_autofree char *body = url_form (base64_text ("{\"sub\":\"" LOWER "\",\"iat\":1516239022}"));
  return g_strdup_printf ("%s.%s.c2lnbmF0dXJl", head, body);
}

static char *
bytes_as (const char *format)
{
  GString *out = g_string_new (NULL);
  for (const char *p = LOWER; *p; p++)
    g_string_append_printf (out, format, (guint)(guchar)*p);
  return g_string_free (out, FALSE);
}
static char *
hex (void)
{
  return bytes_as ("%02x");
}
static char *
hex_upper (void)
{
  return bytes_as ("%02X");
}
static char *
hex_marked (void)
{
  char *out = bytes_as ("%02X:");
  out[strlen (out) - 1] = '\0';
  return out;
}
static char *
codes (void)
{
  return bytes_as ("%u,");
}
static char *
codes_hex (void)
{
  return bytes_as ("0x%02x, ");
}

static char *
base32_of (const char *alphabet)
{
  GString *out = g_string_new (NULL);
  guint bits = 0, have = 0;
  for (const char *p = LOWER; *p; p++) {
    bits = bits << 8 | (guchar)*p;
    for (have += 8; have >= 5; have -= 5)
      g_string_append_c (out, alphabet[bits >> (have - 5) & 31]);
  }
  if (have)
    g_string_append_c (out, alphabet[bits << (5 - have) & 31]);
  return g_string_free (out, FALSE);
}
static char *
base32 (void)
{
  return base32_of ("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567");
}
static char *
base32_lower (void)
{
  return base32_of ("abcdefghijklmnopqrstuvwxyz234567");
}
static char *
base32hex (void)
{
  return base32_of ("0123456789ABCDEFGHIJKLMNOPQRSTUV");
}

static char *
uuencoded (void)
{
  GString *out = g_string_new ("begin 644 list.txt\n");
  gsize n = strlen (LOWER);
  g_string_append_c (out, (char)(' ' + n));
  for (gsize i = 0; i < n; i += 3) {
    guint32 bits = (guint32)(guchar)LOWER[i] << 16;
    bits |= i + 1 < n ? (guint32)(guchar)LOWER[i + 1] << 8 : 0;
    bits |= i + 2 < n ? (guint32)(guchar)LOWER[i + 2] : 0;
    for (int shift = 18; shift >= 0; shift -= 6)
      g_string_append_c (out, (bits >> shift & 63) ? (char)(' ' + (bits >> shift & 63)) : '`');
  }
  g_string_append (out, "\n`\nend");
  return g_string_free (out, FALSE);
}

/* With blanks for the last bits, which mail programs cut off. */
static char *
uuencoded_cut (void)
{
  g_autofree char *whole = uuencoded ();
  char *end = strstr (whole, "``\n");
  return g_strdup_printf ("%.*s\nend", (int)(end ? end - whole : 0), whole);
}

/* facts/apple.md 4.4: the keys of Apple's encoded headers. */
static char *
xored (const char *text, const char *key, const char *before)
{
  gsize n = strlen (text), k = strlen (key);
  g_autofree char *hidden = g_memdup2 (text, n);
  for (gsize i = 0; i < n; i++)
    hidden[i] = (char)(text[i] ^ key[i % k]);
  g_autofree char *b = base64 (hidden, n);
  return g_strconcat (before, b, NULL);
}
static char *
icl_info (void)
{
  return xored ("mr=3.33 ed=news@example.com sip=192.0.2.10 rc=" LOWER, "uyfwx06b", "");
}
static char *
icl_info_folded (void)
{
  g_autofree char *whole = icl_info ();
  return pieces (whole, 40, "\r\n\t");
}
static char *
icl_out_info (void)
{
  return xored ("mr=2.33 su=none sip=192.0.2.10 ed=" LOWER " rc=1", "p9x3m7k2", "");
}
static char *
mantsh (void)
{
  return xored ("fs=1005; sg=Deliver; id=AAAA; to=" LOWER "; ip=192.0.2.10;", "*", "1");
}

const PktEncoding pkt_selftest_coded[] = {
  { "base64", base64_first },
  { "base64, 2nd alignment", base64_second },
  { "base64, 3rd alignment", base64_third },
  { "base64url, no padding", base64_url },
  { "base64url in a query", base64_query },
  { "base64, glued", base64_glued },
  { "base64, folded", base64_folded },
  { "base64, spaced", base64_spaced },
  { "base64, soft breaks", base64_soft },
  { "base64, twice", base64_twice },
  { "base64, four times", base64_deep },
  { "base64, by its form", base64_stranger },
  { "base64 of bzip2", bzip2_stream },
  { "base64 of percent", base64_percent },
  { "base64 of UTF-16", base64_utf16 },
  { "base64 of zlib", zlib_stream },
  { "base64 of gzip", gzip_stream },
  { "base64 of deflate", bare_stream },
  { "base64 of JSON of base64", json_in_base64 },
  { "JWT", jwt },
  { "hex", hex },
  { "hex, upper case", hex_upper },
  { "hex, 6A:61:…", hex_marked },
  { "numbers of characters", codes },
  { "0x6a, 0x61, …", codes_hex },
  { "base32", base32 },
  { "base32, lower case", base32_lower },
  { "base32hex", base32hex },
  { "uuencode", uuencoded },
  { "uuencode, its blanks cut", uuencoded_cut },
  { "X-ICL-INFO", icl_info },
  { "X-ICL-INFO, folded", icl_info_folded },
  { "X-ICL-Out-Info", icl_out_info },
  { "X-MANTSH", mantsh },
  { NULL, NULL },
};
