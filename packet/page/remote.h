#pragma once
#include <glib.h>
#include "packet/base/curl.h"

#define PKT_REMOTE_MAX 4096 /* bytes; longer ones are refused */

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CURLU, curl_url_cleanup)

/* A URL of http or https as libcurl reads it. It is judged and requested from the same parsed form,
 * so that no two readings of an odd URL can differ. Without user, password and fragment. */
typedef struct {
  CURLU *parts;
  char *text;  /* whole */
  char *host;  /* lower case, IDN as A-labels; IPv6 in brackets */
  char *path;  /* "/" at least; as written */
  char *query; /* without '?'; NULL */
} PktRemote;

/* `base`: what a relative reference is resolved against, or NULL. Tabs, line ends and blanks around
 * are taken out and `\` is read as `/`, as browsers do. NULL with `why` (static) when it is none of
 * http or https, too long, names a user, or cannot be read. */
PktRemote *pkt_remote_new (const char *reference, const PktRemote *base, const char **why);
void pkt_remote_free (PktRemote *u);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PktRemote, pkt_remote_free)

/* Is the host one of `hosts` (NULL-ended; NULL: none)? Names are compared whole, in any case. */
gboolean pkt_remote_host_in (const PktRemote *u, const char *const *hosts);
