#pragma once
#include "packet/bounce/header.h"
#include "packet/model/attempt.h"

/* The blocks of a message/delivery-status part (RFC 3464 2.1). Used inside packet/bounce only. */
#define PKT_DSN_FEW 4 /* blocks: a report of one recipient has two */
typedef struct {
  PktSlice few[PKT_DSN_FEW]; /* the first blocks: the lines between empty ones */
  GArray *more;              /* PktSlice: the others; NULL: none */
  guint n;
  GStringChunk *chunk; /* unfolded fields; NULL: none */
  PktHeader fields;    /* of the block that was asked last */
  guint indexed;       /* which one that is + 1 */
} PktDsnStatus;

/* Finds the blocks of `bytes`, which must live as long: PKT_DSN_MAX_RECIPIENTS and the message's
 * own at the most. */
void pkt_dsn_status_read (PktSlice bytes, PktDsnStatus *out);
void pkt_dsn_status_clear (PktDsnStatus *status);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (PktDsnStatus, pkt_dsn_status_clear)

guint pkt_dsn_status_size (const PktDsnStatus *status);
/* The first field of that name among the first PKT_DSN_MAX_FIELDS of a block, unfolded and trimmed;
 * {NULL, 0} when there is none. */
PktSlice pkt_dsn_status_field (PktDsnStatus *status, guint block, const char *name);
/* The same of the first block, for X-Postfix-Queue-ID, X-Anything-Queue-ID: by "-Queue-ID". */
PktSlice pkt_dsn_status_own_field (PktDsnStatus *status, const char *suffix);
/* "rfc822; user@example.com" in its two halves; without a `;` the type is empty. */
PktSlice pkt_dsn_typed (PktSlice field, PktSlice *type);

/* "dns; mx.example.net (192.0.2.135)", "dns; mx01.mail.icloud.com [17.57.155.25]", Google's
 * "dns; mx01.mail.icloud.com. (17.57.154.33, the server for the domain icloud.com.)": fills
 * remote_host and remote_ip. */
void pkt_dsn_remote_mta (PktSlice field, PktAttempt *out);
/* "smtp; 554 5.7.1 …": the other side's words; of another type they are our server's. What stands
 * in a gateway's own sentence is taken out of it, into `chunk`: "smtp; 5.1.0 - Unknown address
 * error 550-'5.7.1 …' (delivery attempts: 0)". The address of out->recipient, which is set before,
 * is put together where a fold parted it. Fills reply and reply_is_remote. */
void pkt_dsn_diagnostic (PktSlice field, GStringChunk **chunk, PktAttempt *out);
