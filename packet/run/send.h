#pragma once
#include <glib.h>
#include <jansson.h>

/* A sealed packet on its way: by SMTP, by the local sendmail, or as a draft into the sender's own
 * mailbox. What goes are the bytes that the seal was held against. */

/* ASK: none was given; whether the packet may be sent is said, and what ways there are. */
typedef enum { PKT_SEND_SMTP, PKT_SEND_SENDMAIL, PKT_SEND_DRAFT, PKT_SEND_ASK } PktSendWay;

/* Borrowed; NULL where not given. */
typedef struct {
  const char *packet;
  PktSendWay way;
  const char *target; /* a URL, or the path of sendmail */
  gboolean to_self;   /* the same bytes to the sender's own address */
  gboolean dry_run;   /* only the dialogue that would be; nothing is asked, run or written */
  gboolean again;     /* although it was sent, or may have been */
  const char *user, *password_command, *token_command, *netrc_file, *ca_file, *mailbox;
  guint timeout; /* seconds for each answer; 0: the usual ones */
} PktSendOptions;

typedef struct {
  json_t *receipt; /* store/receipt.h; NULL: nothing was handed over */
  char *dialogue;  /* of a dry run; else NULL */
  int signal;      /* that ended it before anything was sent; else 0 */
} PktSendResult;

/* FALSE with an error, whose code says why (outbox/smtp.h, imap.h, sendmail.h, server.h); besides
 * PKT_ERROR_SEAL where the seal does not hold or the packet went out already, DATA for a message
 * that is damaged, USAGE for options that do not go together, IO where the receipt cannot be
 * written. A receipt may be set all the same: it then says what is known. */
gboolean pkt_send_run (const PktSendOptions *o, PktSendResult *out, GError **error);
void pkt_send_clear (PktSendResult *r);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (PktSendResult, pkt_send_clear)
