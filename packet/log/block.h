#pragma once
#include "packet/log/chunk.h"
#include "packet/log/glance.h"

/* A longer line is cut there and counted; the rest of it is skipped. */
#define PKT_MAX_LINE (64 * 1024)
#define PKT_BLOCK_LINES 8192 /* found at a time; a block of shorter lines is split in steps */

#define PKT_BLOCK_KEYS (2 * PKT_BLOCK_LINES + 2)

typedef struct {
  union {
    struct {
      guint64 at : 20, n : 20, number : 24; /* number: in the block, from 1 */
    };
    guint64 place; /* all three: pkt_block_place() */
  };
  PktGlance seen;
} PktBlockLine;

/* A block and the lines found in it. A run (glance.h) is one that holds several, and its number is
 * its last one's. */
struct PktBlock {
  PktRawBlock raw;
  PktBlockLine *lines; /* PKT_BLOCK_LINES */
  guint64 *keys;       /* PKT_BLOCK_KEYS: of the lines of runs (glance.h) */
  guint n_lines;
  gsize at;        /* where the next step begins */
  guint32 counted; /* lines seen so far, those left out too */
  guint32 long_lines;
  guint32 begin; /* the first three bytes of the last line that began with no digit */
};

/* Lines whose ends are found before they are looked at: their bytes are still near then. */
#define PKT_BLOCK_BATCH 256

/* Called for a block just filled. */
void pkt_block_start (PktBlock *b);
/* The next lines, at most PKT_BLOCK_LINES, each looked at by the glancer unless it is NULL. FALSE
 * when there are none any more. */
gboolean pkt_block_split (PktBlock *b, const PktGlancer *glancer, gpointer state);

/* For glancers that split blocks themselves. Where the next lines end, at most PKT_BLOCK_BATCH: how
 * many; there are some. */
guint pkt_block_ends (const PktBlock *b, guint32 *ends);
/* Where line i of them begins. */
static inline gsize
pkt_block_begin_of (const PktBlock *b, const guint32 *ends, guint i)
{
  return i == 0 ? b->at : ends[i - 1] + 1;
}
/* The first three bytes of a line, by a load of four: there is padding. */
static inline guint32
pkt_block_begins (const char *p)
{
  guint32 w, mask;
  memcpy (&w, p, sizeof w);
  memcpy (&mask, "\xff\xff\xff", sizeof mask);
  return w & mask;
}
/* A line that begins so may be of another month than those before it. */
static inline gboolean
pkt_block_turns (const PktBlock *b, const char *p)
{
  return pkt_block_begins (p) != b->begin && !g_ascii_isdigit (p[0]);
}
/* Sets where a line is, and leaves what was seen of it. */
static inline void
pkt_block_place (PktBlockLine *line, gsize at, gsize n, guint32 number)
{
#if G_BYTE_ORDER == G_LITTLE_ENDIAN /* one store: of one a field the later wait for the first */
  line->place = at | (guint64)n << 20 | (guint64)number << 40;
#else
  line->at = at;
  line->n = n;
  line->number = number;
#endif
}
#define PKT_BLOCK_AHEAD (32 * 1024)
/* Asks for what lies that far behind the n bytes from p on: bytes that nobody copied come from
 * memory. For loops that look at each line; it need not be the block's, nor there at all. */
static inline void
pkt_block_fetch (const char *p, gsize n)
{
  for (gsize i = 0; i < n; i += 64)
    __builtin_prefetch (p + PKT_BLOCK_AHEAD + i, 0, 2);
}
/* Line i of them, looked at by the glancer unless it is NULL. */
void pkt_block_take (PktBlock *b, const guint32 *ends, guint i, const PktGlancer *glancer,
                     gpointer state);
/* All n are done with. */
void pkt_block_pass (PktBlock *b, const guint32 *ends, guint n);
