#pragma once
#include "packet/dns/dns.h"
#include "packet/model/check.h"

/* Blocklists of templates/lists.json. Three answers: listed, not listed, unknown. Unknown is what
 * the list says when it does not want to be asked (127.255.255.x), what lies outside 127/8 (a
 * resolver that rewrites), a code that the table does not know, and everything of a list that does
 * not list its own test point or lists everything. */
typedef struct PktLists PktLists;

/* Key of Spamhaus' data query service; NULL: the public zones. What is asked for with a key stands
 * in dns.json without it. Only [a-z0-9-] may be in it, else PKT_ERROR_USAGE. */
PktLists *pkt_lists_new (const char *dqs_key, GError **error);
void pkt_lists_free (PktLists *l);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PktLists, pkt_lists_free)

/* One row per list that takes such a thing; as pkt_check_spf () and its like. */
gboolean pkt_lists_check_ip (const PktLists *l, PktDns *dns, const char *ip, GPtrArray *rows);
gboolean pkt_lists_check_host (const PktLists *l, PktDns *dns, const char *host, GPtrArray *rows);
