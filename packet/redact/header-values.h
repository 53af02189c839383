#pragma once
#include "packet/redact/redactor.h"

/* One action of templates/headers.json each: value as it stands behind "name:" (LF, UTF-8) in,
 * value to print out; caller frees; NULL: drop the field. */

/* Every address as its mark, no display names. */
char *pkt_header_recipients (PktRedactor *r, const char *value);
char *pkt_header_return_path (PktRedactor *r, PktSlice value);
/* `for <x>` and addresses in comments. */
char *pkt_header_received (PktRedactor *r, PktSlice value);
/* Authentication-Results, Received-SPF: envelope addresses keep their constant part. */
char *pkt_header_auth (PktRedactor *r, PktSlice value);
/* DKIM-Signature (RFC 6376): v a c d s h q t x l bh as they are, b= cut to 8 characters, i= masked,
 * z= and others never. */
char *pkt_header_dkim (PktRedactor *r, PktSlice value);
/* <URL>, … as scheme and host. */
char *pkt_header_skeleton (PktSlice value);
/* Length and class only. */
char *pkt_header_class (PktSlice value);
/* Kept when the address is on a domain of ours. */
char *pkt_header_from (PktRedactor *r, const char *value);
/* Kept when it is a role of ours. */
char *pkt_header_reply_to (PktRedactor *r, const char *value);
/* Kept when no name of a recipient is in it. */
char *pkt_header_subject (PktRedactor *r, const char *value);
/* Written by a host of Apple's (`by …`). */
gboolean pkt_header_is_apple_hop (PktSlice value);
