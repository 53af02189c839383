#pragma once
#include "packet/dns/spf-macro.h"
#include "packet/dns/spf-record.h"
#include "packet/dns/spf.h"

/* One evaluation. */
typedef struct {
  PktDns *dns;
  const PktSpfQuery *query;
  PktSpfMacros macros;
  PktSpfVerdict *verdict;
  guint lookups, voids;
  gboolean pending;
  char *validated; /* %{p}; of one domain */
} PktSpfRun;

typedef enum {
  PKT_SPF_NO_MATCH,
  PKT_SPF_MATCH,
  PKT_SPF_MATCH_TEMPERROR,
  PKT_SPF_MATCH_PERMERROR
} PktSpfMatch;

/* Keeps the reason; the first one told is the deepest, and stays. */
void pkt_spf_tell (PktSpfRun *run, const char *fault, char *taken);
/* NULL: pending, which is noted. */
const PktDnsAnswer *pkt_spf_ask (PktSpfRun *run, const char *name, PktDnsType type);
PktDnsType pkt_spf_address_type (const PktSpfRun *run); /* A or AAAA, as the client's */
void pkt_spf_set_validated (PktSpfRun *run, const char *domain);
/* The domain that a term means in the record of `domain`; caller frees. */
char *pkt_spf_target (PktSpfRun *run, const PktSpfTerm *t, const char *domain);
/* include, a, mx, ptr, exists and redirect may be ten in all (RFC 7208 4.6.4). */
gboolean pkt_spf_may_look_up (PktSpfRun *run, const PktSpfTerm *t);
PktSpfMatch pkt_spf_match (PktSpfRun *run, const PktSpfTerm *t, const char *domain);
PktSpfResult pkt_spf_check_domain (PktSpfRun *run, const char *domain, gboolean included);
