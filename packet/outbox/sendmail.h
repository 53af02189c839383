#pragma once
#include "packet/outbox/outcome.h"
#include "packet/outbox/smtp.h"

#define PKT_SENDMAIL_MAX_OUTPUT 2000 /* bytes of what it says that are kept */

/* Where a sendmail command is: `path` itself, or, when NULL, the first of /usr/sbin/sendmail,
 * /usr/lib/sendmail and sendmail in PATH. Caller frees; PKT_ERROR_UNAVAILABLE where none is. */
char *pkt_sendmail_find (const char *path, GError **error);

/* Gives the message (lines ended by LF, as local programs take them) to `path -i -f FROM -- TO` on
 * a file, so that an end of ours in the middle is not taken for the message's. Exit 0 is
 * PKT_OUTCOME_SENT. PKT_ERROR_AGAIN: 75 (EX_TEMPFAIL); UNAVAILABLE: any other; IO with
 * PKT_OUTCOME_UNSURE: it was killed, or broke off in a way that says nothing of the message
 * (EX_IOERR 74, EX_PROTOCOL 76). */
gboolean pkt_sendmail_run (const char *path, const PktSubmission *s, PktOutcome *out,
                           GError **error);
