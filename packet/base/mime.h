#pragma once
#include "packet/base/gmime.h"
#include "packet/base/slice.h"

/* What is asked of GMime in more than one area. */

/* The mail in `bytes`, which are copied; NULL: it is none. Caller owns. */
GMimeMessage *pkt_mime_parse (PktSlice bytes);
/* A part's content, its transfer encoding undone as far as it can be; NULL: it has none. Caller
 * owns. */
GByteArray *pkt_mime_content (GMimePart *part);
/* The first `max` bytes of that as UTF-8, by the part's charset or, `html`, the page's own. NULL:
 * it has none. Caller frees. */
char *pkt_mime_text (GMimePart *part, gsize max, gboolean html);
