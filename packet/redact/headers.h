#pragma once
#include "packet/model/sample.h"
#include "packet/redact/redactor.h"

/* Adds what a sample shows to be the sender's own: domains of From, return-path and policy; the
 * From address and those that its DMARC policy publishes, unless they are Apple's mailboxes or the
 * sample's recipients. Of `forwarded` mail only the last are taken: its author is no party to it.
 * Lists of char*, each entry once. */
void pkt_headers_scope (const PktSample *sample, gboolean forwarded, GPtrArray *own_domains,
                        GPtrArray *allowed);
/* Are there header fields of this sending service in the table? */
gboolean pkt_headers_know_platform (const char *name);
/* The headers of a delivered sample as they may leave, by the allow-list of templates/headers.json
 * (facts/apple.md 4.3): one field after the other, LF, UTF-8; rows "keep" are byte-identical, but
 * for control characters: these are '?'. out_removed (new reference, may be NULL) is [{"name",
 * "reason", "was"}] in order of first appearance; `was` is length and class of the first value or
 * null, never a value. Add the sample's recipients and names to the redactor first (this does it
 * too). Caller frees. */
char *pkt_redact_headers (PktRedactor *r, const PktSample *sample, json_t **out_removed);
/* The values of the sample's X- fields become what pkt_redact_headers () shows of them, empty where
 * it shows nothing: for the facts that are told of them. Call it first. */
void pkt_headers_hide (PktRedactor *r, PktSample *sample);
/* Whether the sample's Message-ID may be told of: nothing in it names its reader. `r` knows them,
 * by pkt_redact_headers (). */
gboolean pkt_headers_shows_message_id (PktRedactor *r, const PktSample *sample);
