#pragma once
#include "packet/model/attempt.h"

/* The text for people of a bounce, by recipient. It alone has the IP and the stage, and in bounces
 * that do not follow RFC 3464 all there is. Used inside packet/bounce only. */
typedef struct PktDsnNotice PktDsnNotice;

typedef struct {
  PktSlice host, ip;
  PktSlice reply; /* the other side's words; empty where it said nothing */
  PktSlice words; /* the mail server's own, where the other side said nothing */
  PktStage stage;
  PktOutcome outcome;
} PktDsnReason;

/* Borrows from `text`, which must live as long. */
PktDsnNotice *pkt_dsn_notice_parse (PktSlice text);
void pkt_dsn_notice_free (PktDsnNotice *notice);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PktDsnNotice, pkt_dsn_notice_free)

/* What it says of a recipient (without <>); all empty when nothing. */
PktDsnReason pkt_dsn_notice_find (const PktDsnNotice *notice, PktSlice recipient);
/* Who wrote it: "exim", "qmail" …, "postfix"; NULL when it is no mail server's text that we know.
 */
const char *pkt_dsn_notice_writer (const PktDsnNotice *notice);
/* In the order of the text. */
guint pkt_dsn_notice_size (const PktDsnNotice *notice);
PktSlice pkt_dsn_notice_recipient (const PktDsnNotice *notice, guint i);
/* Answers of hosts that were tried and decided nothing, in the order of the text. */
guint pkt_dsn_notice_others (const PktDsnNotice *notice);
PktDsnReason pkt_dsn_notice_other (const PktDsnNotice *notice, guint i);
/* What follows the notice in a mail without MIME: header and body of the returned message. */
PktSlice pkt_dsn_notice_returned (const PktDsnNotice *notice);

/* "host H[IP] said: REPLY (in reply to X command)", "host H[IP] refused to talk to me: REPLY",
 * "lost connection with H[IP] while …", "conversation with H[IP] timed out while …",
 * "connect to …" (log-formats.md 2.2). */
PktDsnReason pkt_dsn_reason_parse (PktSlice reason);

/* What the readers of the texts (classic.c) share. */
void pkt_dsn_notice_add (PktDsnNotice *notice, PktSlice recipient, const PktDsnReason *reason);
void pkt_dsn_notice_add_other (PktDsnNotice *notice, const PktDsnReason *reason);
/* Text that lives as long as the notice. */
PktSlice pkt_dsn_notice_keep (PktDsnNotice *notice, const GString *text);
/* Reads `text` in the form of the one who wrote it; NULL: nobody known. */
const char *pkt_dsn_classic_read (PktDsnNotice *notice, PktSlice text);
/* Two of them, with tables of their own (classic-tables.c). */
void pkt_dsn_sendmail_read (PktDsnNotice *notice, PktSlice text);
void pkt_dsn_exchange_read (PktDsnNotice *notice, PktSlice text);
/* Two mailbox providers (classic-webmail.c). */
void pkt_dsn_google_read (PktDsnNotice *notice, PktSlice text);
void pkt_dsn_yahoo_read (PktDsnNotice *notice, PktSlice text);
/* The next line without its end and the blanks there; FALSE at the end. */
gboolean pkt_dsn_next_line (PktSlice *text, PktSlice *line);
/* `<user@icloud.com>`, also `<"angle<x>79"@mac.com>`: the address, and s behind it; empty when
 * there is none. */
PktSlice pkt_dsn_take_recipient (PktSlice *s);
