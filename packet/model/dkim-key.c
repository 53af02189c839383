#include "packet/model/dkim-key.h"
#include "packet/base/crypto.h"
#include "packet/base/tags.h"

#define ED25519_BYTES 32
#define MAX_KEY_BYTES 4096 /* RSA of 16384 bits has 2100 */

void
pkt_dkim_key_clear (PktDkimKey *k)
{
  g_free (k->name);
  g_free (k->problem);
  if (k->key)
    g_bytes_unref (k->key);
  *k = (PktDkimKey){ 0 };
}

static void
broken (PktDkimKey *k, const char *problem)
{
  k->state = PKT_DKIM_KEY_BROKEN;
  k->problem = g_strdup (problem);
}

/* Strict base64: GLib's decoder skips what it does not know. */
static gboolean
is_base64 (const char *s)
{
  gsize n = strlen (s), pads = 0;
  while (n > 0 && s[n - 1] == '=' && pads < 2) {
    n--;
    pads++;
  }
  for (gsize i = 0; i < n; i++)
    if (!g_ascii_isalnum (s[i]) && s[i] != '+' && s[i] != '/')
      return FALSE;
  return n > 0 && (n + pads) % 4 == 0;
}

/* SubjectPublicKeyInfo as published, or the bare RSAPublicKey that RFC 6376's text could be read
 * as; both are kept as the former. */
static void
read_rsa (PktDkimKey *k, const guint8 *bytes, gsize n)
{
  const guint8 *p = bytes;
  EVP_PKEY *key = d2i_PUBKEY (NULL, &p, (long)n);
  if (key == NULL) {
    p = bytes;
    key = d2i_PublicKey (EVP_PKEY_RSA, NULL, &p, (long)n);
  }
  if (key && EVP_PKEY_base_id (key) == EVP_PKEY_RSA) {
    unsigned char *der = NULL;
    int length = i2d_PUBKEY (key, &der);
    k->bits = (guint)EVP_PKEY_bits (key);
    k->key = length > 0 ? g_bytes_new (der, (gsize)length) : NULL;
    OPENSSL_free (der);
  }
  EVP_PKEY_free (key);
  if (k->key == NULL)
    broken (k, "p= is no RSA public key");
}

static void
read_key (PktDkimKey *k, const char *base64)
{
  gsize n = 0;
  if (!is_base64 (base64) || strlen (base64) > MAX_KEY_BYTES * 4 / 3) {
    broken (k, "p= is no base64");
    return;
  }
  g_autofree guint8 *bytes = g_base64_decode (base64, &n);
  if (!k->ed25519)
    read_rsa (k, bytes, n);
  else if (n == ED25519_BYTES) {
    k->key = g_bytes_new (bytes, n);
    k->bits = 256;
  } else
    broken (k, "p= is no Ed25519 key of 32 bytes");
}

void
pkt_dkim_key_parse (PktDkimKey *k, const char *text, gsize n)
{
  g_autoptr (PktTags) t = pkt_tags_parse (pkt_slice (text, n));
  const char *v = t ? pkt_tags_get (t, "v") : NULL, *type = t ? pkt_tags_get (t, "k") : NULL;
  g_autofree char *p = t ? pkt_tags_get_folded (t, "p") : NULL;
  if (t == NULL || p == NULL) {
    broken (k, t ? "the record has no p=" : "the record is no list of tag=value");
    return;
  }
  if (v && (!g_str_equal (v, "DKIM1") || !g_str_equal (pkt_tags_first (t), "v"))) {
    broken (k, "v= must come first and be DKIM1");
    return;
  }
  if (type && g_ascii_strcasecmp (type, "rsa") && g_ascii_strcasecmp (type, "ed25519")) {
    broken (k, "k= is neither rsa nor ed25519");
    return;
  }
  k->ed25519 = type && g_ascii_strcasecmp (type, "ed25519") == 0;
  const char *flags = pkt_tags_get (t, "t"), *hashes = pkt_tags_get (t, "h"),
             *services = pkt_tags_get (t, "s");
  k->testing = flags && pkt_tags_list_has (flags, "y");
  k->strict = flags && pkt_tags_list_has (flags, "s");
  k->no_sha256 = hashes && !pkt_tags_list_has (hashes, "sha256");
  k->no_email = services && !pkt_tags_list_has (services, "email")
                && !pkt_tags_list_has (services, "*");
  k->state = *p ? PKT_DKIM_KEY_GOOD : PKT_DKIM_KEY_REVOKED;
  if (*p)
    read_key (k, p);
}
