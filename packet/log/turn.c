#include "packet/log/turn.h"
#include <fcntl.h>
#include <glib/gstdio.h>
#include <unistd.h>
#include "packet/base/file.h"
#include "packet/log/block.h"
#include "packet/log/text-log.h"

#define FIRST (4 * 1024) /* bytes in which times are looked at; so many times more, … */
#define FACTOR 16
#define MOST (FIRST * FACTOR * FACTOR) /* … up to these, where all of them are one */
#define IN_MEMORY (16 * 1024 * 1024)   /* bytes of a log */
#define PIECE (1024 * 1024)            /* read back at once */
#define RECORD_MAX (2 * PKT_MAX_LINE)  /* a longer one is taken apart */

typedef struct {
  PktFeed base;
  PktFeed *below;
  gsize header;       /* bytes that stay the first */
  gboolean rows;      /* each line is a record */
  GByteArray *kept;   /* all of it, as far as it is in memory */
  int fd;             /* -1: all of it is */
  guint64 before;     /* bytes of it that are still to be looked at */
  GByteArray *window; /* those behind them, up to what was handed out */
  GString *out;
  gsize out_at;
  gboolean begun;
  const char *problem; /* told behind what there is */
} Turned;

static int
open_spool (void)
{
  g_autofree char *name = g_build_filename (g_get_tmp_dir (), "postpacket-XXXXXX", NULL);
  const int fd = g_mkstemp_full (name, O_RDWR | O_CLOEXEC, 0600);
  if (fd >= 0)
    g_unlink (name);
  return fd;
}

/* FALSE: there is no room. */
static gboolean
keep (Turned *t, const guint8 *p, gsize n)
{
  t->before += n;
  if (t->fd < 0 && t->kept->len + n <= IN_MEMORY) {
    g_byte_array_append (t->kept, p, (guint)n);
    return TRUE;
  }
  if (t->fd < 0) {
    t->fd = open_spool ();
    if (t->fd < 0 || !pkt_file_write_all (t->fd, (const char *)t->kept->data, t->kept->len))
      return FALSE;
    g_byte_array_set_size (t->kept, 0);
  }
  return pkt_file_write_all (t->fd, (const char *)p, n);
}

static void
keep_all (Turned *t)
{
  g_autofree guint8 *room = g_malloc (PKT_FEED_RAW);
  t->begun = TRUE;
  g_string_set_size (t->out, t->header);
  for (gsize n = 0, got = 1; n < t->header && got; n += got)
    got = pkt_feed_read (t->below, t->out->str + n, t->header - n);
  for (gsize n; (n = pkt_feed_read (t->below, room, PKT_FEED_RAW));)
    if (!keep (t, room, n)) {
      t->problem = "its newest line is the first, and there is no room in TMPDIR to turn it";
      t->before = 0;
      return;
    }
  t->problem = t->below->problem;
}

static gboolean
copy_back (const Turned *t, guint8 *to, gsize n)
{
  if (t->fd < 0) {
    memcpy (to, t->kept->data + t->before - n, n);
    return TRUE;
  }
  gsize got = 0;
  for (gssize one = 1; got < n && one > 0; got += (gsize)MAX (one, 0))
    one = pread (t->fd, to + got, n - got, (off_t)(t->before - n + got));
  return got == n;
}

/* There is a whole record in the window, or all that is left. */
static gboolean
look_back (Turned *t)
{
  const gsize n = (gsize)MIN (t->before, PIECE), had = t->window->len;
  if (had > RECORD_MAX || n == 0)
    return TRUE;
  g_byte_array_set_size (t->window, (guint)(had + n));
  memmove (t->window->data + n, t->window->data, had);
  if (!copy_back (t, t->window->data, n)) {
    t->problem = "cannot be read to its end";
    t->before = 0;
    return FALSE;
  }
  t->before -= n;
  return TRUE;
}

static gboolean
begins_record (const Turned *t, PktSlice line)
{
  PktStamp stamp;
  return t->rows || pkt_text_line_stamp (line, &stamp);
}

/* Where the last record of the window begins. */
static gsize
last_record (const Turned *t)
{
  const char *p = (const char *)t->window->data;
  const gsize n = t->window->len, least = n > RECORD_MAX ? n - RECORD_MAX : 0;
  gsize end = n;
  while (end > least) {
    const char *lf = end > 1 ? memrchr (p + least, '\n', end - 1 - least) : NULL;
    const gsize begin = lf ? (gsize)(lf + 1 - p) : least;
    if (begin == least || begins_record (t, pkt_slice (p + begin, end - begin)))
      return begin;
    end = begin;
  }
  return least;
}

static gboolean
hand_on (Turned *t)
{
  if (!look_back (t) || t->window->len == 0)
    return FALSE;
  const gsize at = last_record (t);
  g_string_append_len (t->out, (const char *)t->window->data + at, (gssize)(t->window->len - at));
  if (t->out->str[t->out->len - 1] != '\n')
    g_string_append_c (t->out, '\n');
  g_byte_array_set_size (t->window, (guint)at);
  return TRUE;
}

static gsize
read_turned (PktFeed *f, void *p, gsize n)
{
  Turned *t = (Turned *)f;
  if (!t->begun)
    keep_all (t);
  if (t->out_at == t->out->len) {
    g_string_truncate (t->out, 0);
    t->out_at = 0;
    while (t->out->len < n && hand_on (t))
      continue;
    if (t->out->len == 0)
      t->base.problem = t->problem;
  }
  n = MIN (n, t->out->len - t->out_at);
  memcpy (p, t->out->str + t->out_at, n);
  t->out_at += n;
  return n;
}

static void
close_turned (PktFeed *f)
{
  Turned *t = (Turned *)f;
  pkt_feed_close (t->below);
  if (t->fd >= 0)
    close (t->fd);
  g_byte_array_free (t->kept, TRUE);
  g_byte_array_free (t->window, TRUE);
  g_string_free (t->out, TRUE);
  g_free (t);
}

PktFeed *
pkt_turn (PktFeed *below)
{
  gsize n, header = 0;
  gboolean rows;
  PktTurn turn = PKT_TURN_UNSURE;
  for (gsize size = FIRST; turn == PKT_TURN_UNSURE && size <= MOST; size *= FACTOR) {
    const guint8 *head = pkt_feed_peek (below, size, &n);
    turn = pkt_turn_look (pkt_slice ((const char *)head, n), &rows, &header);
  }
  if (turn != PKT_TURN_YES)
    return below;
  Turned *t = g_new0 (Turned, 1);
  t->base.read = read_turned;
  t->base.close = close_turned;
  t->below = below;
  t->rows = rows;
  t->header = header;
  t->fd = -1;
  t->kept = g_byte_array_new ();
  t->window = g_byte_array_new ();
  t->out = g_string_new (NULL);
  return &t->base;
}
