#pragma once
#include "packet/base/slice.h"
#include "packet/log/feed.h"

/* zip and tar (the latter packed in any way) as folders: "logs.zip/mail/maillog.1" is a file of
 * logs.zip, "logs.zip/may.tar.gz/maillog" one of an archive in it. Nothing is unpacked to disk. */

#define PKT_ARCHIVE_MAX_FILES 100000
#define PKT_ARCHIVE_MAX_DEPTH 3 /* archives within each other; what lies deeper is a file */
#define PKT_ARCHIVE_MAX_STDIN (G_GUINT64_CONSTANT (4) << 30)

/* Looks at the standard input, once and before it is read: where it is an archive, it is kept, and
 * "-" is its path from then on. PKT_ERROR_IO, or DATA where it is too large. */
gboolean pkt_archive_stdin (gboolean *is_one, GError **error);
/* Its first bytes then, fewer than n only at the end, which stay to be read; NULL: not looked at,
 * or handed out. Borrowed until it is read. */
const guint8 *pkt_archive_stdin_head (gsize n, gsize *out_n);
/* What that looked at and found to be no archive, with nothing taken from it; NULL: not asked, or
 * handed out before. Caller closes. */
PktFeed *pkt_archive_stdin_feed (void);

/* Told by its first bytes, as they are or unpacked; FALSE also for what cannot be opened. */
gboolean pkt_archive_is (const char *path);
/* FALSE for a file that is none for sure, by its first bytes (300 are enough). */
gboolean pkt_archive_may_be (PktSlice head);
/* Paths of its files in their order, char*; hidden ones are left out. What cannot be read to its
 * end is told by the stream of the last one. PKT_ERROR_DATA when nothing can be read, NOINPUT when
 * it holds no file. */
GPtrArray *pkt_archive_list (const char *path, GError **error);
/* The archive in such a path, NULL when there is none; caller frees. */
char *pkt_archive_outer (const char *path);

typedef struct {
  gint64 mtime;
  guint64 size; /* 0: not told */
} PktMember;

/* The stream of one of them. NULL and PKT_ERROR_NOINPUT when it is not there. An archive is read
 * forward, and again from its beginning for a file that lies behind. */
PktFeed *pkt_archive_open (const char *path, PktMember *out, GError **error);
