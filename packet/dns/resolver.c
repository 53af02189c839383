#define CARES_NO_DEPRECATED /* the calls that Debian 12 has are old ones to newer c-ares */
#include "packet/dns/resolver.h"
#include <arpa/inet.h>
#include <poll.h>
#include "packet/base/cares.h"
#include "packet/base/error.h"
#include "packet/dns/message.h"

#define CLASS_IN 1
#define MAX_SERVERS 8
#define MAX_IN_FLIGHT 200 /* questions on their way at a time */
#define MAX_HOPS 8        /* aliases that a server does not follow itself */
#define UDP_BYTES 1232    /* passes every path unfragmented */
#define MAX_POLL_MS 1000

typedef struct {
  PktResolver *resolver;
  ares_channel channel;
  char *name;
} Server;

typedef struct {
  PktResolver *resolver;
  PktDnsAnswer *answer; /* to the question as it was asked */
  char *name;           /* asked for now: the question's, or an alias' */
  guint server, hops;
} Question;

struct PktResolver {
  PktDns *dns;
  GPtrArray *servers; /* Server* */
  GQueue waiting;     /* Question* */
  GArray *polls;      /* struct pollfd: every socket of every channel */
  guint in_flight, sent;
  gboolean closing;
};

static void send_question (Question *q);

static void
server_free (gpointer p)
{
  Server *s = p;
  if (s->channel)
    ares_destroy (s->channel);
  g_free (s->name);
  g_free (s);
}

static void
question_free (Question *q)
{
  if (q->answer)
    pkt_dns_answer_free (q->answer);
  g_free (q->name);
  g_free (q);
}

/* ---- servers ---- */

static void
on_socket (void *data, ares_socket_t fd, int readable, int writable)
{
  GArray *polls = ((Server *)data)->resolver->polls;
  short events = (short)((readable ? POLLIN : 0) | (writable ? POLLOUT : 0));
  for (guint i = 0; i < polls->len; i++) {
    struct pollfd *p = &g_array_index (polls, struct pollfd, i);
    if (p->fd != fd)
      continue;
    p->events = events;
    if (events == 0)
      g_array_remove_index_fast (polls, i);
    return;
  }
  const struct pollfd one = { .fd = fd, .events = events };
  if (events)
    g_array_append_val (polls, one);
}

/* "192.0.2.53:5353" as c-ares wants it, and as it is shown; NULL where it is none. */
static char *
server_name (const char *text)
{
  g_autofree char *host = NULL;
  const char *port = NULL, *close = strchr (text, ']');
  gint64 number = 53;
  struct in6_addr any;
  if (text[0] == '[' && close && (close[1] == '\0' || close[1] == ':')) {
    host = g_strndup (text + 1, (gsize)(close - text) - 1);
    port = close[1] ? close + 2 : NULL;
  } else if (strchr (text, ':') == strrchr (text, ':')) {
    const char *colon = strchr (text, ':');
    host = colon ? g_strndup (text, (gsize)(colon - text)) : g_strdup (text);
    port = colon ? colon + 1 : NULL;
  } else
    host = g_strdup (text);
  gboolean six = inet_pton (AF_INET6, host, &any) == 1;
  if ((!six && inet_pton (AF_INET, host, &any) != 1)
      || (port
          && (!pkt_slice_number (pkt_slice_str (port), &number) || number < 1 || number > 65535)))
    return NULL;
  return g_strdup_printf (six ? "[%s]:%d" : "%s:%d", host, (int)number);
}

static gboolean
open_server (PktResolver *r, const char *name, guint timeout, GError **error)
{
  Server *s = g_new0 (Server, 1);
  g_ptr_array_add (r->servers, s);
  s->resolver = r;
  s->name = g_strdup (name);
  struct ares_options options = { .flags = ARES_FLAG_EDNS | ARES_FLAG_NOSEARCH | ARES_FLAG_NOALIASES
                                           | ARES_FLAG_NOCHECKRESP,
                                  .timeout = (int)timeout,
                                  .tries = 2,
                                  .ednspsz = UDP_BYTES,
                                  .sock_state_cb = on_socket,
                                  .sock_state_cb_data = s };
  int status = ares_init_options (&s->channel, &options,
                                  ARES_OPT_FLAGS | ARES_OPT_TIMEOUTMS | ARES_OPT_TRIES
                                      | ARES_OPT_EDNSPSZ | ARES_OPT_SOCK_STATE_CB);
  if (status == ARES_SUCCESS)
    status = ares_set_servers_ports_csv (s->channel, name);
  if (status == ARES_SUCCESS)
    return TRUE;
  g_set_error (error, PKT_ERROR, PKT_ERROR_UNAVAILABLE, "DNS server %s: %s", name,
               ares_strerror (status));
  return FALSE;
}

/* Those of resolv.conf, in its order. Caller frees. */
static char **
system_servers (void)
{
  ares_channel channel;
  struct ares_addr_port_node *list = NULL;
  g_autoptr (GPtrArray) names = g_ptr_array_new ();
  if (ares_init (&channel) == ARES_SUCCESS) {
    char text[INET6_ADDRSTRLEN];
    if (ares_get_servers_ports (channel, &list) == ARES_SUCCESS)
      for (const struct ares_addr_port_node *s = list; s && names->len < MAX_SERVERS; s = s->next) {
        int port = s->udp_port ? s->udp_port : 53;
        inet_ntop (s->family, &s->addr, text, sizeof text);
        g_ptr_array_add (names,
                         g_strdup_printf (s->family == AF_INET6 ? "[%s]:%d" : "%s:%d", text, port));
      }
    ares_free_data (list);
    ares_destroy (channel);
  }
  g_ptr_array_add (names, NULL);
  return (char **)g_ptr_array_free (g_steal_pointer (&names), FALSE);
}

static gboolean
open_servers (PktResolver *r, const char *const *servers, guint timeout, GError **error)
{
  g_auto (GStrv) system = servers && servers[0] ? NULL : system_servers ();
  if (system)
    servers = (const char *const *)system;
  for (gsize i = 0; servers[i] && i < MAX_SERVERS; i++) {
    g_autofree char *name = server_name (servers[i]);
    if (name == NULL) {
      g_set_error (error, PKT_ERROR, PKT_ERROR_USAGE,
                   "'%s' is no DNS server: write ADDRESS, ADDRESS:PORT or [IPV6]:PORT", servers[i]);
      return FALSE;
    }
    if (!open_server (r, name, timeout, error))
      return FALSE;
  }
  if (r->servers->len > 0)
    return TRUE;
  g_set_error_literal (error, PKT_ERROR, PKT_ERROR_UNAVAILABLE,
                       "this system names no DNS server; name one by --dns-server");
  return FALSE;
}

/* ---- questions ---- */

static PktDnsAnswer *
take_question (gpointer data, const char *name, PktDnsType type)
{
  PktResolver *r = data;
  Question *q = g_new0 (Question, 1);
  q->resolver = r;
  q->answer = pkt_dns_answer_new (name, type, PKT_DNS_FAILED);
  q->name = g_strdup (name);
  g_queue_push_tail (&r->waiting, q);
  return NULL;
}

static void
finish (Question *q)
{
  q->answer->time = pkt_clock_now ();
  pkt_dns_put (q->resolver->dns, g_steal_pointer (&q->answer));
  question_free (q);
}

static void
set_failure (PktDnsAnswer *a, int status)
{
  a->status = status == ARES_ETIMEOUT ? PKT_DNS_TIMEOUT : PKT_DNS_FAILED;
  g_free (a->problem);
  a->problem = a->status == PKT_DNS_TIMEOUT ? NULL : g_strdup (ares_strerror (status));
}

/* The target of the last alias is asked for as well, of the same server. */
static gboolean
ask_alias (Question *q)
{
  const char *last = g_ptr_array_index (q->answer->aliases, q->answer->aliases->len - 1);
  if (q->hops++ >= MAX_HOPS)
    return FALSE;
  g_free (q->name);
  q->name = g_strdup (last);
  send_question (q);
  return TRUE;
}

static gboolean
ask_next_server (Question *q)
{
  PktDnsStatus status = q->answer->status;
  if ((status != PKT_DNS_TIMEOUT && status != PKT_DNS_FAILED && status != PKT_DNS_MALFORMED)
      || q->server + 1 >= q->resolver->servers->len)
    return FALSE;
  q->server++;
  q->hops = 0;
  g_free (q->name);
  q->name = g_strdup (q->answer->name);
  g_ptr_array_set_size (q->answer->aliases, 0);
  send_question (q);
  return TRUE;
}

static void
on_answer (void *data, int status, G_GNUC_UNUSED int timeouts, unsigned char *bytes, int n)
{
  Question *q = data;
  q->resolver->in_flight--;
  if (q->resolver->closing) {
    question_free (q);
    return;
  }
  const Server *s = g_ptr_array_index (q->resolver->servers, q->server);
  g_free (q->answer->server);
  q->answer->server = g_strdup (s->name);
  gboolean more = FALSE;
  if (bytes && n > 0) {
    g_clear_pointer (&q->answer->problem, g_free);
    more = pkt_dns_message_read (q->answer, bytes, (gsize)n);
  } else
    set_failure (q->answer, status);
  if ((more && ask_alias (q)) || ask_next_server (q))
    return;
  finish (q);
}

static void
send_question (Question *q)
{
  PktResolver *r = q->resolver;
  const Server *s = g_ptr_array_index (r->servers, q->server);
  g_auto (GStrv) parts = g_strsplit (q->name, "\\", -1); /* c-ares reads a backslash as an escape */
  g_autofree char *name = q->hops ? g_strdup (q->name) : g_strjoinv ("\\\\", parts);
  r->in_flight++;
  r->sent++;
  ares_query (s->channel, name, CLASS_IN, (int)q->answer->type, on_answer, q);
}

/* ---- waiting ---- */

static int
wait_ms (const PktResolver *r)
{
  struct timeval most = { MAX_POLL_MS / 1000, 0 }, left;
  int ms = MAX_POLL_MS;
  for (guint i = 0; i < r->servers->len; i++) {
    const Server *s = g_ptr_array_index (r->servers, i);
    const struct timeval *t = ares_timeout (s->channel, &most, &left);
    ms = MIN (ms, (int)(t->tv_sec * 1000 + t->tv_usec / 1000));
  }
  return ms;
}

static void
process (PktResolver *r)
{
  g_autoptr (GArray) polls = g_array_copy (r->polls); /* callbacks change the list */
  int ms = wait_ms (r);
  int ready = poll ((struct pollfd *)(void *)polls->data, polls->len, ms);
  for (guint i = 0; ready > 0 && i < polls->len; i++) {
    const struct pollfd *p = &g_array_index (polls, struct pollfd, i);
    if (p->revents == 0)
      continue;
    gboolean in = p->revents & (POLLIN | POLLERR | POLLHUP), out = p->revents & POLLOUT;
    for (guint k = 0; k < r->servers->len; k++) /* a channel leaves alone what is not its own */
      ares_process_fd (((Server *)r->servers->pdata[k])->channel, in ? p->fd : ARES_SOCKET_BAD,
                       out ? p->fd : ARES_SOCKET_BAD);
  }
  for (guint k = 0; ready <= 0 && k < r->servers->len; k++)
    ares_process_fd (((Server *)r->servers->pdata[k])->channel, ARES_SOCKET_BAD, ARES_SOCKET_BAD);
}

gboolean
pkt_resolver_wait (PktResolver *r)
{
  guint open = pkt_dns_open (r->dns);
  if (open == 0)
    return FALSE;
  while (pkt_dns_open (r->dns) == open) {
    while (r->in_flight < MAX_IN_FLIGHT && !g_queue_is_empty (&r->waiting))
      send_question (g_queue_pop_head (&r->waiting));
    if (pkt_dns_open (r->dns) < open)
      break; /* refused before it was sent */
    process (r);
  }
  return TRUE;
}

guint
pkt_resolver_sent (const PktResolver *r)
{
  return r->sent;
}

PktDns *
pkt_resolver_dns (PktResolver *r)
{
  return r->dns;
}

PktResolver *
pkt_resolver_new (const char *const *servers, guint timeout, GError **error)
{
  g_autoptr (PktResolver) r = g_new0 (PktResolver, 1);
  r->servers = g_ptr_array_new_with_free_func (server_free);
  r->polls = g_array_new (FALSE, FALSE, sizeof (struct pollfd));
  g_queue_init (&r->waiting);
  r->dns = pkt_dns_new (take_question, r);
  if (ares_library_init (ARES_LIB_INIT_ALL) != ARES_SUCCESS) {
    g_set_error_literal (error, PKT_ERROR, PKT_ERROR_UNAVAILABLE, "c-ares cannot be started");
    return NULL;
  }
  return open_servers (r, servers, timeout ? timeout : PKT_RESOLVER_TIMEOUT, error)
             ? g_steal_pointer (&r)
             : NULL;
}

void
pkt_resolver_free (PktResolver *r)
{
  r->closing = TRUE;
  g_ptr_array_unref (r->servers); /* questions on their way come back */
  for (Question *q; (q = g_queue_pop_head (&r->waiting));)
    question_free (q);
  g_array_unref (r->polls);
  pkt_dns_free (r->dns);
  g_free (r);
}
