/* Fetching, against a server in this process; names lead where the test says (CURLOPT_RESOLVE). */
#include "packet/page/fetch.h"
#include <arpa/inet.h>
#include <netinet/in.h>
#include <unistd.h>
#include "packet/model/page.h"

#define SLOW 30 /* seconds that nobody waits for */

static int listener;
static guint port;
static gint connections;

static void
answer (int c, const char *status, const char *fields, const char *body)
{
  g_autofree char *text = g_strdup_printf ("HTTP/1.1 %s\r\n%sConnection: close\r\n\r\n%s", status,
                                           fields, body);
  gsize n = strlen (text);
  if (write (c, text, n) != (gssize)n)
    g_test_message ("the client left early");
}

static gpointer
serve (gpointer data)
{
  int c = GPOINTER_TO_INT (data);
  char request[4096] = "";
  gssize n = read (c, request, sizeof request - 1);
  request[MAX (n, 0)] = '\0';
  if (strstr (request, "GET /silent ")) {
    while (read (c, request, sizeof request) > 0)
      ;
  } else if (strstr (request, "GET /short ")) {
    answer (c, "200 OK", "Content-Length: 100\r\n", "not a hundred");
  } else if (strstr (request, "GET /brotli ")) {
    answer (c, "200 OK", "Content-Encoding: rot13\r\n", "abc");
  } else if (strstr (request, "GET /moved ")) {
    g_autofree char *to = g_strdup_printf ("Location: http://inside.example:%u/a\r\n", port);
    answer (c, "302 Found", to, "");
  } else {
    answer (c, "200 OK", "Content-Type: Text/HTML; charset=\"UTF-8\"\r\n", "<p>here");
  }
  close (c);
  return NULL;
}

static gpointer
accept_all (gpointer data)
{
  (void)data;
  for (;;) {
    int c = accept (listener, NULL, NULL);
    if (c < 0)
      return NULL;
    g_atomic_int_inc (&connections);
    g_thread_unref (g_thread_new ("answer", serve, GINT_TO_POINTER (c)));
  }
}

static void
start (void)
{
  struct sockaddr_in a = { .sin_family = AF_INET, .sin_addr.s_addr = htonl (INADDR_LOOPBACK) };
  socklen_t n = sizeof a;
  listener = socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  g_assert_cmpint (bind (listener, (struct sockaddr *)&a, sizeof a), ==, 0);
  g_assert_cmpint (listen (listener, 16), ==, 0);
  g_assert_cmpint (getsockname (listener, (struct sockaddr *)&a, &n), ==, 0);
  port = ntohs (a.sin_port);
  g_thread_unref (g_thread_new ("accept", accept_all, NULL));
}

static const struct {
  const char *name;
  const char *addresses; /* of host.example */
  const char *url;       /* behind the host's port */
  const char *allowed;
  int connections;
  const char *why;     /* NULL: an answer comes */
  const char *address; /* in the list */
} cases[] = {
  { "allowed", "127.0.0.1", "/", "127.0.0.1", 1, NULL, "127.0.0.1" },
  { "refused", "127.0.0.1", "/", "10.0.0.0/8", 0, "127.0.0.1, a loopback address", "127.0.0.1" },
  { "private", "10.0.0.1", "/", NULL, 0, "10.0.0.1, a private address", "10.0.0.1" },
  { "both kinds, private first", "10.0.0.1,127.0.0.1", "/", "127.0.0.1", 1, NULL, "127.0.0.1" },
  { "both kinds, private last", "127.0.0.1,10.0.0.1", "/", "127.0.0.1", 1, NULL, "127.0.0.1" },
  { "both families", "[::1],127.0.0.1", "/", "127.0.0.1", 1, NULL, "127.0.0.1" },
  { "all of them private", "10.0.0.1,192.168.0.1,[fd00::1]", "/", NULL, 0, "which is not asked",
    NULL },
  { "mapped", "[::ffff:10.0.0.1]", "/", "127.0.0.1", 0, "::ffff:10.0.0.1, a private address",
    "::ffff:10.0.0.1" },
  { "Apple's", "17.57.156.30", "/", "17.57.156.30", 0, "Apple's own address", "17.57.156.30" },
  { "on to a private host", "127.0.0.1", "/moved", "127.0.0.1", 1, "10.1.2.3, a private address",
    "127.0.0.1" },
  { "silent", "127.0.0.1", "/silent", "127.0.0.1", 1, "no whole answer in time", "127.0.0.1" },
  { "cut short", "127.0.0.1", "/short", "127.0.0.1", 1, "", "127.0.0.1" },
  { "an unknown coding", "127.0.0.1", "/brotli", "127.0.0.1", 1, "", "127.0.0.1" },
};

static void
test_case (gconstpointer data)
{
  gsize i = GPOINTER_TO_SIZE (data);
  const char *const allowed[] = { cases[i].allowed, NULL };
  g_autoptr (PktReach) reach = pkt_reach_new (allowed, NULL);
  g_autofree char *here = g_strdup_printf ("host.example:%u:%s", port, cases[i].addresses);
  g_autofree char *inside = g_strdup_printf ("inside.example:%u:10.1.2.3", port);
  const char *const resolve[] = { here, inside, NULL };
  const PktFetchOptions o = { .reach = reach, .resolve = resolve, .milliseconds = 700 };
  g_autoptr (PktFetch) fetch = pkt_fetch_new (&o);
  g_autofree char *text = g_strdup_printf ("http://host.example:%u%s", port, cases[i].url);
  g_autoptr (PktRemote) url = pkt_remote_new (text, NULL, NULL);
  PktFetchJob job = { .kind = PKT_FETCH_PAGE, .url = url, .max_bytes = 1000 };
  g_atomic_int_set (&connections, 0);
  g_test_timer_start ();
  pkt_fetch_run (fetch, &job, 1, NULL, NULL);
  g_assert_cmpfloat (g_test_timer_elapsed (), <, SLOW);
  g_test_message ("%s", job.why ? job.why : "taken");
  g_assert_cmpint (g_atomic_int_get (&connections), ==, cases[i].connections);
  g_assert_cmpint (job.body != NULL, ==, cases[i].why == NULL);
  const GPtrArray *requests = pkt_fetch_requests (fetch);
  const PktPageRequest *first = g_ptr_array_index (requests, 0);
  if (cases[i].address)
    g_assert_cmpstr (first->address, ==, cases[i].address);
  if (cases[i].why)
    g_assert_nonnull (strstr (job.why, cases[i].why));
  else
    g_assert_cmpmem (job.body->data, job.body->len, "<p>here", 7);
  if (job.body) {
    g_assert_cmpstr (job.type, ==, "text/html");
    g_assert_cmpstr (job.charset, ==, "UTF-8");
  }
  pkt_fetch_job_clear (&job);
}

#define MANY 9

static const char *
may_odd (const PktRemote *url, PktFetchKind kind, gpointer data)
{
  (void)kind;
  (void)data;
  return strstr (url->path, "0") ? "it has a nought" : NULL;
}

/* More at a time than are asked at once; the list is in the order of the jobs. */
static void
test_many (void)
{
  static const char *const allowed[] = { "127.0.0.1", NULL };
  g_autoptr (PktReach) reach = pkt_reach_new (allowed, NULL);
  g_autofree char *here = g_strdup_printf ("host.example:%u:127.0.0.1", port);
  const char *const resolve[] = { here, NULL };
  const PktFetchOptions o = { .reach = reach, .resolve = resolve, .max_total = 7 * (MANY - 2) };
  g_autoptr (PktFetch) fetch = pkt_fetch_new (&o);
  g_autoptr (GPtrArray) urls = g_ptr_array_new_with_free_func ((GDestroyNotify)pkt_remote_free);
  PktFetchJob jobs[MANY] = { 0 };
  for (guint i = 0; i < MANY; i++) {
    g_autofree char *text = g_strdup_printf ("http://host.example:%u/%u", port, i);
    g_ptr_array_add (urls, pkt_remote_new (text, NULL, NULL));
    jobs[i] = (PktFetchJob){ .kind = PKT_FETCH_IMAGE, .url = urls->pdata[i], .max_bytes = 100 };
  }
  g_atomic_int_set (&connections, 0);
  pkt_fetch_run (fetch, jobs, MANY, may_odd, NULL);
  guint taken = 0;
  for (guint i = 0; i < MANY; i++)
    taken += jobs[i].body != NULL;
  g_assert_cmpuint (taken, ==, MANY - 2); /* one was not asked for, for one there was no room */
  g_assert_cmpstr (jobs[0].why, ==, "it has a nought");
  g_assert_cmpint (g_atomic_int_get (&connections), ==, MANY - 1);
  const GPtrArray *requests = pkt_fetch_requests (fetch);
  g_assert_cmpuint (requests->len, ==, MANY - 1);
  for (guint i = 0; i < requests->len; i++) {
    g_autofree char *end = g_strdup_printf ("/%u", i + 1);
    g_assert_true (g_str_has_suffix (((PktPageRequest *)requests->pdata[i])->url, end));
  }
  for (guint i = 0; i < MANY; i++)
    pkt_fetch_job_clear (&jobs[i]);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  start ();
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *name = g_strdup_printf ("/page/fetch/%s", cases[i].name);
    g_test_add_data_func (name, GSIZE_TO_POINTER (i), test_case);
  }
  g_test_add_func ("/page/fetch/many", test_many);
  return g_test_run ();
}
