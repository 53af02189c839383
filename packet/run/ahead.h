#pragma once
#include "packet/base/slice.h"

/* The bytes of a folder's small files, read some ahead of their turn, and by several threads: most
 * of the time that a folder of mails takes is opening and reading them. */
typedef struct PktAhead PktAhead;

#define PKT_AHEAD_ROOM (64 * 1024) /* a file that has as many bytes is not read */
#define PKT_AHEAD_BEGIN 4096       /* bytes of it that are read first: most need no more */

/* Of files in the folder that is open; names must live as long. threads: 1 or 0, the caller's own
 * does it. */
PktAhead *pkt_ahead_new (int folder, const char *const *names, guint n, guint threads);
void pkt_ahead_free (PktAhead *a);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PktAhead, pkt_ahead_free)
/* The next one's, in the order of the names, which must not be at their end; until the next call.
 * Empty: it is not small, is none, or cannot be read. *bytes: of the file; where they are more, the
 * rest is there after pkt_ahead_rest(). */
PktSlice pkt_ahead_next (PktAhead *a, guint64 *bytes);
/* All of the file whose begin was the last one's. */
PktSlice pkt_ahead_rest (PktAhead *a);

/* The same of one file: into `room` of PKT_AHEAD_ROOM bytes, how many. */
gsize pkt_ahead_read (int folder, const char *name, char *room);
