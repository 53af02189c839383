#pragma once
#include "packet/base/slice.h"

/* A text without some of its stretches, for pictures that were looked at as pictures and soft line
 * breaks: what stood on both sides is read as one, and places are those of the whole text. */
typedef struct {
  GString *text;
  GArray *cuts; /* ascending */
} PktRest;

void pkt_rest_start (PktRest *r);
void pkt_rest_clear (PktRest *r);
/* Leaves `n` bytes at `at` (under 4 GiB) out; in ascending order, before pkt_rest_fill(). */
void pkt_rest_cut (PktRest *r, gsize at, gsize n);
void pkt_rest_fill (PktRest *r, PktSlice whole);
/* Where in the whole a byte of the rest stands. */
guint64 pkt_rest_place (const PktRest *r, guint64 at);
/* TRUE when `coded` is what base64 makes of `bytes`, line ends aside: it can say nothing else. */
gboolean pkt_rest_is_base64_of (PktSlice coded, PktSlice bytes);
