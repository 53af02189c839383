#include "packet/run/snapshot.h"
#include <string.h>
#include "packet/base/error.h"
#include "packet/base/text.h"
#include "packet/page/assets.h"
#include "packet/page/page.h"
#include "packet/page/personal.h"
#include "packet/page/reader-url.h"

#define ADDRESS "a link with an address in it"

/* One run's guard and requests; NULL members when offline. */
typedef struct {
  PktReach *reach;
  PktFetch *fetch;
} Session;

static gboolean
open_session (Session *s, const PktSnapshotOptions *o, GError **error)
{
  if (!o->online)
    return TRUE;
  s->reach = pkt_reach_new (o->allow_address, error);
  if (s->reach == NULL)
    return FALSE;
  const PktFetchOptions options = { .reach = s->reach,
                                    .max_total = PKT_PAGE_MAX_BYTES + PKT_ASSETS_MAX_TOTAL };
  s->fetch = pkt_fetch_new (&options);
  return TRUE;
}

static void
close_session (Session *s)
{
  g_clear_pointer (&s->fetch, pkt_fetch_free);
  g_clear_pointer (&s->reach, pkt_reach_free);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Session, close_session)

static gboolean
holds_recipient (const char *url, gpointer verifier)
{
  g_autoptr (GPtrArray) leaks = pkt_verify_bytes (verifier, "url", "text/plain", url, strlen (url));
  return leaks->len > 0;
}

GPtrArray *
pkt_snapshot_names (const PktSample *s)
{
  GPtrArray *names = g_ptr_array_new ();
  g_ptr_array_extend (names, s->names, NULL, NULL);
  g_ptr_array_extend (names, s->greeted, NULL, NULL);
  return names;
}

static PktPageWith
with_of (const PktSnapshotOptions *o, const Session *s)
{
  return (PktPageWith){ .names = o->names,
                        .recipients = o->recipients,
                        .base = o->url,
                        .hosts = o->hosts,
                        .fetch = s->fetch,
                        .reader = o->verifier ? holds_recipient : NULL,
                        .reader_data = o->verifier };
}

PktPage *
pkt_snapshot_file (const char *path, PktSlice html, const PktSnapshotOptions *o, GError **error)
{
  g_auto (Session) s = { NULL, NULL };
  if (!open_session (&s, o, error))
    return NULL;
  const PktPageWith with = with_of (o, &s);
  return pkt_page_read (path, html, &with, error);
}

PktPage *
pkt_snapshot_sample (const PktSample *sample, const PktSnapshotOptions *o, GError **error)
{
  g_auto (Session) s = { NULL, NULL };
  if (!open_session (&s, o, error))
    return NULL;
  static const char *const none[] = { NULL };
  const PktRedactScope scope = { none, none };
  g_autoptr (PktVerifier) own = o->online && !o->verifier ? pkt_verifier_new (&scope) : NULL;
  for (guint i = 0; own && i < sample->recipients->len; i++)
    pkt_verifier_add_recipient (own, pkt_slice_str (sample->recipients->pdata[i]));
  PktPageWith with = with_of (o, &s);
  if (own) {
    with.reader = holds_recipient;
    with.reader_data = own;
  }
  if (with.recipients == NULL)
    with.recipients = sample->recipients;
  with.charset = "utf-8"; /* the sample's reader has decoded it */
  with.parts = sample->pictures;
  return pkt_page_read (sample->path, pkt_slice_str (sample->html), &with, error);
}

static const char *
why_personal (const PktRemote *url, const PktSnapshotOptions *o)
{
  if (o->verifier && holds_recipient (url->text, o->verifier))
    return ADDRESS;
  g_autoptr (PktReaders) readers = pkt_readers_new (o->names, o->recipients);
  const char *why = pkt_personal_page (url);
  if (why == NULL && pkt_readers_in_url (readers, url->text))
    why = "a link that names a reader";
  if (why == NULL && !pkt_redact_link_is_neutral (pkt_slice_str (url->text)))
    why = "a link with one reader's token";
  return why && o->neutral && !g_str_equal (why, ADDRESS) ? NULL : why;
}

static gboolean
is_keyed_behind (const char *url)
{
  const char *hash = strchr (url, '#');
  g_autofree char *path = hash ? g_strconcat ("://x/", hash + 1, NULL) : NULL;
  return path && !pkt_redact_link_is_neutral (pkt_slice_str (path));
}

const char *
pkt_snapshot_personal (const char *url, const PktSnapshotOptions *o)
{
  const char *why = NULL;
  g_autoptr (PktRemote) remote = pkt_remote_new (url, NULL, &why);
  if (remote == NULL)
    return why;
  why = why_personal (remote, o);
  if (why == NULL && !o->neutral && is_keyed_behind (url)) /* which no request has */
    why = "a link with one reader's token behind its #";
  return why;
}

static const char *
may_ask (const PktRemote *url, PktFetchKind kind, gpointer options)
{
  (void)kind;
  const char *why = why_personal (url, options);
  return why ? "it leads on to a link that is one reader's, or that acts when it is asked for"
             : NULL;
}

static gboolean
is_html (const PktFetchJob *job)
{
  return job->type == NULL || g_str_equal (job->type, "text/html")
         || g_str_equal (job->type, "application/xhtml+xml");
}

static gboolean
get_page (PktFetchJob *job, const Session *s, const PktSnapshotOptions *o, const char *name,
          GError **error)
{
  pkt_fetch_run (s->fetch, job, 1, may_ask, (gpointer)o);
  if (job->body == NULL)
    g_set_error (error, PKT_ERROR, PKT_ERROR_UNAVAILABLE, "%s: %s; %s", name, job->why,
                 strstr (job->why, "not asked")
                     ? "--allow-address RANGE allows a network of your own"
                     : "save the page to a file and name that instead");
  else if (!is_html (job))
    g_set_error (error, PKT_ERROR, PKT_ERROR_DATA, "%s: what came is %s, no HTML page", name,
                 job->type);
  return job->body && is_html (job);
}

/* The caller clears the job. */
static PktPage *
read_remote (const PktRemote *remote, PktFetchJob *job, const PktSnapshotOptions *o,
             const char *name, GError **error)
{
  g_auto (Session) s = { NULL, NULL };
  *job = (PktFetchJob){ .kind = PKT_FETCH_PAGE, .url = remote, .max_bytes = PKT_PAGE_MAX_BYTES };
  if (!open_session (&s, o, error) || !get_page (job, &s, o, name, error))
    return NULL;
  PktPageWith with = with_of (o, &s);
  with.charset = job->charset;
  with.base = job->final_url;
  return pkt_page_read (remote->text, pkt_slice ((const char *)job->body->data, job->body->len),
                        &with, error);
}

PktPage *
pkt_snapshot_url (const char *url, const PktSnapshotOptions *o, GError **error)
{
  const char *why = NULL;
  g_autofree char *name = pkt_text_quote (pkt_slice_str (url), 200);
  g_autoptr (PktRemote) remote = pkt_remote_new (url, NULL, &why);
  if (remote)
    why = why_personal (remote, o);
  if (why) {
    g_set_error (error, PKT_ERROR, PKT_ERROR_DATA,
                 remote ? "%s: looks like %s and is not asked for; publish a copy that is the same "
                          "for everybody, or say why it is by --url-is-neutral"
                        : "%s: %s",
                 name, why);
    return NULL;
  }
  if (!o->online) {
    g_set_error (error, PKT_ERROR, PKT_ERROR_USAGE,
                 "%s: nothing is fetched without --online; or save the page to a file first", name);
    return NULL;
  }
  PktFetchJob job = { 0 };
  PktPage *page = read_remote (remote, &job, o, name, error);
  pkt_fetch_job_clear (&job);
  return page;
}
