/* The resolver against a server that answers as real ones do, and as no real one should. */
#include <arpa/inet.h>
#include <glib/gstdio.h>
#include <string.h>
#include "packet/base/error.h"
#include "packet/base/json.h"
#include "packet/dns/message.h"
#include "packet/dns/resolver.h"
#include "tests/unit/dns-server.h"

enum { A = 1, NS = 2, CNAME = 5, SOA = 6, PTR = 12, MX = 15, TXT = 16, AAAA = 28 };
enum { SERVFAIL = 2, NXDOMAIN = 3, REFUSED = 5 };

static void
add_name (DnsQuery *q, const char *owner, guint16 type, const char *name)
{
  guint8 wire[256];
  dns_add (q, owner, type, wire, dns_wire_name (name, wire));
}

static void
add_txt (DnsQuery *q, const char *owner, const char *text)
{
  g_autoptr (GByteArray) data = g_byte_array_new ();
  for (gsize left = strlen (text); left > 0;) {
    const guint8 n = (guint8)MIN (left, 255);
    g_byte_array_append (data, &n, 1);
    g_byte_array_append (data, (const guint8 *)text, n);
    text += n;
    left -= n;
  }
  dns_add (q, owner, TXT, data->data, data->len);
}

static void
no_data (DnsQuery *q)
{
  static const guint8 soa[22] = { 0 };
  dns_add_authority (q, NULL, SOA, soa, sizeof soa);
}

static void
chain (DnsQuery *q)
{
  add_txt (q, "end.example.com", "at the end");
  add_name (q, "middle.example.com", CNAME, "end.example.com");
  add_name (q, NULL, CNAME, "middle.example.com");
}

static void
other_names (DnsQuery *q)
{
  add_txt (q, "elsewhere.example.net", "v=spf1 +all");
}

static void
long_text (DnsQuery *q)
{
  g_autofree char *text = g_strnfill (64000, 'x');
  if (q->tcp)
    add_txt (q, NULL, text);
  else
    dns_set_truncated (q);
}

static void
many_names (DnsQuery *q)
{
  for (int i = 0; i < 500; i++) {
    char name[40];
    g_snprintf (name, sizeof name, "host%d.example.net", i);
    if (q->tcp)
      add_name (q, NULL, PTR, name);
    else
      dns_set_truncated (q);
  }
}

/* A name that points at itself. */
static void
pointer_loop (DnsQuery *q)
{
  const guint8 loop[2] = { 0xc0, (guint8)(q->reply->len + 12) };
  dns_add (q, NULL, PTR, loop, sizeof loop);
}

static void
circle (DnsQuery *q)
{
  add_name (q, NULL, CNAME, "b.circle.example.com");
  add_name (q, "b.circle.example.com", CNAME, q->name);
}

static void
referral (DnsQuery *q)
{
  guint8 wire[256];
  q->reply->data[2] &= (guint8)~4; /* not authoritative */
  dns_add_authority (q, "example.com", NS, wire, dns_wire_name ("ns.example.net", wire));
}

static void
wrong_id (DnsQuery *q)
{
  add_txt (q, NULL, "of somebody else");
  q->reply->data[0] ^= 0xff;
}

static void
short_txt (DnsQuery *q)
{
  dns_add (q, NULL, TXT, "\x7fshort", 6);
}

static void
address (DnsQuery *q)
{
  dns_add (q, NULL, A, "\xc0\x00\x02\x0a", 4);
}

static void
two_mx (DnsQuery *q)
{
  guint8 data[300] = { 0, 20 };
  dns_add (q, NULL, MX, data, 2 + dns_wire_name ("mx2.example.com", data + 2));
  data[1] = 10;
  dns_add (q, NULL, MX, data, 2 + dns_wire_name ("MX1.Example.com", data + 2));
}

static void
null_mx (DnsQuery *q)
{
  dns_add (q, NULL, MX, "\0\0\0", 3); /* RFC 7505 */
}

static void
odd_bytes (DnsQuery *q)
{
  dns_add (q, NULL, TXT,
           "\x05"
           "a\x00\\\xff\n",
           6);
}

static void
half_chain (DnsQuery *q)
{
  add_name (q, NULL, CNAME, "target.example.org");
}

static void
target (DnsQuery *q)
{
  add_txt (q, NULL, "asked for as well");
}

/* What some boxes do for all they do not understand. */
static void
echoed (DnsQuery *q)
{
  q->reply->data[2] &= 0x7f;
}

static const struct {
  const char *name;
  void (*fill) (DnsQuery *q);
  guint code;
} zone[] = {
  { "txt.example.com", target, 0 },
  { "chain.example.com", chain, 0 },
  { "other.example.com", other_names, 0 },
  { "long.example.com", long_text, 0 },
  { "many.example.com", many_names, 0 },
  { "loop.example.com", pointer_loop, 0 },
  { "a.circle.example.com", circle, 0 },
  { "lame.example.com", referral, 0 },
  { "id.example.com", wrong_id, 0 },
  { "short.example.com", short_txt, 0 },
  { "a.example.com", address, 0 },
  { "mx.example.com", two_mx, 0 },
  { "nullmx.example.com", null_mx, 0 },
  { "odd.example.com", odd_bytes, 0 },
  { "half.example.com", half_chain, 0 },
  { "target.example.org", target, 0 },
  { "nodata.example.com", no_data, 0 },
  { "nxdomain.example.com", no_data, NXDOMAIN },
  { "echo.example.com", echoed, 0 }, /* and nothing else */
  { "servfail.example.com", NULL, SERVFAIL },
  { "refused.example.com", NULL, REFUSED },
};

static gboolean
handle (DnsQuery *q)
{
  for (gsize i = 0; i < G_N_ELEMENTS (zone); i++)
    if (g_str_equal (zone[i].name, q->name)) {
      if (zone[i].fill)
        zone[i].fill (q);
      dns_set_code (q, zone[i].code);
      return TRUE;
    }
  return FALSE; /* silent */
}

static gboolean
handle_second (DnsQuery *q)
{
  add_txt (q, NULL, "from the second");
  return TRUE;
}

static PktResolver *
resolver (const char *first, const char *second)
{
  const char *servers[] = { first, second, NULL };
  g_autoptr (GError) error = NULL;
  PktResolver *r = pkt_resolver_new (servers, 150, &error);
  g_assert_no_error (error);
  return r;
}

static const PktDnsAnswer *
ask (PktResolver *r, const char *name, PktDnsType type)
{
  const PktDnsAnswer *a;
  while ((a = pkt_dns_ask (pkt_resolver_dns (r), name, type)) == NULL)
    g_assert_true (pkt_resolver_wait (r));
  return a;
}

typedef struct {
  const char *name;
  PktDnsType type;
  PktDnsStatus status;
  const char *first; /* record, or the problem */
  guint records, aliases;
} Case;

static const Case cases[] = {
  { "txt.example.com", PKT_DNS_TXT, PKT_DNS_FOUND, "asked for as well", 1, 0 },
  { "TXT.Example.COM.", PKT_DNS_TXT, PKT_DNS_FOUND, "asked for as well", 1, 0 },
  { "chain.example.com", PKT_DNS_TXT, PKT_DNS_FOUND, "at the end", 1, 2 },
  { "half.example.com", PKT_DNS_TXT, PKT_DNS_FOUND, "asked for as well", 1, 1 },
  { "other.example.com", PKT_DNS_TXT, PKT_DNS_NODATA, NULL, 0, 0 },
  { "many.example.com", PKT_DNS_PTR, PKT_DNS_FOUND, "host0.example.net", 500, 0 },
  { "loop.example.com", PKT_DNS_PTR, PKT_DNS_MALFORMED, "a record that cannot be read", 0, 0 },
  { "short.example.com", PKT_DNS_TXT, PKT_DNS_MALFORMED, "a record that cannot be read", 0, 0 },
  { "a.circle.example.com", PKT_DNS_A, PKT_DNS_MALFORMED,
    "CNAME records that lead in a circle, or too many of them", 0, 16 },
  { "lame.example.com", PKT_DNS_A, PKT_DNS_FAILED, "knows nothing of it (lame)", 0, 0 },
  { "a.example.com", PKT_DNS_A, PKT_DNS_FOUND, "192.0.2.10", 1, 0 },
  { "mx.example.com", PKT_DNS_MX, PKT_DNS_FOUND, "mx2.example.com", 2, 0 },
  { "nullmx.example.com", PKT_DNS_MX, PKT_DNS_FOUND, "", 1, 0 },
  { "nodata.example.com", PKT_DNS_A, PKT_DNS_NODATA, NULL, 0, 0 },
  { "nxdomain.example.com", PKT_DNS_A, PKT_DNS_NXDOMAIN, NULL, 0, 0 },
  { "echo.example.com", PKT_DNS_TXT, PKT_DNS_MALFORMED, "the question itself in place of an answer",
    0, 0 },
  { "servfail.example.com", PKT_DNS_A, PKT_DNS_FAILED, "server failure", 0, 0 },
  { "refused.example.com", PKT_DNS_A, PKT_DNS_FAILED, "refused", 0, 0 },
};

static void
test_answers (void)
{
  DnsServer *s = dns_server_new (handle);
  g_autoptr (PktResolver) r = resolver (dns_server_address (s), NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    const Case *c = &cases[i];
    const PktDnsAnswer *a = ask (r, c->name, c->type);
    g_test_message ("%s", c->name);
    g_assert_cmpstr (pkt_dns_status_name (a->status), ==, pkt_dns_status_name (c->status));
    g_assert_cmpuint (a->records->len, ==, c->records);
    g_assert_cmpuint (a->aliases->len, ==, c->aliases);
    g_assert_cmpstr (a->records->len ? pkt_dns_answer_get (a, 0)->text : a->problem, ==, c->first);
    g_assert_cmpstr (a->server, ==, dns_server_address (s));
    g_assert_cmpint (a->time, !=, PKT_NO_TIME);
  }
  const PktDnsAnswer *mx = ask (r, "mx.example.com", PKT_DNS_MX);
  g_assert_cmpuint (pkt_dns_answer_get (mx, 0)->preference, ==, 20);
  g_assert_cmpstr (pkt_dns_answer_get (mx, 1)->text, ==, "mx1.example.com");
  g_assert_cmpuint (pkt_dns_answer_get (ask (r, "long.example.com", PKT_DNS_TXT), 0)->n, ==, 64000);
  g_assert_cmpuint (pkt_dns_answer_get (ask (r, "odd.example.com", PKT_DNS_TXT), 0)->n, ==, 5);
  dns_server_free (s);
}

/* A question is asked once; names that DNS cannot hold are never asked. */
static void
test_asked_once (void)
{
  DnsServer *s = dns_server_new (handle);
  g_autoptr (PktResolver) r = resolver (dns_server_address (s), NULL);
  g_autofree char *label = g_strnfill (64, 'x');
  ask (r, "txt.example.com", PKT_DNS_TXT);
  ask (r, "txt.example.com.", PKT_DNS_TXT);
  const char *const bad[] = { label, "", ".", "a..example.com", "tab\t.example.com", "\xff.com" };
  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    g_assert_cmpint (ask (r, bad[i], PKT_DNS_A)->status, ==, PKT_DNS_NXDOMAIN);
  g_assert_cmpuint (dns_server_count (s), ==, 1);
  dns_server_free (s);
}

/* What is silent, or answers with a wrong id, is a timeout; the next server is asked then, and at
 * once where the first one fails. */
static void
test_second_server (void)
{
  DnsServer *one = dns_server_new (handle), *two = dns_server_new (handle_second);
  g_autoptr (PktResolver) r = resolver (dns_server_address (one), dns_server_address (two)),
                          alone = resolver (dns_server_address (one), NULL);
  static const char *const names[] = { "silent.example.com", "id.example.com",
                                       "servfail.example.com" };
  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    pkt_dns_ask (pkt_resolver_dns (r), names[i], PKT_DNS_TXT);
  pkt_dns_ask (pkt_resolver_dns (alone), "id.example.com", PKT_DNS_TXT);
  for (gsize i = 0; i < G_N_ELEMENTS (names); i++) {
    const PktDnsAnswer *a = ask (r, names[i], PKT_DNS_TXT);
    g_assert_cmpint (a->status, ==, PKT_DNS_FOUND);
    g_assert_cmpstr (a->server, ==, dns_server_address (two));
    g_assert_null (a->problem);
  }
  const PktDnsAnswer *a = ask (alone, "id.example.com", PKT_DNS_TXT);
  g_assert_cmpint (a->status, ==, PKT_DNS_TIMEOUT);
  g_assert_cmpstr (a->server, ==, dns_server_address (one));
  const PktDnsAnswer *kept = ask (r, "txt.example.com", PKT_DNS_TXT);
  g_assert_cmpstr (kept->server, ==, dns_server_address (one));
  dns_server_free (one);
  dns_server_free (two);
}

/* dns.json gives the same answers again, bytes and all; what is not in it was not asked. */
static void
test_replay (void)
{
  DnsServer *s = dns_server_new (handle);
  g_autoptr (PktResolver) r = resolver (dns_server_address (s), NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    ask (r, cases[i].name, cases[i].type);
  ask (r, "odd.example.com", PKT_DNS_TXT);
  dns_server_free (s);
  g_autoptr (json_t) saved = pkt_dns_json (pkt_resolver_dns (r));
  g_autofree char *text = pkt_json_dump (saved), *path = NULL;
  g_autoptr (GError) error = NULL;
  g_assert_cmpint (g_file_open_tmp ("dns-XXXXXX.json", &path, NULL), >=, 0);
  g_assert_true (g_file_set_contents (path, text, -1, NULL));
  g_autoptr (PktDns) again = pkt_dns_replay (path, &error);
  g_assert_no_error (error);
  g_autoptr (json_t) second = pkt_dns_json (again);
  g_autofree char *same = pkt_json_dump (second);
  g_assert_cmpstr (same, ==, text);
  const PktDnsRecord *odd = pkt_dns_answer_get (pkt_dns_ask (again, "odd.example.com", PKT_DNS_TXT),
                                                0);
  g_assert_cmpmem (odd->text, odd->n, "a\x00\\\xff\n", 5);
  g_assert_cmpint (pkt_dns_ask (again, "never.example.com", PKT_DNS_A)->status, ==,
                   PKT_DNS_NOT_ASKED);
  static const char *const bad[]
      = { "{", "[]", "{\"version\": 2, \"answers\": []}",
          "{\"version\": 1, \"answers\": [{\"name\": \"x\", \"type\": \"NS\"}]}" };
  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++) {
    g_autoptr (GError) wrong = NULL;
    g_assert_true (g_file_set_contents (path, bad[i], -1, NULL));
    g_assert_null (pkt_dns_replay (path, &wrong));
    g_assert_error (wrong, PKT_ERROR, PKT_ERROR_DATA);
  }
  g_unlink (path);
}

static void
test_server_names (void)
{
  static const char *const bad[] = { "",          "dns.example.com", "192.0.2.53:", "192.0.2.53:0",
                                     "[::1",      "192.0.2.53:x",    "[::1]:70000", "192.0.2.256",
                                     "[::1]5353", "192.0.2.53:53:53" };
  static const char *const good[] = { "192.0.2.53", "192.0.2.53:5353", "2001:db8::53",
                                      "[2001:db8::53]", "[::1]:5353" };
  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++) {
    const char *servers[] = { bad[i], NULL };
    g_autoptr (GError) error = NULL;
    g_assert_null (pkt_resolver_new (servers, 150, &error));
    g_assert_error (error, PKT_ERROR, PKT_ERROR_USAGE);
  }
  for (gsize i = 0; i < G_N_ELEMENTS (good); i++)
    pkt_resolver_free (resolver (good[i], NULL));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/dns/resolver/answers", test_answers);
  g_test_add_func ("/dns/resolver/asked-once", test_asked_once);
  g_test_add_func ("/dns/resolver/second-server", test_second_server);
  g_test_add_func ("/dns/resolver/replay", test_replay);
  g_test_add_func ("/dns/resolver/server-names", test_server_names);
  return g_test_run ();
}
