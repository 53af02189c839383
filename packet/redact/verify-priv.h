#pragma once
#include "packet/redact/suspect.h"
#include "packet/redact/verify-rest.h"
#include "packet/redact/verify.h"

/* Does without a decoder from now on: for the test that shows what each is for. */
void pkt_verifier_leave_out (PktVerifier *v, guint decoder);
GPtrArray *pkt_verify_leaks_new (void);
/* Added once. */
void pkt_verify_leak (GPtrArray *leaks, const char *part, const char *rule, guint64 offset);
/* Bytes as they are and in every decoding. */
void pkt_verify_scan (PktVerifier *v, GPtrArray *leaks, const char *part, PktSlice bytes,
                      PktSurface surface);
/* The same of `whole` without what was cut out of it. */
void pkt_verify_rest (PktVerifier *v, GPtrArray *leaks, const char *part, PktRest *rest,
                      PktSlice whole, PktSurface surface);
/* Decoded content of a media type; TRUE when it is a picture and nothing else. */
gboolean pkt_verify_content (PktVerifier *v, GPtrArray *leaks, const char *part, const char *type,
                             PktSlice bytes);
