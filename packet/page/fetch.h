#pragma once
#include <glib.h>
#include "packet/base/slice.h"
#include "packet/page/reach.h"
#include "packet/page/remote.h"

#define PKT_FETCH_SECONDS 10 /* all requests of a run together */
#define PKT_FETCH_REDIRECTS 3
#define PKT_FETCH_PARALLEL 4
#define PKT_FETCH_MAX_HEADER (64 * 1024) /* bytes of the header fields of one answer */

/* Asks for pages, pictures and style sheets by libcurl: http and https by GET alone, TLS verified;
 * no proxy, cookie, netrc, referer or saved connection of anything else. The address of each
 * connection is judged at its socket (reach.h), so also that of a redirect and of a name that
 * resolves anew. */
typedef struct PktFetch PktFetch;

typedef enum { PKT_FETCH_PAGE, PKT_FETCH_IMAGE, PKT_FETCH_SHEET } PktFetchKind;

/* One thing to get. The caller fills the first lines and owns all of it. */
typedef struct {
  PktFetchKind kind;
  const PktRemote *url;
  gsize max_bytes; /* after decoding */
  /* the answer */
  GByteArray *body; /* NULL when there is none; then `why` says so */
  char *type;       /* lower case, without parameters; NULL: not said */
  char *charset;    /* of the type's parameter; NULL */
  char *final_url;  /* after redirects */
  char *why;        /* "answered 404" */
} PktFetchJob;

void pkt_fetch_job_clear (PktFetchJob *j);

typedef struct {
  const PktReach *reach;      /* borrowed */
  const char *const *resolve; /* "host:port:address,address" as CURLOPT_RESOLVE has it: for tests */
  guint milliseconds;         /* 0: PKT_FETCH_SECONDS */
  gsize max_total;            /* bytes of all answers together; 0: no bound of their own */
} PktFetchOptions;

/* May this be asked, by the rules of `kind`? NULL, or why not (static). Asked before each request,
 * of redirects too. */
typedef const char *(*PktFetchMay) (const PktRemote *url, PktFetchKind kind, gpointer data);

PktFetch *pkt_fetch_new (const PktFetchOptions *options);
void pkt_fetch_free (PktFetch *f);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PktFetch, pkt_fetch_free)

/* Asks for all of them, PKT_FETCH_PARALLEL at a time, until done or the time is over. */
void pkt_fetch_run (PktFetch *f, PktFetchJob *jobs, guint n, PktFetchMay may, gpointer data);
/* PktPageRequest* (model/page.h) of all runs: each request that was made or refused at its socket,
 * in the order of the jobs. Borrowed. */
GPtrArray *pkt_fetch_requests (const PktFetch *f);
