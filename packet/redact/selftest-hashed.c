#include "packet/redact/selftest-priv.h"

/* Digests of an address: as it was given, lower and upper case, without its tag; whole, cut, in hex
 * and in base64. */

static char *
hex (GChecksumType type, const char *text)
{
  return g_compute_checksum_for_string (type, text, -1);
}

static char *
cut (char *digest, gsize n)
{
  digest[n] = '\0';
  return digest;
}

static char *
in_base64 (GChecksumType type, const char *text)
{
  guint8 digest[64];
  gsize n = sizeof digest;
  g_autoptr (GChecksum) sum = g_checksum_new (type);
  g_checksum_update (sum, (const guchar *)text, -1);
  g_checksum_get_digest (sum, digest, &n);
  return g_base64_encode (digest, n);
}

#define LOWER "janeq@icloud.com"
#define DIGEST(name, made)                                                                         \
  static char *name (void)                                                                         \
  {                                                                                                \
    return made;                                                                                   \
  }

DIGEST (md5, hex (G_CHECKSUM_MD5, PKT_CANARY))
DIGEST (md5_lower, hex (G_CHECKSUM_MD5, LOWER))
DIGEST (md5_of_upper, hex (G_CHECKSUM_MD5, "JANEQ@ICLOUD.COM"))
DIGEST (sha256_of_upper, hex (G_CHECKSUM_SHA256, "JANEQ@ICLOUD.COM"))
DIGEST (sha1, hex (G_CHECKSUM_SHA1, PKT_CANARY))
DIGEST (sha1_lower, hex (G_CHECKSUM_SHA1, LOWER))
DIGEST (sha256, hex (G_CHECKSUM_SHA256, PKT_CANARY))
DIGEST (sha256_lower, hex (G_CHECKSUM_SHA256, LOWER))
DIGEST (sha512, hex (G_CHECKSUM_SHA512, PKT_CANARY))
DIGEST (sha512_lower, hex (G_CHECKSUM_SHA512, LOWER))
DIGEST (tagged, hex (G_CHECKSUM_SHA256, PKT_CANARY_TAGGED))
DIGEST (untagged, hex (G_CHECKSUM_SHA256, "sam@icloud.com"))
DIGEST (cut_12, cut (hex (G_CHECKSUM_SHA256, LOWER), 12))
DIGEST (cut_15, cut (hex (G_CHECKSUM_MD5, LOWER), 15))
DIGEST (cut_20, cut (hex (G_CHECKSUM_SHA512, LOWER), 20))
DIGEST (md5_base64, in_base64 (G_CHECKSUM_MD5, LOWER))
DIGEST (sha1_base64, in_base64 (G_CHECKSUM_SHA1, LOWER))
DIGEST (sha256_base64, in_base64 (G_CHECKSUM_SHA256, LOWER))
DIGEST (sha512_base64, in_base64 (G_CHECKSUM_SHA512, LOWER))

static char *
sha1_upper (void)
{
  g_autofree char *digest = sha1_lower ();
  return g_ascii_strup (digest, -1);
}
static char *
md5_uuid (void)
{
  g_autofree char *d = md5_lower ();
  return g_strdup_printf ("%.8s-%.4s-%.4s-%.4s-%s", d, d + 8, d + 12, d + 16, d + 20);
}
static char *
hex_in_base64 (void)
{
  g_autofree char *digest = md5_lower ();
  return g_base64_encode ((const guchar *)digest, strlen (digest));
}

const PktEncoding pkt_selftest_hashed[] = {
  { "MD5", md5 },
  { "MD5, lower case", md5_lower },
  { "MD5, upper case", md5_of_upper },
  { "MD5 in base64", md5_base64 },
  { "MD5 as UUID", md5_uuid },
  { "MD5, 15 digits", cut_15 },
  { "MD5, hex in base64", hex_in_base64 },
  { "SHA-1", sha1 },
  { "SHA-1, lower case", sha1_lower },
  { "SHA-1, upper digits", sha1_upper },
  { "SHA-1 in base64", sha1_base64 },
  { "SHA-256", sha256 },
  { "SHA-256, lower case", sha256_lower },
  { "SHA-256, upper case", sha256_of_upper },
  { "SHA-256 in base64", sha256_base64 },
  { "SHA-256, with +tag", tagged },
  { "SHA-256, without +tag", untagged },
  { "SHA-256, 12 digits", cut_12 },
  { "SHA-512", sha512 },
  { "SHA-512, lower case", sha512_lower },
  { "SHA-512 in base64", sha512_base64 },
  { "SHA-512, 20 digits", cut_20 },
  { NULL, NULL },
};
