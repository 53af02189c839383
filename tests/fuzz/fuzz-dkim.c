/* A mail of any bytes: every signature in it is refused with a reason or verified, with a key that
 * fits none. */
#include <stdint.h>
#include "packet/headers/dkim.h"

int LLVMFuzzerTestOneInput (const uint8_t *bytes, size_t n);

int
LLVMFuzzerTestOneInput (const uint8_t *bytes, size_t n)
{
  static const char *const records[] = {
    "k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=",
    "t=s; p=MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDwIRP/UC3SBsEmGqZ9ZJW3/DkMoGeLnQg1fWn7/zYtIxN2"
    "SnFCjxOCKG9v3b4jYfcTNh5ijSsq631uBItLa7od+v/"
    "RtdC2UzJ1lWT947qR+Rcac2gbto/NMqJ0fzfVjH4OuKhitdY9tf6mcwGjaNBcWToIMmPSPDdQPNUYckcQ2QIDAQAB"
  };
  g_autoptr (PktDkimMessage) m = pkt_dkim_message_new (pkt_slice ((const char *)bytes, n));
  g_assert_cmpuint (pkt_dkim_count (m), <=, PKT_DKIM_MAX_SIGNATURES);
  for (guint i = 0; i < pkt_dkim_count (m); i++)
    for (gsize k = 0; k < G_N_ELEMENTS (records); k++) {
      g_auto (PktDkimKey) key = { .name = NULL };
      g_autofree char *why = NULL;
      pkt_dkim_key_parse (&key, records[k], strlen (records[k]));
      g_assert_cmpint (key.state, ==, PKT_DKIM_KEY_GOOD);
      PktDkimResult r = pkt_dkim_verify (m, i, &key, &why);
      g_assert_true ((r == PKT_DKIM_PASS) == (why == NULL));
    }
  return 0;
}
