#pragma once
#include "packet/log/input.h"

#define PKT_BLOCK_BYTES (512 * 1024)
#define PKT_BLOCK_PADDING                                                                          \
  PKT_FEED_PADDING /* bytes behind them that may be read, whatever stands there */

/* The bytes of a log in blocks of whole lines, in order. */
typedef struct {
  PktInput input;
  GString *carry;    /* beginning of a line that goes on in the next block */
  gboolean skipping; /* inside the rest of a line that fills more than a block */
  guint64 bytes;     /* handed out so far, decompressed */
} PktChunks;

typedef struct {
  const char *bytes; /* with PKT_BLOCK_PADDING: `room`, or in `window` */
  gsize n;
  char *room; /* PKT_BLOCK_BYTES, and PKT_BLOCK_PADDING; the caller's */
  PktWindow *window;
  gboolean inside; /* begins inside the rest of a line that was cut */
  gboolean open;   /* its last line has no end: the log's last, or one that is cut here */
  gboolean last;
  /* up to its end: */
  guint64 read, raw_bytes; /* bytes of the log, of the file */
  const char *problem;
} PktRawBlock;

/* Takes what was opened. */
void pkt_chunks_start (PktChunks *f, const PktInput *input);
/* Sets *block, but for its room, and what it held before is gone; none after the last. */
void pkt_chunks_next (PktChunks *f, PktRawBlock *block);
void pkt_chunks_drop (PktRawBlock *block);
/* Whether some of its bytes were lost while they were looked at. */
gboolean pkt_chunks_is_cut (const PktRawBlock *block);
void pkt_chunks_end (PktChunks *f);
