/* Fresh keys for a test's signer: dkim-keys FOLDER writes rsa.pem (2048 bits) and ed25519.seed
 * (base64), the private halves, and rsa.txt and ed25519.txt, what a selector publishes. */
#include <glib.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

static void
write_file (const char *folder, const char *name, const char *text)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);
  if (!g_file_set_contents (path, text, -1, NULL))
    g_error ("%s cannot be written", path);
}

static void
make_rsa (const char *folder)
{
  EVP_PKEY *key = NULL;
  EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_id (EVP_PKEY_RSA, NULL);
  g_autofree char *path = g_build_filename (folder, "rsa.pem", NULL);
  FILE *f = fopen (path, "w");
  unsigned char *der = NULL;
  g_assert (f && EVP_PKEY_keygen_init (ctx) == 1
            && EVP_PKEY_CTX_set_rsa_keygen_bits (ctx, 2048) == 1 && EVP_PKEY_keygen (ctx, &key) == 1
            && PEM_write_PrivateKey (f, key, NULL, NULL, 0, NULL, NULL) == 1 && fclose (f) == 0);
  int n = i2d_PUBKEY (key, &der);
  g_autofree char *base64 = g_base64_encode (der, (gsize)n),
                  *record = g_strconcat ("v=DKIM1; k=rsa; p=", base64, "\n", NULL);
  write_file (folder, "rsa.txt", record);
  OPENSSL_free (der);
  EVP_PKEY_free (key);
  EVP_PKEY_CTX_free (ctx);
}

static void
make_ed25519 (const char *folder)
{
  EVP_PKEY *key = NULL;
  EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_id (EVP_PKEY_ED25519, NULL);
  guint8 seed[32], public[32];
  gsize n = sizeof seed, m = sizeof public;
  g_assert (EVP_PKEY_keygen_init (ctx) == 1 && EVP_PKEY_keygen (ctx, &key) == 1
            && EVP_PKEY_get_raw_private_key (key, seed, &n) == 1
            && EVP_PKEY_get_raw_public_key (key, public, &m) == 1);
  g_autofree char *private_half = g_base64_encode (seed, n), *half = g_base64_encode (public, m),
                  *record = g_strconcat ("v=DKIM1; k=ed25519; p=", half, "\n", NULL);
  write_file (folder, "ed25519.seed", private_half);
  write_file (folder, "ed25519.txt", record);
  EVP_PKEY_free (key);
  EVP_PKEY_CTX_free (ctx);
}

int
main (int argc, char **argv)
{
  if (argc != 2)
    return 64;
  make_rsa (argv[1]);
  make_ed25519 (argv[1]);
  return 0;
}
