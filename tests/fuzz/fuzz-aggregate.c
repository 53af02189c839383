/* A DMARC report of any bytes: counted or broken, and its sums hold together. */
#include <stdint.h>
#include "packet/dns/aggregate.h"

int LLVMFuzzerTestOneInput (const uint8_t *bytes, size_t n);

int
LLVMFuzzerTestOneInput (const uint8_t *bytes, size_t n)
{
  g_autoptr (PktAggregate) a = pkt_aggregate_new ();
  pkt_aggregate_parse (a, "fuzz.xml", (const char *)bytes, n);
  pkt_aggregate_sort (a);
  g_assert_cmpuint (a->reports + a->broken, >, 0);
  for (guint i = 0; i < a->rows->len; i++) {
    const PktAggregateRow *r = g_ptr_array_index (a->rows, i);
    g_assert_true (r->passed <= r->count && r->spf <= r->passed && r->dkim <= r->passed);
    g_assert_true (g_utf8_validate (r->domain, -1, NULL));
  }
  return 0;
}
