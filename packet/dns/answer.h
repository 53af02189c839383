#pragma once
#include <glib.h>
#include <jansson.h>
#include "packet/base/clock.h"

#define PKT_DNS_MAX_NAME 253     /* as text, without the last dot (RFC 1035 3.1) */
#define PKT_DNS_MAX_RECORDS 2000 /* of one answer; a PTR with hundreds of names is read whole */

/* The numbers of RFC 1035 3.2.2 and RFC 3596 2.1. */
typedef enum {
  PKT_DNS_A = 1,
  PKT_DNS_SOA = 6,
  PKT_DNS_PTR = 12,
  PKT_DNS_MX = 15,
  PKT_DNS_TXT = 16,
  PKT_DNS_AAAA = 28,
} PktDnsType;

typedef enum {
  PKT_DNS_FOUND,     /* at least one record of the type asked for */
  PKT_DNS_NODATA,    /* the name exists, no such record does */
  PKT_DNS_NXDOMAIN,  /* the name does not exist */
  PKT_DNS_TIMEOUT,   /* no server answered in time */
  PKT_DNS_FAILED,    /* SERVFAIL, REFUSED, a referral, no connection */
  PKT_DNS_MALFORMED, /* an answer that cannot be read */
  PKT_DNS_NOT_ASKED, /* offline, or the replay does not hold it */
  PKT_N_DNS_STATUSES
} PktDnsStatus;

typedef struct {
  char *text; /* A and AAAA: the address; MX, PTR, SOA: the host, lower case without the last dot;
                 TXT: all strings joined, any bytes. NUL follows */
  gsize n;
  guint preference; /* MX */
} PktDnsRecord;

/* One question and what came of it. */
typedef struct {
  char *name; /* as asked: lower case, without the last dot */
  PktDnsType type;
  PktDnsStatus status;
  char *server;       /* who answered, or was asked last: "192.0.2.53:53"; NULL: nobody */
  gint64 time;        /* when the answer came; PKT_NO_TIME */
  char *problem;      /* what failed, for a person; NULL */
  GPtrArray *aliases; /* char*: targets of the CNAMEs followed, in order */
  GPtrArray *records; /* PktDnsRecord*, as the server ordered them */
} PktDnsAnswer;

PktDnsAnswer *pkt_dns_answer_new (const char *name, PktDnsType type, PktDnsStatus status);
void pkt_dns_answer_free (PktDnsAnswer *a);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PktDnsAnswer, pkt_dns_answer_free)
/* The record is the answer's; `text` is copied. */
PktDnsRecord *pkt_dns_answer_add (PktDnsAnswer *a, const char *text, gsize n, guint preference);
const PktDnsRecord *pkt_dns_answer_get (const PktDnsAnswer *a, guint i);
/* Nobody can say what is there: timeout, failure, malformed, not asked. */
gboolean pkt_dns_answer_is_unknown (const PktDnsAnswer *a);
/* "the name does not exist", "no answer from 192.0.2.53:53"; caller frees. */
char *pkt_dns_answer_text (const PktDnsAnswer *a);

const char *pkt_dns_type_name (PktDnsType type);       /* "TXT" */
const char *pkt_dns_status_name (PktDnsStatus status); /* "nxdomain" */

/* One entry of dns.json: name, type, status, server, time, aliases, records, problem. Bytes that
 * are no printable ASCII, and backslashes, are written as \DDD (RFC 1035 5.1); an MX record is
 * "10 mx.example.com". New reference. */
json_t *pkt_dns_answer_json (const PktDnsAnswer *a);
/* NULL where the entry is none. */
PktDnsAnswer *pkt_dns_answer_from_json (const json_t *entry);
