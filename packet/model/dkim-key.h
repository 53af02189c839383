#pragma once
#include <glib.h>

/* A DKIM public key as a selector publishes it (RFC 6376 3.6.1, RFC 8463). */
typedef enum {
  PKT_DKIM_KEY_GOOD,
  PKT_DKIM_KEY_MISSING,
  PKT_DKIM_KEY_REVOKED, /* p= is empty */
  PKT_DKIM_KEY_SEVERAL, /* more than one key record */
  PKT_DKIM_KEY_BROKEN,
  PKT_DKIM_KEY_UNKNOWN, /* DNS could not tell */
} PktDkimKeyState;

typedef struct {
  PktDkimKeyState state;
  char *name;       /* "nl25._domainkey.example.com" */
  char *problem;    /* for a person; NULL */
  gboolean ed25519; /* else RSA */
  guint bits;       /* of an RSA key, 256 for Ed25519 */
  GBytes *key;      /* RSA: SubjectPublicKeyInfo, DER; Ed25519: 32 bytes. NULL unless GOOD */
  gboolean testing; /* t=y */
  gboolean strict;  /* t=s: i= must be d= itself */
  gboolean no_sha256, no_email; /* h= and s= leave them out */
} PktDkimKey;

void pkt_dkim_key_clear (PktDkimKey *k);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (PktDkimKey, pkt_dkim_key_clear)
/* Reads a key record into `k`, which must be empty but for its name: GOOD, REVOKED or BROKEN. */
void pkt_dkim_key_parse (PktDkimKey *k, const char *text, gsize n);
