#pragma once
#include <glib.h>
#include "packet/base/slice.h"

/* A set of 64-bit values that are already random (hashes): 8 bytes a slot, 3/4 full or more once it
 * is large. Growing needs no second table, so the peak is what is kept. */
typedef struct {
  guint64 *slots; /* 0 is empty; in ascending order, with gaps */
  gsize size;     /* homes … */
  gsize slack;    /* … and slots behind them, for what crowds at the end */
  gsize used;
  guint8 firsts[65536 / 8]; /* which first 16 bits there are: most of what is asked for has none */
} PktDigests;

/* Which pairs of letters begin a word of some set: most words of a text begin none, and need not be
 * looked up. Case is folded. */
typedef struct {
  guint8 bits[65536 / 8];
} PktBeginnings;

static inline guint
pkt_beginning_of (const char *p)
{
  return (guint)(guint8)pkt_ascii_lower (p[0]) << 8 | (guint8)pkt_ascii_lower (p[1]);
}

static inline void
pkt_beginnings_add (PktBeginnings *b, PktSlice word)
{
  if (word.n >= 2)
    b->bits[pkt_beginning_of (word.p) / 8] |= (guint8)(1 << (pkt_beginning_of (word.p) & 7));
}

/* Words of less than two letters are in no set. */
static inline gboolean
pkt_beginnings_has (const PktBeginnings *b, PktSlice text, gsize at)
{
  if (at + 2 > text.n)
    return FALSE;
  guint pair = pkt_beginning_of (text.p + at);
  return b->bits[pair / 8] >> (pair & 7) & 1;
}

void pkt_digests_clear (PktDigests *d);
/* FALSE when it was there. */
gboolean pkt_digests_add (PktDigests *d, guint64 value);
/* The same for several: their places in memory are asked for together. */
void pkt_digests_add_all (PktDigests *d, const guint64 *values, guint n);
gboolean pkt_digests_search (const PktDigests *d, guint64 value, guint bits, guint64 *out);

/* Whether a value has the same first `bits` (40 to 64) as this one; *out gets the first found. */
static inline gboolean
pkt_digests_find (const PktDigests *d, guint64 value, guint bits, guint64 *out)
{
  guint first = (guint)(value >> 48);
  return (d->firsts[first / 8] >> (first & 7) & 1) && pkt_digests_search (d, value, bits, out);
}
