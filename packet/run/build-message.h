#pragma once
#include "packet/run/evidence.h"
#include "packet/run/parts.h"

/* The message of a packet, from public facts: its subject, what its body is held to, its bytes. */

/* The subject of the request, of the mail that it answers, or of the thank-you; caller frees. */
char *pkt_build_subject (const PktEvidence *e, const json_t *facts);
/* Adds to the evidence's findings what a request should not say, or says too long (request/lint.h).
 * removed: PktLintAttachment* of parts that a person took out. */
void pkt_build_lint (PktEvidence *e, const char *body, const json_t *facts, const PktParts *parts,
                     const GPtrArray *removed);
/* Moves PktFinding* of `found` to the evidence's. */
void pkt_build_take_findings (PktEvidence *e, GPtrArray *found);
/* RFC 5322 with CRLF; of a draft, to be opened in a mail client, no date and no Message-ID. seed:
 * of boundaries and Message-ID, the same for the same packet. */
GBytes *pkt_build_message (const PktEvidence *e, const PktParts *parts, const char *subject,
                           const char *body, const char *seed, gboolean draft, GError **error);
