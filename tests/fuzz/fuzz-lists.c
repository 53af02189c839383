/* Any bytes as a log service's list of records, and as a log with its newest line first: read in
 * pieces of any size they give the same lines as read at once. The first byte is the size of the
 * pieces. */
#include <stdint.h>
#include "packet/log/json-page.h"
#include "packet/log/turn.h"

int LLVMFuzzerTestOneInput (const uint8_t *bytes, size_t n);

typedef struct {
  PktFeed base;
  PktSlice rest;
  gsize piece;
} Memory;

static gsize
read_memory (PktFeed *f, void *p, gsize n)
{
  Memory *m = (Memory *)f;
  n = MIN (MIN (n, m->piece), m->rest.n);
  if (n)
    memcpy (p, m->rest.p, n);
  m->rest = pkt_slice_skip (m->rest, n);
  return n;
}

static void
close_memory (PktFeed *f)
{
  g_free (f);
}

static GString *
read_all (PktSlice text, gsize piece)
{
  Memory *m = g_new0 (Memory, 1);
  m->base.read = read_memory;
  m->base.close = close_memory;
  m->rest = text;
  m->piece = piece;
  PktFeed *feed = pkt_turn (pkt_json_page (&m->base));
  GString *all = g_string_new (NULL);
  char room[512];
  for (gsize got; (got = pkt_feed_read (feed, room, MIN (piece, sizeof room))) > 0;)
    g_string_append_len (all, room, (gssize)got);
  pkt_feed_close (feed);
  return all;
}

int
LLVMFuzzerTestOneInput (const uint8_t *bytes, size_t n)
{
  if (n < 2)
    return 0;
  const PktSlice text = pkt_slice ((const char *)bytes + 1, n - 1);
  GString *once = read_all (text, n), *pieces = read_all (text, bytes[0] % 61u + 1);
  if (!g_string_equal (once, pieces))
    g_error ("pieces say something else");
  g_string_free (once, TRUE);
  g_string_free (pieces, TRUE);
  return 0;
}
