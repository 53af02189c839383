#pragma once
#include <glib.h>

typedef struct {
  char *host;   /* lower case, A-label as written */
  guint links;  /* <a>, <area>, <form> */
  guint images; /* <img>, background, CSS url() */
} PktLinkHost;

/* The campaign page, cleaned: no script, no handler, no remote thing. */
typedef struct {
  char *source;  /* path of the file or of the sample */
  char *title;   /* NULL when absent */
  char *outline; /* text, UTF-8, LF: headings, paragraphs, list items, [image: alt], links as text
                    [n] */
  char *clean_html;           /* closed page for the review */
  GPtrArray *hosts;           /* PktLinkHost*, sorted by host */
  guint dropped;              /* elements and attributes removed */
  guint attachments_or_forms; /* forms, frames, objects seen */
} PktPage;

void pkt_page_free (PktPage *p);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PktPage, pkt_page_free)
