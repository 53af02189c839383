#pragma once
#include "packet/run/inputs.h"

#define PKT_IDENTITY_MAX 500 /* of each kind; more are left out, and said */

/* Who sends, as far as DNS can be asked about it. All strings are lower case. */
typedef struct {
  char *ip, *helo; /* helo may be NULL */
} PktIdentityIp;

typedef struct {
  char *ip, *domain; /* an envelope domain that mail from this IP carries */
} PktIdentityPair;

typedef struct {
  char *selector, *domain;
} PktIdentityKey;

typedef struct {
  GPtrArray *ips;     /* PktIdentityIp* */
  GPtrArray *pairs;   /* PktIdentityPair* */
  GPtrArray *keys;    /* PktIdentityKey* */
  GPtrArray *from;    /* char*: visible From domains */
  GPtrArray *domains; /* char*: From and envelope domains, which get answers and bounces */
  GPtrArray *hosts;   /* char*: what blocklists of domains are asked about: those, the tracking
                         domains, and each host of links and images, of
                         the page and of the samples */
  const GPtrArray *samples;      /* PktSample*, borrowed; NULL: none */
  const PktAggregate *aggregate; /* DMARC reports, borrowed; NULL: none */
  gboolean cut;                  /* a list was full */
} PktIdentity;

PktIdentity *pkt_identity_new (void);
void pkt_identity_free (PktIdentity *id);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PktIdentity, pkt_identity_free)

/* What is there already is not added again; a helo is added to an IP that had none. NULL and what
 * is no address or name is left out. */
void pkt_identity_add_ip (PktIdentity *id, const char *ip, const char *helo);
void pkt_identity_add_from (PktIdentity *id, const char *domain);
void pkt_identity_add_envelope (PktIdentity *id, const char *domain);
void pkt_identity_add_host (PktIdentity *id, const char *host);
/* Hosts of the addresses that a text names, which mail programs make links of. */
void pkt_identity_add_text (PktIdentity *id, const char *text);
void pkt_identity_add_key (PktIdentity *id, const char *selector, const char *domain);
void pkt_identity_add_pair (PktIdentity *id, const char *ip, const char *domain);

/* From case, logs, page and samples, those of other streams than the request's too. An IP or
 * envelope domain that nothing pairs is paired with all others that nothing pairs: an operator with
 * one stream needs to write no pairs. */
PktIdentity *pkt_identity_of (const PktInputs *in);
/* The same for a packet: samples of its stream alone, and nothing of what a platform's other
 * clients send, who are private in it. */
PktIdentity *pkt_identity_of_client (const PktInputs *in);
/* Pairs what is in no pair yet; pkt_identity_of () has done it. */
void pkt_identity_pair_rest (PktIdentity *id);
