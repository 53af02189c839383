#pragma once
#include "packet/model/attempt.h"

/* The text for people of Postfix's bounces, by recipient:
 *   <user@icloud.com>: host mx01.mail.icloud.com[17.57.154.6] said:
 *       554 5.7.1 [CS01] … (in reply to end of DATA command)
 * It alone has the IP and the stage. Used inside packet/bounce only. */
typedef struct PktDsnNotice PktDsnNotice;

typedef struct {
  PktSlice host, ip;
  PktSlice reply; /* the other side's words; empty where it said nothing */
  PktStage stage;
} PktDsnReason;

PktDsnNotice *pkt_dsn_notice_parse (PktSlice text);
void pkt_dsn_notice_free (PktDsnNotice *notice);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PktDsnNotice, pkt_dsn_notice_free)

/* What it says of a recipient (without <>); all empty when nothing. Borrows from the notice. */
PktDsnReason pkt_dsn_notice_find (const PktDsnNotice *notice, PktSlice recipient);
/* "host H[IP] said: REPLY (in reply to X command)", "host H[IP] refused to talk to me: REPLY",
 * "lost connection with H[IP] while …", "conversation with H[IP] timed out while …",
 * "connect to …" (log-formats.md 2.2). */
PktDsnReason pkt_dsn_reason_parse (PktSlice reason);
