#pragma once
#include <jansson.h>
#include "packet/run/evidence.h"
#include "packet/run/parts.h"

/* What a person changed in a packet: the text of the message, and files in parts/. */
typedef struct PktEdits {
  char *body;           /* UTF-8, LF, ends with one; NULL: as it is made */
  GHashTable *parts;    /* name -> GBytes; NULL: the attachment was taken out */
  GHashTable *kept;     /* name -> GBytes: pictures that nobody touched; they were vouched for when
                           they were made, perhaps online */
  GPtrArray *expected;  /* char*: attachments of the packet */
  const json_t *inputs; /* what was read when the packet was built (run/record.h), borrowed */
  json_t *shown;        /* packet.json's "edited": [{where, text}], made by the functions below */
} PktEdits;

PktEdits *pkt_edits_new (void);
void pkt_edits_free (PktEdits *e);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PktEdits, pkt_edits_free)

/* The text of an editor: line ends become LF, blank ends of lines and of the text go.
 * PKT_ERROR_DATA where it is empty, too long, or no plain text. */
gboolean pkt_edits_set_body (PktEdits *e, const char *text, gsize n, GError **error);
/* What differs in the packet's parts/ from its packet.json, and what was edited before.
 * PKT_ERROR_DATA for a file that is no part of the packet. */
gboolean pkt_edits_read_parts (PktEdits *e, const char *packet, const json_t *manifest,
                               GError **error);
/* Is there anything that the message in the packet does not have yet? */
gboolean pkt_edits_are_new (const PktEdits *e, const char *packet, const json_t *manifest,
                            const char *body);

/* Puts the edited parts in the place of those made. What does not match the evidence becomes a
 * finding of `evidence`. PKT_ERROR_PRIVACY names part and rule; DATA where one that the packet has
 * is not made any more. */
gboolean pkt_edits_take_parts (PktEdits *e, PktParts *parts, PktEvidence *evidence, PktRedactor *r,
                               const json_t *facts, const char *body, GError **error);
/* The same of the text: *body is replaced. Call it first: it needs the parts as they were made. */
gboolean pkt_edits_take_body (PktEdits *e, char **body, const PktParts *parts,
                              PktEvidence *evidence, PktRedactor *r, const json_t *facts,
                              GError **error);
/* The name of an attachment that was taken out, borrowed from the edits; NULL where it was not. */
const char *pkt_edits_removed (const PktEdits *e, const char *name);
