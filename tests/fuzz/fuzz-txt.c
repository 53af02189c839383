/* One text of any bytes stands at every name: as DKIM key, DMARC record and all else that is read
 * of TXT. Each check comes to an end with its rows, made of valid text. */
#include <stdint.h>
#include "packet/base/json.h"
#include "packet/dns/checks.h"

int LLVMFuzzerTestOneInput (const uint8_t *bytes, size_t n);

static PktDnsAnswer *
answer (gpointer data, const char *name, PktDnsType type)
{
  const PktSlice *text = data;
  PktDnsAnswer *a = pkt_dns_answer_new (name, type, PKT_DNS_NODATA);
  if (type == PKT_DNS_TXT) {
    pkt_dns_answer_add (a, text->p, text->n, 0);
    a->status = PKT_DNS_FOUND;
  }
  return a;
}

int
LLVMFuzzerTestOneInput (const uint8_t *bytes, size_t n)
{
  PktSlice text = pkt_slice ((const char *)bytes, n);
  g_autoptr (PktDns) dns = pkt_dns_new (answer, &text);
  g_autoptr (GPtrArray) rows = g_ptr_array_new_with_free_func ((GDestroyNotify)pkt_check_free);
  g_autoptr (GPtrArray) dkim = g_ptr_array_new ();
  g_ptr_array_add (dkim, "other.example.com");
  g_assert_true (pkt_check_dkim (dns, "s", "example.com", rows));
  g_assert_true (pkt_check_dmarc (dns, "news.example.com", rows));
  g_assert_true (pkt_check_alignment (dns, "x.eml", "news.example.com", "example.com", dkim, rows));
  g_assert_true (pkt_check_domain (dns, "example.com", rows));
  g_assert_true (pkt_check_spf (dns, "192.0.2.10", "example.com", NULL, rows));
  g_assert_cmpuint (rows->len, >=, 5);
  for (guint i = 0; i < rows->len; i++) {
    const PktCheck *c = g_ptr_array_index (rows, i);
    g_assert_true (g_utf8_validate (c->found, -1, NULL));
    g_autofree char *detail = pkt_json_line (c->detail);
    g_assert_true (g_utf8_validate (detail, -1, NULL));
  }
  return 0;
}
