#pragma once
#include "packet/model/public.h"
#include "packet/run/evidence.h"
#include "packet/run/inputs.h"
#include "packet/run/screen.h"

/* An attachment and how the body's "Attached:" line calls it. */
typedef struct {
  PktPublicPart *part;
  const char *word; /* static */
  char *alt;        /* of a picture: the same in words; NULL */
} PktPart;

typedef struct {
  GPtrArray *list;   /* PktPart* */
  json_t *removed;   /* header fields that did not pass: [{name, reason}] */
  char *own;         /* what the sender alone should know of the page; NULL */
  PktScreen *screen; /* of the campaign; NULL: none */
  char *campaign;    /* public text outline of the page, for the review and parts/; NULL */
} PktParts;

PktParts *pkt_parts_new (void);
void pkt_parts_free (PktParts *p);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PktParts, pkt_parts_free)

/* parts-page.c, before all others: the campaign's text, and its picture for a marketing stream.
 * `browser` as in packet/run/screen.h. PKT_ERROR_DATA where the sender's own picture is none. */
gboolean pkt_parts_page (PktParts *p, const PktEvidence *e, const PktInputs *in,
                         const char *browser, PktRedactor *r, PktVerifier *v, GError **error);
/* Is the page the question, so that its text goes along? */
gboolean pkt_parts_page_asked (const PktEvidence *e);
/* Does a picture of it go along? */
gboolean pkt_parts_page_shown (const PktEvidence *e);
/* The words of parts that are there in any case of this evidence, for the body; NULL-ended; caller
 * frees the array only. */
const char **pkt_parts_words (const PktParts *p, const PktEvidence *e);
#define PKT_PARTS_SAMPLES 6 /* delivered samples that go out, of all that a case names */
/* Those, PktSample*: the first that Apple took. Caller unrefs. */
GPtrArray *pkt_parts_samples (const GPtrArray *samples);
/* Makes them all, redacted and checked. PKT_ERROR_PRIVACY as in packet/redact/publish.h. */
gboolean pkt_parts_make (PktParts *p, const PktEvidence *e, PktRedactor *r, const PktPublic *facts,
                         const json_t *view, GError **error);
