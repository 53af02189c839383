#pragma once
#include "packet/base/slice.h"
#include "packet/redact/digests.h"

/* Pseudonyms: HMAC-SHA256 of the lower-cased address, its first 40 bits as 8 characters of RFC 4648
 * base32 in lower case; 80 bits where two addresses share the first 40. */
typedef struct {
  GHmac *keyed;
  PktDigests known;  /* first 64 bits of each address's HMAC */
  PktDigests shared; /* first 40 bits that two addresses have in common */
  PktDigests late;   /* addresses that came when the other one's short mark was already out */
  gboolean handed_out;
} PktMarks;

void pkt_marks_init (PktMarks *m, const guint8 key[32]);
void pkt_marks_clear (PktMarks *m);
/* `lower` is an address in lower case. */
void pkt_marks_add (PktMarks *m, PktSlice lower);
/* "k7m2q4xd"; caller frees. */
char *pkt_marks_text (PktMarks *m, PktSlice lower);
