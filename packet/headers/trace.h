#pragma once
#include "packet/base/clock.h"
#include "packet/base/slice.h"
#include "packet/model/sample.h"

/* One Received field (RFC 5321 4.4): from HELO (PTR [IP]) by HOST with PROTOCOL id ID for <A>;
 * date. Absent is NULL. */
typedef struct {
  char *helo, *ptr, *ip, *by, *with, *id;
  char *tls; /* "TLSv1.3" of a comment, "yes" for ESMTPS alone; NULL */
  gint64 time;
} PktHop;

/* Never fails: what is not there is NULL. Caller frees with pkt_hop_clear(). */
void pkt_hop_parse (PktHop *hop, const char *value);
void pkt_hop_clear (PktHop *hop);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (PktHop, pkt_hop_clear)

/* Apple's hosts as they name themselves in Received: st43p00im-….me.com, p00-icloudmta-smtpin-…,
 * p44-mailgateway-smtp-…, names under me.com, mac.com, icloud.com, apple.com. */
gboolean pkt_trace_apple_host (const char *host);

/* Apple's own block: the fields from the top to the sender's first one. */
typedef struct {
  gboolean at_apple; /* an Apple Received line stands on top */
  guint hop;         /* index of the line that took the mail from outside, when at_apple */
  guint after;       /* first field after the topmost Received line */
  guint end;         /* first field that may be the sender's */
} PktAppleBlock;

PktAppleBlock pkt_trace_block (const PktSample *s);
