#include <stdint.h>
#include <stdlib.h>
#include "packet/redact/headers.h"
#include "packet/redact/reveal.h"
#include "packet/redact/verify.h"

/* Header fields of hostile mail, for each audience. The first line is a recipient, the rest fields;
 * the verifier judges what is left of them. What the marks stand for is put back, too. */

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t n);

static const char *const own[] = { "example.com", NULL };
static const PktRedactScope scope = { own, NULL };

static void
add_field (PktSample *s, PktSlice field)
{
  PktSlice name = pkt_slice_until (field, ':');
  if (name.n == 0 || name.n == field.n || memchr (field.p, '\0', field.n))
    return;
  PktHeaderField *f = g_new0 (PktHeaderField, 1);
  f->name = g_strndup (name.p, name.n);
  f->value = g_strndup (field.p + name.n + 1, field.n - name.n - 1);
  g_ptr_array_add (s->fields, f);
}

/* A line that begins with a blank goes on with the field before. */
static void
add_fields (PktSample *s, PktSlice text)
{
  while (text.n) {
    gsize n = pkt_slice_until (text, '\n').n;
    while (n + 1 < text.n && (text.p[n + 1] == ' ' || text.p[n + 1] == '\t'))
      n += 1 + pkt_slice_until (pkt_slice_skip (text, n + 1), '\n').n;
    add_field (s, pkt_slice (text.p, n));
    text = pkt_slice_skip (text, n + 1);
  }
}

static void
expect_clean (PktSlice needle, const char *out)
{
  g_autoptr (PktVerifier) v = pkt_verifier_new (&scope);
  pkt_verifier_add_recipient (v, needle);
  g_autoptr (GPtrArray) leaks = pkt_verify_bytes (v, "out.txt", "text/plain", out, strlen (out));
  for (guint i = 0; i < leaks->len; i++) {
    const PktLeak *leak = leaks->pdata[i];
    if (g_str_has_prefix (leak->rule, "recipient") || g_str_has_prefix (leak->rule, "hash")
        || g_str_has_prefix (leak->rule, "local-part")) {
      g_printerr ("%s at %d in: %s\n", leak->rule, (int)leak->offset, out);
      abort ();
    }
  }
}

static void
redact (PktSlice needle, PktSlice text, PktAudience audience)
{
  static const guint8 key[32] = { 7 };
  g_autoptr (PktRedactor) r = pkt_redactor_new (key, &scope);
  g_autoptr (PktSample) s = pkt_sample_new ();
  json_t *removed = NULL, *map;
  pkt_redactor_set_audience (r, audience, "SendGrid");
  pkt_redactor_add_recipient (r, needle);
  pkt_redactor_add_client (r, 1, "other.example.net");
  add_fields (s, text);
  g_autofree char *out = pkt_redact_headers (r, s, &removed);
  g_assert_true (g_utf8_validate (out, -1, NULL));
  expect_clean (needle, out);
  map = pkt_redactor_map (r);
  g_autofree char *back = pkt_reveal_text (map, pkt_slice_str (out), NULL);
  g_assert_nonnull (back);
  json_decref (map);
  json_decref (removed);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t n)
{
  PktSlice all = pkt_slice ((const char *)data, MIN (n, 8192)),
           needle = pkt_slice_until (all, '\n');
  if (!g_utf8_validate (needle.p ? needle.p : "", (gssize)needle.n, NULL) || needle.n < 6)
    return 0;
  PktSlice text = pkt_slice_skip (all, needle.n + 1);
  for (int audience = PKT_AUDIENCE_APPLE; audience <= PKT_AUDIENCE_PUBLIC; audience++)
    redact (needle, text, (PktAudience)audience);
  json_t *map = json_pack ("{s:s}", "[rcpt-aaaaaaaa]", "user@icloud.com");
  g_free (pkt_reveal_text (map, all, NULL));
  json_decref (map);
  return 0;
}
