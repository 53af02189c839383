#pragma once
#include "packet/dns/aggregate.h"
#include "packet/model/case.h"
#include "packet/model/page.h"
#include "packet/model/suppression.h"
#include "packet/redact/redactor.h"
#include "packet/redact/verify.h"
#include "packet/run/scan.h"
#include "packet/run/snapshot.h"
#include "packet/run/tracking.h"

/* All that a case names, read. */
typedef struct {
  PktCase *the_case;
  PktCatalogue *catalogue;
  PktScan *scan;
  GPtrArray *samples;          /* PktSample*: those of the stream that the request is about */
  GPtrArray *all_samples;      /* these and the others, which show nothing of it */
  PktPage *page;               /* NULL: none */
  char *page_trouble;          /* why page.url gave none; NULL */
  const char *page_doubt;      /* what page.url looks like if it is one reader's; static, NULL */
  const char *neutral;         /* why it is not, as the user says; NULL */
  PktPage *delivered;          /* that of the first sample, where `page` is another; NULL */
  GPtrArray *tracking;         /* PktTracking*: where the samples' links lead */
  PktSuppression *suppression; /* NULL: none */
  PktAggregate *aggregate;     /* DMARC reports; NULL: none */
  GBytes *screenshot;          /* NULL: none */
  GTimeZone *zone;             /* of the report */
  char *zone_name;
  GTimeZone *log_zone;  /* of the case; NULL */
  GPtrArray *published; /* char*: addresses that the sender's DNS records name; they may stand in
                           clear */
  json_t *files;        /* those read and where they lie, as in store/seal.h */
  json_t *digests;      /* of these, as the packet tells of them: run/input-list.h */
} PktInputs;

/* `options` are the command's; what they leave open comes from the case. `ask`: what may be asked
 * for the page; NULL: nothing. `as_read` (NULL: what is there now): `files` of an earlier reading.
 * Then no more is read than was then: of a log that grew the part, and no new file; PKT_ERROR_SEAL
 * where one is not what it was. `stream`: that a mail before was about; NULL: there is none. */
PktInputs *pkt_inputs_read (const char *case_path, const PktScanOptions *options,
                            const PktPageAsk *ask, const json_t *as_read, const char *stream,
                            GError **error);
/* A file that the case names, counted among its inputs; `out_path` is how it was opened. Caller
 * frees both. */
char *pkt_inputs_file (PktInputs *in, const char *path, gsize max, gsize *n, char **out_path,
                       GError **error);
void pkt_inputs_free (PktInputs *in);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PktInputs, pkt_inputs_free)

/* What may stand in clear. The lists belong to the object. */
typedef struct {
  GPtrArray *own_domains, *allowed; /* char*, NULL-ended */
  PktRedactScope scope;
  gboolean people; /* personal or forwarded mail: what people write, and who they are, is theirs */
} PktPrivacyScope;

PktPrivacyScope *pkt_privacy_scope_new (const PktInputs *in);
void pkt_privacy_scope_free (PktPrivacyScope *s);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PktPrivacyScope, pkt_privacy_scope_free)

/* What names readers beside recipients: their own domains, and the tokens of List-Unsubscribe. */
void pkt_inputs_teach_tokens (const PktInputs *in, const PktPrivacyScope *scope, PktRedactor *r);
void pkt_inputs_teach_verifier (const PktInputs *in, PktVerifier *v);
/* Every recipient and every name that the inputs hold: a million take seconds. `options` are those
 * of pkt_inputs_read(): threads, and who is shown how far it is. */
void pkt_inputs_teach (const PktInputs *in, const PktPrivacyScope *scope,
                       const PktScanOptions *options, PktRedactor *r, PktVerifier *v);
