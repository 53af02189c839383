#pragma once
#include "packet/base/clock.h"

/* One server's attempts as several loggers wrote them: journald's records beside syslogd's lines.
 * They agree on the wall clock, two seconds this way or that; a queue tries again after minutes. */
typedef struct PktCopies PktCopies;

/* zone: of logs that write none; borrowed; NULL: UTC. */
PktCopies *pkt_copies_new (GTimeZone *zone);
void pkt_copies_free (PktCopies *c);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PktCopies, pkt_copies_free)
/* TRUE when a log before this one told of what has that hash at that time; else it is noted. */
gboolean pkt_copies_told (PktCopies *c, guint64 hash, PktStamp stamp);
/* The same of logs of another format than this one's, which is static; NULL: not known. hash: of
 * what logs of any format tell. */
gboolean pkt_copies_told_elsewhere (PktCopies *c, guint64 hash, PktStamp stamp, const char *format);
/* The same of logs that know it by another hash, `theirs`; own is how this one does. */
gboolean pkt_copies_told_apart (PktCopies *c, guint64 own, guint64 theirs, PktStamp stamp);
/* Whether an attempt at that time was told before. */
void pkt_copies_note (PktCopies *c, PktStamp stamp, gboolean told);
/* Nearly all that this log told in the quarter of an hour that begins at slot, or in the nearest
 * one in which it told something, was told before. */
gboolean pkt_copies_is_copy (const PktCopies *c, PktStamp slot);
/* The next log is held against this one too. */
void pkt_copies_end_source (PktCopies *c);
