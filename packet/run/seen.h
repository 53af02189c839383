#pragma once
#include "packet/model/attempt.h"

/* What was read before: rotated copies, a webhook's retries, and a log beside the bounces and
 * recorded sessions of the same attempts, which tell them in other words. */
typedef struct PktSeen PktSeen;

typedef enum {
  PKT_SEEN_LOG,
  PKT_SEEN_BOUNCE,
  PKT_SEEN_SESSION,
} PktSeenKind;

PktSeen *pkt_seen_new (void);
void pkt_seen_free (PktSeen *s);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PktSeen, pkt_seen_free)
/* Logs will be followed by bounces or sessions: more is remembered of them. */
void pkt_seen_merge (PktSeen *s);
/* Several logs are read, of which one may be another's copy in other words (run/copies.h). */
void pkt_seen_copies (PktSeen *s, GTimeZone *zone);
/* That of the log being read: static, NULL where it is not known. */
void pkt_seen_format (PktSeen *s, const char *format);
/* TRUE when the attempt was told before, else it is noted. Logs come first, then the others. */
gboolean pkt_seen_before (PktSeen *s, PktSeenKind kind, const PktAttempt *a);
/* The same of a recipient who is given up, apart from that: where the log that says so again begins
 * behind his last deferral, it has no reply for him. */
gboolean pkt_seen_given_up_before (PktSeen *s, const PktAttempt *a);
/* The same of another receiver's that was refused or put off, in a PktSeen of theirs: what a log
 * says was put off is known by its ids alone, since there may be very many. */
gboolean pkt_seen_other_before (PktSeen *s, PktSeenKind kind, const PktAttempt *a);
/* Whether *digest is all that tells: of what a log says was accepted, where no other log is read.
 * The memory for it is asked for. */
gboolean pkt_seen_is_by_digest (const PktSeen *s, PktSeenKind kind, const PktAttempt *a,
                                guint64 *digest);
/* The same as pkt_seen_before(), of such a one. */
gboolean pkt_seen_digest_before (PktSeen *s, guint64 digest);
/* As pkt_copies_is_copy(), of the log being read; seen: a PktSeen. */
gboolean pkt_seen_is_copy (PktStamp slot, gpointer seen);
/* The times of the source's records become UTC: those of other sources are held against them. */
void pkt_seen_end_source (PktSeen *s, const PktStampRule *rule);
