#pragma once
#include "packet/dns/dns.h"
#include "packet/dns/ip.h"

#define PKT_SPF_MAX_LOOKUPS 10 /* terms that ask DNS (RFC 7208 4.6.4) */
#define PKT_SPF_MAX_VOIDS 2    /* of them with no answer */
#define PKT_SPF_MAX_NAMES 10   /* of one mx, or one PTR answer */

typedef enum {
  PKT_SPF_NONE,
  PKT_SPF_NEUTRAL,
  PKT_SPF_PASS,
  PKT_SPF_FAIL,
  PKT_SPF_SOFTFAIL,
  PKT_SPF_TEMPERROR,
  PKT_SPF_PERMERROR,
  PKT_SPF_PENDING, /* answers are still to come: call again */
} PktSpfResult;

typedef struct {
  const PktIp *ip;
  const char *sender; /* MAIL FROM; "" or NULL: postmaster@HELO (RFC 7208 2.4) */
  const char *helo;   /* may be NULL */
} PktSpfQuery;

typedef struct {
  PktSpfResult result;
  char *domain;      /* the one that was checked */
  char *record;      /* its record, printable; NULL where none was found */
  char *mechanism;   /* the one that decided: "ip4:192.0.2.0/24"; NULL: none did */
  char *via;         /* the domain in whose record it stands */
  char *problem;     /* why it is none, a temperror or a permerror; NULL */
  const char *fault; /* of a problem: syntax, several, lookups, voids, mx, include, unknown */
  char *explanation; /* of exp=, where the result is fail; NULL */
  guint lookups, voids;
} PktSpfVerdict;

/* check_host () of RFC 7208. Out is cleared first, filled unless the result is PENDING, and freed
 * by pkt_spf_verdict_clear (). */
PktSpfResult pkt_spf_check (PktDns *dns, const PktSpfQuery *query, PktSpfVerdict *out);
void pkt_spf_verdict_clear (PktSpfVerdict *v);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (PktSpfVerdict, pkt_spf_verdict_clear)
const char *pkt_spf_result_name (PktSpfResult result); /* "softfail" */
