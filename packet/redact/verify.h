#pragma once
#include "packet/redact/redactor.h"

#define PKT_VERIFY_MAX_LEAKS 1000
#define PKT_VERIFY_MAX_BYTES (32 * 1024 * 1024)
#define PKT_VERIFY_MAX_PARTS 256
#define PKT_VERIFY_MAX_DEPTH 16

/* A place of private data, never the value. */
typedef struct {
  char *part;     /* "request.eml", "body part 2 (trend.csv)", "header Subject" */
  char *rule;     /* "address", "recipient (base64, percent)", "undecodable" */
  guint64 offset; /* in the decoded part; of an encoded run its start */
} PktLeak;

/* Reads finished bytes again, knowing nothing of the redactor: only the decoders are shared. */
typedef struct PktVerifier PktVerifier;

PktVerifier *pkt_verifier_new (const PktRedactScope *scope);
void pkt_verifier_free (PktVerifier *v);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PktVerifier, pkt_verifier_free)
void pkt_verifier_add_recipient (PktVerifier *v, PktSlice address);
/* A recipient's full name; allow those of the contact and the company first. NULL is none. */
void pkt_verifier_add_name (PktVerifier *v, const char *name);
void pkt_verifier_allow_name (PktVerifier *v, const char *name);

/* A MIME message: headers, every part decoded, parameters and file names, what stands around the
 * parts. PktLeak*, empty when clean; caller unrefs. */
GPtrArray *pkt_verify_message (PktVerifier *v, const char *bytes, gsize n);
/* One file: `part` is its name (checked too), `type` its media type without parameters. */
GPtrArray *pkt_verify_bytes (PktVerifier *v, const char *part, const char *type, const char *bytes,
                             gsize n);
/* {"surfaces", "candidates", "needles", "decodings": {name: views tried}}; new reference. */
json_t *pkt_verifier_proof (const PktVerifier *v);
