#include "packet/redact/sums.h"
#include "packet/base/crypto.h"

/* OpenSSL is three times as fast as GLib here; where it will not give one (MD5 under FIPS), GLib
 * does. */
struct PktSums {
  EVP_MD_CTX *fast[PKT_SUMS];
  GChecksum *slow[PKT_SUMS];
};

PktSums *
pkt_sums_new (void)
{
  static const GChecksumType types[PKT_SUMS] = { G_CHECKSUM_MD5, G_CHECKSUM_SHA1, G_CHECKSUM_SHA256,
                                                 G_CHECKSUM_SHA512 };
  const EVP_MD *const kinds[PKT_SUMS] = { EVP_md5 (), EVP_sha1 (), EVP_sha256 (), EVP_sha512 () };
  PktSums *s = g_new0 (PktSums, 1);
  for (guint i = 0; i < PKT_SUMS; i++) {
    s->fast[i] = EVP_MD_CTX_new ();
    if (s->fast[i] && EVP_DigestInit_ex (s->fast[i], kinds[i], NULL) == 1)
      continue;
    EVP_MD_CTX_free (s->fast[i]);
    s->fast[i] = NULL;
    s->slow[i] = g_checksum_new (types[i]);
  }
  return s;
}

void
pkt_sums_free (PktSums *s)
{
  for (guint i = 0; i < PKT_SUMS; i++) {
    EVP_MD_CTX_free (s->fast[i]);
    if (s->slow[i])
      g_checksum_free (s->slow[i]);
  }
  g_free (s);
}

void
pkt_sums_of (PktSums *s, PktSlice text, guint64 out[PKT_SUMS])
{
  guint8 digest[EVP_MAX_MD_SIZE];
  for (guint i = 0; i < PKT_SUMS; i++) {
    gsize size = sizeof digest;
    if (s->fast[i]) { /* an error gives zeros, never a crash: the digest is then not looked for */
      memset (digest, 0, 8);
      EVP_DigestUpdate (s->fast[i], text.p, text.n);
      EVP_DigestFinal_ex (s->fast[i], digest, NULL);
      EVP_DigestInit_ex (s->fast[i], NULL, NULL);
    } else {
      g_checksum_reset (s->slow[i]);
      g_checksum_update (s->slow[i], (const guchar *)text.p, (gssize)text.n);
      g_checksum_get_digest (s->slow[i], digest, &size);
    }
    out[i] = 0;
    for (int k = 0; k < 8; k++)
      out[i] = out[i] << 8 | digest[k];
  }
}
