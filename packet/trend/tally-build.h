#pragma once
#include "packet/model/event.h"
#include "packet/model/tally.h"
#include "packet/trend/tally-replies.h"

/* Makes a PktTally. Attempts are counted per source with their stamps as written; when a source is
 * done its cells get their UTC slots and join the others. */
typedef struct PktTallyBuild PktTallyBuild;

/* since, until: microseconds UTC, PKT_NO_TIME for open; attempts outside do not count. */
PktTallyBuild *pkt_tally_build_new (gint64 since, gint64 until);
/* The table; the builder is gone. */
PktTally *pkt_tally_build_finish (PktTallyBuild *b);

/* Ids for the names and reply kinds that a cell holds. */
guint16 pkt_tally_build_name (PktTallyBuild *b, PktSlice name);
PktTallyReplies *pkt_tally_build_replies (const PktTallyBuild *b); /* borrowed */

/* key.slot is set here from the stamp. fingerprint: a hash of what makes the attempt this one, 0
 * where duplicates are already kept out; a cell that comes again from another source with the same
 * sum of them is a copy and counts once. */
void pkt_tally_build_count (PktTallyBuild *b, PktCellKey key, PktStamp stamp, guint64 fingerprint);
/* The same of several attempts in one quarter of an hour. FALSE: --since or --until parts them, and
 * none was counted. */
typedef struct {
  PktStamp first;
  gint64 last_us;
  guint n;
  guint64 fingerprint; /* the sum of theirs */
} PktTallySum;
gboolean pkt_tally_build_add (PktTallyBuild *b, PktCellKey key, const PktTallySum *sum);
/* Was what the source tells of the quarter of an hour that begins there told by sources before it,
 * in words that fingerprints do not show to be the same? */
typedef gboolean (*PktIsCopy) (PktStamp slot, gpointer data);
/* Cells of other receivers in such a quarter count where they are larger; copy NULL: none of theirs
 * does. */
void pkt_tally_build_end_source (PktTallyBuild *b, const PktStampRule *rule, PktIsCopy copy,
                                 gpointer data);
void pkt_tally_build_relayed (PktTallyBuild *b);
/* Adds the cells of a table that was made before. */
void pkt_tally_build_restore (PktTallyBuild *b, const PktTally *tally);
