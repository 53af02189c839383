#pragma once
#include <glib.h>
#include "packet/model/attempt.h"
#include "packet/model/rule.h"

/* All counting rests on one table: attempts per quarter of an hour and per what they have in
 * common. Days, hours, onset, replies and the trend are sums over its cells, so they agree with
 * each other by construction. */
#define PKT_SLOT_US (15 * PKT_MINUTE) /* every zone offset in use is a multiple of it */

/* Names are ids into PktTally.names; 0 is "not known". */
typedef struct {
  gint64 slot;         /* time / PKT_SLOT_US, UTC */
  guint8 apple;        /* 1: Apple's, 0: another receiver's */
  guint8 outcome;      /* PktOutcome */
  guint8 category;     /* PktCategory; unknown unless bounced, deferred or host_error */
  guint8 policy;       /* counts in the policy rate */
  guint16 reply;       /* index + 1 into PktTally.replies, Apple's only; 0 none */
  guint16 rcpt_domain; /* Apple's only: "icloud.com", "me.com", …, or "custom" */
  guint16 local_ip;
  guint16 stream;      /* return-path domain ("<>" for the null sender), else From domain */
  guint16 from_domain; /* of the From header, where the log has it */
  guint16 campaign;    /* only where it is asked for (PktScanOptions.campaigns) */
} PktCellKey;

typedef struct {
  PktCellKey key;
  gint64 count;
  gint64 first, last; /* microseconds UTC of the first and last attempt in it */
} PktCell;

/* A kind of reply: what is counted together. Never merged across tags, codes or texts. */
typedef struct {
  char *rule, *tag, *enhanced,
      *text; /* text: one line, addresses as <recipient>, Txn ID lifted out; NULL when absent */
  int code;
  PktCategory category;
  gboolean contactable, policy;
} PktReplyKind;

typedef struct {
  GArray *cells;      /* PktCell, sorted by slot, then the other keys */
  GPtrArray *names;   /* char*; [0] is "" */
  GArray *replies;    /* PktReplyKind */
  gint64 relayed;     /* Apple recipients handed to hosts that are not Apple's */
  gint64 first, last; /* over all attempts to Apple and others; PKT_NO_TIME when there are none */
} PktTally;

void pkt_tally_free (PktTally *t);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PktTally, pkt_tally_free)

static inline const char *
pkt_tally_name (const PktTally *t, guint id)
{
  return g_ptr_array_index (t->names, id);
}

/* Names 65,535 at the most; more fall together under "(more)". */
#define PKT_TALLY_MAX_NAMES 65535
