#pragma once
#include "packet/model/attempt.h"

/* Bounces that follow RFC 3464 (multipart/report; report-type=delivery-status), Postfix first:
 * facts/log-formats.md, section 20. */

#define PKT_DSN_MAX_PARTS 64             /* children of the report that are looked at */
#define PKT_DSN_MAX_DEPTH 8              /* multiparts around the text for people (Haraka: 3) */
#define PKT_DSN_MAX_PART_BYTES (4 << 20) /* of the text and of the status part */
#define PKT_DSN_MAX_RECIPIENTS 20000
#define PKT_DSN_MAX_FIELDS 64 /* of one block of the status part */

/* Gets one attempt; its slices live until the sink returns. */
typedef void (*PktDsnSink) (const PktAttempt *record, gpointer data);

typedef enum {
  PKT_DSN_NOT_MAIL,     /* does not begin with a header field */
  PKT_DSN_NOT_A_BOUNCE, /* a mail, but no delivery status report */
  PKT_DSN_READ,         /* a report; perhaps without a failed or delayed recipient */
} PktDsnResult;

/* Reads the bytes of one mail ("From " line of an mbox allowed) and hands out one attempt for each
 * failed (bounced) or delayed (deferred) recipient, in the order of the report:
 * recipient: Final-Recipient; stamp: Last-Attempt-Date, else the report's Date, UTC; remote_host:
 * Remote-MTA; remote_ip and stage: the text part's "host H[IP] said: … (in reply to X command)" for
 * that recipient, where it is there; reply: Diagnostic-Code, unfolded (of type smtp: the other
 * side's words, of another: our MTA's); sender, message_id, from_domain: the returned message;
 * queue_id: X-*-Queue-ID. What Apple reports of mail that was sent from iCloud to other places
 * gives nothing. */
PktDsnResult pkt_dsn_read (PktSlice mail, PktDsnSink sink, gpointer data);
