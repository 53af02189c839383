#pragma once
#include "packet/redact/redactor.h"

/* Received, Authentication-Results, Received-SPF: who wrote them may say anything in a comment
 * (RFC 5322 3.2.2) or in a property of its own (RFC 8601 2.2). A comment of which each word is
 * known (templates/headers.json, comment_words), a number, a host, an address of a machine or a
 * cipher stays, with the addresses of people replaced; any other becomes "(comment removed)".
 * `properties`: the value of a key that properties does not list becomes a token. Blanks and folds
 * stay as they are. Caller frees. */
typedef struct {
  char *(*address) (PktRedactor *r, PktSlice address);
  const char *const *words;      /* NULL-ended, lower case */
  const char *const *properties; /* NULL-ended; NULL: no property is looked at */
} PktCommentRules;

char *pkt_header_rewrite (PktRedactor *r, PktSlice value, const PktCommentRules *rules);
