#include "packet/redact/decode-class.h"
#include <zlib.h>

#define MAX_UTF7 256
#define MAX_LATIN 0x24f
#define MIN_CODES 6
#define MIN_BARE 8 /* bytes that bare deflate must give: it has no mark of its own */
#define PROBE 32
#define MIN_XORED 12 /* bytes: shorter ones give text by chance */

/* ASCII in UTF-16: every second byte is NUL. Other characters keep both bytes. */
gboolean
pkt_decode_utf16 (PktSlice in, GString *out)
{
  gsize zeros = 0;
  if (in.n < 8 || memchr (in.p, '\0', in.n) == NULL)
    return FALSE;
  for (gsize i = 0; i < in.n; i++)
    zeros += in.p[i] == '\0';
  if (zeros * 4 < in.n)
    return FALSE;
  for (gsize i = 0; i < in.n; i++)
    if (in.p[i] != '\0')
      g_string_append_c (out, in.p[i]);
  return TRUE;
}

/* The characters of `n` letters of UTF-7 at `p`; FALSE when they are no Latin text, as base64 is.
 */
static gboolean
append_utf7 (const char *p, gsize n, GString *out)
{
  gsize size = 0, start = out->len;
  g_autofree char *padded = g_strdup_printf ("%.*s===", (int)n, p);
  g_autofree guchar *wide = g_base64_decode (padded, &size);
  for (gsize i = 0; i + 1 < size; i += 2) {
    gunichar c = (gunichar)wide[i] << 8 | wide[i + 1];
    if (c < 0x20 || c > MAX_LATIN) {
      g_string_truncate (out, start);
      return FALSE;
    }
    g_string_append_unichar (out, c);
  }
  return out->len > start;
}

/* RFC 2152: "+AEA-" is '@'. */
gboolean
pkt_decode_utf7 (PktSlice in, GString *out)
{
  gboolean found = FALSE;
  for (gsize i = 0, done = 0;; i++) {
    if (!pkt_decode_seek (in, &i, '+'))
      return pkt_decode_end (in, done, found, out);
    gsize end = i + 1;
    while (end < in.n && (pkt_decode_is (in.p[end], PKT_DECODE_ALNUM) || in.p[end] == '/'))
      end++;
    gsize n = end - i - 1;
    gboolean whole = n % 8 == 0 || n % 8 == 3 || n % 8 == 6; /* of 16 bits, and nothing left */
    if (n < 3 || n > MAX_UTF7 || !whole)
      continue;
    pkt_decode_keep (in, &done, i, out);
    if (!append_utf7 (in.p + i + 1, n, out))
      continue;
    found = TRUE;
    i = end - (end < in.n && in.p[end] == '-' ? 0 : 1);
    done = i + 1;
  }
}

/* ---- compressed ---- */

static gboolean
has_zlib_magic (PktSlice in)
{
  guint8 a = (guint8)in.p[0], b = (guint8)in.p[1];
  return (a == 0x1f && b == 0x8b) || (a == 0x78 && ((guint)a << 8 | b) % 31 == 0);
}

static gboolean
inflate_all (PktSlice in, int window, GString *out)
{
  z_stream z = { .next_in = (Bytef *)in.p, .avail_in = (uInt)MIN (in.n, G_MAXUINT32) };
  if (inflateInit2 (&z, window) != Z_OK)
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
  return status == Z_STREAM_END;
}

/* Chance opens many bytes as bare deflate; text comes out of few. */
static gboolean
is_meant (const GString *out)
{
  gsize good = 0;
  for (gsize i = 0; i < out->len; i++)
    good += g_ascii_isprint (out->str[i]) || g_ascii_isspace (out->str[i]);
  return out->len >= MIN_BARE && good * 10 >= out->len * 9;
}

/* RFC 1951, 3.2.3 to 3.2.7: what the first block's header cannot be. */
static gboolean
may_be_bare (PktSlice in)
{
  const guint8 *b = (const guint8 *)in.p;
  switch (b[0] >> 1 & 3) {
  case 0: /* stored: the length, and its complement */
    return (b[1] ^ b[3]) == 0xff && (b[2] ^ b[4]) == 0xff;
  case 1:
    return TRUE;
  case 2: /* more letters, or more distances, than there are */
    return b[0] >> 3 <= 29 && (b[1] & 31) <= 29;
  default:
    return FALSE;
  }
}

gboolean
pkt_decode_inflate (PktSlice in, GString *out)
{
  if (in.n < 8)
    return FALSE;
  if (has_zlib_magic (in)) {
    inflate_all (in, 15 + 32, out);
    if (out->len)
      return TRUE;
  }
  if (!may_be_bare (in))
    return FALSE;
  return inflate_all (in, -15, out) && is_meant (out); /* to its end: chance does not get there */
}

gboolean
pkt_decode_is_packed (PktSlice bytes)
{
  static const PktSlice begins[] = {
    { "PK\3\4", 4 },
    { "BZh91AY", 7 },
    { "\xfd"
      "7zXZ",
      5 },
    { "7z\xbc\xaf\x27", 5 },
    { "Rar!\x1a", 5 },
    { "\x28\xb5\x2f\xfd", 4 },
    { "%PDF-", 5 },
    { "\xff\xd8\xff\xe0", 4 },
    { "\xff\xd8\xff\xe1", 4 },
    { "GIF87a", 6 },
    { "GIF89a", 6 },
    { "\x89PNG\r\n", 6 },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (begins); i++)
    if (pkt_slice_starts (bytes, begins[i]))
      return TRUE;
  return pkt_slice_find (bytes, PKT_SLICE ("-----BEGIN PGP MESSAGE-----")).p != NULL;
}

/* ---- numbers of characters ---- */

/* A number at `at`: decimal, 0x… or eight binary digits. Its length; 0: none. */
static gsize
code_at (PktSlice in, gsize at, guint *code)
{
  gboolean hex = at + 2 < in.n && in.p[at] == '0' && (in.p[at + 1] | 0x20) == 'x';
  gsize i = at + (hex ? 2 : 0), start = i;
  guint ones = 0;
  gboolean binary = !hex;
  *code = 0;
  for (; i < in.n && i - start < 8; i++) {
    int digit = hex || in.p[i] <= '9' ? pkt_decode_hex[(guint8)in.p[i]] : -1;
    if (digit < 0)
      break;
    ones = ones << 1 | (digit == 1);
    binary &= digit < 2;
    *code = *code * (hex ? 16 : 10) + (guint)digit;
  }
  gsize n = i - start;
  if (binary && n == 8)
    *code = ones;
  else if (n > 3)
    return 0;
  return n && (i == in.n || !g_ascii_isalnum (in.p[i])) ? i - at : 0;
}

/* Codes with blanks and commas between; gives the length of the run. */
static gsize
codes_at (PktSlice in, gsize at, GString *text)
{
  gsize i = at, end = at;
  guint code;
  g_string_truncate (text, 0);
  for (gsize n; i < in.n && (n = code_at (in, i, &code)) && code >= 9 && code < 256;) {
    g_string_append_c (text, (char)code);
    end = i += n;
    while (i < in.n && i - end < 3 && strchr (", \t\r\n;", in.p[i]) && in.p[i])
      i++;
    if (i == end)
      break;
  }
  return text->len >= MIN_CODES ? end - at : 0;
}

gboolean
pkt_decode_codes (PktSlice in, GString *out)
{
  GString *text = g_string_new (NULL);
  gboolean found = FALSE;
  gsize i = 0, end;
  while (pkt_decode_stretch (in, &i, PKT_DECODE_CODE, 2 * MIN_CODES - 1, &end))
    for (; i < end; i++) {
      gboolean begins = g_ascii_isdigit (in.p[i]) && (i == 0 || !g_ascii_isalnum (in.p[i - 1]));
      gsize n = begins ? codes_at (in, i, text) : 0;
      if (n == 0)
        continue;
      g_string_append_len (out, text->str, (gssize)text->len);
      g_string_append_c (out, '\n');
      found = TRUE;
      i += n - 1;
    }
  g_string_free (text, TRUE);
  return found;
}

/* ---- Apple's encoded headers ---- */

static gboolean
in_header_text (char c)
{
  return pkt_decode_is (c, PKT_DECODE_HEADER_TEXT);
}

/* How many of the first n bytes are text under the key? */
static gsize
readable (PktSlice in, PktSlice key, gsize phase, gsize n)
{
  gsize good = 0;
  for (gsize i = 0; i < n; i++)
    good += in_header_text ((char)(in.p[i] ^ key.p[(i + phase) % key.n]));
  return good;
}

static void
append_xored (PktSlice in, PktSlice key, gsize phase, GString *out)
{
  gsize probe = MIN (in.n, PROBE);
  if (readable (in, key, phase, probe) * 4 < probe * 3
      || readable (in, key, phase, in.n) * 10 < in.n * 9)
    return;
  for (gsize i = 0; i < in.n; i++)
    g_string_append_c (out, (char)(in.p[i] ^ key.p[(i + phase) % key.n]));
  g_string_append_c (out, '\n');
}

/* The cipher of text is never text itself. */
static gboolean
is_hidden (PktSlice in)
{
  for (gsize i = 0; i < in.n; i++)
    if (!pkt_decode_is (in.p[i], PKT_DECODE_PRINTABLE) && in.p[i] != '\f')
      return TRUE;
  return FALSE;
}

/* X-ICL-INFO: `key=value` text under a repeated key. A run that was cut, or is glued to other
 * letters, begins somewhere in the key: every phase that gives text is kept. */
static gboolean
decode_xor (PktSlice in, PktSlice key, GString *out)
{
  if (in.n < MIN_XORED || !is_hidden (in))
    return FALSE;
  for (gsize phase = 0; phase < key.n; phase++)
    append_xored (in, key, phase, out);
  return out->len > 0;
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
