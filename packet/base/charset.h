#pragma once
#include <glib.h>
#include "packet/base/slice.h"

#define PKT_CHARSET_SNIFF 4096 /* bytes in which a <meta charset> is looked for */

/* Text of a mail part or a page as UTF-8, always valid and without NULs; never fails. The charset
 * is that of a byte order mark, else `charset` (of a header; NULL: not said), else for HTML that of
 * a meta element (WHATWG HTML 13.2.3.2 in short), else UTF-8, else windows-1252. A label that lies
 * is not believed: "utf-8" over bytes that are not is read as windows-1252. What cannot be read
 * becomes U+FFFD. Caller frees. */
char *pkt_charset_utf8 (PktSlice bytes, const char *charset, gboolean html);
