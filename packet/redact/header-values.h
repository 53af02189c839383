#pragma once
#include "packet/redact/header-table.h"
#include "packet/redact/redactor.h"

/* One action of templates/headers.json each: value as it stands behind "name:" (LF, UTF-8) in,
 * value to print out; caller frees; NULL: drop the field. */

/* Every address as its mark, no display names. */
char *pkt_header_recipients (PktRedactor *r, const char *value);
char *pkt_header_return_path (PktRedactor *r, PktSlice value);
/* `for <x>`, every other address, and comments that say more than the program knows. */
char *pkt_header_received (PktRedactor *r, const PktHeaderTable *table, PktSlice value);
/* Authentication-Results, Received-SPF: envelope addresses keep constant part and domain. */
char *pkt_header_auth (PktRedactor *r, const PktHeaderTable *table, PktSlice value);
/* DKIM-Signature (RFC 6376): v a c d s h q t x l bh as they are, b= cut to 8 characters, i= masked,
 * z= and others never. */
char *pkt_header_dkim (PktRedactor *r, PktSlice value);
/* <URL>, … with their tokens as length and class. */
char *pkt_header_skeleton (PktRedactor *r, PktSlice value);
/* Parts between colons: plain words as they are, the others as length and class. */
char *pkt_header_fields (PktRedactor *r, PktSlice value);
/* Length and class only. */
char *pkt_header_class (PktSlice value);
/* Kept when the address is on a domain of ours; words of it that tell a reader become marks. */
char *pkt_header_from (PktRedactor *r, const char *value);
/* Kept when it is a role of ours, else without its local part. */
char *pkt_header_reply_to (PktRedactor *r, const char *value);
/* Without encoded words (RFC 2047), a blank in front; NULL: it has none. */
char *pkt_header_decoded (const char *value);
/* Kept when no name of a recipient and no id is in it. */
char *pkt_header_subject (PktRedactor *r, const char *value);
/* Words that look like ids become tokens. */
char *pkt_header_words (PktSlice value);
/* Content-Type, Content-Disposition: parameters of RFC 2045, 2183, 3676 and 6522 as they are, every
 * other value, names of files (RFC 2231 too) among them, becomes a token. */
char *pkt_header_content (PktSlice value, gboolean hide_boundary);
/* What parts the body; empty: it is not said. */
PktSlice pkt_header_boundary (PktSlice value);
/* Tags of languages (Content-Language); others by their class. */
char *pkt_header_languages (PktSlice value);
/* Of a field with few values ("auto-generated"): those of `known`, in any case, stay; from the
 * first other word on all is one token. */
char *pkt_header_value (PktSlice value, const char *const *known);
/* The same of a date (RFC 5322 3.3): numbers stay as well. */
char *pkt_header_date (PktSlice value, const char *const *known);
/* RFC 2919: words of the phrase that look like ids, and labels made for one list or reader, become
 * tokens. */
char *pkt_header_list_id (PktRedactor *r, PktSlice value);
/* A folder that everybody has, and what was done; the name of any other is the reader's own. */
char *pkt_header_folder (const char *value);
/* Written by a host of Apple's (`by …`). */
gboolean pkt_header_is_apple_hop (PktSlice value);
