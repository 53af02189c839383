/* An archive on the standard input: a zip's table stands at its end, and files are asked for in
 * another order than they come, so it is kept in a file without a name until the program ends. */
#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>
#include "packet/base/error.h"
#include "packet/base/file.h"
#include "packet/log/archive-form.h"
#include "packet/log/archive.h"

/* Of packed data that many bytes tell what is in it: a block of bzip2 has 900 kB. */
#define PEEK (1024 * 1024)

static PktFeed *input; /* looked at, nothing taken from it yet */
static char *spool;    /* "/proc/self/fd/N" */

const char *
pkt_archive_real_path (const char *path)
{
  return spool && strcmp (path, "-") == 0 ? spool : path;
}

PktFeed *
pkt_archive_stdin_feed (void)
{
  return g_steal_pointer (&input);
}

const guint8 *
pkt_archive_stdin_head (gsize n, gsize *out_n)
{
  return input ? pkt_feed_peek (input, n, out_n) : NULL;
}

typedef struct {
  PktFeed feed;
  const guint8 *p;
  gsize n;
} Memory;

static gsize
read_memory (PktFeed *s, void *p, gsize n)
{
  Memory *m = (Memory *)s;
  n = MIN (n, m->n);
  memcpy (p, m->p, n);
  m->p += n;
  m->n -= n;
  return n;
}

static void
close_memory (PktFeed *s)
{
  g_free (s);
}

static gboolean
is_packed (const guint8 *head, gsize n)
{
  return n >= 4
         && (memcmp (head, "\x1f\x8b", 2) == 0 || memcmp (head, "BZh", 3) == 0
             || memcmp (head, "(\xb5/\xfd", 4) == 0
             || memcmp (head,
                        "\xfd"
                        "7zX",
                        4)
                    == 0);
}

static gboolean
begins_archive (PktFeed *s)
{
  gsize n;
  const guint8 *head = pkt_feed_peek (s, 4, &n);
  if (!is_packed (head, n))
    return pkt_archive_form (s) != PKT_FORM_NONE;
  Memory *m = g_new0 (Memory, 1);
  m->feed.read = read_memory;
  m->feed.close = close_memory;
  m->p = pkt_feed_peek (s, PEEK, &m->n);
  g_autoptr (PktFeed) unpacked = pkt_unpack (&m->feed);
  return pkt_archive_form (unpacked) != PKT_FORM_NONE;
}

/* A descriptor of an unlinked file with all of it. */
static int
keep (PktFeed *s, GError **error)
{
  g_autofree char *name = g_build_filename (g_get_tmp_dir (), "postpacket-XXXXXX", NULL);
  int fd = g_mkstemp_full (name, O_RDWR | O_CLOEXEC, 0600);
  g_autofree char *room = g_malloc (PKT_FEED_RAW);
  guint64 sum = 0;
  gboolean ok = fd >= 0 && g_unlink (name) == 0;
  for (gsize n; ok && sum <= PKT_ARCHIVE_MAX_STDIN && (n = pkt_feed_read (s, room, PKT_FEED_RAW));
       sum += n)
    ok = pkt_file_write_all (fd, room, n);
  if (ok && sum <= PKT_ARCHIVE_MAX_STDIN)
    return fd;
  int e = errno;
  if (ok)
    g_set_error (error, PKT_ERROR, PKT_ERROR_DATA,
                 "an archive on standard input is kept up to %d GiB: name its file instead",
                 (int)(PKT_ARCHIVE_MAX_STDIN >> 30));
  else
    g_set_error (error, PKT_ERROR, PKT_ERROR_IO,
                 "an archive on standard input cannot be kept in %s: %s", g_get_tmp_dir (),
                 g_strerror (e));
  if (fd >= 0)
    close (fd);
  return -1;
}

gboolean
pkt_archive_stdin (gboolean *is_one, GError **error)
{
  *is_one = spool != NULL;
  if (spool || input)
    return TRUE;
  PktFeed *s = pkt_feed_fd (dup (STDIN_FILENO));
  if (!begins_archive (s)) {
    input = s;
    return TRUE;
  }
  int fd = keep (s, error);
  pkt_feed_close (s);
  if (fd < 0)
    return FALSE;
  spool = g_strdup_printf ("/proc/self/fd/%d", fd);
  *is_one = TRUE;
  return TRUE;
}
