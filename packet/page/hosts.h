#pragma once
#include <glib.h>
#include "packet/base/xml.h"
#include "packet/base/slice.h"

/* The host of an address as packet/page/url.h reads it; NULL for others. Caller frees. */
char *pkt_hosts_of_url (PktSlice url);

/* PktLinkHost* of every URL of the page, sorted by host; also of hidden elements, sheets and
 * conditional comments, since a filter reads them too. Caller unrefs. */
GPtrArray *pkt_hosts_collect (xmlNode *root);
