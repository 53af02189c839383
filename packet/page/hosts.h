#pragma once
#include <glib.h>
#include <libxml/tree.h>
#include "packet/base/slice.h"

/* The lower-case host of an absolute or protocol-relative http(s) URL as a browser reads it
 * (WHATWG URL: blanks and line ends taken out, `\` as `/`, userinfo and port dropped, IDN as
 * A-label, IPv6 in brackets); NULL for others. Caller frees. */
char *pkt_hosts_of_url (PktSlice url);

/* PktLinkHost* of every URL of the page, sorted by host; also of hidden elements, sheets and
 * conditional comments, since a filter reads them too. Caller unrefs. */
GPtrArray *pkt_hosts_collect (xmlNode *root);
