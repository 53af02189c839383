#pragma once
#include <glib.h>
#include "packet/model/page.h"
#include "packet/page/url.h"

/* What a host is, by its name alone and templates/link-hosts.json: PktHostKind flags. */
guint pkt_kind_of_host (const char *host);
/* What one address of it adds: a port, a user name, another address inside (redirector). */
guint pkt_kind_of_url (const PktUrl *url);
/* The domain of `own` (NULL-ended) that the host's registered domain may be taken for: letters that
 * look alike (UTS 39 skeletons of a few scripts), or one letter that is not; NULL: none. Borrowed
 * from `own`. */
const char *pkt_kind_looks_like (const char *host, const char *const *own);
