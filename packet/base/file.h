#pragma once
#include <glib.h>
#include "packet/base/slice.h"

/* The whole file, NUL added; PKT_ERROR_NOINPUT when it is not there, DATA when over max_bytes, IO
 * otherwise. */
char *pkt_file_read (const char *path, gsize max_bytes, gsize *out_n, GError **error);
/* The same of a regular file alone: a pipe in a folder of ours would be waited for without end.
 * PKT_ERROR_DATA for anything else. */
char *pkt_file_read_regular (const char *path, gsize max_bytes, gsize *out_n, GError **error);
/* Writes to a temporary name beside, syncs, renames; mode is set whatever the umask. PKT_ERROR_IO
 * or EXISTS (cannot be made; a device or a pipe has that name). */
gboolean pkt_file_write (const char *path, const char *bytes, gsize n, int mode, GError **error);
/* The same, and nothing that is there is overwritten: PKT_ERROR_EXISTS then, whatever it is. */
gboolean pkt_file_create (const char *path, const char *bytes, gsize n, int mode, GError **error);
/* One file of several that belong together; both are borrowed. */
typedef struct {
  const char *path;
  PktSlice bytes;
} PktFileOut;
/* All of them or none: the first gets its name when the bytes of the last are on the disk. Errors
 * as of pkt_file_write, without `replace` as of pkt_file_create. */
gboolean pkt_file_write_set (const PktFileOut *files, gsize n, int mode, gboolean replace,
                             GError **error);
/* Called when a program begins: where SIGPIPE is not ignored, a reader of stdout who has seen
 * enough ends it by that signal, whatever a library makes of the signal meanwhile (GIO ignores it).
 */
void pkt_file_pipe_ends (void);
/* After a write to stdout that failed, with its errno: returns unless it is such an end. */
void pkt_file_pipe_ended (void);
/* All of it to stdout; PKT_ERROR_IO on a full disk or a closed pipe. */
gboolean pkt_file_print (const char *bytes, gsize n, GError **error);
/* FALSE, with errno set, where not all of it could be written. */
gboolean pkt_file_write_all (int fd, const char *p, gsize n);
/* Lower-case hex SHA-256; caller frees. */
char *pkt_file_sha256 (const char *bytes, gsize n);
