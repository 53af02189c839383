#pragma once
#include "packet/log/syslog.h"
#include "packet/model/attempt.h"

/* Words of a Postfix line: its tag and queue id (log-formats 2.1). */
typedef enum {
  PKT_DAEMON_NONE, /* another one, or none of Postfix */
  PKT_DAEMON_SMTP,
  PKT_DAEMON_ERROR,
  PKT_DAEMON_QMGR,
  PKT_DAEMON_CLEANUP,
  PKT_DAEMON_LOCAL
} PktPostfixDaemon;

/* By the last part of a tag: "smtp" of postfix/mta1/smtp. */
PktPostfixDaemon pkt_postfix_daemon (PktSlice name);
/* By what follows the queue id of a line whose tag is "postfix" alone, as RFC 5424 may have it. */
PktPostfixDaemon pkt_postfix_daemon_of_text (PktSlice text);
/* Empty when the tag has one part only. */
PktSlice pkt_postfix_last_part (PktSlice tag);
gboolean pkt_postfix_is_tag (PktSlice tag);
/* "4gBx2T5r3Zz1k: " and what follows it: moves *text behind it; empty when there is none. */
PktSlice pkt_postfix_take_id (PktSlice *text);
/* Fills transport and local IP. "postfix/mta1/smtp": transport mta1. "postfix-192.0.2.10/smtp": an
 * instance named after its sending IP. */
void pkt_postfix_read_transport (PktSlice tag, PktAttempt *a);
/* "2DC5552A34: to=<…>, relay=…, status=…": cut out of a log, what stands before the id left out. */
gboolean pkt_postfix_is_fragment (PktSlice line);
/* Its place holds a queue id: of each message another, so no frame to be learnt. */
gboolean pkt_postfix_lacks_tag (const PktSyslog *f);
/* The same behind a time and a host, where an export left the program out (Loki, a shipper's JSON):
 * the line from the queue id on, which stands in f's tag; empty: something else. */
PktSlice pkt_postfix_untagged (PktSlice line, const PktSyslog *f);
