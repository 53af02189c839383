#pragma once
#include "packet/model/attempt.h"

/* What a log tells about a message on other lines than the attempt's, by queue id: sender,
 * Message-ID, size; and which recipients were put off, so that a message given up after deferrals
 * counts as bounced for each of them. */
typedef struct PktJoin PktJoin;

#define PKT_JOIN_MAX_MESSAGES                                                                      \
  (128 * 1024) /* known at a time; the oldest is forgotten for a new one */
#define PKT_JOIN_MAX_PUT_OFF                                                                       \
  (256 * 1024) /* recipients waiting; more are counted and not remembered */

typedef struct {
  PktSlice sender; /* p NULL: not known; n 0: <> */
  PktSlice message_id;
  gint64 size;
} PktJoined;

PktJoin *pkt_join_new (void);
/* Of senders no more than "@example.org" is kept, and no Message-ID: to be said before the first
 * record. */
void pkt_join_domains_only (PktJoin *j);
void pkt_join_free (PktJoin *j);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PktJoin, pkt_join_free)

/* Records of kind ARRIVAL, RECEIVED, MESSAGE_ID, RESENT_ID and REMOVED. */
void pkt_join_note (PktJoin *j, PktRecordKind kind, const PktAttempt *record);
/* An ARRIVAL and a REMOVED record by themselves; size: bytes, -1 unknown. */
void pkt_join_arrive (PktJoin *j, guint64 queue_key, PktSlice sender, gint64 size);
void pkt_join_receive (PktJoin *j, guint64 queue_key, PktSlice sender, PktSlice message_id,
                       gint64 size);
void pkt_join_remove (PktJoin *j, guint64 queue_key);
/* Fills what is absent in an attempt; slices borrow from the table until the next call. */
void pkt_join_fill (PktJoin *j, PktAttempt *attempt);
/* Remembers a deferred recipient with its last real reply; a NOT_ATTEMPTED one is remembered only
 * when it is not yet. `brief`, with its queue_key: what is enough to remember of it where no
 * attempt was Apple's; NULL: all. */
void pkt_join_put_off (PktJoin *j, const PktAttempt *attempt, gboolean apple,
                       const PktAttempt *brief);
/* Some recipient of the message waits. */
gboolean pkt_join_waits (const PktJoin *j, guint64 queue_key);
/* One of them with an attempt of Apple's before. */
gboolean pkt_join_waits_for_apple (PktJoin *j, guint64 queue_key);
/* Forgets it: it was delivered or bounced. */
void pkt_join_settle (PktJoin *j, const PktAttempt *attempt);
void pkt_join_settle_one (PktJoin *j, guint64 queue_key, PktSlice recipient);
/* Calls back for each recipient that still waits, with its last attempt and the stamp of the
 * EXPIRED record: outcome BOUNCED, or NOT_ATTEMPTED where no session ever came as far as offering
 * it (lab: open/postfix-multi, 4cvLxQ5tNzz1dy24). */
typedef void (*PktGaveUp) (const PktAttempt *last, gboolean apple, gpointer data);
/* Calls back for that one only where the record names a recipient. FALSE when nobody waited. */
gboolean pkt_join_expire (PktJoin *j, const PktAttempt *expired, PktGaveUp gave_up, gpointer data);
/* Tells all that is known, so that it can be kept: of each message what was learnt of it (waiting
 * NULL), then each recipient that waits, without the time of it, first put off first. Noted and put
 * off again in this order it is the same table; a recipient that was `offered` is put off twice,
 * first with a remote reply. */
typedef void (*PktJoinTell) (guint64 queue_key, const PktJoined *message, const PktAttempt *waiting,
                             gboolean apple, gboolean offered, gpointer data);
void pkt_join_each (PktJoin *j, PktJoinTell tell, gpointer data);
guint64
pkt_join_forgotten (const PktJoin *j); /* messages and recipients dropped for want of room */
