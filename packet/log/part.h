#pragma once
#include "packet/log/feed.h"

/* A part of a log, named "PATH#FROM-TO": bytes of what it unpacks to, TO 0 for its end. So a run
 * can read what a log has grown by (run/state.h) through everything that takes a path. */
char *pkt_part_name (const char *path, guint64 from, guint64 to);
/* FALSE when it is no such name, or a file of that name is there. *path: caller frees. */
gboolean pkt_part_split (const char *name, char **path, guint64 *from, guint64 *to);
/* TRUE: it is such a name, and has its end in it. */
gboolean pkt_part_has_end (const char *name);
/* The file that is meant by a path or by such a name. Caller frees. */
char *pkt_part_whole (const char *name);
/* Leaves `skip` bytes of `below` out and ends after n (0: at its end); takes it. */
PktFeed *pkt_part_feed (PktFeed *below, guint64 skip, guint64 n);
