#include <stdint.h>
#include "packet/page/pack.h"
#include "packet/page/page.h"
#include "packet/redact/verify.h"
#include "packet/run/campaign.h"
#include "tests/unit/page-closed.h"

int LLVMFuzzerTestOneInput (const uint8_t *bytes, size_t n);

static const char known[] = "jo.reader@icloud.com";
static const char *const own[] = { "example.com", NULL };

/* Another pair of eyes finds nothing in what would leave. */
static void
assert_clean (PktVerifier *v, const char *type, const char *text)
{
  g_autoptr (GPtrArray) leaks = pkt_verify_bytes (v, "fuzz", type, text, strlen (text));
  g_assert_cmpuint (leaks->len, ==, 0);
}

static void
look_at_page (PktSlice html)
{
  const guint8 key[32] = { 1 };
  const PktRedactScope scope = { own, NULL };
  g_autoptr (PktPage) page = pkt_page_read ("fuzz.html", html, NULL, NULL);
  if (page == NULL)
    return;
  g_autoptr (PktRedactor) r = pkt_redactor_new (key, &scope);
  g_autoptr (PktVerifier) v = pkt_verifier_new (&scope);
  pkt_redactor_add_recipient (r, pkt_slice_str (known));
  pkt_verifier_add_recipient (v, pkt_slice_str (known));
  const PktCampaign c = { .page = page, .delivered = page, .from = own, .paths = own, .own = own };
  g_autofree char *text = pkt_campaign_text (&c, r);
  g_assert_true (g_utf8_validate (text, -1, NULL));
  g_assert_null (strstr (text, "https://"));
  assert_clean (v, "text/plain", text);
  g_autofree char *closed = pkt_redact_closed_page (r, pkt_slice_str (page->clean_html));
  page_assert_closed (closed);
}

/* Any bytes as a page, and as a picture of one. */
int
LLVMFuzzerTestOneInput (const uint8_t *bytes, size_t n)
{
  g_autoptr (GBytes) png = g_bytes_new (bytes, n);
  cairo_surface_t *picture = pkt_pack_read ("fuzz.png", png, NULL);
  if (picture)
    cairo_surface_destroy (picture);
  look_at_page (pkt_slice ((const char *)bytes, n));
  return 0;
}
