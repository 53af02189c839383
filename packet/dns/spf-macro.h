#pragma once
#include <glib.h>
#include "packet/base/slice.h"

/* The values of RFC 7208 7.2. `p` is looked up only where it is used: pkt_spf_macro_needs (). */
typedef struct {
  const char *sender, *local_part, *sender_domain; /* s, l, o */
  const char *domain;                              /* d */
  const char *dotted_ip;                           /* i */
  const char *validated;                           /* p */
  const char *family;                              /* v: in-addr or ip6 */
  const char *helo;                                /* h */
  const char *client_ip, *receiver;                /* c, r: in explanations only */
  gint64 now;                                      /* t: microseconds UTC, in explanations only */
} PktSpfMacros;

/* Is `text` a macro-string (RFC 7208 7.1)? Letters c, r and t only in explanations, which may hold
 * blanks too. */
gboolean pkt_spf_macro_valid (PktSlice text, gboolean explanation);
/* Does it hold the letter, in either case? */
gboolean pkt_spf_macro_needs (const char *text, char letter);
/* Expands a valid one; caller frees. */
char *pkt_spf_macro_expand (const char *text, const PktSpfMacros *values);
/* A name to ask for: expanded, and where it is over 253 bytes, labels are left out from the left
 * (RFC 7208 7.3). Caller frees. */
char *pkt_spf_macro_domain (const char *text, const PktSpfMacros *values);
