/* A zone in which every TXT record is one line of the input, in turn, and every other name exists
 * or not by its length: an evaluation ends, within the limits of RFC 7208 4.6.4. */
#include <stdint.h>
#include <string.h>
#include "packet/dns/spf.h"

int LLVMFuzzerTestOneInput (const uint8_t *bytes, size_t n);

typedef struct {
  const char *p;
  gsize n;
} Rest;

static PktDnsAnswer *
answer (gpointer data, const char *name, PktDnsType type)
{
  Rest *rest = data;
  PktDnsAnswer *a = pkt_dns_answer_new (name, type, PKT_DNS_NXDOMAIN);
  if (type == PKT_DNS_TXT && rest->n > 0) {
    const char *end = memchr (rest->p, '\n', rest->n);
    gsize length = end ? (gsize)(end - rest->p) : rest->n;
    pkt_dns_answer_add (a, rest->p, length, 0);
    rest->p += MIN (length + 1, rest->n);
    rest->n -= MIN (length + 1, rest->n);
  } else if (type == PKT_DNS_A && strlen (name) % 3 == 0)
    pkt_dns_answer_add (a, "192.0.2.1", 9, 0);
  else if ((type == PKT_DNS_MX || type == PKT_DNS_PTR) && strlen (name) % 2 == 0)
    pkt_dns_answer_add (a, "mx.example.com", 14, 10);
  a->status = a->records->len ? PKT_DNS_FOUND : PKT_DNS_NXDOMAIN;
  return a;
}

int
LLVMFuzzerTestOneInput (const uint8_t *bytes, size_t n)
{
  static const char *const clients[] = { "192.0.2.1", "2001:db8::25" };
  for (gsize i = 0; i < G_N_ELEMENTS (clients); i++) {
    Rest rest = { (const char *)bytes, n };
    g_autoptr (PktDns) dns = pkt_dns_new (answer, &rest);
    PktIp ip;
    pkt_ip_parse (clients[i], &ip);
    const PktSpfQuery q = { &ip, "a.b-c@example.com", "mta1.example.com" };
    g_auto (PktSpfVerdict) v = { 0 };
    PktSpfResult result = pkt_spf_check (dns, &q, &v);
    g_assert_cmpint (result, !=, PKT_SPF_PENDING);
    g_assert_cmpuint (v.lookups, <=, PKT_SPF_MAX_LOOKUPS + 1);
    g_assert_true (v.record == NULL || g_utf8_validate (v.record, -1, NULL));
    g_assert_true (v.problem == NULL || g_utf8_validate (v.problem, -1, NULL));
    g_assert_true (v.explanation == NULL || g_utf8_validate (v.explanation, -1, NULL));
  }
  return 0;
}
