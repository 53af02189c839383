#pragma once
#include <glib.h>
#include "packet/base/slice.h"

#define PKT_URL_MAX 4096 /* further bytes are not read */

/* An http or https address as a browser reads it (WHATWG URL): blanks and line ends taken out, `\`
 * as `/`, IDN as A-label, an IPv4 address in any of its notations as four numbers. */
typedef struct {
  char *host;    /* lower case; IPv6 in brackets */
  char *path;    /* from the first slash on, with query, without fragment; as written */
  gboolean tls;  /* https, or the page's own scheme ("//host") */
  gboolean user; /* a name or password stands before the host */
  int port;      /* 0: that of the scheme */
} PktUrl;

/* FALSE for other schemes and for what names no host; then nothing is to clear. */
gboolean pkt_url_read (PktSlice text, PktUrl *out);
void pkt_url_clear (PktUrl *url);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (PktUrl, pkt_url_clear)
