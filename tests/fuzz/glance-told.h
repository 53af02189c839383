#pragma once
#include "packet/apple/relay.h"
#include "packet/log/format.h"
#include "packet/trend/join.h"

/* What a log's records say, as text: the same of two ways to read it, where both tell the same.
 * Used by fuzz-glance.c. */

/* Records that are another receiver's, one after the other: a run tells no more of them. */
typedef struct {
  guint n;
  guint64 key, fingerprint; /* sums */
  PktStampKind kind;
  gint64 first, last, slot;
  guint16 sort;
  guint8 outcome;
} Elsewhere;

typedef struct {
  GString *out;
  const PktRelay *relay;
  PktJoin *join;        /* of Exim's messages; NULL for other formats */
  gboolean message_ids; /* asked for */
  gboolean apple_only;  /* other records are left out, and lines that nobody could read */
  gboolean sums;        /* of what was not accepted, too */
  gboolean put_offs;    /* no more than that is asked of a recipient who waits */
  Elsewhere elsewhere;
} Told;

/* A PktSink; told: a Told. */
void told_sink (PktRecordKind kind, const PktAttempt *a, gpointer told);
/* A record of another receiver, and several with their sums. */
void told_elsewhere (Told *t, guint64 key, const PktAttempt *a, guint64 fingerprint);
void told_add_elsewhere (Told *t, const Elsewhere *more);
/* What comes next is no such record. */
void told_end_elsewhere (Told *t);
/* For pkt_join_each(): what is known of a message at the end. */
void told_joined (guint64 key, const PktJoined *message, const PktAttempt *waiting, gboolean apple,
                  gboolean offered, gpointer told);
/* A number that stands for the reply. */
guint16 told_sort (PktSlice reply);
