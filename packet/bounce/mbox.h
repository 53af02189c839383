#pragma once
#include "packet/base/slice.h"

/* A file of mails, one after the other: a mailbox of any of the four kinds (mboxo, mboxrd, mboxcl,
 * mboxcl2), or a file that is one mail. Bytes come from a function, so that a mailbox of any size
 * takes one mail's memory. */
typedef struct PktMbox PktMbox;

/* Up to n bytes into p; 0 at the end. */
typedef gsize (*PktMboxRead) (gpointer data, char *p, gsize n);

/* A mail longer than max_mail is handed out cut there. */
PktMbox *pkt_mbox_new (gsize max_mail);
void pkt_mbox_free (PktMbox *m);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PktMbox, pkt_mbox_free)
/* Begins another file; the memory is used again. */
void pkt_mbox_start (PktMbox *m, PktMboxRead read, gpointer data);
/* The next mail with its "From " line, where it has one; borrowed until the next call. FALSE at the
 * end. */
gboolean pkt_mbox_next (PktMbox *m, PktSlice *mail);
guint64 pkt_mbox_line (const PktMbox *m);  /* of the file, on which the mail begins; from 1 */
guint64 pkt_mbox_bytes (const PktMbox *m); /* of the file, read so far */
guint64 pkt_mbox_cut (const PktMbox *m);   /* mails that were longer than max_mail */

/* TRUE when a file's first bytes are those of a mail or a mailbox: header fields, two of them such
 * as each mail has. A log line has a blank before its first colon. */
gboolean pkt_mbox_is_mail (PktSlice head);
