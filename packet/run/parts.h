#pragma once
#include "packet/model/public.h"
#include "packet/run/evidence.h"
#include "packet/run/inputs.h"

/* An attachment and how the body's "Attached:" line calls it. */
typedef struct {
  PktPublicPart *part;
  const char *word; /* static */
  char *alt;        /* of a picture: the same in words; NULL */
} PktPart;

typedef struct {
  GPtrArray *list; /* PktPart* */
  json_t *removed; /* header fields that did not pass: [{name, reason}] */
  char *campaign;  /* public text outline of the page, for the review and parts/; NULL */
} PktParts;

PktParts *pkt_parts_new (void);
void pkt_parts_free (PktParts *p);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PktParts, pkt_parts_free)

/* The words of parts that are there in any case of this evidence, for the body; NULL-ended; caller
 * frees the array only. */
const char **pkt_parts_words (const PktEvidence *e, const PktInputs *in);
/* Makes them all, redacted and checked. PKT_ERROR_PRIVACY as in packet/redact/publish.h. */
gboolean pkt_parts_make (PktParts *p, const PktEvidence *e, const PktInputs *in, PktRedactor *r,
                         const PktPublic *facts, const json_t *view, GError **error);
