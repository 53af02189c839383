#include <stdint.h>
#include "packet/headers/delivered.h"
#include "packet/headers/facts.h"

int LLVMFuzzerTestOneInput (const uint8_t *bytes, size_t n);

/* A mail is read or refused with a reason; its facts are made of valid text. */
int
LLVMFuzzerTestOneInput (const uint8_t *bytes, size_t n)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PktSample) s = pkt_delivered_read ("fuzz.eml", pkt_slice ((const char *)bytes, n),
                                                &error);
  g_assert_true ((s == NULL) == (error != NULL));
  if (s == NULL)
    return 0;
  json_t *facts = pkt_delivered_facts (s);
  json_decref (facts);
  g_autofree char *table = pkt_delivered_table (s);
  g_assert_true (g_utf8_validate (table, -1, NULL));
  for (guint i = 0; i < s->recipients->len; i++)
    g_assert_true (g_utf8_validate (g_ptr_array_index (s->recipients, i), -1, NULL));
  return 0;
}
