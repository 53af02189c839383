#include "packet/log/reader.h"
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>
#include "packet/base/error.h"

#define RAW_CHUNK (64 * 1024)

struct PktReader {
  int fd;
  gboolean gzip, ended, skipping; /* skipping: inside the rest of a line that was cut */
  z_stream z;
  guint8 *raw; /* compressed bytes, when gzip */
  char *buf;
  gsize begin, end; /* of what is not handed out yet */
  PktReaderStats stats;
};

static gssize
read_some (int fd, void *p, gsize n)
{
  gssize got;
  do
    got = read (fd, p, n);
  while (got < 0 && errno == EINTR);
  return got;
}

static gsize
finish (PktReader *r, const char *problem)
{
  r->ended = TRUE;
  r->stats.problem = problem;
  return 0;
}

static gsize
fill_plain (PktReader *r, char *p, gsize n)
{
  gssize got = read_some (r->fd, p, n);
  if (got <= 0)
    return finish (r, got < 0 ? "cannot be read to its end" : NULL);
  r->stats.raw_bytes += (gsize)got;
  return (gsize)got;
}

/* One piece of decompressed bytes; several gzip members follow each other in rotated logs. */
static gsize
fill_gzip (PktReader *r, char *p, gsize n)
{
  r->z.next_out = (Bytef *)p;
  r->z.avail_out = (uInt)n;
  while (r->z.avail_out == n) {
    if (r->z.avail_in == 0) {
      gssize got = read_some (r->fd, r->raw, RAW_CHUNK);
      if (got <= 0)
        return finish (r, got < 0             ? "cannot be read to its end"
                          : r->z.total_in > 0 ? "gzip data ends early"
                                              : NULL);
      r->stats.raw_bytes += (gsize)got;
      r->z.next_in = r->raw;
      r->z.avail_in = (uInt)got;
    }
    int rc = inflate (&r->z, Z_NO_FLUSH);
    if (rc == Z_STREAM_END)
      inflateReset (&r->z);
    else if (rc != Z_OK && rc != Z_BUF_ERROR)
      return n - r->z.avail_out ? n - r->z.avail_out : finish (r, "gzip data is damaged");
  }
  return n - r->z.avail_out;
}

static gboolean
fill (PktReader *r)
{
  if (r->ended)
    return FALSE;
  if (r->begin > 0) {
    memmove (r->buf, r->buf + r->begin, r->end - r->begin);
    r->end -= r->begin;
    r->begin = 0;
  }
  gsize n = PKT_READER_BUFFER - r->end;
  gsize got = r->gzip ? fill_gzip (r, r->buf + r->end, n) : fill_plain (r, r->buf + r->end, n);
  r->end += got;
  r->stats.bytes += got;
  return got > 0;
}

/* Starts gzip when the first bytes say so; they were read into the buffer. */
static void
detect (PktReader *r)
{
  while (r->end < 2 && fill (r))
    ;
  if (r->end < 2 || (guint8)r->buf[0] != 0x1f || (guint8)r->buf[1] != 0x8b)
    return;
  r->gzip = TRUE;
  r->raw = g_malloc (PKT_READER_BUFFER);
  memcpy (r->raw, r->buf, r->end);
  inflateInit2 (&r->z, 15 + 16);
  r->z.next_in = r->raw;
  r->z.avail_in = (uInt)r->end;
  r->stats.bytes = 0;
  r->end = 0;
  r->ended = FALSE;
}

PktReader *
pkt_reader_open (const char *path, GError **error)
{
  struct stat st;
  gboolean is_stdin = strcmp (path, "-") == 0;
  int fd = is_stdin ? dup (STDIN_FILENO) : open (path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
  if (fd < 0 || fstat (fd, &st) != 0 || S_ISDIR (st.st_mode)) {
    int e = fd >= 0 ? EISDIR : errno;
    g_set_error (error, PKT_ERROR,
                 e == ENOENT || e == ENOTDIR || e == EISDIR ? PKT_ERROR_NOINPUT : PKT_ERROR_IO,
                 "%s: %s", path, g_strerror (e));
    if (fd >= 0)
      close (fd);
    return NULL;
  }
  PktReader *r = g_new0 (PktReader, 1);
  r->fd = fd;
  r->buf = g_malloc (PKT_READER_BUFFER);
  if (S_ISREG (st.st_mode) && !is_stdin) {
    r->stats.mtime = st.st_mtime;
    r->stats.size = (guint64)st.st_size;
    posix_fadvise (fd, 0, 0, POSIX_FADV_SEQUENTIAL);
  }
  detect (r);
  return r;
}

static gboolean
hand_out (PktReader *r, gsize n, gsize with_end, PktSlice *line)
{
  const char *p = r->buf + r->begin;
  r->begin += with_end;
  r->stats.lines++;
  if (n > PKT_READER_MAX_LINE) {
    r->stats.long_lines++;
    n = PKT_READER_MAX_LINE;
  }
  if (n > 0 && p[n - 1] == '\r')
    n--;
  *line = pkt_slice (p, n);
  return TRUE;
}

gboolean
pkt_reader_next (PktReader *r, PktSlice *line)
{
  for (gsize searched = 0;;) {
    char *from = r->buf + r->begin + searched;
    char *lf = memchr (from, '\n', r->end - r->begin - searched);
    if (lf) {
      gsize n = (gsize)(lf - (r->buf + r->begin));
      if (!r->skipping)
        return hand_out (r, n, n + 1, line);
      r->skipping = FALSE;
      r->begin += n + 1;
      searched = 0;
      continue;
    }
    searched = r->end - r->begin;
    if (searched == PKT_READER_BUFFER) { /* no line end in a whole buffer */
      gboolean again = r->skipping;
      r->skipping = TRUE;
      if (!again)
        return hand_out (r, searched, searched, line);
      r->begin = r->end = 0;
      searched = 0;
    }
    if (!fill (r)) {
      if (searched == 0 || r->skipping)
        return FALSE;
      return hand_out (r, searched, searched, line);
    }
  }
}

const PktReaderStats *
pkt_reader_stats (const PktReader *r)
{
  return &r->stats;
}

void
pkt_reader_free (PktReader *r)
{
  if (r->gzip)
    inflateEnd (&r->z);
  close (r->fd);
  g_free (r->raw);
  g_free (r->buf);
  g_free (r);
}
