#include "packet/log/feed.h"
#include <errno.h>
#include <string.h>
#include <unistd.h>

typedef struct {
  PktFeed base;
  int fd;
} File;

static gsize
read_file (PktFeed *s, void *p, gsize n)
{
  gssize got;
  do
    got = read (((File *)s)->fd, p, n);
  while (got < 0 && errno == EINTR);
  if (got < 0)
    s->problem = "cannot be read to its end";
  return got > 0 ? (gsize)got : 0;
}

static void
close_file (PktFeed *s)
{
  close (((File *)s)->fd);
  g_free (s);
}

PktFeed *
pkt_feed_fd (int fd)
{
  File *f = g_new0 (File, 1);
  f->base.read = read_file;
  f->base.close = close_file;
  f->fd = fd;
  return &f->base;
}

static gsize
read_on (PktFeed *s, void *p, gsize n)
{
  gsize got = s->problem ? 0 : s->read (s, p, n);
  s->bytes += got;
  return got;
}

gsize
pkt_feed_read (PktFeed *s, void *p, gsize n)
{
  if (s->head_at == s->head_n)
    return read_on (s, p, n);
  n = MIN (n, s->head_n - s->head_at);
  memcpy (p, s->head + s->head_at, n);
  s->head_at += n;
  return n;
}

const guint8 *
pkt_feed_peek (PktFeed *s, gsize n, gsize *out_n)
{
  gsize have = s->head_n - s->head_at;
  if (have < n) {
    guint8 *room = g_malloc (n);
    if (have)
      memcpy (room, s->head + s->head_at, have);
    g_free (s->head);
    s->head = room;
    for (gsize got = 1; have < n && got; have += got)
      got = read_on (s, room + have, n - have);
    s->head_at = 0;
    s->head_n = have;
  }
  *out_n = MIN (n, have);
  return s->head + s->head_at;
}

void
pkt_feed_close (PktFeed *s)
{
  g_free (s->head);
  s->close (s);
}
