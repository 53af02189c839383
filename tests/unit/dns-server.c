#include "tests/unit/dns-server.h"
#include <arpa/inet.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

struct DnsServer {
  DnsHandler handler;
  int udp, tcp, stop[2];
  char address[40];
  GThread *thread;
  gint count;
};

gsize
dns_wire_name (const char *name, guint8 *out)
{
  gsize at = 0;
  while (*name) {
    gsize n = strcspn (name, ".");
    out[at++] = (guint8)n;
    memcpy (out + at, name, n);
    at += n;
    name += n + (name[n] == '.');
  }
  out[at++] = 0;
  return at;
}

static void
count_up (GByteArray *reply, guint at)
{
  guint n = (guint)(reply->data[at] << 8 | reply->data[at + 1]) + 1;
  reply->data[at] = (guint8)(n >> 8);
  reply->data[at + 1] = (guint8)n;
}

static void
add_record (DnsQuery *q, guint counter, const char *owner, guint16 type, const void *data, gsize n)
{
  guint8 name[256] = { 0xc0, 12 };
  gsize length = owner ? dns_wire_name (owner, name) : 2;
  const guint8 fixed[10] = { (guint8)(type >> 8), (guint8)type,     0, 1, 0, 0, 0, 60,
                             (guint8)(n >> 8),    (guint8)(n & 255) };
  g_byte_array_append (q->reply, name, (guint)length);
  g_byte_array_append (q->reply, fixed, sizeof fixed);
  g_byte_array_append (q->reply, data, (guint)n);
  count_up (q->reply, counter);
}

void
dns_add (DnsQuery *q, const char *owner, guint16 type, const void *data, gsize n)
{
  add_record (q, 6, owner, type, data, n);
}

void
dns_add_authority (DnsQuery *q, const char *owner, guint16 type, const void *data, gsize n)
{
  add_record (q, 8, owner, type, data, n);
}

void
dns_set_code (DnsQuery *q, guint rcode)
{
  q->reply->data[3] = (guint8)((q->reply->data[3] & 0xf0) | rcode);
}

void
dns_set_truncated (DnsQuery *q)
{
  q->reply->data[2] |= 2;
}

static gboolean
read_query (DnsQuery *q, const guint8 *p, gsize n)
{
  gsize at = 12, out = 0;
  if (n < 17)
    return FALSE;
  q->id = (guint16)(p[0] << 8 | p[1]);
  while (at < n && p[at]) {
    for (guint i = 1; i <= p[at] && out + 2 < sizeof q->name; i++)
      q->name[out++] = g_ascii_tolower ((char)p[at + i]);
    q->name[out++] = '.';
    at += p[at] + 1u;
  }
  q->name[out ? out - 1 : 0] = '\0';
  q->type = (guint16)(p[at + 1] << 8 | p[at + 2]);
  q->question_bytes = at + 5 - 12;
  memcpy (q->question, p + 12, q->question_bytes);
  const guint8 header[12] = { p[0], p[1], 0x85, 0x80, 0, 1, 0, 0, 0, 0, 0, 0 };
  q->reply = g_byte_array_new ();
  g_byte_array_append (q->reply, header, sizeof header);
  g_byte_array_append (q->reply, q->question, (guint)q->question_bytes);
  return TRUE;
}

static void
serve_udp (DnsServer *s)
{
  guint8 bytes[2000];
  struct sockaddr_in from;
  socklen_t size = sizeof from;
  gssize n = recvfrom (s->udp, bytes, sizeof bytes, 0, (struct sockaddr *)&from, &size);
  DnsQuery q = { .tcp = FALSE };
  if (n <= 0 || !read_query (&q, bytes, (gsize)n))
    return;
  g_atomic_int_inc (&s->count);
  if (s->handler (&q))
    n = sendto (s->udp, q.reply->data, MIN (q.reply->len, 60000), 0, (struct sockaddr *)&from,
                size);
  g_byte_array_unref (q.reply);
}

static gboolean
read_all (int fd, guint8 *p, gsize n)
{
  while (n > 0) {
    gssize got = read (fd, p, n);
    if (got <= 0)
      return FALSE;
    p += got;
    n -= (gsize)got;
  }
  return TRUE;
}

/* All queries of one connection, until the other side closes it. */
static void
serve_tcp (DnsServer *s)
{
  guint8 length[2], bytes[2000];
  int fd = accept (s->tcp, NULL, NULL);
  const struct timeval patience = { 0, 300000 };
  setsockopt (fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  while (read_all (fd, length, 2)) {
    gsize n = (gsize)length[0] << 8 | length[1];
    DnsQuery q = { .tcp = TRUE };
    if (n > sizeof bytes || !read_all (fd, bytes, n) || !read_query (&q, bytes, n))
      break;
    g_atomic_int_inc (&s->count);
    if (s->handler (&q)) {
      const guint8 size[2] = { (guint8)(q.reply->len >> 8), (guint8)q.reply->len };
      g_byte_array_prepend (q.reply, size, 2);
      for (guint at = 0; at < q.reply->len;) {
        gssize sent = write (fd, q.reply->data + at, q.reply->len - at);
        if (sent <= 0)
          break;
        at += (guint)sent;
      }
    }
    g_byte_array_unref (q.reply);
  }
  close (fd);
}

static gpointer
serve (gpointer data)
{
  DnsServer *s = data;
  struct pollfd fds[3]
      = { { s->udp, POLLIN, 0 }, { s->tcp, POLLIN, 0 }, { s->stop[0], POLLIN, 0 } };
  while (poll (fds, 3, -1) > 0 && !fds[2].revents) {
    if (fds[0].revents)
      serve_udp (s);
    if (fds[1].revents)
      serve_tcp (s);
  }
  return NULL;
}

DnsServer *
dns_server_new (DnsHandler handler)
{
  DnsServer *s = g_new0 (DnsServer, 1);
  struct sockaddr_in a = { .sin_family = AF_INET, .sin_addr.s_addr = htonl (INADDR_LOOPBACK) };
  socklen_t size = sizeof a;
  s->handler = handler;
  for (int tries = 0; tries < 50; tries++) {
    s->udp = socket (AF_INET, SOCK_DGRAM, 0);
    s->tcp = socket (AF_INET, SOCK_STREAM, 0);
    a.sin_port = 0;
    g_assert_cmpint (bind (s->udp, (struct sockaddr *)&a, sizeof a), ==, 0);
    g_assert_cmpint (getsockname (s->udp, (struct sockaddr *)&a, &size), ==, 0);
    if (bind (s->tcp, (struct sockaddr *)&a, sizeof a) == 0 && listen (s->tcp, 16) == 0)
      break;
    close (s->udp);
    close (s->tcp);
  }
  g_snprintf (s->address, sizeof s->address, "127.0.0.1:%d", ntohs (a.sin_port));
  g_assert_cmpint (pipe (s->stop), ==, 0);
  s->thread = g_thread_new ("dns", serve, s);
  return s;
}

void
dns_server_free (DnsServer *s)
{
  g_assert_cmpint ((int)write (s->stop[1], "", 1), ==, 1);
  g_thread_join (s->thread);
  close (s->udp);
  close (s->tcp);
  close (s->stop[0]);
  close (s->stop[1]);
  g_free (s);
}

const char *
dns_server_address (const DnsServer *s)
{
  return s->address;
}

guint
dns_server_count (DnsServer *s)
{
  return (guint)g_atomic_int_get (&s->count);
}
