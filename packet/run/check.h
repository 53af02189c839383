#pragma once
#include "packet/dns/dns.h"
#include "packet/model/check.h"
#include "packet/run/identity.h"

/* How DNS is asked; nothing is where neither `online` nor `replay` is set. */
typedef struct {
  gboolean online;
  const char *const *servers; /* "192.0.2.53:5353"; NULL: the system's */
  guint timeout_ms;           /* 0: the resolver's own */
  const char *replay;         /* a dns.json; NULL */
  const char *dqs_key_file;   /* first line: a key of Spamhaus' data query service; NULL */
  void (*progress) (guint done, guint asked, gpointer data); /* may be NULL */
  gpointer progress_data;
} PktAskOptions;

typedef struct {
  GPtrArray *rows; /* PktCheck*, by kind, in the order of the identity */
  json_t *dns;     /* dns.json; NULL: nobody was asked */
  guint questions;
  gint64 at;    /* time of the newest answer; PKT_NO_TIME: nobody was asked */
  gboolean cut; /* more of a kind than PKT_IDENTITY_MAX: the rest was not looked at */
} PktChecks;

PktChecks *pkt_checks_new (void);
void pkt_checks_free (PktChecks *c);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PktChecks, pkt_checks_free)

/* Waits until some open questions have answers; FALSE when none is open. */
typedef gboolean (*PktDnsWait) (gpointer data);

/* All checks of the identity whose kind is in `only` (NULL: all), side by side: a round of answers
 * takes each of them as far as it goes. */
void pkt_checks_look (PktChecks *c, const PktIdentity *id, const char *const *only, PktDns *dns,
                      const char *dqs_key, PktDnsWait wait, gpointer data);
/* The same on the network or on a replay, as `options` say; nothing without either. */
gboolean pkt_checks_ask (PktChecks *c, const PktIdentity *id, const char *const *only,
                         const PktAskOptions *options, GError **error);

/* Mail addresses that the answers name, as where DMARC reports go; none at Apple's own domains.
 * Adds to `out` (char*, freed by it). */
void pkt_checks_addresses (const PktChecks *c, GPtrArray *out);

/* NULL-ended: the kinds that --only takes. */
const char *const *pkt_check_kinds (void);
/* "why", "mend", "verify" of a rule (templates/checks.json); NULL where it has none. Static. */
const char *pkt_check_advice (const char *rule, const char *what);
