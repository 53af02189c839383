#include "packet/log/input.h"
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>
#include "packet/base/error.h"
#include "packet/log/archive.h"
#include "packet/log/json-break.h"
#include "packet/log/json-page.h"
#include "packet/log/part.h"
#include "packet/log/turn.h"
#include "packet/log/utf16.h"

static gboolean
cannot_open (const char *path, int e, GError **error)
{
  g_set_error (error, PKT_ERROR,
               e == ENOENT || e == ENOTDIR || e == EISDIR ? PKT_ERROR_NOINPUT : PKT_ERROR_IO,
               "%s: %s", path, g_strerror (e));
  return FALSE;
}

/* ENOTDIR: a part of the path in front of the last is a file, perhaps an archive. */
static PktFeed *
open_member (const char *path, struct stat *st, GError **error)
{
  PktMember member = { 0 };
  PktFeed *s = pkt_archive_open (path, &member, error);
  memset (st, 0, sizeof *st);
  st->st_mode = S_IFREG;
  st->st_size = (off_t)member.size;
  st->st_mtime = (time_t)member.mtime;
  return s;
}

int
pkt_input_pipe (const char *path)
{
  static GHashTable *pipes; /* path -> descriptor + 1 */
  struct stat st;
  if (stat (path, &st) != 0 || !S_ISFIFO (st.st_mode))
    return -1;
  pipes = pipes ? pipes : g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  gpointer known = g_hash_table_lookup (pipes, path);
  if (known == NULL) {
    known = GINT_TO_POINTER (open (path, O_RDONLY | O_CLOEXEC | O_NOCTTY) + 1);
    g_hash_table_insert (pipes, g_strdup (path), known);
  }
  return GPOINTER_TO_INT (known) - 1;
}

static PktFeed *
open_file (const char *path, struct stat *st, GError **error)
{
  gboolean is_stdin = strcmp (path, "-") == 0;
  PktFeed *looked_at = is_stdin ? pkt_archive_stdin_feed () : NULL;
  if (looked_at) {
    memset (st, 0, sizeof *st);
    return looked_at;
  }
  const int pipe = is_stdin ? STDIN_FILENO : pkt_input_pipe (path);
  int fd = pipe >= 0 ? dup (pipe) : open (path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
  if (fd < 0 && (errno == ENOTDIR || (errno == ENOENT && g_str_has_prefix (path, "-/"))))
    return open_member (path, st, error);
  if (fd < 0 || fstat (fd, st) != 0 || S_ISDIR (st->st_mode)) {
    cannot_open (path, fd >= 0 ? EISDIR : errno, error);
    if (fd >= 0)
      close (fd);
    return NULL;
  }
  if (is_stdin || !S_ISREG (st->st_mode))
    st->st_size = st->st_mtime = 0;
  else
    posix_fadvise (fd, 0, 0, POSIX_FADV_SEQUENTIAL);
  return pkt_feed_fd (fd);
}

/* Bytes at the beginning that are no part of the first line. */
static guint64
mark_of (int fd)
{
  char mark[PKT_UTF8_MARK_BYTES];
  return pread (fd, mark, sizeof mark, 0) == sizeof mark
                 && memcmp (mark, PKT_UTF8_MARK, sizeof mark) == 0
             ? sizeof mark
             : 0;
}

/* What is not packed is not read up to there. */
static gboolean
open_part (PktInput *in, const char *path, guint64 from, guint64 to, struct stat *st,
           GError **error)
{
  if (!pkt_input_open (in, path, st, error))
    return FALSE;
  int fd = in->top == in->file ? open (path, O_RDONLY | O_CLOEXEC | O_NOCTTY) : -1;
  from = fd >= 0 ? MAX (from, mark_of (fd)) : from;
  if (fd >= 0 && lseek (fd, (off_t)from, SEEK_SET) == (off_t)from) {
    pkt_feed_close (in->top);
    in->file = in->top = pkt_part_feed (pkt_feed_fd (fd), 0, to > from ? to - from : 0);
    return TRUE;
  }
  if (fd >= 0)
    close (fd);
  in->top = pkt_part_feed (in->top, from, to > from ? to - from : 0);
  return TRUE;
}

gboolean
pkt_input_open (PktInput *in, const char *path, struct stat *st, GError **error)
{
  g_autofree char *whole = NULL;
  guint64 from, to;
  memset (in, 0, sizeof *in);
  if (pkt_part_split (path, &whole, &from, &to))
    return open_part (in, whole, from, to, st, error);
  in->file = open_file (path, st, error);
  if (in->file == NULL)
    return FALSE;
  in->top = pkt_unpack (in->file);
  in->top = pkt_utf16_decode (in->top);
  PktFeed *lines = pkt_turn (pkt_json_page (in->top));
  in->top = lines == in->top ? pkt_json_break (lines) : lines;
  return TRUE;
}

gsize
pkt_input_read (PktInput *in, char *p, gsize n)
{
  if (in->problem)
    return 0;
  gsize got = pkt_feed_read (in->top, p, n);
  in->raw_bytes = in->file->bytes;
  in->problem = in->top->problem;
  return got;
}

const char *
pkt_input_view (PktInput *in, gsize most, gsize *n, PktWindow **window)
{
  return in->problem ? NULL : pkt_feed_view (in->top, most, n, window);
}

void
pkt_input_pass (PktInput *in, gsize n)
{
  pkt_feed_pass (in->top, n);
  in->raw_bytes = in->file->bytes;
}

void
pkt_input_end (PktInput *in)
{
  g_clear_pointer (&in->top, pkt_feed_close);
}

gsize
pkt_input_head (const char *path, char *p, gsize n)
{
  PktInput in;
  struct stat st;
  gsize have = 0;
  if (!pkt_input_open (&in, path, &st, NULL))
    return 0;
  for (gsize got = 1; got && have < n; have += got)
    got = pkt_input_read (&in, p + have, n - have);
  pkt_input_end (&in);
  return have;
}
