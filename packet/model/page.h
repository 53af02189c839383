#pragma once
#include <glib.h>

/* What a link host is, as far as its name and addresses show it. */
typedef enum {
  PKT_HOST_ADDRESS = 1 << 0,    /* an IP address instead of a name */
  PKT_HOST_SHORTENER = 1 << 1,  /* bit.ly */
  PKT_HOST_REDIRECTOR = 1 << 2, /* click tracking, or an address that holds another one */
  PKT_HOST_WILDCARD = 1 << 3,   /* the name holds an IP address, or is a tunnel: sslip.io */
  PKT_HOST_SHARED = 1 << 4,     /* strangers' pages stand below the same name: github.io */
  PKT_HOST_PUNYCODE = 1 << 5,   /* xn--… */
  PKT_HOST_PORT = 1 << 6,       /* a port of its own in an address */
  PKT_HOST_USER = 1 << 7,       /* a name before the host in an address */
} PktHostKind;

typedef struct {
  char *host;       /* lower case, A-label as written */
  guint links;      /* <a>, <area>, <form> */
  guint images;     /* <img>, background, CSS url() */
  guint plain;      /* of both, those over http: */
  guint number;     /* by which the outline calls it; 0: no link that a reader sees leads there */
  guint kinds;      /* PktHostKind */
  char *domain;     /* registered domain; the host itself where there is none */
  char *named;      /* another domain's host that the text of a link names; NULL */
  GPtrArray *paths; /* char*: paths and queries of its links, each once, in order: raw, with
                       readers' tokens in them */
} PktLinkHost;

/* A request that was made for the page, each redirect of its own: the proof of what was touched. */
typedef struct {
  char *kind;    /* page, image, stylesheet */
  char *url;     /* as it was asked for */
  char *address; /* that was connected to, or refused; NULL: none was found */
  int status;    /* of the answer; 0: none */
  guint64 bytes; /* of the answer's body, decoded */
  char *result;  /* "taken", "leads to …", or why it was given up */
} PktPageRequest;

/* What the page would show, and the clean page does not: not asked for, or of no use. */
typedef struct {
  char *kind; /* image, stylesheet */
  char *host; /* NULL: the reference has none */
  char *why;
  guint count;
} PktPageMissing;

/* The campaign page, cleaned: no script, no handler, no remote thing. */
typedef struct {
  char *source;     /* path of the file or of the sample, or URL */
  char *title;      /* NULL when absent */
  GPtrArray *names; /* char*: its readers, as far as they are known or it greets them; raw; NULL */
  char *outline; /* text, UTF-8, LF: headings, paragraphs, list items, [image: alt], links as text
                    [n] */
  char *clean_html;           /* closed page for the review */
  GPtrArray *hosts;           /* PktLinkHost*, sorted by host */
  GPtrArray *requests;        /* PktPageRequest*, as they were made; empty when offline */
  GPtrArray *missing;         /* PktPageMissing*, in the page's order */
  guint pictures;             /* shown in the clean page */
  guint dropped;              /* elements and attributes removed */
  guint attachments_or_forms; /* forms, frames, objects seen */
  char *preheader;            /* what inboxes show behind the subject and the page hides; NULL */
  char *unsubscribe;          /* text of the first link that says so, or "" where only its address
                                 does; NULL: none */
  guint unsubscribe_number;   /* its host's */
  char *address;              /* the line that holds a postal address; NULL: none found */
  guint mailto, tel, other;   /* links that lead to no host */
  guint words, images;        /* that a reader sees */
} PktPage;

PktPage *pkt_page_new (const char *source);
void pkt_page_free (PktPage *p);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PktPage, pkt_page_free)
PktLinkHost *pkt_link_host_new (const char *host);
void pkt_link_host_free (PktLinkHost *h);
/* The host's entry; NULL: none. */
PktLinkHost *pkt_page_host (const GPtrArray *hosts, const char *host);
PktPageRequest *pkt_page_request_copy (const PktPageRequest *r);
void pkt_page_request_free (PktPageRequest *r);
void pkt_page_missing_free (PktPageMissing *m);
