/* check_host () against the public suite for RFC 7208, and against what a hostile zone holds. */
#include <glib.h>
#include <string.h>
#include "packet/base/json.h"
#include "packet/dns/spf.h"
#include "tests/unit/dns-zone.h"

static gboolean
is_result (const json_t *want, const char *got)
{
  if (json_is_string (want))
    return g_str_equal (json_string_value (want), got);
  for (gsize i = 0; i < json_array_size (want); i++)
    if (g_str_equal (json_string_value (json_array_get (want, i)), got))
      return TRUE;
  return FALSE;
}

/* "DEFAULT" is the receiver's own text: ours is none. */
static gboolean
is_explanation (const char *want, const char *got)
{
  return want == NULL || (g_str_equal (want, "DEFAULT") ? got == NULL : g_strcmp0 (want, got) == 0);
}

static guint
run_vector (const char *scenario, const char *name, const json_t *test, const json_t *zone)
{
  PktIp ip;
  g_assert_true (pkt_ip_parse (pkt_json_text (test, "host"), &ip));
  const PktSpfQuery q = { &ip, pkt_json_text (test, "mailfrom"), pkt_json_text (test, "helo") };
  g_autoptr (PktDns) dns = dns_zone_new (zone);
  g_auto (PktSpfVerdict) v = { 0 };
  PktSpfResult result = pkt_spf_check (dns, &q, &v);
  if (is_result (json_object_get (test, "result"), pkt_spf_result_name (result))
      && is_explanation (pkt_json_text (test, "explanation"), v.explanation))
    return 0;
  g_test_message ("%s / %s: got %s (%s), explanation %s", scenario, name,
                  pkt_spf_result_name (result), v.problem ? v.problem : "", v.explanation);
  return 1;
}

static void
test_vectors (void)
{
  const char *folder = g_getenv ("POSTPACKET_VECTORS");
  g_autofree char *path = g_build_filename (folder ? folder : "", "spf", "rfc7208-tests.json",
                                            NULL);
  guint run = 0, failed = 0;
  if (folder == NULL || !g_file_test (path, G_FILE_TEST_EXISTS)) {
    g_test_skip ("POSTPACKET_VECTORS does not name the folder of public test vectors");
    return;
  }
  g_autoptr (json_t) suite = json_load_file (path, JSON_ALLOW_NUL, NULL);
  for (gsize i = 0; i < json_array_size (suite); i++) {
    const json_t *scenario = json_array_get (suite, i);
    const char *name;
    json_t *test;
    json_object_foreach (json_object_get (scenario, "tests"), name, test)
    {
      failed += run_vector (pkt_json_text (scenario, "description"), name, test,
                            json_object_get (scenario, "zonedata"));
      run++;
    }
  }
  g_test_message ("%u of %u tests of the suite pass", run - failed, run);
  g_assert_cmpuint (run, ==, 203);
  g_assert_cmpuint (failed, ==, 0);
}

typedef struct {
  const char *zone, *ip, *result, *mechanism, *via, *problem; /* a part of it */
  guint lookups;
} Case;

/* All are about user@example.com. */
static const Case cases[] = {
  { "{'example.com': [{'TXT': 'v=spf1 ip4:192.0.2.0/24 -all'}]}", "192.0.2.10", "pass",
    "ip4:192.0.2.0/24", "example.com", NULL, 0 },
  { "{'example.com': [{'TXT': 'v=spf1 include:esp.example.net -all'}], 'esp.example.net': [{'TXT': "
    "'v=spf1 ip4:192.0.2.0/24 ~all'}]}",
    "192.0.2.10", "pass", "ip4:192.0.2.0/24", "esp.example.net", NULL, 1 },
  { "{'example.com': [{'TXT': 'v=spf1 include:esp.example.net -all'}], 'esp.example.net': [{'TXT': "
    "'v=spf1 ip4:192.0.2.0/24 ~all'}]}",
    "198.51.100.1", "fail", "-all", "example.com", NULL, 1 },
  { "{'example.com': [{'TXT': 'v=spf1 redirect=_spf.example.com'}], '_spf.example.com': [{'TXT': "
    "'v=spf1 ip6:2001:db8::/32 ?all'}]}",
    "2001:db8::25", "pass", "ip6:2001:db8::/32", "_spf.example.com", NULL, 1 },
  { "{'example.com': [{'TXT': 'v=spf1 include:example.com -all'}]}", "192.0.2.1", "permerror", NULL,
    NULL, "more than 10 lookups", 11 },
  { "{'example.com': [{'TXT': 'v=spf1 include:a.example.com -all'}], 'a.example.com': [{'TXT': "
    "'v=spf1 include:b.example.com'}], 'b.example.com': [{'TXT': 'v=spf1 "
    "include:a.example.com'}]}",
    "192.0.2.1", "permerror", NULL, NULL, "more than 10 lookups", 11 },
  { "{'example.com': [{'TXT': 'v=spf1 a:1.example.com a:2.example.com a:3.example.com -all'}]}",
    "192.0.2.1", "permerror", NULL, NULL, "more than 2 lookups found nothing", 3 },
  { "{'example.com': [{'TXT': 'v=spf1 include:none.example.com -all'}]}", "192.0.2.1", "permerror",
    NULL, NULL, "none.example.com is included and has no SPF record", 1 },
  { "{'example.com': [{'TXT': 'v=spf1 ip4:192.0.2.300 -all'}]}", "192.0.2.1", "permerror", NULL,
    NULL, "example.com: 'ip4:192.0.2.300' is not understood", 0 },
  { "{'example.com': [{'TXT': 'v=spf1 -all'}, {'TXT': 'v=spf1 ?all'}]}", "192.0.2.1", "permerror",
    NULL, NULL, "example.com has more than one SPF record", 0 },
  { "{'example.com': ['TIMEOUT']}", "192.0.2.1", "temperror", NULL, NULL, "no answer", 0 },
  { "{'example.com': [{'TXT': 'v=spf10 -all'}]}", "192.0.2.1", "none", NULL, NULL, NULL, 0 },
  { "{'example.com': [{'TXT': 'v=spf1 exists:%{l1r-}.%{ir}.%{d2} -all'}], "
    "'user.1.2.0.192.example.com': [{'A': '127.0.0.2'}]}",
    "192.0.2.1", "pass", "exists:%{l1r-}.%{ir}.%{d2}", "example.com", NULL, 1 },
};

static void
test_cases (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    const Case *c = &cases[i];
    g_autofree char *text = g_strdelimit (g_strdup (c->zone), "'", '"');
    g_autoptr (json_t) zone = json_loads (text, 0, NULL);
    g_assert_nonnull (zone);
    g_autoptr (PktDns) dns = dns_zone_new (zone);
    PktIp ip;
    g_assert_true (pkt_ip_parse (c->ip, &ip));
    const PktSpfQuery q = { &ip, "user@example.com", "mta1.example.com" };
    g_auto (PktSpfVerdict) v = { 0 };
    g_assert_cmpstr (pkt_spf_result_name (pkt_spf_check (dns, &q, &v)), ==, c->result);
    g_assert_cmpstr (v.mechanism, ==, c->mechanism);
    g_assert_cmpstr (v.via, ==, c->via);
    g_assert_cmpuint (v.lookups, ==, c->lookups);
    if (c->problem && (v.problem == NULL || strstr (v.problem, c->problem) == NULL))
      g_error ("case %" G_GSIZE_FORMAT ": %s", i, v.problem ? v.problem : "no problem told");
  }
}

/* Two thousand strings, 64 KB, and macros that would grow without end stay within their bounds. */
static void
test_bombs (void)
{
  GString *big = g_string_new ("v=spf1");
  while (big->len < 65000)
    g_string_append (big, " ip4:192.0.2.1");
  g_string_append (big, " -all");
  g_autoptr (json_t) zone = json_pack (
      "{s:[{s:s}], s:[{s:s}], s:[{s:s}]}", "big.example.com", "TXT", big->str, "bomb.example.com",
      "TXT",
      "v=spf1 exists:%{d}%{d}%{d}%{d}%{d}%{d}%{d}%{d}%{d}%{d}%{d}%{d}%{d}%{d}%{d}"
      "%{d}%{d}%{d}%{d}%{d}%{d}%{d}%{d}%{d}%{l}%{l}%{l}%{l}.example.com -all",
      "many.example.com", "TXT", "v=spf1 exists:%{d99999999999999999999}.x.org -all");
  static const char *const domains[] = { "big", "bomb", "many" };
  g_string_free (big, TRUE);
  for (gsize i = 0; i < G_N_ELEMENTS (domains); i++) {
    g_autoptr (PktDns) dns = dns_zone_new (zone);
    PktIp ip;
    pkt_ip_parse ("198.51.100.7", &ip);
    g_autofree char *local = g_strnfill (60000, 'x'),
                    *from = g_strdup_printf ("%s@%s.example.com", local, domains[i]);
    const PktSpfQuery q = { &ip, from, "mta1.example.com" };
    g_auto (PktSpfVerdict) v = { 0 };
    PktSpfResult result = pkt_spf_check (dns, &q, &v);
    g_assert_cmpstr (pkt_spf_result_name (result), ==, "fail");
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/dns/spf/vectors", test_vectors);
  g_test_add_func ("/dns/spf/cases", test_cases);
  g_test_add_func ("/dns/spf/bombs", test_bombs);
  return g_test_run ();
}
