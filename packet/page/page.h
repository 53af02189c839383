#pragma once
#include <glib.h>
#include "packet/base/slice.h"
#include "packet/model/page.h"
#include "packet/page/fetch.h"

#define PKT_PAGE_MAX_BYTES (2 * 1024 * 1024)
#define PKT_PAGE_MAX_DEPTH 256      /* deeper elements are taken as if they stood at this depth */
#define PKT_PAGE_MAX_OPEN 2048      /* open elements: the parser's work per end tag */
#define PKT_PAGE_MAX_NODES 200000   /* elements */
#define PKT_PAGE_MAX_ATTRIBUTES 256 /* of one tag: the parser compares each with each */
#define PKT_PAGE_MAX_NAMES 64
#define PKT_PAGE_WIDTH 76 /* columns of the outline */

/* What is known of a page beside its bytes; each may be NULL. */
/* Whether a URL holds a reader that is known, in whatever form. */
typedef gboolean (*PktPageReader) (const char *url, gpointer data);

typedef struct {
  const char *charset;      /* of a header; else a byte order mark, meta element or the bytes tell
                               (base/charset.h) */
  const GPtrArray *names;   /* char*, recipients' names: they become [name], merge fields [field] */
  GHashTable *parts;        /* of its mail: Content-ID or Content-Location -> GBytes* */
  const char *base;         /* its URL, for relative references */
  const char *const *hosts; /* whose pictures and style sheets may be asked for */
  PktFetch *fetch;          /* NULL: nobody is asked */
  const GPtrArray *recipients; /* char*, addresses of readers: no picture is asked for by them */
  PktPageReader reader;        /* of these none is asked for that it knows; may be NULL */
  gpointer reader_data;
  gboolean own_words; /* of a mail: what its author quotes is left out */
} PktPageWith;

/* Makes of an HTML page a closed page, a text outline and the table of hosts that it points to.
 * `source` is for messages and copied; `with` may be NULL. The caller owns the page. PKT_ERROR_DATA
 * when the page is empty or over a bound above. */
PktPage *pkt_page_read (const char *source, PktSlice html, const PktPageWith *with, GError **error);
