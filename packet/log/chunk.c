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
  memcpy (b->room, f->carry->str, n);
  while (n < PKT_BLOCK_BYTES && (n == f->carry->len || n <= PKT_BLOCK_BYTES / 2)) {
    gsize got = pkt_input_read (&f->input, b->room + n, PKT_BLOCK_BYTES - n);
    b->last = got == 0;
    f->bytes += got;
    n += got;
    if (b->last)
      break;
  }
  return n;
}

static void
read_block (PktChunks *f, PktRawBlock *b)
{
  gsize n = fill (f, b);
  const char *lf = n ? memrchr (b->room, '\n', n) : NULL;
  gsize whole = lf ? (gsize)(lf - b->room) + 1 : 0;
  b->bytes = b->room;
  b->inside = f->skipping;
  b->open = whole < n && (b->last || (whole == 0 && n == PKT_BLOCK_BYTES));
  b->n = b->open ? n : whole;
  f->skipping = b->open ? !b->last : f->skipping && whole == 0;
  g_string_truncate (f->carry, 0);
  g_string_append_len (f->carry, b->room + b->n, (gssize)(n - b->n));
}

void
pkt_chunks_drop (PktRawBlock *b)
{
  g_clear_pointer (&b->window, pkt_window_unref);
}

/* A line that was begun where bytes were read, and ends where they are seen: a block of its own. */
static gboolean
join_line (PktChunks *f, PktRawBlock *b, const char *p, gsize n)
{
  const gsize begun = f->carry->len;
  const char *lf = memchr (p, '\n', MIN (n, PKT_BLOCK_BYTES - begun));
  if (lf == NULL)
    return FALSE;
  const gsize rest = (gsize)(lf - p) + 1;
  memcpy (b->room, f->carry->str, begun);
  memcpy (b->room + begun, p, rest);
  g_string_truncate (f->carry, 0);
  b->bytes = b->room;
  b->n = begun + rest;
  b->inside = f->skipping;
  f->skipping = FALSE;
  pkt_input_pass (&f->input, rest);
  f->bytes += rest;
  return TRUE;
}

/* FALSE where the bytes are not in memory, at a line that is longer than what is seen at a time,
 * and before the file's end: they are read. */
static gboolean
view_block (PktChunks *f, PktRawBlock *b)
{
  gsize n;
  const char *p = pkt_input_view (&f->input, PKT_BLOCK_BYTES, &n, &b->window);
  if (p && (f->carry->len || f->skipping)) {
    const gboolean joined = join_line (f, b, p, n);
    pkt_chunks_drop (b);
    return joined;
  }
  const char *lf = p ? memrchr (p, '\n', n) : NULL;
  if (lf == NULL) {
    pkt_chunks_drop (b);
    return FALSE;
  }
  b->bytes = p;
  b->n = (gsize)(lf - p) + 1;
  pkt_input_pass (&f->input, b->n);
  f->bytes += b->n;
  return TRUE;
}

gboolean
pkt_chunks_is_cut (const PktRawBlock *b)
{
  return b->window && pkt_window_is_cut (b->window);
}

void
pkt_chunks_next (PktChunks *f, PktRawBlock *b)
{
  pkt_chunks_drop (b);
  b->inside = b->open = b->last = FALSE;
  if (!view_block (f, b))
    read_block (f, b);
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
