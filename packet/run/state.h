#pragma once
#include "packet/run/count.h"

/* What `trend --state FILE` keeps between two runs: the table of counts, how far each log was read
 * (device, inode, first bytes, offset), and what the join still waits for. A step then costs what
 * the logs have grown by. The file holds recipients that wait in the queue: mode 0600. */
typedef struct PktState PktState;

#define PKT_STATE_MAX_BYTES (1024 * 1024 * 1024)
#define PKT_STATE_MAX_FILES 1000 /* logs remembered; the ones read longest ago are forgotten */

#define PKT_STATE_WAIT 10 /* seconds that a run waits for another one with the same state */

/* Two runs must not read and write one state at the same time: takes FILE.lock beside it, which
 * stays there, and waits for who has it. A descriptor to close when the state was saved; -1 with
 * PKT_ERROR_AGAIN where it is not given up in time, EXISTS where it cannot be made. */
int pkt_state_lock (const char *path, guint seconds, GError **error);
/* `settings` says how was counted (zones, mappings): a state made otherwise is PKT_ERROR_DATA, as
 * is a file that is none. A file that is not there is an empty state. */
PktState *pkt_state_load (const char *path, const char *settings, GError **error);
/* The same from bytes that may be anything; path is for messages. */
PktState *pkt_state_parse (const char *path, const char *settings, GBytes *bytes, GError **error);
void pkt_state_free (PktState *s);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PktState, pkt_state_free)

/* Parts of the files that `paths` stand for which were not read yet, and of logs read before that
 * lie beside them under another name now; names (char*) as log/part.h has them. Remembers them as
 * read. Mails are left out. A log that is empty or gone has nothing new, if it was read before;
 * else errors are those of pkt_scan_expand (). Caller unrefs. */
GPtrArray *pkt_state_parts (PktState *s, const char *const *paths, GError **error);
/* Puts what was kept into a counter that has read nothing yet. */
void pkt_state_restore (const PktState *s, PktCounter *counter);
/* Writes it with what is known now, all or nothing; PKT_ERROR_IO. The table is the counter's. */
gboolean pkt_state_save (const PktState *s, const char *path, const PktTally *tally,
                         const PktCounter *counter, GError **error);
