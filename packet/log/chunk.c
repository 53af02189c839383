#include "packet/log/chunk.h"
#include <string.h>

void
pkt_chunks_start (PktChunks *f, const PktInput *input)
{
  memset (f, 0, sizeof *f);
  f->carry = g_string_new (NULL);
  f->input = *input;
}

/* Up to a full block; short reads of a pipe are enough once it is half full. */
static gsize
fill (PktChunks *f, PktRawBlock *b)
{
  gsize n = f->carry->len;
  memcpy (b->bytes, f->carry->str, n);
  while (n < PKT_BLOCK_BYTES && (n == f->carry->len || n <= PKT_BLOCK_BYTES / 2)) {
    gsize got = pkt_input_read (&f->input, b->bytes + n, PKT_BLOCK_BYTES - n);
    b->last = got == 0;
    f->bytes += got;
    n += got;
    if (b->last)
      break;
  }
  return n;
}

void
pkt_chunks_next (PktChunks *f, PktRawBlock *b)
{
  b->last = FALSE;
  gsize n = fill (f, b);
  const char *lf = n ? memrchr (b->bytes, '\n', n) : NULL;
  gsize whole = lf ? (gsize)(lf - b->bytes) + 1 : 0;
  b->inside = f->skipping;
  b->open = whole < n && (b->last || (whole == 0 && n == PKT_BLOCK_BYTES));
  b->n = b->open ? n : whole;
  f->skipping = b->open ? !b->last : f->skipping && whole == 0;
  g_string_truncate (f->carry, 0);
  g_string_append_len (f->carry, b->bytes + b->n, (gssize)(n - b->n));
  b->read = f->bytes;
  b->raw_bytes = f->input.raw_bytes;
  b->problem = f->input.problem;
}

void
pkt_chunks_end (PktChunks *f)
{
  pkt_input_end (&f->input);
  g_string_free (f->carry, TRUE);
}
