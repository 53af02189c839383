#pragma once
#include "packet/model/rule.h"

/* Bytes of a reply that are looked at. Postfix cuts its lines at 2,000; nothing that identifies an
 * answer stands further back. */
#define PKT_REPLY_MAX 4096
/* Wrappers that are taken off one after the other ("Diagnostic-Code: smtp; host … said: …"). */
#define PKT_REPLY_MAX_WRAPPERS 8

/* Reads a reply without a catalogue: code, enhanced code, tag, Txn ID, the IP or domain that it
 * blames, the queue id of an acceptance (facts/apple.md 1.1). Wrappers are taken off, blanks and
 * line ends count as one blank, U+2019 as an apostrophe. A 503 that carries "MAIL FROM error: 451
 * …" is read by that inner reply (pipelining). Everything else of `out` is cleared: rule NULL,
 * category unknown. Slices of `out` borrow from `reply`. */
void pkt_reply_read (PktSlice reply, PktVerdict *out);
/* The same of mail that was accepted, whose reply some logs write without its code. */
void pkt_reply_read_accepted (PktSlice reply, PktVerdict *out);

/* One line for grouping and printing kinds of replies: wrapper off, blanks folded, "550-5.7.1 …
 * 550 5.7.1 …" with its prefix once, each address as <recipient>, the Txn ID as "Txn ID <id>", a
 * queue id at the end as <id>. Valid UTF-8 without control bytes; caller frees. */
char *pkt_reply_normalise (PktSlice reply);
/* Shortens such a line to what is the same with a Txn ID and without: the ID, which few of Apple's
 * answers have, goes, and the full stop before it, which the text may have without it, too. */
void pkt_reply_lift_txn (char *line);
