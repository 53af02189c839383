#pragma once
#include "packet/model/page.h"
#include "packet/model/sample.h"
#include "packet/redact/verify.h"

/* What the user lets be asked for a page; any may be NULL. */
typedef struct {
  gboolean online;                  /* else nothing is asked */
  const char *const *allow_address; /* ranges of one's own, see page/reach.h */
  const char *neutral;              /* why a URL that looks personal is the same for everybody */
} PktPageAsk;

/* What is known of a campaign page, and what may be asked for it. Borrowed; any may be NULL. */
typedef struct {
  gboolean online;                  /* else nothing is asked */
  const char *const *allow_address; /* ranges of one's own, see page/reach.h */
  const char *const *hosts;         /* whose pictures and style sheets may be asked for */
  const char *url;                  /* of the page, for relative references */
  const char *neutral;              /* why a URL that looks personal is the same for everybody */
  const GPtrArray *names;           /* char*: recipients' names */
  const GPtrArray *recipients;      /* char*: addresses of those who got its mail */
  PktVerifier *verifier;            /* knows the recipients; no URL that holds one is asked */
} PktSnapshotOptions;

/* Names by which the mail speaks of its readers: char*, borrowed of it; the caller frees the array.
 */
GPtrArray *pkt_snapshot_names (const PktSample *s);
/* The bytes of a file. `path` is for messages. The caller owns the page. */
PktPage *pkt_snapshot_file (const char *path, PktSlice html, const PktSnapshotOptions *o,
                            GError **error);
/* The HTML part of a mail, with its pictures; it must have one. */
PktPage *pkt_snapshot_sample (const PktSample *s, const PktSnapshotOptions *o, GError **error);
/* A page of the network. PKT_ERROR_USAGE unless `online`; PKT_ERROR_DATA, before anything is asked,
 * where the URL (or one that it leads to) looks like one reader's, and where what comes is no page;
 * PKT_ERROR_UNAVAILABLE where nothing comes. */
PktPage *pkt_snapshot_url (const char *url, const PktSnapshotOptions *o, GError **error);

/* Of such a URL: does it act or tell readers apart? NULL, or what it looks like (static). `neutral`
 * is believed for all but an address. */
const char *pkt_snapshot_personal (const char *url, const PktSnapshotOptions *o);
