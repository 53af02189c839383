#pragma once
#include "packet/outbox/outcome.h"
#include "packet/outbox/wire.h"

#define PKT_IMAP_MAX_LITERAL (64 * 1024) /* bytes: of a mailbox name */
#define PKT_IMAP_MAX_LINES 20000         /* of one answer: a mailbox each */

typedef struct {
  const char *mailbox;        /* the name as the server writes it (modified UTF-7), or NULL: the one
                                 with \Drafts */
  const char *const *secrets; /* taken out of replies; NULL-ended, or NULL */
  GBytes *message;            /* CRLF */
} PktDraftUpload;

/* Puts one message into the drafts of the account that is logged in: CAPABILITY, LIST (RFC 6154),
 * APPEND with \Draft and \Seen (RFC 3501 6.3.11), LOGOUT. out->mailbox is where, out->queue_id its
 * UID where the server tells it (RFC 4315). PKT_ERROR_UNAVAILABLE where no mailbox has \Drafts,
 * where the server's APPENDLIMIT (RFC 7889) is too small, and for NO; AGAIN where NO is for now
 * only (RFC 5530), when the connection is lost before, and for an end that was asked for; IO for
 * PKT_OUTCOME_UNSURE. */
gboolean pkt_imap_append (PktWire *w, const PktDraftUpload *d, PktOutcome *out, GError **error);

/* One untagged LIST answer, its literals as they came: FALSE when it is none, or is malformed. The
 * name is unquoted; caller frees. */
gboolean pkt_imap_list_entry (const char *line, gboolean *out_drafts, char **out_name);
