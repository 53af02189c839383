#pragma once
#include "packet/dns/answer.h"

#define PKT_DNS_MAX_QUESTIONS 5000 /* of one run */
#define PKT_DNS_MAX_REPLAY (64 * 1024 * 1024)

/* All questions of a run and their answers, whoever gives them. A check is a plain function over
 * it: where an answer is still to come, pkt_dns_ask() gives NULL, the check gives up and is called
 * again when more is known. So checks never wait, questions of all of them travel together, and
 * the same code runs on the network, on a replay and on a test's zone. */
typedef struct PktDns PktDns;

/* Called once per question; the answer is taken. NULL: it will come by pkt_dns_put(). */
typedef PktDnsAnswer *(*PktDnsSource) (gpointer data, const char *name, PktDnsType type);

PktDns *pkt_dns_new (PktDnsSource source, gpointer data);
void pkt_dns_free (PktDns *dns);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PktDns, pkt_dns_free)

/* The answer belongs to `dns` and stays. A name that cannot be asked for (a label that is empty or
 * over 63 bytes, over 253 in all, control or 8-bit bytes) does not exist and is asked of nobody.
 * NULL: ask again later. */
const PktDnsAnswer *pkt_dns_ask (PktDns *dns, const char *name, PktDnsType type);
/* Takes the answer; a second one to the same question is dropped. */
void pkt_dns_put (PktDns *dns, PktDnsAnswer *answer_taken);
guint pkt_dns_open (const PktDns *dns); /* questions that wait for an answer */

/* A word that stands for a secret in names and problems wherever they are written out; NULL: none.
 */
#define PKT_DNS_HIDDEN "hidden-key"
void pkt_dns_hide (PktDns *dns, const char *secret);

/* dns.json: {"version": 1, "answers": [...]}, by name and type. New reference. */
json_t *pkt_dns_json (const PktDns *dns);
/* A run offline on what dns.json holds; all else counts as not asked. PKT_ERROR_NOINPUT, or
 * PKT_ERROR_DATA with file and line or entry. */
PktDns *pkt_dns_replay (const char *path, GError **error);

/* Lower case without the last dot; NULL where it is no name that can be asked for. Caller frees. */
char *pkt_dns_name (const char *text);
