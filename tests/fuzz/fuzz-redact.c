#include <stdint.h>
#include <stdlib.h>
#include "packet/redact/redactor.h"
#include "packet/redact/verify.h"

/* The invariant: no needle of the input in the output. The first line is a recipient, the rest text
 * that may hold it; the verifier judges what the redactor made of it. */

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t n);

static void
expect_clean (PktSlice needle, const char *what, const char *out)
{
  static const char *const own[] = { "example.com", NULL };
  PktRedactScope scope = { own, NULL };
  g_autoptr (PktVerifier) v = pkt_verifier_new (&scope);
  pkt_verifier_add_recipient (v, needle);
  g_autoptr (GPtrArray) leaks = pkt_verify_bytes (v, "out.txt", "text/plain", out, strlen (out));
  for (guint i = 0; i < leaks->len; i++) {
    const PktLeak *leak = leaks->pdata[i];
    if (g_str_has_prefix (leak->rule, "recipient") || g_str_has_prefix (leak->rule, "hash")
        || g_str_has_prefix (leak->rule, "local-part")) {
      g_printerr ("%s: %s at %d in: %s\n", what, leak->rule, (int)leak->offset, out);
      abort ();
    }
  }
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t n)
{
  static const char *const own[] = { "example.com", NULL };
  static const guint8 key[32] = { 7 };
  PktRedactScope scope = { own, NULL };
  if (n > 4096)
    return 0;
  PktSlice all = pkt_slice ((const char *)data, n), needle = pkt_slice_until (all, '\n');
  PktSlice text = pkt_slice_skip (all, needle.n + 1);
  if (!g_utf8_validate (needle.p, (gssize)needle.n, NULL) || needle.n < 6)
    return 0;
  g_autoptr (PktRedactor) r = pkt_redactor_new (key, &scope);
  pkt_redactor_add_recipient (r, needle);
  g_autofree char *clean = pkt_redact_text (r, text);
  g_autofree char *path = pkt_redact_return_path (r, text);
  g_autofree char *recipient = pkt_redact_recipient (r, text);
  expect_clean (needle, "text", clean);
  g_assert_nonnull (path);
  g_assert_nonnull (recipient);
  (void)pkt_redact_message_id_is_safe (r, text);
  return 0;
}
