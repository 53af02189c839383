#pragma once
/* libcrypto, loaded when something of it is first called, as base/gmime.h: it alone takes 0.8 ms.
 * Include this and none of its headers; the calls look as ever. */
#include <glib.h>
#include <openssl/evp.h>
#include <openssl/x509.h>

/* What is called of it; one more needs a row here and a #define below. */
/* clang-format off */
#if OPENSSL_VERSION_NUMBER >= 0x30000000L /* they have other names there */
#define PKT_CRYPTO_RENAMED X (EVP_PKEY_get_base_id) X (EVP_PKEY_get_bits)
#else
#define PKT_CRYPTO_RENAMED X (EVP_PKEY_base_id) X (EVP_PKEY_bits)
#endif
#define PKT_CRYPTO_FUNCTIONS \
  X (CRYPTO_free) X (EVP_DigestFinal_ex) X (EVP_DigestInit_ex) X (EVP_DigestUpdate) \
  X (EVP_DigestVerify) X (EVP_DigestVerifyInit) X (EVP_MD_CTX_free) X (EVP_MD_CTX_new) \
  X (EVP_PKEY_free) X (EVP_PKEY_new_raw_public_key) X (EVP_md5) X (EVP_sha1) X (EVP_sha224) X (EVP_sha256) \
  X (EVP_sha384) X (EVP_sha3_224) X (EVP_sha3_256) X (EVP_sha3_384) X (EVP_sha3_512) X (EVP_sha512) X (d2i_PUBKEY) X (d2i_PublicKey) X (i2d_PUBKEY) \
  PKT_CRYPTO_RENAMED
/* clang-format on */

typedef struct {
#define X(name) __typeof__ (name) *name##_;
  PKT_CRYPTO_FUNCTIONS
#undef X
} PktCryptoLibrary;

/* Its functions. Where it is not on this machine the process says so and ends with 69. */
const PktCryptoLibrary *pkt_crypto_library (void);

#define CRYPTO_free (pkt_crypto_library ()->CRYPTO_free_)
#define EVP_DigestFinal_ex (pkt_crypto_library ()->EVP_DigestFinal_ex_)
#define EVP_DigestInit_ex (pkt_crypto_library ()->EVP_DigestInit_ex_)
#define EVP_DigestUpdate (pkt_crypto_library ()->EVP_DigestUpdate_)
#define EVP_DigestVerify (pkt_crypto_library ()->EVP_DigestVerify_)
#define EVP_DigestVerifyInit (pkt_crypto_library ()->EVP_DigestVerifyInit_)
#define EVP_MD_CTX_free (pkt_crypto_library ()->EVP_MD_CTX_free_)
#define EVP_MD_CTX_new (pkt_crypto_library ()->EVP_MD_CTX_new_)
#define EVP_PKEY_free (pkt_crypto_library ()->EVP_PKEY_free_)
#define EVP_PKEY_new_raw_public_key (pkt_crypto_library ()->EVP_PKEY_new_raw_public_key_)
#define EVP_md5 (pkt_crypto_library ()->EVP_md5_)
#define EVP_sha1 (pkt_crypto_library ()->EVP_sha1_)
#define EVP_sha224 (pkt_crypto_library ()->EVP_sha224_)
#define EVP_sha384 (pkt_crypto_library ()->EVP_sha384_)
#define EVP_sha3_224 (pkt_crypto_library ()->EVP_sha3_224_)
#define EVP_sha3_256 (pkt_crypto_library ()->EVP_sha3_256_)
#define EVP_sha3_384 (pkt_crypto_library ()->EVP_sha3_384_)
#define EVP_sha3_512 (pkt_crypto_library ()->EVP_sha3_512_)
#define EVP_sha256 (pkt_crypto_library ()->EVP_sha256_)
#define EVP_sha512 (pkt_crypto_library ()->EVP_sha512_)
#define d2i_PUBKEY (pkt_crypto_library ()->d2i_PUBKEY_)
#define d2i_PublicKey (pkt_crypto_library ()->d2i_PublicKey_)
#define i2d_PUBKEY (pkt_crypto_library ()->i2d_PUBKEY_)
#if OPENSSL_VERSION_NUMBER >= 0x30000000L
#define EVP_PKEY_get_base_id (pkt_crypto_library ()->EVP_PKEY_get_base_id_)
#define EVP_PKEY_get_bits (pkt_crypto_library ()->EVP_PKEY_get_bits_)
#else
#define EVP_PKEY_base_id (pkt_crypto_library ()->EVP_PKEY_base_id_)
#define EVP_PKEY_bits (pkt_crypto_library ()->EVP_PKEY_bits_)
#endif
