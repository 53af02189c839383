#pragma once
#include "packet/redact/audience.h"
#include "packet/run/check.h"
#include "packet/run/scan.h"
#include "packet/run/snapshot.h"

/* Case in, packet folder out (design sections 5 to 8). */

typedef struct {
  const char *case_path;
  const char *output;      /* NULL: ./NAME-packet */
  const char *key_file;    /* NULL: the case's own key in the state folder */
  const char *anyway;      /* see PktEvidence; NULL */
  const char *browser;     /* see packet/run/screen.h; NULL */
  const char *const *argv; /* the command's words, for the record; NULL */
  struct PktEdits *edits;  /* what a person changed (run/edits.h): only what the packet was built
                              from is read, and nothing is written where the request lacks; NULL */
  gboolean force;
  const char *follow_up;     /* packet folder that this mail goes back to; NULL: a first request */
  gboolean resolved;         /* it is over: the thank-you */
  gint64 assume_sent;        /* when that one went out where no receipt tells; PKT_NO_TIME */
  const char *subject_token; /* NULL: the case's, else what the answer's subject bore */
  PktAudience audience;
  PktAskOptions ask;   /* nobody is asked unless it says so */
  PktPageAsk page;     /* likewise */
  PktScanOptions scan; /* zone and log_zone NULL and year 0: the case's options */
} PktBuildOptions;

typedef struct {
  char *output; /* the folder written */
  PktAudience audience;
  gboolean written;
  gboolean ready;       /* request.eml is in it; for another audience: nothing lacks */
  json_t *requirements; /* of Apple's page, see run/requirements.h */
  GPtrArray *findings;  /* PktFinding* */
  GPtrArray *warnings;  /* char* */
} PktBuildResult;

/* Reads, checks, redacts, renders, verifies, writes. Nothing is written on an error:
 * PKT_ERROR_PRIVACY where private data stands in text that the sender states, DATA for a bad case
 * or a contradicted statement, and so on. Caller frees the result. */
PktBuildResult *pkt_build_run (const PktBuildOptions *options, GError **error);
void pkt_build_result_free (PktBuildResult *r);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PktBuildResult, pkt_build_result_free)
