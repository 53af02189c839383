#pragma once
#include "packet/redact/selftest.h"
#include "packet/redact/verify.h"

/* Whom the verifier is told of; the first has a plain short local part, so that only the whole
 * address gives it away. */
#define PKT_CANARY "JaneQ@icloud.com"
#define PKT_CANARY_ODD "jane.q_0130"
#define PKT_CANARY_TAGGED "sam+shop@icloud.com"
#define PKT_CANARY_IDN                                                                             \
  "rita@b\xc3\xbc"                                                                                 \
  "cher.example"
#define PKT_CANARY_NAME "Janine Quaint-Canary"
/* Whom it is not told of: only the form of an address gives this one away. */
#define PKT_CANARY_STRANGER "someone@stranger.example"

/* Makes what is planted; caller frees. */
typedef struct {
  const char *name;
  char *(*make) (void);
} PktEncoding;

extern const PktEncoding pkt_selftest_plain[];  /* selftest-encodings.c; NULL name at the end */
extern const PktEncoding pkt_selftest_coded[];  /* selftest-coded.c */
extern const PktEncoding pkt_selftest_hashed[]; /* selftest-hashed.c */
/* The index runs over the three tables; NULL after the last. */
const PktEncoding *pkt_selftest_encoding_at (guint index);

/* A verifier that knows the canaries. */
PktVerifier *pkt_selftest_verifier (void);
/* TRUE: the planted text was found there, or did not get through. */
gboolean pkt_selftest_is_caught (guint surface, const char *planted);
