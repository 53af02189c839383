#pragma once
#include "packet/run/edits.h"
#include "packet/run/evidence.h"
#include "packet/run/inputs.h"
#include "packet/run/parts.h"
#include "packet/store/folder.h"

/* What goes into the packet folder, all of it already public. */
typedef struct {
  const PktEvidence *evidence;
  const PktInputs *inputs;
  const PktParts *parts;
  const PktPublic *facts;
  json_t *view;
  GBytes *request, *draft; /* NULL: not ready */
  const char *body;        /* NULL: not ready */
  const char *subject;
  const char *id;       /* of the packet: what its map is kept under */
  gboolean ready;       /* nothing lacks that the request needs */
  PktAudience audience; /* request and draft are for Apple only */
  PktRedactor *redactor;
  PktVerifier *verifier;
  const PktEdits *edits; /* NULL: all is as it was made */
} PktPacketParts;

/* Fills the folder: messages, parts, ticket, review, privacy report, manifest; then reads each file
 * again with the verifier. PKT_ERROR_PRIVACY names file and rule. */
gboolean pkt_packet_fill (PktFolder *folder, const PktPacketParts *p, GError **error);

/* run/packet-json.c: packet.json but for `verified` and `files`, which follow from the finished
 * files. New reference. */
json_t *pkt_packet_json (const PktPacketParts *p);
/* run/claims.c: [{claim, state, where}] of the request's sentences. New reference. */
json_t *pkt_claims_json (const PktEvidence *e, const json_t *view);
