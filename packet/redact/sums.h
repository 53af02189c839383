#pragma once
#include "packet/base/slice.h"

/* The first 64 bits of a text's MD5, SHA-1, SHA-256 and SHA-512: what senders make of an address.
 */
#define PKT_SUMS 4

typedef struct PktSums PktSums;

PktSums *pkt_sums_new (void);
void pkt_sums_free (PktSums *s);
void pkt_sums_of (PktSums *s, PktSlice text, guint64 out[PKT_SUMS]);
