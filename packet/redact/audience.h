#pragma once
#include <glib.h>

/* Who reads the packet. The key, and so the marks, are the same for all; the table of headers is
 * not (templates/headers.json). */
typedef enum {
  PKT_AUDIENCE_APPLE,  /* icloudadmin@apple.com */
  PKT_AUDIENCE_ESP,    /* the service that sent the mail: keeps what it wrote itself */
  PKT_AUDIENCE_PUBLIC, /* anybody: a forum, a list */
} PktAudience;

/* "apple", "esp", "public"; FALSE for any other word. */
gboolean pkt_audience_parse (const char *word, PktAudience *out);
const char *pkt_audience_word (PktAudience audience);
