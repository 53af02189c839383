#pragma once
#include "packet/bounce/look.h"
#include "packet/model/attempt.h"

/* Bounces: RFC 3464 (multipart/report; report-type=delivery-status), and the texts of mail servers
 * that say less there or nothing: facts/log-formats.md, section 20. */

#define PKT_DSN_MAX_PARTS 64             /* children of a multipart that are looked at */
#define PKT_DSN_MAX_DEPTH 8              /* multiparts around the text for people (Haraka: 3) */
#define PKT_DSN_MAX_PART_BYTES (4 << 20) /* of the text and of the status part */
#define PKT_DSN_MAX_RECIPIENTS 20000
#define PKT_DSN_MAX_OTHERS 100     /* answers of hosts that decided nothing */
#define PKT_DSN_MAX_ADDRESSED 8000 /* bytes of To and Cc of what is returned */
#define PKT_DSN_MAX_FIELDS 64      /* of one block of the status part */

/* Gets one attempt; its slices live until the sink returns. */
typedef void (*PktDsnSink) (const PktAttempt *record, gpointer data);

typedef enum {
  PKT_DSN_NOT_MAIL,     /* does not begin with a header field */
  PKT_DSN_NOT_A_BOUNCE, /* a mail, but no delivery status report */
  PKT_DSN_READ,         /* a report; perhaps without a failed or delayed recipient */
  PKT_DSN_ELSEWHERE,    /* see PktDsnBrief */
} PktDsnResult;

/* The label of a bounce that Apple's own servers wrote after they had accepted the mail. */
#define PKT_DSN_OUT_OF_BAND "out-of-band"

/* Reads the bytes of one mail ("From " line of an mbox allowed) and hands out one attempt for each
 * failed (bounced) or delayed (deferred) recipient, in the order of the report:
 * recipient: Final-Recipient; stamp: Last-Attempt-Date, else the report's Date, else the returned
 * message's, UTC; remote_host: Remote-MTA; remote_ip and stage, and whatever the status lacks: the
 * text for people; reply: Diagnostic-Code, unfolded (of type smtp: the other side's words, of
 * another: our MTA's); sender: the status, the returned Return-Path, else whom the bounce is
 * addressed to; message_id, from_domain, addressed: the returned message; queue_id: X-*-Queue-ID,
 * else the id of the returned message's first Received that the reporting host wrote. Then one
 * attempt of outcome HOST_ERROR, without recipient, for each other host whose answer a Sendmail
 * transcript shows. What Apple reports of mail that was sent from iCloud to other places gives
 * nothing. `look` may be NULL; with it, what would take GMime and cannot be Apple's is left out. */
PktDsnResult pkt_dsn_read (PktSlice mail, const PktAppleLook *look, PktDsnSink sink, gpointer data);

/* Of a report in which nothing that counts names Apple: what counts of its recipients as another
 * receiver's, stamp, outcome, recipient, host, address, reply, queue id. FALSE: one of them may be
 * no other receiver's after all, and the report is read whole. */
typedef gboolean (*PktDsnBrief) (const PktAttempt *records, guint n, gpointer data);

/* pkt_dsn_read(), or PKT_DSN_ELSEWHERE of such a report that was handed to `brief`; NULL: nothing
 * of it is read. */
PktDsnResult pkt_dsn_read_unless_elsewhere (PktSlice mail, const PktAppleLook *look,
                                            PktDsnBrief brief, PktDsnSink sink, gpointer data);
/* Whether the first bytes of a mail show that, and `brief` has got it: whatever follows them is the
 * body of what is returned. FALSE: read all of it. */
gboolean pkt_dsn_begins_elsewhere (PktSlice begin, const PktAppleLook *look, PktDsnBrief brief,
                                   gpointer data);
