/* All checks side by side: how often they have to wait, and what each says. */
#include <glib.h>
#include <string.h>
#include "packet/base/data.h"
#include "packet/base/json.h"
#include "packet/run/check-report.h"
#include "tests/unit/dns-zone.h"

#define N_IPS 20
#define N_DOMAINS 6
#define CHAIN 4 /* the longest: SPF record, include, include of that, and the A of its a: */

/* A network: questions wait for the next round, which answers all of them. */
typedef struct {
  PktDns *zone, *dns;
  GPtrArray *waiting; /* PktDnsAnswer*, not filled */
  guint rounds;
} Network;

static PktDnsAnswer *
keep_question (gpointer data, const char *name, PktDnsType type)
{
  g_ptr_array_add (((Network *)data)->waiting, pkt_dns_answer_new (name, type, PKT_DNS_NODATA));
  return NULL;
}

static void
answer (Network *n, const PktDnsAnswer *question)
{
  const PktDnsAnswer *a = pkt_dns_ask (n->zone, question->name, question->type);
  g_autoptr (json_t) copy = pkt_dns_answer_json (a);
  pkt_dns_put (n->dns, pkt_dns_answer_from_json (copy));
}

static gboolean
wait_round (gpointer data)
{
  Network *n = data;
  g_autoptr (GPtrArray) round = n->waiting;
  n->waiting = g_ptr_array_new_with_free_func ((GDestroyNotify)pkt_dns_answer_free);
  if (round->len == 0)
    return FALSE;
  n->rounds++;
  for (guint i = 0; i < round->len; i++)
    answer (n, round->pdata[i]);
  return TRUE;
}

static json_t *
make_zone (void)
{
  json_t *zone = json_object ();
  for (guint i = 0; i < N_DOMAINS; i++) {
    g_autofree char *domain = g_strdup_printf ("d%u.example.com", i),
                    *dmarc = g_strdup_printf ("_dmarc.d%u.example.com", i),
                    *key = g_strdup_printf ("s._domainkey.d%u.example.com", i);
    json_object_set_new (zone, domain,
                         json_pack ("[{s:s},{s:[i,s]}]", "TXT",
                                    "v=spf1 include:esp.example.net -all", "MX", 10,
                                    "mx.example.com"));
    json_object_set_new (
        zone, dmarc,
        json_pack ("[{s:s}]", "TXT", "v=DMARC1; p=none; rua=mailto:a@reports.example.org"));
    json_object_set_new (
        zone, key,
        json_pack ("[{s:s}]", "TXT", "k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="));
  }
  json_object_set_new (zone, "esp.example.net",
                       json_pack ("[{s:s}]", "TXT", "v=spf1 include:out.example.net ?all"));
  json_object_set_new (zone, "out.example.net",
                       json_pack ("[{s:s}]", "TXT", "v=spf1 a:all.example.net ?all"));
  json_t *all = json_array ();
  for (guint i = 0; i < N_IPS; i++) {
    g_autofree char *reverse = g_strdup_printf ("%u.2.0.192.in-addr.arpa", 10 + i),
                    *host = g_strdup_printf ("mta%u.example.com", i),
                    *ip = g_strdup_printf ("192.0.2.%u", 10 + i);
    json_object_set_new (zone, reverse, json_pack ("[{s:s}]", "PTR", host));
    json_object_set_new (zone, host, json_pack ("[{s:s}]", "A", ip));
    json_array_append_new (all, json_pack ("{s:s}", "A", ip));
  }
  json_object_set_new (zone, "all.example.net", all);
  return zone;
}

static PktIdentity *
make_identity (void)
{
  PktIdentity *id = pkt_identity_new ();
  for (guint i = 0; i < N_IPS; i++) {
    g_autofree char *ip = g_strdup_printf ("192.0.2.%u", 10 + i),
                    *helo = g_strdup_printf ("mta%u.example.com", i);
    pkt_identity_add_ip (id, ip, helo);
  }
  for (guint i = 0; i < N_DOMAINS; i++) {
    g_autofree char *domain = g_strdup_printf ("d%u.example.com", i);
    pkt_identity_add_from (id, domain);
    pkt_identity_add_key (id, "s", domain);
  }
  pkt_identity_pair_rest (id);
  return id;
}

static guint
count (const PktChecks *c, const char *rule, PktCheckState state)
{
  guint n = 0;
  for (guint i = 0; i < c->rows->len; i++) {
    const PktCheck *row = g_ptr_array_index (c->rows, i);
    n += row->state == state && g_str_equal (row->rule, rule);
  }
  return n;
}

static void
test_rounds (void)
{
  g_autoptr (json_t) zone = make_zone ();
  Network n = { dns_zone_new (zone), NULL,
                g_ptr_array_new_with_free_func ((GDestroyNotify)pkt_dns_answer_free), 0 };
  n.dns = pkt_dns_new (keep_question, &n);
  g_autoptr (PktIdentity) id = make_identity ();
  g_autoptr (PktChecks) c = pkt_checks_new ();
  pkt_checks_look (c, id, NULL, n.dns, NULL, wait_round, &n);
  g_test_message ("%u questions in %u rounds", c->questions, n.rounds);
  g_assert_cmpuint (n.rounds, <=, CHAIN + 1);
  g_assert_cmpuint (count (c, "spf-pass", PKT_CHECK_OK), ==, N_IPS * N_DOMAINS);
  g_assert_cmpuint (count (c, "rdns-confirmed", PKT_CHECK_OK), ==, N_IPS);
  g_assert_cmpuint (count (c, "dkim-key", PKT_CHECK_OK), ==, N_DOMAINS);
  g_assert_cmpuint (count (c, "dmarc-policy", PKT_CHECK_OK), ==, N_DOMAINS);
  g_assert_cmpuint (count (c, "dmarc-reports", PKT_CHECK_BAD), ==, N_DOMAINS);
  g_assert_cmpuint (count (c, "domain-mail", PKT_CHECK_OK), ==, N_DOMAINS);
  g_assert_cmpuint (pkt_checks_count (c, PKT_CHECK_BAD), ==, N_DOMAINS);
  pkt_dns_free (n.dns);
  pkt_dns_free (n.zone);
  g_ptr_array_unref (n.waiting);
}

/* --only asks for nothing else. */
static void
test_only (void)
{
  g_autoptr (json_t) zone = make_zone ();
  g_autoptr (PktDns) dns = dns_zone_new (zone);
  g_autoptr (PktIdentity) id = make_identity ();
  g_autoptr (PktChecks) c = pkt_checks_new ();
  static const char *const only[] = { "dkim", NULL };
  pkt_checks_look (c, id, only, dns, NULL, NULL, NULL);
  g_assert_cmpuint (c->rows->len, ==, N_DOMAINS);
  g_assert_cmpuint (c->questions, ==, N_DOMAINS);
}

/* IPs and envelope domains that nothing pairs are paired with each other, no others. */
static void
test_pairs (void)
{
  g_autoptr (PktIdentity) id = pkt_identity_new ();
  pkt_identity_add_ip (id, "192.0.2.10", NULL);
  pkt_identity_add_ip (id, "2001:DB8::25", "MTA1.example.com.");
  pkt_identity_add_ip (id, "2001:db8:0::25", NULL);
  pkt_identity_add_ip (id, "not an address", NULL);
  pkt_identity_add_from (id, "Example.com");
  pkt_identity_add_envelope (id, "bounce.example.com");
  pkt_identity_add_envelope (id, "orders.example.com");
  pkt_identity_add_envelope (id, "localhost");
  pkt_identity_add_pair (id, "192.0.2.10", "orders.example.com");
  pkt_identity_pair_rest (id);
  g_assert_cmpuint (id->ips->len, ==, 2);
  g_assert_cmpstr (((PktIdentityIp *)id->ips->pdata[1])->helo, ==, "mta1.example.com");
  g_assert_cmpuint (id->domains->len, ==, 3);
  g_assert_cmpuint (id->pairs->len, ==, 2);
  const PktIdentityPair *p = id->pairs->pdata[1];
  g_assert_cmpstr (p->ip, ==, "2001:db8::25");
  g_assert_cmpstr (p->domain, ==, "bounce.example.com");
}

/* Whatever a check can find fault with has its advice. */
static void
test_advice (void)
{
  static const char *const fine[] = { "spf-pass",       "dkim-key",    "dmarc-policy",
                                      "rdns-confirmed", "domain-mail", "list-clear" };
  PktSlice data = pkt_data ("checks.json");
  g_autoptr (json_t) root = json_loadb (data.p, data.n, JSON_REJECT_DUPLICATES, NULL);
  const char *rule;
  json_t *advice;
  g_assert_nonnull (root);
  json_object_foreach (json_object_get (root, "rules"), rule, advice)
  {
    g_test_message ("%s", rule);
    g_assert_true (pkt_check_advice (rule, "why") && pkt_check_advice (rule, "mend")
                   && pkt_check_advice (rule, "verify"));
  }
  for (gsize i = 0; i < G_N_ELEMENTS (fine); i++)
    g_assert_null (pkt_check_advice (fine[i], "why"));
}

/* A name made for one reader is asked of nobody, and stands in no dns.json. */
static void
test_hosts (void)
{
  static const char *const cases[][2] = {
    { "click.example.com", "click.example.com" },
    { "7fq2mx9kd3.click.example.com", "click.example.com" },
    { "img.7fq2mx9kd3.click.example.com", "click.example.com" },
    { "7fq2mx9kd3.example.com", "example.com" },
    { "em7843.news.example.com", "em7843.news.example.com" },
    { "7fq2mx9kd3.example", "7fq2mx9kd3.example" },
    { "192.0.2.7", "192.0.2.7" },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (PktIdentity) id = pkt_identity_new ();
    pkt_identity_add_host (id, cases[i][0]);
    g_assert_cmpuint (id->hosts->len, ==, 1);
    g_assert_cmpstr (g_ptr_array_index (id->hosts, 0), ==, cases[i][1]);
  }
}

/* A mail without HTML has links as well: what begins as one. */
static void
test_text_hosts (void)
{
  static const struct {
    const char *text, *hosts;
  } cases[] = {
    { "Read on: https://a.example.com/x?y=1, or (HTTP://B.example.com).",
      "a.example.com b.example.com" },
    { "<https://a.example.com:8443/x> www.c.example.com/week. www.c.example.com",
      "a.example.com www.c.example.com" },
    { "news@example.com, example.com, ftp://d.example.com, https://, www., x://", "" },
    { "https://7fq2mx9kd3.click.example.com/u", "click.example.com" },
    { "", "" },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (PktIdentity) id = pkt_identity_new ();
    pkt_identity_add_text (id, cases[i].text);
    g_autoptr (GString) hosts = g_string_new (NULL);
    for (guint k = 0; k < id->hosts->len; k++)
      g_string_append_printf (hosts, "%s%s", k ? " " : "", (const char *)id->hosts->pdata[k]);
    g_assert_cmpstr (hosts->str, ==, cases[i].hosts);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/run/check/hosts", test_hosts);
  g_test_add_func ("/run/check/text-hosts", test_text_hosts);
  g_test_add_func ("/run/check/rounds", test_rounds);
  g_test_add_func ("/run/check/only", test_only);
  g_test_add_func ("/run/check/pairs", test_pairs);
  g_test_add_func ("/run/check/advice", test_advice);
  return g_test_run ();
}
