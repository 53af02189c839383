#pragma once
#include "packet/run/evidence.h"

/* What DNS proved about the mail that the request is about: its sending IPs, its From domain. All
 * of it is empty where nobody was asked. Who mails whom is kept by run/identity.h. */

/* Answers older than that prove nothing of today. */
#define PKT_VERIFIED_FRESH PKT_DAY
#define PKT_REPORTS_FRESH (30 * PKT_DAY) /* DMARC reports, which come a day later and more */
#define PKT_REPORTS_GOOD 95              /* percent that pass: forwarded mail breaks a few */

typedef enum {
  PKT_PROOF_NONE,  /* not looked at, or not found out */
  PKT_PROOF_SHOWN, /* holds for all that it is about */
  PKT_PROOF_BROKEN /* fails for something; PktProof.row says what */
} PktProofState;

typedef struct {
  PktProofState state;
  const PktCheck *row; /* BROKEN: the first that fails; SHOWN: one of them */
} PktProof;

PktProof pkt_verified_spf (const PktEvidence *e);     /* every sending IP, every envelope of it */
PktProof pkt_verified_reverse (const PktEvidence *e); /* every sending IP */
PktProof pkt_verified_dkim (const PktEvidence *e);    /* every selector seen */
PktProof pkt_verified_dmarc (const PktEvidence *e);   /* the From domain */
/* Spamhaus, for every IP, domain and host; shown only where all of them have an answer. */
PktProof pkt_verified_lists (const PktEvidence *e);

/* Apple found no policy (dmarc=none) of the domain that this request is From. */
gboolean pkt_verified_lacks_policy (const PktEvidence *e, const PktSample *s);
/* Sums of the DMARC reports over the sending IPs and the From domain; FALSE where they hold none,
 * or are of another time. */
gboolean pkt_verified_reports (const PktEvidence *e, gint64 *out_count, gint64 *out_passed);

/* PTR of an IP that leads back to it; NULL. */
const char *pkt_verified_ptr (const PktEvidence *e, const char *ip);
/* Time of the newest answer; PKT_NO_TIME where nobody was asked, or too long ago. */
gint64 pkt_verified_at (const PktEvidence *e);
/* "Both IPs are in SPF; PTR leads back to the IP; DMARC is p=quarantine. Spamhaus lists none …":
 * what is shown, and nothing else. NULL where nothing is. Caller frees. */
char *pkt_verified_sentence (const PktEvidence *e);

/* Findings of what fails, for review and ticket (run/gates.c). */
void pkt_verified_find (PktEvidence *e);
/* A statement of the case that the evidence contradicts: PKT_ERROR_DATA, both named. */
gboolean pkt_verified_statements (const PktEvidence *e, GError **error);
