#pragma once
#include "packet/dns/dns.h"

#define PKT_DMARC_MAX_WALK 8 /* names that a tree walk asks for (RFC 9989 4.10) */
#define PKT_DMARC_MAX_URIS 20

/* A policy record (RFC 9989 4.7). */
typedef struct {
  char *domain;      /* whose record it is */
  char *text;        /* printable */
  char *p, *sp, *np; /* lower case; NULL where absent or none of none, quarantine, reject */
  char psd;          /* y, n, u */
  gboolean testing;  /* t=y */
  guint percent;     /* of the mail that it is for (pct=, RFC 7489 6.3; RFC 9989 has none) */
  gboolean strict_dkim, strict_spf;
  GPtrArray *rua; /* char*: addresses of mailto: */
  char *problem;  /* why it is discarded, for a person; NULL */
  char *slip;     /* what is passed over in it, and the policy counts (RFC 7489 6.3); NULL */
} PktDmarcRecord;

/* What one standard makes of it. */
typedef struct {
  const PktDmarcRecord *record; /* that applies; NULL: there is no policy */
  const char *policy;           /* none, quarantine, reject; NULL */
  const char *tag;              /* p, sp, np: where the policy stands */
  char *organizational;
} PktDmarcVerdict;

typedef struct {
  PktDmarcVerdict walk;     /* RFC 9989: tree walk */
  PktDmarcVerdict list;     /* RFC 7489: public suffix list */
  GPtrArray *records;       /* PktDmarcRecord* met */
  char *problem;            /* at the domain itself: several records, one that is none; NULL */
  gboolean several, broken; /* which of them */
  gboolean unknown;         /* an answer that matters did not come; problem says which */
} PktDmarc;

/* The policy for mail From `domain`. FALSE: answers are still to come. `out` is cleared first;
 * pkt_dmarc_clear () frees it. */
gboolean pkt_dmarc_discover (PktDns *dns, const char *domain, PktDmarc *out);
void pkt_dmarc_clear (PktDmarc *d);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (PktDmarc, pkt_dmarc_clear)

/* The organizational domain by the tree walk (RFC 9989 4.10.2). FALSE: still to come. Caller
 * frees. out_unknown is set where an answer did not come that may name another one. */
gboolean pkt_dmarc_walk_organizational (PktDns *dns, const char *domain, char **out,
                                        gboolean *out_unknown);
/* By the public suffix list of this system, or the one built into libpsl (RFC 7489 3.2). Caller
 * frees. */
char *pkt_dmarc_list_organizational (const char *domain);
/* Do both identities belong together, by one of the two (strict: are they the same)? FALSE: still
 * to come. out_unknown: an answer of the tree walk did not come, so out_walk is no result. */
gboolean pkt_dmarc_aligned (PktDns *dns, const char *from, const char *other, gboolean strict,
                            gboolean *out_walk, gboolean *out_list, gboolean *out_unknown);
