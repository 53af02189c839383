#include "packet/page/fetch.h"
#include <string.h>
#include <unistd.h>
#include "packet/base/text.h"
#include "packet/model/page.h"

#define AGENT "postpacket/" PACKAGE_VERSION
#define WAIT_MS 1000
#define MAX_TYPE 200
#define QUOTE 120 /* characters of a URL in a reason */

struct PktFetch {
  const PktReach *reach;
  CURLM *multi;
  struct curl_slist *resolve;
  gint64 microseconds, deadline; /* deadline: monotonic; 0 before the first request */
  gsize left;                    /* bytes of all answers together */
  GPtrArray *requests;
};

/* A job on its way. */
typedef struct {
  PktFetch *fetch;
  PktFetchJob *job;
  PktRemote *hop; /* what is asked now; owned */
  guint redirects;
  CURL *easy; /* NULL: not running */
  gsize header_bytes;
  const char *given_up;  /* why this side ended it; static */
  const char *refused;   /* what the last refused address is; static */
  char *refused_address; /* owned */
  struct curl_slist *fields;
  GPtrArray *requests; /* PktPageRequest* of this job */
  char error[CURL_ERROR_SIZE];
} Transfer;

typedef struct {
  PktFetchMay may;
  gpointer data;
} Rules;

static const char *const kinds[] = { "page", "image", "stylesheet" };

void
pkt_fetch_job_clear (PktFetchJob *j)
{
  g_clear_pointer (&j->body, g_byte_array_unref);
  g_clear_pointer (&j->type, g_free);
  g_clear_pointer (&j->charset, g_free);
  g_clear_pointer (&j->final_url, g_free);
  g_clear_pointer (&j->why, g_free);
}

PktFetch *
pkt_fetch_new (const PktFetchOptions *o)
{
  static gsize ready = 0;
  if (g_once_init_enter (&ready)) {
    curl_global_init (CURL_GLOBAL_DEFAULT);
    g_once_init_leave (&ready, 1);
  }
  PktFetch *f = g_new0 (PktFetch, 1);
  f->reach = o->reach;
  f->multi = curl_multi_init ();
  for (gsize i = 0; o->resolve && o->resolve[i]; i++)
    f->resolve = curl_slist_append (f->resolve, o->resolve[i]);
  f->microseconds = o->milliseconds ? (gint64)o->milliseconds * 1000
                                    : (gint64)PKT_FETCH_SECONDS * G_USEC_PER_SEC;
  f->left = o->max_total ? o->max_total : G_MAXSIZE;
  f->requests = g_ptr_array_new_with_free_func ((GDestroyNotify)pkt_page_request_free);
  return f;
}

void
pkt_fetch_free (PktFetch *f)
{
  curl_multi_cleanup (f->multi);
  curl_slist_free_all (f->resolve);
  g_ptr_array_unref (f->requests);
  g_free (f);
}

GPtrArray *
pkt_fetch_requests (const PktFetch *f)
{
  return f->requests;
}

/* CURLOPT_OPENSOCKETFUNCTION: the only place where a connection can begin. */
static curl_socket_t
open_socket (void *data, curlsocktype purpose, struct curl_sockaddr *to)
{
  Transfer *t = data;
  const char *what = purpose == CURLSOCKTYPE_IPCXN ? pkt_reach_refuses (t->fetch->reach, &to->addr)
                                                   : "no address to connect to";
  if (what == NULL)
    return socket (to->family, to->socktype | SOCK_CLOEXEC, to->protocol);
  g_free (t->refused_address);
  t->refused_address = pkt_reach_text (&to->addr);
  t->refused = what;
  return CURL_SOCKET_BAD;
}

static size_t
take_header (char *bytes, size_t size, size_t n, void *data)
{
  (void)bytes;
  Transfer *t = data;
  t->header_bytes += size * n;
  if (t->header_bytes <= PKT_FETCH_MAX_HEADER)
    return size * n;
  t->given_up = "its header fields are too many";
  return 0;
}

/* Bytes as decoded: a small answer may unpack to any size. */
static size_t
take_body (char *bytes, size_t size, size_t n, void *data)
{
  Transfer *t = data;
  GByteArray *body = t->job->body;
  n *= size;
  if (n > t->job->max_bytes - body->len || n > t->fetch->left) {
    t->given_up = n > t->fetch->left ? "all answers together are too large" : "it is too large";
    return 0;
  }
  t->fetch->left -= n;
  g_byte_array_append (body, (const guint8 *)bytes, (guint)n);
  return n;
}

static long
milliseconds_left (const PktFetch *f)
{
  return (long)((f->deadline - g_get_monotonic_time ()) / 1000);
}

static void
set_options (Transfer *t)
{
  CURL *c = t->easy;
  static const char *const accept[] = { "text/html,application/xhtml+xml",
                                        "image/png,image/jpeg,image/gif,image/webp", "text/css" };
  curl_easy_setopt (c, CURLOPT_CURLU, t->hop->parts);
  curl_easy_setopt (c, CURLOPT_PRIVATE, t);
  curl_easy_setopt (c, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt (c, CURLOPT_FOLLOWLOCATION, 0L);
  curl_easy_setopt (c, CURLOPT_PROXY, ""); /* the environment's is not looked at */
  curl_easy_setopt (c, CURLOPT_NOPROXY, "*");
  curl_easy_setopt (c, CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
  curl_easy_setopt (c, CURLOPT_USERAGENT, AGENT);
  curl_easy_setopt (c, CURLOPT_SSL_VERIFYPEER, 1L);
  curl_easy_setopt (c, CURLOPT_SSL_VERIFYHOST, 2L);
  curl_easy_setopt (c, CURLOPT_ACCEPT_ENCODING, "gzip, deflate");
  curl_easy_setopt (c, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt (c, CURLOPT_QUICK_EXIT, 1L); /* a resolver that hangs is not waited for */
  curl_easy_setopt (c, CURLOPT_FRESH_CONNECT, 1L);
  curl_easy_setopt (c, CURLOPT_FORBID_REUSE, 1L); /* each request opens its own, judged socket */
  curl_easy_setopt (c, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
  curl_easy_setopt (c, CURLOPT_TIMEOUT_MS, MAX (milliseconds_left (t->fetch), 1L));
  curl_easy_setopt (c, CURLOPT_OPENSOCKETFUNCTION, open_socket);
  curl_easy_setopt (c, CURLOPT_OPENSOCKETDATA, t);
  curl_easy_setopt (c, CURLOPT_HEADERFUNCTION, take_header);
  curl_easy_setopt (c, CURLOPT_HEADERDATA, t);
  curl_easy_setopt (c, CURLOPT_WRITEFUNCTION, take_body);
  curl_easy_setopt (c, CURLOPT_WRITEDATA, t);
  curl_easy_setopt (c, CURLOPT_ERRORBUFFER, t->error);
  if (t->fetch->resolve)
    curl_easy_setopt (c, CURLOPT_RESOLVE, t->fetch->resolve);
  g_autofree char *field = g_strdup_printf ("Accept: %s", accept[t->job->kind]);
  struct curl_slist *fields = curl_slist_append (NULL, field);
  curl_easy_setopt (c, CURLOPT_HTTPHEADER, fields);
  t->fields = fields;
}

static void
fail (Transfer *t, char *taken)
{
  g_clear_pointer (&t->job->body, g_byte_array_unref);
  g_free (t->job->why);
  t->job->why = taken;
}

/* Begins the request of t->hop, where it may be made. */
static void
begin (Transfer *t, const Rules *rules)
{
  const char *why = rules->may ? rules->may (t->hop, t->job->kind, rules->data) : NULL;
  PktFetch *f = t->fetch;
  if (f->deadline == 0)
    f->deadline = g_get_monotonic_time () + f->microseconds;
  if (why == NULL && milliseconds_left (f) <= 0)
    why = "the time for all requests was over";
  if (why) {
    fail (t, g_strdup (why));
    return;
  }
  g_clear_pointer (&t->job->body, g_byte_array_unref);
  t->job->body = g_byte_array_new ();
  t->header_bytes = 0;
  t->given_up = t->refused = NULL;
  g_clear_pointer (&t->refused_address, g_free);
  t->error[0] = '\0';
  t->easy = curl_easy_init ();
  set_options (t);
  curl_multi_add_handle (f->multi, t->easy);
}

/* Why nothing came; caller frees. */
static char *
reason (const Transfer *t, CURLcode code)
{
  if (t->given_up)
    return g_strdup (t->given_up);
  if (t->refused && code == CURLE_COULDNT_CONNECT)
    return g_strdup_printf ("leads to %s, %s, which is not asked", t->refused_address, t->refused);
  if (code == CURLE_OPERATION_TIMEDOUT)
    return g_strdup ("there was no whole answer in time");
  return pkt_text_quote (pkt_slice_str (*t->error ? t->error : curl_easy_strerror (code)), 200);
}

/* "text/html; charset=utf-8" of RFC 9110 8.3. */
static void
take_type (PktFetchJob *j, const char *value)
{
  if (value == NULL || strlen (value) > MAX_TYPE)
    return;
  g_auto (GStrv) pieces = g_strsplit (value, ";", -1);
  for (guint i = 0; pieces[i]; i++) {
    char *piece = g_strstrip (pieces[i]);
    if (i == 0 && *piece)
      j->type = g_ascii_strdown (piece, -1);
    else if (g_ascii_strncasecmp (piece, "charset=", 8) == 0 && j->charset == NULL)
      j->charset = g_strdup (g_strstrip (g_strdelimit (piece + 8, "\"'", ' ')));
  }
}

/* What the request came to, `result` taken. */
static void
note (Transfer *t, int status, char *result)
{
  PktPageRequest *r = g_new0 (PktPageRequest, 1);
  char *address = NULL;
  curl_easy_getinfo (t->easy, CURLINFO_PRIMARY_IP, &address);
  r->kind = g_strdup (kinds[t->job->kind]);
  r->url = g_strdup (t->hop->text);
  r->address = g_strdup (address && *address ? address : t->refused_address);
  r->status = status;
  r->bytes = t->job->body ? t->job->body->len : 0;
  r->result = result;
  g_ptr_array_add (t->requests, r);
}

/* FALSE when it leads nowhere that can be asked. */
static gboolean
follow (Transfer *t, const char *target)
{
  const char *why = "leads on more than " G_STRINGIFY (PKT_FETCH_REDIRECTS) " times";
  PktRemote *next = ++t->redirects <= PKT_FETCH_REDIRECTS ? pkt_remote_new (target, NULL, &why)
                                                          : NULL;
  g_autofree char *quoted = pkt_text_quote (pkt_slice_str (target), QUOTE);
  if (next == NULL) {
    fail (t, t->redirects > PKT_FETCH_REDIRECTS ? g_strdup (why)
                                                : g_strdup_printf ("leads to %s: %s", quoted, why));
    return FALSE;
  }
  pkt_remote_free (t->hop);
  t->hop = next;
  return TRUE;
}

/* Reads what came; TRUE when the transfer goes on with another request. */
static gboolean
finish (Transfer *t, CURLcode code)
{
  long status = 0;
  char *target = NULL, *type = NULL;
  curl_easy_getinfo (t->easy, CURLINFO_RESPONSE_CODE, &status);
  curl_easy_getinfo (t->easy, CURLINFO_REDIRECT_URL, &target);
  curl_easy_getinfo (t->easy, CURLINFO_CONTENT_TYPE, &type);
  if (code == CURLE_OK && target) {
    g_autofree char *quoted = pkt_text_quote (pkt_slice_str (target), QUOTE);
    note (t, (int)status, g_strdup_printf ("leads to %s", quoted));
    return follow (t, target);
  }
  if (code == CURLE_OK && status == 200) {
    note (t, (int)status, g_strdup ("taken"));
    take_type (t->job, type);
    t->job->final_url = g_strdup (t->hop->text);
    return FALSE;
  }
  char *why = code == CURLE_OK ? g_strdup_printf ("answered %ld", status) : reason (t, code);
  note (t, (int)status, g_strdup (why));
  fail (t, why);
  return FALSE;
}

static void
stop (Transfer *t)
{
  curl_multi_remove_handle (t->fetch->multi, t->easy);
  g_clear_pointer (&t->easy, curl_easy_cleanup);
  g_clear_pointer (&t->fields, curl_slist_free_all);
}

/* Takes what has ended; the number of transfers that are still on their way. */
static guint
reap (PktFetch *f, guint running, const Rules *rules)
{
  CURLMsg *m;
  int more;
  while ((m = curl_multi_info_read (f->multi, &more)) != NULL) {
    Transfer *t = NULL;
    if (m->msg != CURLMSG_DONE)
      continue;
    CURLcode code = m->data.result; /* gone when the handle is removed */
    curl_easy_getinfo (m->easy_handle, CURLINFO_PRIVATE, (char **)&t);
    gboolean again = finish (t, code);
    stop (t);
    if (again)
      begin (t, rules);
    running -= t->easy == NULL;
  }
  return running;
}

static void
clear_transfer (Transfer *t)
{
  g_clear_pointer (&t->hop, pkt_remote_free);
  g_free (t->refused_address);
  g_ptr_array_set_free_func (t->requests, NULL);
  for (guint i = 0; i < t->requests->len; i++)
    g_ptr_array_add (t->fetch->requests, t->requests->pdata[i]);
  g_ptr_array_unref (t->requests);
}

void
pkt_fetch_run (PktFetch *f, PktFetchJob *jobs, guint n, PktFetchMay may, gpointer data)
{
  const Rules rules = { may, data };
  g_autofree Transfer *all = g_new0 (Transfer, n);
  guint next = 0, running = 0;
  while (next < n || running > 0) {
    for (; next < n && running < PKT_FETCH_PARALLEL; next++) {
      all[next] = (Transfer){ .fetch = f, .job = &jobs[next], .requests = g_ptr_array_new () };
      all[next].hop = pkt_remote_new (jobs[next].url->text, NULL, NULL);
      if (all[next].hop)
        begin (&all[next], &rules);
      running += all[next].easy != NULL;
    }
    int active = 0;
    curl_multi_perform (f->multi, &active);
    running = reap (f, running, &rules);
    if (running > 0)
      curl_multi_poll (f->multi, NULL, 0, (int)CLAMP (milliseconds_left (f), 1, WAIT_MS), NULL);
  }
  for (guint i = 0; i < n; i++)
    clear_transfer (&all[i]);
}
