#pragma once
#include "packet/log/feed.h"

/* zip and tar (the latter packed in any way) as folders: "logs.zip/mail/maillog.1" is a file of
 * logs.zip. Nothing is unpacked to disk. */

#define PKT_ARCHIVE_MAX_FILES 100000

/* Told by its first bytes, as they are or unpacked; FALSE also for what cannot be opened. */
gboolean pkt_archive_is (const char *path);
gboolean pkt_archive_begins (PktFeed *s);
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
