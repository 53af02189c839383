#pragma once
#include <glib.h>

/* How far a log was read. A log keeps its inode when it is renamed; one that takes the inode of a
 * log that is gone begins otherwise. */
typedef struct {
  char *path; /* that it was read for; it may lie beside it now */
  guint64 device, inode;
  gint64 changed; /* nanoseconds: when it was written to last, as seen then */
  guint64 offset; /* bytes of what it unpacks to; after a line end */
  guint32 head_n; /* first bytes, at most STATE_HEAD … */
  guint64 head;   /* … and their digest */
  guint64 turn;   /* number of the run that read it last */
} StateFile;

#define STATE_HEAD 1024

void state_file_clear (gpointer file);
/* TRUE when a log was read for this path. */
gboolean state_files_know (const GArray *files, const char *path);
/* Appends names of the parts of `path` that are new (log/part.h); `files` are the StateFile's. A
 * log that is there and may not be read is PKT_ERROR_IO: nobody should think that it holds nothing.
 */
gboolean state_files_next (GArray *files, const char *path, guint64 turn, GPtrArray *parts,
                           GError **error);
