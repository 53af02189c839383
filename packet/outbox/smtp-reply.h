#pragma once
#include "packet/outbox/wire.h"

#define PKT_SMTP_REPLY_MAX_LINES 100

/* A reply of an SMTP server (RFC 5321 4.2). */
typedef struct {
  int code;         /* 200 to 599 */
  GPtrArray *lines; /* char*: what stands after "250-" or "250 " */
  char *text;       /* "250 2.0.0 Ok: queued as 4F00": code and lines, joined by blanks */
} PktSmtpReply;

/* NULL with PKT_ERROR_AGAIN where what comes is no reply, or nothing comes. */
PktSmtpReply *pkt_smtp_reply_read (PktWire *w, GError **error);
void pkt_smtp_reply_free (PktSmtpReply *r);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PktSmtpReply, pkt_smtp_reply_free)

/* What an EHLO reply offers, by its first word ("SIZE", whatever the case): the words after it, ""
 * when there are none; NULL when it is not offered. */
const char *pkt_smtp_reply_offers (const PktSmtpReply *r, const char *keyword);
/* The id under which the server took the message: "queued as X", "id=X", "ok 1234 qp 5", "2.0.0 X
 * Message accepted for delivery"; NULL when the reply names none. Caller frees. */
char *pkt_smtp_reply_queue_id (const PktSmtpReply *r);
