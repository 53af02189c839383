#include "packet/log/feed.h"
#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "packet/log/window-pays.h"

typedef struct {
  PktFeed base;
  int fd;
  PktWindow *window; /* what is seen of it now; NULL */
  off_t size;        /* when it was opened; 0: it has none */
  gint64 refused;    /* number of the window that could not be opened last; -1: none */
} File;

static gsize
read_file (PktFeed *s, void *p, gsize n)
{
  File *f = (File *)s;
  gssize got;
  do
    got = read (f->fd, p, n);
  while (got < 0 && errno == EINTR);
  if (got < 0)
    s->problem = "cannot be read to its end";
  else if (got == 0 && n > 0 && f->size > 0 && lseek (f->fd, 0, SEEK_CUR) < f->size)
    s->problem = PKT_FEED_CUT;
  return got > 0 ? (gsize)got : 0;
}

/* Where in the file the next byte lies; negative where there is no such place. */
static gint64
place_of (const File *f)
{
  return (gint64)lseek (f->fd, 0, SEEK_CUR) - (gint64)(f->base.head_n - f->base.head_at);
}

/* Each window is asked for once: what is read of it comes into memory, too late. */
static const char *
open_window (File *f, gint64 at, gsize *n)
{
  g_clear_pointer (&f->window, pkt_window_unref);
  if (at < 0 || at / PKT_WINDOW_BYTES == f->refused || !pkt_window_pays (f->fd, (guint64)at))
    return NULL;
  f->window = pkt_window_open (f->fd, (guint64)at);
  if (f->window)
    return pkt_window_bytes (f->window, (guint64)at, n);
  f->refused = at / PKT_WINDOW_BYTES;
  return NULL;
}

static const char *
view_file (PktFeed *s, gsize most, gsize *n, PktWindow **window)
{
  File *f = (File *)s;
  const gint64 at = place_of (f);
  const char *p = f->window && at >= 0 ? pkt_window_bytes (f->window, (guint64)at, n) : NULL;
  if (p == NULL)
    p = open_window (f, at, n);
  if (p == NULL || *n <= PKT_FEED_PADDING)
    return NULL;
  *n = MIN (*n - PKT_FEED_PADDING, most);
  *window = pkt_window_ref (f->window);
  return p;
}

static void
pass_file (PktFeed *s, gsize n)
{
  lseek (((File *)s)->fd, (off_t)n - (off_t)(s->head_n - s->head_at), SEEK_CUR);
}

static void
close_file (PktFeed *s)
{
  File *f = (File *)s;
  g_clear_pointer (&f->window, pkt_window_unref);
  close (f->fd);
  g_free (f);
}

PktFeed *
pkt_feed_fd (int fd)
{
  File *f = g_new0 (File, 1);
  f->base.read = read_file;
  f->base.view = view_file;
  f->base.pass = pass_file;
  f->base.close = close_file;
  f->fd = fd;
  struct stat st;
  f->size = fstat (fd, &st) == 0 && S_ISREG (st.st_mode) ? st.st_size : 0;
  f->refused = -1;
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

const char *
pkt_feed_view (PktFeed *s, gsize most, gsize *n, PktWindow **window)
{
  return s->view && s->problem == NULL ? s->view (s, most, n, window) : NULL;
}

void
pkt_feed_pass (PktFeed *s, gsize n)
{
  s->pass (s, n);
  s->bytes += n - (s->head_n - s->head_at);
  s->head_at = s->head_n;
}

void
pkt_feed_close (PktFeed *s)
{
  g_free (s->head);
  s->close (s);
}
