#include <stdint.h>
#include "packet/redact/verify.h"

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t n);

/* Never crashes, never hangs; and a recipient planted in clear behind any bytes is found. */
int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t n)
{
  static const char planted[] = "\nsee jane.q_0130@icloud.com \n";
  if (n > 65536)
    return 0;
  g_autoptr (PktVerifier) v = pkt_verifier_new (NULL);
  pkt_verifier_add_recipient (v, PKT_SLICE ("jane.q_0130@icloud.com"));
  GString *bytes = g_string_new_len ((const char *)data, (gssize)n);
  g_autoptr (GPtrArray) plain = pkt_verify_message (v, bytes->str, bytes->len);
  g_autoptr (GPtrArray) picture = pkt_verify_bytes (v, "a.png", "image/png", bytes->str,
                                                    bytes->len);
  g_assert_true (plain && picture);
  g_string_append (bytes, planted);
  g_autoptr (GPtrArray) leaks = pkt_verify_message (v, bytes->str, bytes->len);
  g_assert_cmpuint (leaks->len, >, 0);
  g_autoptr (GPtrArray) file = pkt_verify_bytes (v, "a.txt", "text/plain", bytes->str, bytes->len);
  g_assert_cmpuint (file->len, >, 0);
  g_string_free (bytes, TRUE);
  return 0;
}
