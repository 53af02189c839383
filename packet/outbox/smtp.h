#pragma once
#include "packet/outbox/outcome.h"
#include "packet/outbox/smtp-reply.h"

/* From whom and to whom a message travels, and what travels. Borrowed. */
typedef struct {
  const char *from, *to;      /* addresses without <> */
  const char *helo;           /* a host name or address literal (RFC 5321 4.1.3) */
  const char *const *secrets; /* taken out of replies; NULL-ended, or NULL */
  GBytes *message;            /* CRLF */
  const char *file;           /* what messages call it: "request.eml" */
} PktSubmission;

/* What a transport has to know of the bytes. PKT_ERROR_DATA where SMTP cannot carry them as they
 * are: a bare CR or LF, a NUL, a line of over 998 bytes (RFC 5321 2.3.8, 4.5.3.1.6), no CRLF at the
 * end. */
typedef struct {
  gboolean eight_bit;   /* needs 8BITMIME (RFC 6152) */
  gboolean utf8_header; /* needs SMTPUTF8 (RFC 6531) */
} PktBytesNeed;
gboolean pkt_smtp_need (const PktSubmission *s, PktBytesNeed *out, GError **error);

/* One message over a connection that is secured and logged in: EHLO, MAIL, RCPT, DATA, QUIT. SIZE
 * (RFC 1870) is told and respected, BODY and SMTPUTF8 are told where they are needed, notices of
 * failure and delay asked for where DSN (RFC 3461) is offered. The bytes go out as they are, but
 * for dots doubled at the beginning of lines. FALSE with an error, and out->state says whether it
 * may have arrived: PKT_ERROR_AGAIN for 4xx, for a closed connection and for an end that was asked
 * for, UNAVAILABLE for 5xx and for what the server cannot do, CONFIG where it wants a login, IO for
 * PKT_OUTCOME_UNSURE. */
gboolean pkt_smtp_submit (PktWire *w, const PktSubmission *s, PktOutcome *out, GError **error);

/* The same as text, without a server: what would be said. `login`: the lines between, or "".
 * Caller frees. PKT_ERROR_DATA as above. */
char *pkt_smtp_dialogue (const PktSubmission *s, const char *login, GError **error);
/* The bytes with dots doubled at line starts (RFC 5321 4.5.2), without the last lone dot. */
GString *pkt_smtp_stuffed (GBytes *message);
