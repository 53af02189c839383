#pragma once
#include <glib.h>
#include "packet/base/slice.h"

/* The text of a reply, made ready for reading. Used inside packet/apple only. */

/* RFC 5321 4.5.3.1: local part 64, path 256; some slack, and quoted strings end somewhere. */
#define PKT_FOLD_MAX_LOCAL 128
#define PKT_FOLD_MAX_PATH 400

/* "550-5.7.1 5.7.1 text": what a reply begins with. `rest` follows it, blanks skipped. */
typedef struct {
  int code;        /* 0 when there is none */
  PktSlice digits; /* "550" */
  PktSlice enhanced;
  PktSlice rest;
} PktReplyHead;

PktReplyHead pkt_reply_head (PktSlice text);

/* The reply inside `host H[IP] said: … (in reply to … command)`, `smtp; …`, `response=…` and the
 * like; the whole, trimmed, when there is no wrapper. Borrows. */
PktSlice pkt_reply_unwrap (PktSlice reply);
/* The inner reply of `503 … MAIL FROM error: 451 …`; the text itself when there is none. Borrows.
 */
PktSlice pkt_reply_inner (PktSlice unwrapped);

typedef enum {
  PKT_FOLD_MATCH,  /* local parts of addresses become "x", so that none can imitate a reply */
  PKT_FOLD_PUBLIC, /* addresses become <recipient> */
} PktFoldFor;

/* An unwrapped reply on one line: blanks folded, repeated prefixes dropped, addresses masked.
 * Linear in its length. */
GString *pkt_reply_fold (PktSlice unwrapped, PktFoldFor purpose);

/* Where in the atext that `s` begins with, `run` bytes, an address stands whose '@' is encoded, as
 * %40, =40, +40 (xtext), &#64;, \u0040 and the like, or is '=' or '%' before one of Apple's
 * mailbox domains: [*start, *end). */
gboolean pkt_fold_coded (PktSlice s, gsize run, gsize *start, gsize *end);
/* FALSE of most replies: none has a byte with which such a sign begins. */
gboolean pkt_fold_may_be_coded (PktSlice s);

/* What follows `phrase` in folded text, ASCII case ignored; {NULL, 0} when it is not there. */
PktSlice pkt_fold_after (PktSlice text, const char *phrase);
/* Length of the UUID that text begins with: 36 or 0. */
gsize pkt_fold_uuid (PktSlice text);
