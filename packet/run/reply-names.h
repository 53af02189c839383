#pragma once
#include "packet/apple/catalogue.h"
#include "packet/model/attempt.h"

/* Whom a reply names beside addresses: "554 jane.quill not allowed", "user jane does not exist in
 * quill.example". What tables show goes into tickets and chats, and names nobody. */
typedef struct PktReplyNames PktReplyNames;

/* The catalogue lives longer; its examples tell which words are any reply's. */
PktReplyNames *pkt_reply_names_new (const PktCatalogue *catalogue);
void pkt_reply_names_free (PktReplyNames *names);

/* `text` (pkt_reply_normalise) without the recipient of the attempt that it answers: "<recipient>"
 * for the local part, and for words of his name where a bounce has it, "<domain>" for a domain that
 * is neither Apple's nor the sender's. NULL where it has none of them; else caller frees. `found`
 * (char*; may be NULL) gets what stood there. */
char *pkt_reply_names_mask (PktReplyNames *names, const char *text, const PktAttempt *a,
                            GPtrArray *found);

/* For a reply that comes again and again, with what each word begins that is not any reply's: most
 * have none, … */
guint64 pkt_reply_names_starts (PktReplyNames *names, const char *text);
/* … and where nothing of the recipient begins so, pkt_reply_names_mask() would find nothing. */
gboolean pkt_reply_names_may (guint64 starts, const PktAttempt *a);
