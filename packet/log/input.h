#pragma once
#include <sys/stat.h>
#include "packet/log/feed.h"

/* A file's bytes, unpacked (gzip, zstd, xz, bzip2, or a file of an archive), as UTF-8 where they
 * are UTF-16. */
typedef struct {
  PktFeed *file;       /* as it lies there */
  PktFeed *top;        /* what is read */
  guint64 raw_bytes;   /* of the file, read so far */
  const char *problem; /* set when it ends early */
} PktInput;

/* A path, a file of an archive (log/archive.h), or "-". Fills *st with mode, size and time; the
 * size is 0 where it is not told. PKT_ERROR_NOINPUT when it is not there or a folder, IO otherwise.
 */
gboolean pkt_input_open (PktInput *in, const char *path, struct stat *st, GError **error);
/* The descriptor of a pipe, which is opened once and stays open: who opens it again may wait for
 * another writer, and who closes it tells its writer that nobody reads. -1 where it is none. From
 * the main thread. */
int pkt_input_pipe (const char *path);
/* Up to n bytes; 0 at the end. */
gsize pkt_input_read (PktInput *in, char *p, gsize n);
/* The same where they lie, not copied, and unpacked nowhere: see pkt_feed_view(). */
const char *pkt_input_view (PktInput *in, gsize most, gsize *n, PktWindow **window);
void pkt_input_pass (PktInput *in, gsize n);
void pkt_input_end (PktInput *in);

/* The first bytes, n at the most; 0 when it cannot be read. */
gsize pkt_input_head (const char *path, char *p, gsize n);
