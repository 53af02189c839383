#include "packet/redact/own-id.h"
#include <string.h>
#include "packet/base/crypto.h"
#include "packet/redact/places.h"
#include "packet/redact/shifted.h"

#define MIN_ID 10     /* bytes: a shorter one holds none of these */
#define MIN_DIGEST 12 /* characters of a digest's beginning */
#define MAX_TEXT 320  /* bytes of an address */

static gboolean
holds (const char *id, const char *start, gsize n)
{
  return strlen (start) >= n && g_strstr_len (id, -1, start) != NULL;
}

/* ---- digests ---- */

static const char base32[] = "abcdefghijklmnopqrstuvwxyz234567";

/* The first characters of the bytes, five bits each (RFC 4648). */
static void
write_base32 (const guint8 *bytes, char out[MIN_DIGEST + 1])
{
  for (guint i = 0; i < MIN_DIGEST; i++) {
    const guint bit = i * 5, pair = (guint)bytes[bit / 8] << 8 | bytes[bit / 8 + 1];
    out[i] = base32[pair >> (11 - bit % 8) & 31];
  }
  out[MIN_DIGEST] = '\0';
}

/* `lower`: the id in lower case; hex and base32 are written in either. */
static gboolean
holds_digest (const char *id, const char *lower, const guint8 *digest)
{
  char hex[MIN_DIGEST + 1], coded[MIN_DIGEST + 1];
  for (guint i = 0; i < MIN_DIGEST / 2; i++)
    g_snprintf (hex + 2 * i, 3, "%02x", digest[i]);
  write_base32 (digest, coded);
  if (holds (lower, hex, MIN_DIGEST) || holds (lower, coded, MIN_DIGEST))
    return TRUE;
  g_autofree char *base64 = g_base64_encode (digest, MIN_DIGEST / 4 * 3);
  if (holds (id, base64, MIN_DIGEST))
    return TRUE;
  g_strdelimit (base64, "+", '-');
  g_strdelimit (base64, "/", '_');
  return holds (id, base64, MIN_DIGEST);
}

static gboolean
holds_any_digest (const char *id, const char *lower, const char *text)
{
  const EVP_MD *const kinds[] = { EVP_md5 (),      EVP_sha1 (),    EVP_sha224 (),   EVP_sha256 (),
                                  EVP_sha384 (),   EVP_sha512 (),  EVP_sha3_224 (), EVP_sha3_256 (),
                                  EVP_sha3_384 (), EVP_sha3_512 () };
  EVP_MD_CTX *context = EVP_MD_CTX_new ();
  gboolean found = FALSE;
  for (gsize i = 0; i < G_N_ELEMENTS (kinds) && !found && context; i++) {
    guint8 digest[EVP_MAX_MD_SIZE] = { 0 };
    found = kinds[i] && EVP_DigestInit_ex (context, kinds[i], NULL) == 1
            && EVP_DigestUpdate (context, text, strlen (text)) == 1
            && EVP_DigestFinal_ex (context, digest, NULL) == 1 && holds_digest (id, lower, digest);
  }
  EVP_MD_CTX_free (context);
  return found;
}

/* ---- other ways to write it ---- */

/* As Bitcoin has it: the bytes are one great number. Caller frees. */
static char *
base58_of (const char *text)
{
  static const char digits[] = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
  guint8 number[MAX_TEXT * 2] = { 0 }; /* the least digit first */
  gsize n = 0;
  for (const guint8 *p = (const guint8 *)text; *p; p++) {
    guint carry = *p;
    for (gsize i = 0; i < n; i++, carry /= 58) {
      carry += (guint)number[i] << 8;
      number[i] = (guint8)(carry % 58);
    }
    for (; carry; carry /= 58)
      number[n++] = (guint8)(carry % 58);
  }
  GString *out = g_string_new (NULL);
  while (n > 0)
    g_string_append_c (out, digits[number[--n]]);
  return g_string_free (out, FALSE);
}

/* Groups of four bytes as five characters: of Ascii85, of Z85 and of RFC 1924, whole groups alone,
 * since what follows them depends on how each pads. Caller frees. */
static char *
base85_of (const char *text, const char *digits)
{
  GString *out = g_string_new (NULL);
  for (gsize left = strlen (text); left >= 4; left -= 4, text += 4) {
    guint32 group;
    char five[6] = "";
    memcpy (&group, text, 4);
    group = GUINT32_FROM_BE (group);
    for (int i = 4; i >= 0; i--, group /= 85)
      five[i] = digits[group % 85];
    g_string_append (out, five);
  }
  return g_string_free (out, FALSE);
}

static gboolean
holds_spelled (const char *id, const char *text)
{
  static const char *const digits[]
      = { "!\"#$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_`abcdefghijklmnopqrstu",
          "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.-:+=^!/*?&<>()[]{}@%$#",
          "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz!#$%&()*+-;<=>?@^_`{|}~" };
  g_autofree char *base58 = base58_of (text);
  gboolean found = holds (id, base58, MIN_ID);
  for (gsize i = 0; i < G_N_ELEMENTS (digits) && !found; i++) {
    g_autofree char *base85 = base85_of (text, digits[i]);
    found = holds (id, base85, MIN_ID);
  }
  return found;
}

gboolean
pkt_own_id_tells (PktSlice id, PktSlice recipient)
{
  if (id.n < MIN_ID || recipient.n == 0 || recipient.n > MAX_TEXT)
    return FALSE;
  g_autofree char *text = g_strndup (id.p, id.n), *lower = g_ascii_strdown (text, -1),
                  *written = g_strndup (recipient.p, recipient.n),
                  *small = g_ascii_strdown (written, -1);
  g_autofree char *local = g_strndup (small, strcspn (small, "@"));
  const char *const forms[] = { small, local, g_str_equal (small, written) ? NULL : written };
  for (gsize i = 0; i < G_N_ELEMENTS (forms) && forms[i]; i++)
    if (holds_any_digest (text, lower, forms[i]) || holds_spelled (text, forms[i]))
      return TRUE;
  return FALSE;
}

#define MIN_NAMED 3 /* bytes of a local part */

static gboolean
is_parted (PktSlice text, const char *at, gsize n)
{
  const char *end = at + n;
  return (at == text.p || !g_ascii_isalnum (at[-1]))
         && (end == text.p + text.n || !g_ascii_isalnum (*end));
}

gboolean
pkt_own_id_names (PktSlice id, PktSlice recipient)
{
  const PktSlice left = pkt_slice_until (id, '@'), user = pkt_slice_until (recipient, '@');
  const PktSlice local = pkt_slice_until (user, '+');
  if (local.n < MIN_NAMED || pkt_place_role_words (local))
    return FALSE;
  for (const char *p = left.p; p + local.n <= left.p + left.n; p++)
    if (g_ascii_strncasecmp (p, local.p, local.n) == 0 && is_parted (left, p, local.n))
      return TRUE;
  return FALSE;
}

#define MAX_RECIPIENTS 16 /* of whom digests are looked for */

typedef gboolean (*Tells) (PktSlice value, PktSlice recipient);

static gboolean
tells_any (const GPtrArray *recipients, const char *value, Tells tells)
{
  for (guint i = 0; i < MIN (recipients->len, MAX_RECIPIENTS); i++)
    if (tells (pkt_slice_str (value), pkt_slice_str (recipients->pdata[i])))
      return TRUE;
  return FALSE;
}

gboolean
pkt_own_id_tells_one_of (const GPtrArray *recipients, const char *value)
{
  return tells_any (recipients, value, pkt_own_id_tells);
}

gboolean
pkt_own_id_tells_shifted (const GPtrArray *recipients, const char *value)
{
  return tells_any (recipients, value, pkt_shifted_tells);
}

/* "xquillz.7@…" of zebulon.quill@…; what roles are called is in many ids. */
static gboolean
holds_local_word (PktSlice id, PktSlice recipient)
{
  const PktSlice left_side = pkt_slice_until (id, '@'), user = pkt_slice_until (recipient, '@');
  g_autofree char *left = g_ascii_strdown (left_side.p, (gssize)left_side.n),
                  *local = g_ascii_strdown (user.p, (gssize)user.n);
  g_strcanon (local, "abcdefghijklmnopqrstuvwxyz", ' ');
  g_auto (GStrv) words = g_strsplit (local, " ", -1);
  for (char **w = words; *w; w++)
    if (strlen (*w) >= PKT_SHIFTED_MIN && !pkt_place_role_word (pkt_slice_str (*w))
        && strstr (left, *w))
      return TRUE;
  return FALSE;
}

/* Is this Message-ID made of one of them? */
gboolean
pkt_own_id_tells_reader (const GPtrArray *recipients, const char *id)
{
  return tells_any (recipients, id, holds_local_word)
         || tells_any (recipients, id, pkt_own_id_names) || pkt_own_id_tells_one_of (recipients, id)
         || pkt_own_id_tells_shifted (recipients, id);
}
