/* A reply of any bytes: its first two name the type asked for. What is read of it goes through
 * dns.json and comes back the same. */
#include <stdint.h>
#include "packet/base/json.h"
#include "packet/dns/message.h"

int LLVMFuzzerTestOneInput (const uint8_t *bytes, size_t n);

int
LLVMFuzzerTestOneInput (const uint8_t *bytes, size_t n)
{
  static const PktDnsType types[] = { PKT_DNS_A,  PKT_DNS_AAAA, PKT_DNS_TXT,
                                      PKT_DNS_MX, PKT_DNS_PTR,  PKT_DNS_SOA };
  if (n < 1)
    return 0;
  g_autoptr (PktDnsAnswer) a = pkt_dns_answer_new (
      "example.com", types[bytes[0] % G_N_ELEMENTS (types)], PKT_DNS_FAILED);
  pkt_dns_message_read (a, bytes + 1, n - 1);
  g_autoptr (json_t) json = pkt_dns_answer_json (a);
  g_autofree char *text = pkt_json_line (json);
  g_autoptr (PktDnsAnswer) again = pkt_dns_answer_from_json (json);
  g_assert_nonnull (again);
  g_autoptr (json_t) second = pkt_dns_answer_json (again);
  g_autofree char *same = pkt_json_line (second);
  g_assert_cmpstr (text, ==, same);
  return 0;
}
