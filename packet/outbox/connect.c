#include <string.h>
#include "packet/base/curl.h"
#include "packet/base/error.h"
#include "packet/outbox/secret.h"
#include "packet/outbox/server.h"
#include "packet/outbox/stop.h"

#define TICK_MS 200 /* so soon a wish to stop is heard that came between two waits */

/* A connection that libcurl made: greeting, TLS and login are its work (CURLOPT_CONNECT_ONLY), what
 * is said then is ours. Its own MAIL, RCPT and APPEND know neither DSN nor flags (7.88). */
typedef struct {
  CURL *curl;
  const PktServer *server;
  PktOutcome *out;
  gboolean logged_in;
  gint64 answer_by; /* the whole answer, however it trickles in; 0: none is read yet */
  char why[CURL_ERROR_SIZE];
} Link;

static void
link_free (gpointer data)
{
  Link *l = data;
  curl_easy_cleanup (l->curl);
  g_free (l);
}

static gboolean
interrupted (GError **error)
{
  if (pkt_stop_asked () == 0)
    return FALSE;
  g_set_error_literal (error, PKT_ERROR, PKT_ERROR_AGAIN, "interrupted");
  return TRUE;
}

/* Waits until the socket can be read (or written); FALSE at the end of time or patience. */
static gboolean
wait_for (Link *l, gushort events, gint64 deadline, GError **error)
{
  curl_socket_t fd = CURL_SOCKET_BAD;
  curl_easy_getinfo (l->curl, CURLINFO_ACTIVESOCKET, &fd);
  for (;;) {
    gint64 left = (deadline - g_get_monotonic_time ()) / 1000;
    if (interrupted (error))
      return FALSE;
    if (left <= 0) {
      g_set_error_literal (error, PKT_ERROR, PKT_ERROR_AGAIN, "no answer in time");
      return FALSE;
    }
    GPollFD poll = { .fd = fd, .events = events };
    if (g_poll (&poll, 1, (int)MIN (left, TICK_MS)) > 0)
      return TRUE;
  }
}

static gint64
deadline_of (const Link *l)
{
  guint seconds = l->server->timeout > 0 ? l->server->timeout : PKT_SERVER_ANSWER_SECONDS;
  return g_get_monotonic_time () + (gint64)seconds * G_USEC_PER_SEC;
}

static gboolean
broken (CURLcode code, GError **error)
{
  g_set_error (error, PKT_ERROR, PKT_ERROR_AGAIN, "the connection broke (%s)",
               curl_easy_strerror (code));
  return FALSE;
}

static gssize
link_read (gpointer data, char *bytes, gsize n, GError **error)
{
  Link *l = data;
  if (l->answer_by == 0)
    l->answer_by = deadline_of (l);
  for (;;) {
    gsize got = 0;
    CURLcode code = curl_easy_recv (l->curl, bytes, n, &got);
    if (code == CURLE_OK && (got == 0 || g_get_monotonic_time () < l->answer_by))
      return (gssize)got;
    if (code != CURLE_AGAIN && code != CURLE_OK) {
      broken (code, error);
      return -1;
    }
    if (!wait_for (l, G_IO_IN, l->answer_by, error))
      return -1;
  }
}

static gboolean
link_write (gpointer data, const char *bytes, gsize n, GError **error)
{
  Link *l = data;
  gint64 deadline = deadline_of (l);
  l->answer_by = 0;
  while (n > 0) {
    gsize put = 0;
    if (interrupted (error))
      return FALSE;
    CURLcode code = curl_easy_send (l->curl, bytes, n, &put);
    if (code != CURLE_OK && code != CURLE_AGAIN)
      return broken (code, error);
    bytes += put;
    n -= put;
    if (code == CURLE_AGAIN && !wait_for (l, G_IO_OUT, deadline, error))
      return FALSE;
  }
  return TRUE;
}

/* What the server answers until the login is done; libcurl tells only that it went wrong. */
static size_t
on_reply (char *line, size_t size, size_t n, void *data)
{
  Link *l = data;
  g_autofree char *text = g_strndup (line, size * n);
  g_strchomp (text);
  if (l->server->kind == PKT_SERVER_SMTP && g_ascii_isdigit (text[0])) {
    l->out->code = atoi (text);
    l->logged_in = l->logged_in || l->out->code == 235; /* RFC 4954 section 4 */
  }
  g_free (l->out->reply);
  l->out->reply = pkt_secret_scrub (text, (const char *const *)l->server->secrets);
  return size * n;
}

static int
on_progress (void *data, curl_off_t a, curl_off_t b, curl_off_t c, curl_off_t d)
{
  (void)data, (void)a, (void)b, (void)c, (void)d;
  return pkt_stop_asked () != 0;
}

static gboolean
wants_login (const PktServer *s)
{
  return s->user != NULL || s->netrc_file != NULL;
}

static void
set_login (CURL *curl, const PktServer *s)
{
  if (s->user != NULL)
    curl_easy_setopt (curl, CURLOPT_USERNAME, s->user);
  if (s->password != NULL)
    curl_easy_setopt (curl, CURLOPT_PASSWORD, s->password);
  if (s->token != NULL)
    curl_easy_setopt (curl, CURLOPT_XOAUTH2_BEARER, s->token);
  if (s->netrc_file != NULL) {
    curl_easy_setopt (curl, CURLOPT_NETRC, (long)CURL_NETRC_REQUIRED);
    curl_easy_setopt (curl, CURLOPT_NETRC_FILE, s->netrc_file);
  }
}

static void
set_security (CURL *curl, const PktServer *s)
{
  curl_easy_setopt (curl, CURLOPT_USE_SSL, (long)CURLUSESSL_ALL);
  curl_easy_setopt (curl, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
  curl_easy_setopt (curl, CURLOPT_SSL_VERIFYPEER, 1L);
  curl_easy_setopt (curl, CURLOPT_SSL_VERIFYHOST, 2L);
  curl_easy_setopt (curl, CURLOPT_PROXY, ""); /* nobody between us and the server */
  if (s->ca_file != NULL)
    curl_easy_setopt (curl, CURLOPT_CAINFO, s->ca_file);
}

static char *
url_of (const PktServer *s)
{
  g_autofree char *helo = s->helo != NULL ? g_uri_escape_string (s->helo, NULL, FALSE) : NULL;
  const char *scheme = s->kind == PKT_SERVER_SMTP ? "smtp" : "imap";
  return g_strdup_printf ("%s%s://%s/%s", scheme, s->tls ? "s" : "", s->name,
                          helo != NULL && s->kind == PKT_SERVER_SMTP ? helo : "");
}

static void
set_up (Link *l)
{
  const PktServer *s = l->server;
  g_autofree char *url = url_of (s);
  long seconds = s->timeout > 0 ? (long)s->timeout : PKT_SERVER_CONNECT_SECONDS;
  curl_easy_setopt (l->curl, CURLOPT_URL, url);
  curl_easy_setopt (l->curl, CURLOPT_PROTOCOLS_STR, "smtp,smtps,imap,imaps");
  curl_easy_setopt (l->curl, CURLOPT_CONNECT_ONLY, 1L);
  curl_easy_setopt (l->curl, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt (l->curl, CURLOPT_CONNECTTIMEOUT, seconds);
  curl_easy_setopt (l->curl, CURLOPT_TIMEOUT, seconds);
  curl_easy_setopt (l->curl, CURLOPT_ERRORBUFFER, l->why);
  curl_easy_setopt (l->curl, CURLOPT_HEADERFUNCTION, on_reply);
  curl_easy_setopt (l->curl, CURLOPT_HEADERDATA, l);
  curl_easy_setopt (l->curl, CURLOPT_NOPROGRESS, 0L);
  curl_easy_setopt (l->curl, CURLOPT_XFERINFOFUNCTION, on_progress);
  set_security (l->curl, s);
  set_login (l->curl, s);
}

/* What libcurl's code means for the user. */
typedef struct {
  CURLcode code;
  PktErrorCode error;
  const char *text;
} Meaning;

static const Meaning meanings[] = {
  { CURLE_COULDNT_RESOLVE_HOST, PKT_ERROR_UNAVAILABLE, "there is no such host" },
  { CURLE_COULDNT_CONNECT, PKT_ERROR_AGAIN, "it cannot be reached; try again later" },
  { CURLE_OPERATION_TIMEDOUT, PKT_ERROR_AGAIN, "no answer in time; try again later" },
  { CURLE_PEER_FAILED_VERIFICATION, PKT_ERROR_UNAVAILABLE,
    "its certificate is not to be trusted; if it is signed by a CA of your own, name that by "
    "--cacert" },
  { CURLE_SSL_CACERT_BADFILE, PKT_ERROR_CONFIG, "the file of --cacert cannot be used" },
  { CURLE_USE_SSL_FAILED, PKT_ERROR_UNAVAILABLE,
    "it offers no STARTTLS, and without encryption nothing is sent; use its smtps:// or imaps:// "
    "port" },
  { CURLE_SSL_CONNECT_ERROR, PKT_ERROR_UNAVAILABLE,
    "TLS does not come about; is it the port that is encrypted from the first byte?" },
  { CURLE_LOGIN_DENIED, PKT_ERROR_CONFIG, "the login is refused; look at user, password or token" },
};

static void
explain (const Link *l, CURLcode code, GError **error)
{
  Meaning m = { code, PKT_ERROR_AGAIN, "the connection broke; try again later" };
  for (gsize i = 0; i < G_N_ELEMENTS (meanings); i++)
    if (meanings[i].code == code)
      m = meanings[i];
  int reply = l->out->code;
  gboolean imap_later = l->server->kind == PKT_SERVER_IMAP && l->out->reply != NULL
                        && strstr (l->out->reply, "[UNAVAILABLE]") != NULL; /* RFC 5530 3 */
  if (imap_later || (reply >= 400 && reply < 500)) /* the server itself says that it is for now */
    m = (Meaning){ code, PKT_ERROR_AGAIN, "it says that it is for now only; try again later" };
  else if (reply >= 500 && m.error == PKT_ERROR_AGAIN)
    m = (Meaning){ code, PKT_ERROR_UNAVAILABLE, "it refuses; use another server" };
  g_autofree char *why = pkt_secret_scrub (l->why[0] != '\0' ? l->why : curl_easy_strerror (code),
                                           (const char *const *)l->server->secrets);
  gboolean said = reply >= 400
                  || (l->server->kind == PKT_SERVER_IMAP && l->out->reply != NULL
                      && code == CURLE_LOGIN_DENIED);
  g_set_error (error, PKT_ERROR, m.error, "%s (%s%s%s)", m.text, why, said ? ": " : "",
               said ? l->out->reply : "");
}

static gboolean
perform (Link *l, GError **error)
{
  CURLcode code = curl_easy_perform (l->curl);
  char *address = NULL;
  if (curl_easy_getinfo (l->curl, CURLINFO_PRIMARY_IP, &address) == CURLE_OK && address != NULL)
    l->out->address = g_strdup (*address != '\0' ? address : NULL);
  if (interrupted (error))
    return FALSE;
  if (code != CURLE_OK) {
    explain (l, code, error);
    return FALSE;
  }
  /* libcurl goes on without a login where the server offers none. */
  if (!wants_login (l->server) || l->server->kind != PKT_SERVER_SMTP || l->logged_in)
    return TRUE;
  if (l->server->netrc_file != NULL)
    g_set_error (error, PKT_ERROR, PKT_ERROR_CONFIG,
                 "there was no login: %s has no entry for %s, or the server offers none; is it its "
                 "submission port?",
                 l->server->netrc_file, l->server->host);
  else
    g_set_error_literal (
        error, PKT_ERROR, PKT_ERROR_CONFIG,
        "it offers no login, though one was asked for; is it its submission port?");
  return FALSE;
}

PktWire *
pkt_server_connect (const PktServer *s, PktOutcome *out, GError **error)
{
  static const PktWireFuncs funcs = { link_read, link_write, link_free };
  static gsize begun = 0;
  if (!pkt_curl_load (error))
    return NULL;
  if (g_once_init_enter (&begun))
    g_once_init_leave (&begun, curl_global_init (CURL_GLOBAL_DEFAULT) == CURLE_OK ? 1 : 2);
  Link *l = g_new0 (Link, 1);
  l->curl = curl_easy_init ();
  l->server = s;
  l->out = out;
  out->stage = "connect";
  g_autoptr (PktWire) w = pkt_wire_new (&funcs, l);
  if (l->curl == NULL || begun == 2) {
    g_set_error_literal (error, PKT_ERROR, PKT_ERROR_UNAVAILABLE, "libcurl cannot be started");
    return NULL;
  }
  set_up (l);
  if (perform (l, error))
    return g_steal_pointer (&w);
  g_prefix_error (error, "nothing was sent: ");
  return NULL;
}
