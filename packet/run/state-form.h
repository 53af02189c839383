#pragma once
#include "packet/run/state-files.h"
#include "packet/run/state.h"

/* How a state lies on disk; used by state.c, which reads it, and state-write.c. */

/* The file is one GVariant, which GLib reads without trusting it. */
#define STATE_MAGIC "postpacket trend state 2"
#define STATE_MAGIC_BEFORE "postpacket trend state 1" /* without memories */
#define STATE_FILES "a(sttxtutt)"
#define STATE_NAMES "as"
#define STATE_REPLIES "a(msmsmsmsiybb)"
#define STATE_CELL "(xyyyyqqqqqxxx)" /* a StateCell */
#define STATE_CELLS "a" STATE_CELL
#define STATE_MESSAGES "a(tmaymayx)"
#define STATE_WAITING "a(tyybbbbamay)"
#define STATE_REMEMBERED "a(tamayaaytatu)"        /* messages */
#define STATE_MEMORIES "a(s" STATE_REMEMBERED ")" /* by the format's name */
#define STATE_CUSTOM "at"                         /* pkt_relay_custom() */
#define STATE_TYPE                                                                                 \
  "(sst" STATE_FILES STATE_NAMES STATE_REPLIES STATE_CELLS                                         \
  "x" STATE_MESSAGES STATE_WAITING STATE_MEMORIES STATE_CUSTOM ")"

enum {
  V_MAGIC,
  V_SETTINGS,
  V_TURN,
  V_FILES,
  V_NAMES,
  V_REPLIES,
  V_CELLS,
  V_RELAYED,
  V_MESSAGES,
  V_WAITING,
  V_MEMORIES,
  V_CUSTOM
};

/* A cell as STATE_CELLS keeps it: read and written as it lies there, as there may be a hundred
 * thousand. */
typedef struct {
  gint64 slot;
  guint8 apple, outcome, category, policy;
  guint16 reply, rcpt_domain, local_ip, stream, from_domain;
  guint16 padding; /* 0 */
  gint64 count, first, last;
} StateCell;
G_STATIC_ASSERT (sizeof (StateCell) == 48 && G_STRUCT_OFFSET (StateCell, count) == 24);

#define STATE_SLICES 14

struct PktState {
  char *settings;
  guint64 turn;
  GArray *files;     /* StateFile */
  GVariant *variant; /* as read; NULL: nothing yet */
  PktTally *tally;   /* of the variant; NULL */
};

/* The slices of an attempt, in the order in which they are kept. */
void state_slices_of (PktAttempt *a, PktSlice *out[STATE_SLICES]);

/* Bytes or, for the absent slice, nothing: floating, "may". The slice borrows. */
GVariant *state_maybe_bytes (PktSlice s);
PktSlice state_maybe_slice (GVariant *maybe);
/* Takes an item of one of the lists: put together at once it takes a tenth of the room. */
void state_add_packed (GVariantBuilder *out, GVariant *item);
/* PktFormat -> PktMemory, as STATE_MEMORIES: floating. */
GVariant *state_keep_memories (GHashTable *memories);
/* What is not in order is left out. */
void state_restore_memories (GVariant *list, GHashTable *memories);
