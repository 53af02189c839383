#pragma once
#include "packet/base/clock.h"
#include "packet/base/slice.h"

/* What one try to deliver to one recipient came to. A day's counts use only the first three. */
typedef enum {
  PKT_DELIVERED,
  PKT_DEFERRED,
  PKT_BOUNCED,
  PKT_HOST_ERROR,    /* one MX answered or failed, another may follow: evidence, no outcome */
  PKT_NOT_ATTEMPTED, /* put off without a connection; its text is a copy of an earlier reply */
  PKT_N_OUTCOMES
} PktOutcome;

typedef enum {
  PKT_STAGE_UNKNOWN,
  PKT_STAGE_CONNECT,
  PKT_STAGE_BANNER,
  PKT_STAGE_HELO,
  PKT_STAGE_STARTTLS,
  PKT_STAGE_MAIL,
  PKT_STAGE_RCPT,
  PKT_STAGE_DATA,
  PKT_STAGE_END_OF_DATA,
} PktStage;

/* What a reader says of a line. A queue's life is told by several lines, joined by queue id
 * (trend/join). */
typedef enum {
  PKT_RECORD_OTHER,    /* of this format, nothing for us */
  PKT_RECORD_FOREIGN,  /* a syslog line of another program */
  PKT_RECORD_UNKNOWN,  /* not of this format */
  PKT_RECORD_ATTEMPT,  /* a recipient's try; `to=<…>, … status=…` */
  PKT_RECORD_ARRIVAL,  /* queue id -> sender, size */
  PKT_RECORD_RECEIVED, /* the same of a message that begins here, and its Message-ID: what was known
                          of the queue id is another message's */
  PKT_RECORD_MESSAGE_ID, /* queue id -> Message-ID */
  PKT_RECORD_RESENT_ID,  /* queue id -> Resent-Message-ID: in place of a Message-ID nobody tells */
  PKT_RECORD_EXPIRED,   /* queue id: all that is still deferred is given up; with a recipient: he */
  PKT_RECORD_REMOVED,   /* queue id is done */
  PKT_RECORD_PUT_OFF,   /* an attempt that was put off, another receiver's beyond doubt; stamp,
                           queue_key, fingerprint, recipient and a reply of the same sort are set */
  PKT_RECORD_ELSEWHERE, /* an accepted attempt that is another receiver's beyond doubt; stamp,
                           queue_key and fingerprint alone are set */
} PktRecordKind;

/* A record of one line. Every slice borrows from the line and lives until the next one. */
typedef struct {
  PktStamp stamp; /* kind NONE: an attempt that belongs to no day, and counts nowhere */
  PktOutcome outcome;
  PktStage stage;
  gboolean smtp;        /* a hop over SMTP to another host; local, virtual, lmtp, pipe: FALSE */
  PktSlice recipient;   /* as logged, without <> */
  PktSlice sender;      /* envelope sender; p != NULL and n == 0 is the null sender <> */
  PktSlice from_domain; /* of the From header, where a format has it */
  PktSlice remote_host; /* the host that the reply came from; empty when none was reached */
  PktSlice remote_ip;
  PktSlice local_ip;  /* sending IP */
  PktSlice transport; /* name that --map takes: "mta1" of postfix/mta1/smtp */
  PktSlice helo;
  PktSlice reply; /* the other side's words, or the MTA's where there are none; wrapper stripped */
  gboolean reply_is_remote; /* reply is the other side's */
  PktSlice queue_id;        /* ours */
  PktSlice queue_scope;     /* host and instance that the queue id is unique in: "mail postfix" */
  guint64 queue_key;   /* pkt_queue_key() of both where the reader has it at hand; 0: not made */
  guint64 fingerprint; /* pkt_attempt_fingerprint() where the reader has it at hand; 0: not made */
  PktSlice message_id; /* without <> */
  PktSlice campaign, platform_id, label;
  PktSlice
      addressed; /* To and Cc of a returned message, To of one in a recorded session; one line */
  gint64 size;   /* bytes, -1 unknown */
} PktAttempt;

/* Never 0. scope_hash: pkt_slice_hash() of what queue ids are unique in, seed 0. */
static inline guint64
pkt_queue_key (PktSlice queue_id, guint64 scope_hash)
{
  guint64 h = pkt_slice_hash (queue_id, scope_hash);
  return h + (h == 0);
}

static inline guint64
pkt_attempt_queue_key (const PktAttempt *a)
{
  return a->queue_key ? a->queue_key
                      : pkt_queue_key (a->queue_id, pkt_slice_hash (a->queue_scope, 0));
}

/* A hash of what makes another receiver's attempt this one; rotated copies agree on it: of the time
 * only the second as written counts, without the year where the log has none. Never 0. */
static inline guint64
pkt_attempt_fingerprint_at (PktSlice recipient, guint64 queue_key, gint64 written_second)
{
  return pkt_slice_hash_short (recipient, queue_key + (guint64)written_second) | 1;
}
/* The same, written_second being pkt_stamp_written_second() of the stamp. */
static inline guint64
pkt_attempt_fingerprint (PktSlice recipient, guint64 queue_key, PktStamp stamp)
{
  return pkt_attempt_fingerprint_at (recipient, queue_key, pkt_stamp_written_second (stamp));
}

/* All texts of an attempt, for whoever keeps them; platform_id is the last. */
#define PKT_ATTEMPT_TEXTS 16
void pkt_attempt_texts (PktAttempt *a, PktSlice *out[PKT_ATTEMPT_TEXTS]);

const char *
pkt_outcome_name (PktOutcome outcome); /* "delivered" … as design.md section 4 spells them */
const char *pkt_stage_name (PktStage stage);  /* "end-of-data"; NULL for unknown */
const char *pkt_stage_words (PktStage stage); /* for texts: "end of DATA"; NULL for unknown */
/* "end of DATA command", "RCPT TO", "MAIL FROM", "EHLO": as MTAs write it. */
PktStage pkt_stage_from_words (PktSlice words);
/* "250 …", "550-5.7.1 …", a bare "450": it begins like an SMTP reply. */
gboolean pkt_is_reply (PktSlice s);
/* "421 4.4.1 Unable to connect to remote host", "550 4.4.7 Message expired", Microsoft's "550
 * 5.4.316 …": what no remote host can have said, as none answered, or the message grew too old for
 * the server that kept it (RFC 3463 3.5). Takes the codes off; FALSE and nothing moved: it may be
 * an answer. */
gboolean pkt_take_own_status (PktSlice *reply);
/* Exim's own words behind an answer, when it gives up: "451 4.7.1 …: retry timeout exceeded". */
PktSlice pkt_without_given_up (PktSlice reply);
