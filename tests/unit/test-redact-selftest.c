#include "packet/redact/decode.h"
#include "packet/redact/selftest-priv.h"
#include "packet/redact/verify-priv.h"

static GPtrArray *
leaks_of (PktVerifier *v, const char *text)
{
  return pkt_verify_bytes (v, "a.txt", "text/plain", text, strlen (text));
}

static void
test_all_caught (void)
{
  g_autoptr (PktSelftest) t = pkt_selftest_run ();
  for (guint s = 0; pkt_selftest_surface (s); s++) {
    if (!pkt_selftest_control_is_clean (t, s))
      g_test_message ("not clean with nothing planted: %s", pkt_selftest_surface (s));
    for (guint e = 0; pkt_selftest_encoding (e); e++)
      if (pkt_selftest_outcome (t, e, s) == PKT_SELFTEST_MISSED)
        g_test_message ("%s in %s was missed", pkt_selftest_encoding (e), pkt_selftest_surface (s));
  }
  g_assert_cmpuint (pkt_selftest_missed (t), ==, 0);
}

/* Without a decoder something gets through: so none can be lost unseen. */
static void
test_each_decoder_is_needed (void)
{
  guint idle = 0;
  for (guint d = 0; pkt_decode_name (d); d++) {
    guint missed = 0;
    for (guint e = 0; pkt_selftest_encoding_at (e); e++) {
      g_autofree char *planted = pkt_selftest_encoding_at (e)->make ();
      g_autofree char *text = g_strdup_printf ("see %s there\n", planted);
      g_autoptr (PktVerifier) v = pkt_selftest_verifier ();
      pkt_verifier_leave_out (v, d);
      g_autoptr (GPtrArray) leaks = leaks_of (v, text);
      missed += leaks->len == 0;
    }
    if (missed == 0)
      g_test_message ("%s finds nothing that the others do not", pkt_decode_name (d));
    idle += missed == 0;
  }
  g_assert_cmpuint (idle, ==, 0);
}

/* The place is told, the value never. */
static void
test_value_is_not_told (void)
{
  for (guint e = 0; pkt_selftest_encoding_at (e); e++) {
    g_autofree char *planted = pkt_selftest_encoding_at (e)->make ();
    g_autoptr (PktVerifier) v = pkt_selftest_verifier ();
    g_autoptr (GPtrArray) leaks = pkt_verify_bytes (v, planted, "text/plain", planted,
                                                    strlen (planted));
    if (leaks->len == 0)
      g_test_message ("%s was not found", pkt_selftest_encoding (e));
    g_assert_cmpuint (leaks->len, >, 0);
    for (guint i = 0; i < leaks->len; i++) {
      const PktLeak *leak = leaks->pdata[i];
      g_assert_null (strstr (leak->part, planted));
      g_assert_null (strstr (leak->rule, planted));
    }
  }
}

/* The redactor's property: no needle of the input in the output, wherever it stands in the text. */
static void
test_redacted (void)
{
  static const guint8 key[32] = { 5 };
  static const char *const frames[] = { "id=%s&x=1", "%s", "<%s>, \"%s\"",
                                        "see https://t.example.com/%s/a and more",
                                        "first\r\n %s\r\n last" };
  static const char *const own[] = { "example.com", NULL };
  static const PktRedactScope scope = { own, NULL };
  for (guint e = 0; pkt_selftest_encoding_at (e); e++)
    for (gsize f = 0; f < G_N_ELEMENTS (frames); f++) {
      g_autoptr (PktVerifier) v = pkt_selftest_verifier ();
      g_autoptr (PktRedactor) r = pkt_redactor_new (key, &scope);
      pkt_redactor_add_recipient (r, PKT_SLICE (PKT_CANARY));
      pkt_redactor_add_recipient (r, PKT_SLICE (PKT_CANARY_ODD "@me.com"));
      pkt_redactor_add_recipient (r, PKT_SLICE (PKT_CANARY_TAGGED));
      pkt_redactor_add_recipient (r, PKT_SLICE (PKT_CANARY_IDN));
      pkt_redactor_add_name (r, PKT_CANARY_NAME);
      g_autofree char *planted = pkt_selftest_encoding_at (e)->make ();
      g_auto (GStrv) parts = g_strsplit (frames[f], "%s", -1);
      g_autofree char *text = g_strjoinv (planted, parts);
      g_autofree char *out = pkt_redact_text (r, pkt_slice_str (text));
      g_autoptr (GPtrArray) leaks = leaks_of (v, out);
      if (leaks->len)
        g_test_message ("%s: %s in %s", pkt_selftest_encoding (e),
                        ((PktLeak *)leaks->pdata[0])->rule, out);
      g_assert_cmpuint (leaks->len, ==, 0);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/redact/selftest/all-caught", test_all_caught);
  g_test_add_func ("/redact/selftest/each-decoder-is-needed", test_each_decoder_is_needed);
  g_test_add_func ("/redact/selftest/value-is-not-told", test_value_is_not_told);
  g_test_add_func ("/redact/selftest/redacted", test_redacted);
  return g_test_run ();
}
