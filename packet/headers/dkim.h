#pragma once
#include <glib.h>
#include "packet/base/slice.h"
#include "packet/model/dkim-key.h"

#define PKT_DKIM_MAX_SIGNATURES 16
#define PKT_DKIM_MAX_FIELDS 2000 /* header fields of a message */

/* A raw message, ready to be verified (RFC 6376, RFC 8463). */
typedef struct PktDkimMessage PktDkimMessage;

typedef struct {
  char *domain, *selector, *algorithm; /* d=, s=, a=; NULL when absent */
  char *problem; /* why it cannot be verified whatever the key is; NULL: it can */
  gboolean part; /* l=: the body is signed in part only */
} PktDkimSigned;

typedef enum {
  PKT_DKIM_PASS,
  PKT_DKIM_FAIL,      /* changed, or not of this key */
  PKT_DKIM_PERMERROR, /* signature or key cannot be used */
  PKT_DKIM_TEMPERROR, /* the key could not be found out */
} PktDkimResult;

/* Bare line feeds count as CRLF, as mail that was saved has them. `raw` must outlive the result. */
PktDkimMessage *pkt_dkim_message_new (PktSlice raw);
void pkt_dkim_message_free (PktDkimMessage *m);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PktDkimMessage, pkt_dkim_message_free)

/* Signatures from the top; at most PKT_DKIM_MAX_SIGNATURES. */
guint pkt_dkim_count (const PktDkimMessage *m);
const PktDkimSigned *pkt_dkim_signed (const PktDkimMessage *m, guint i);

/* Verifies one with the key that its selector publishes. `out_why` (NULL where it passes, else
 * caller frees): "the body was changed after it was signed". Expiry (x=) is not looked at: a sample
 * is older than its evidence. */
PktDkimResult pkt_dkim_verify (const PktDkimMessage *m, guint i, const PktDkimKey *key,
                               char **out_why);
const char *pkt_dkim_result_name (PktDkimResult result); /* "pass" */
