#pragma once
#include "packet/redact/redactor.h"

/* What no value test can find, since it is keyed or counted (a database id, an encrypted address),
 * goes by its place: only its length and class leave. Everything here appends to `out`. */

/* "[token:43,base64url]"; classes: digits, hex, uuid, letters, jwt, base64, base64url, text. */
void pkt_token_append (GString *out, PktSlice value);
/* A word that a person chose for all readers: "unsubscribe", "weekly-news", "2026"; nobody's name
 * or local part, no id. */
gboolean pkt_token_plain (const PktRedactor *r, PktSlice word);
/* Plain words between the `separators` stay, the others become tokens. */
void pkt_token_append_words (const PktRedactor *r, GString *out, PktSlice value,
                             const char *separators);
/* A word of free text that looks like an id: an order number, a code; never a date or a version. */
gboolean pkt_token_like (PktSlice word);
/* Free text in which such words become tokens. */
void pkt_token_append_text (GString *out, PktSlice text);
/* A host, also the id of a list: labels made for one reader become tokens, save in the last two. */
void pkt_token_append_host (const PktRedactor *r, GString *out, PktSlice host);
/* A URL or mailto: (RFC 3986, RFC 6068): scheme, host, plain path segments and plain names of
 * parameters stay; other segments, every value and every fragment become tokens; user and password
 * go. */
void pkt_token_append_url (const PktRedactor *r, GString *out, PktSlice url);
