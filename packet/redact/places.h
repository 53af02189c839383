#pragma once
#include "packet/base/slice.h"

/* What a place tells about the text that stands there. */
typedef enum {
  PKT_PLACE_STRICT, /* must be clean as it is */
  PKT_PLACE_RECIPIENT,
  PKT_PLACE_RETURN_PATH,
  PKT_PLACE_TEXT,
  PKT_PLACE_DOMAIN, /* a recipient's domain */
  PKT_PLACE_MESSAGE_ID,
  PKT_PLACE_READ_NAME, /* a machine's, as it was read: "mx.example.com" */
  PKT_PLACE_READ_ID,   /* an id, as it was read: there, or not */
} PktPlace;

/* Of a key name in the facts' tree; FALSE: the key says nothing, its parent's place holds. */
gboolean pkt_place_of_key (const char *key, PktPlace *out);
/* Domains of Apple's mailboxes that everybody shares, so naming them names nobody. */
gboolean pkt_place_apple_domain (PktSlice domain);
/* apple.com and below: Apple the company. */
gboolean pkt_place_apple_company (PktSlice domain);
/* postmaster, abuse: a role at any domain (RFC 2142). */
gboolean pkt_place_role_everywhere (PktSlice local);
/* A local part that only has words such as "bounce", "dmarc-reports", "noreply": no person. */
gboolean pkt_place_role_words (PktSlice local);
/* A single such word. */
gboolean pkt_place_role_word (PktSlice word);
/* Length of "smtp.mailfrom=", "envelope-from=" and the like that `s` begins with or is; 0. */
gsize pkt_place_key_prefix (PktSlice s);
