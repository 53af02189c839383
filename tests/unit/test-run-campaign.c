/* campaign.txt: what it says of a page, and what it must not say. */
#include "packet/base/json.h"
#include "packet/headers/delivered.h"
#include "packet/page/page.h"
#include "packet/redact/headers.h"
#include "packet/redact/verify.h"
#include "packet/run/campaign.h"

static const char mail[]
    = "Return-Path: <b-jo.reader=icloud.com@bounce.example.com>\n"
      "From: Example Weekly <weekly@example.com>\n"
      "To: Jo Reader <jo.reader@icloud.com>\n"
      "Subject: Jo Reader, your order 48213377 and {{ x }}\n"
      "List-Unsubscribe: <https://t.esp.example.org/u/Zk93kQ2LmX>,\n"
      " <mailto:u-Zk93kQ2LmX@esp.example.org>\n"
      "MIME-Version: 1.0\n"
      "Content-Type: multipart/mixed; boundary=b\n\n"
      "--b\nContent-Type: text/html; charset=utf-8\n\n"
      "<title>The letter</title><div style='display:none'>For Jo Reader alone</div>"
      "<p>Dear Jo Reader (jo.reader@icloud.com), see <a "
      "href='https://t.esp.example.org/c/Zk93kQ2LmX/jo.reader/news?e=am8ucmVhZGVyQGljbG91ZC5jb20'>"
      "https://www.example.com/news?u=Zk93kQ2LmX</a></p>"
      "<p><a href='http://examp1e.com:8080/'>Shop</a> at partner.example.net "
      "<a href='https://x7f2q9kd3z.wild.example.net/'>w</a></p>"
      "<img src='https://img.example.com/o/Zk93kQ2LmX.gif' width=1 height=1>"
      "<form action='https://forms.example.com/'></form>\n"
      "--b\nContent-Type: application/pdf; name=jo.reader.pdf\nContent-Disposition: "
      "attachment\n\nx\n"
      "--b\nContent-Type: application/pdf\nContent-Disposition: attachment\n\nx\n"
      "--b\nContent-Type: image/png\nContent-ID: <a@example.com>\n\nx\n--b--\n";

typedef struct {
  PktSample *sample;
  PktPage *page;
  GPtrArray *own, *allowed;
  PktRedactor *redactor;
  PktRedactScope scope;
  const char *from[2], *paths[2];
  PktCampaign campaign;
} Fixture;

static void
set_up (Fixture *f, gconstpointer data)
{
  (void)data;
  const guint8 key[32] = { 7 };
  GError *error = NULL;
  f->sample = pkt_delivered_read ("a.eml", PKT_SLICE (mail), &error);
  g_assert_no_error (error);
  f->page = pkt_page_read ("a.eml", pkt_slice_str (f->sample->html),
                           &(PktPageWith){ .charset = "utf-8", .names = f->sample->names }, &error);
  g_assert_no_error (error);
  f->own = g_ptr_array_new_with_free_func (g_free);
  f->allowed = g_ptr_array_new_with_free_func (g_free);
  pkt_headers_scope (f->sample, FALSE, f->own, f->allowed);
  g_ptr_array_add (f->own, NULL);
  g_ptr_array_add (f->allowed, NULL);
  f->scope = (PktRedactScope){ (const char *const *)f->own->pdata,
                               (const char *const *)f->allowed->pdata };
  f->redactor = pkt_redactor_new (key, &f->scope);
  pkt_redactor_add_recipient (f->redactor, PKT_SLICE ("jo.reader@icloud.com"));
  pkt_redactor_add_name (f->redactor, "Jo Reader");
  f->from[0] = f->sample->from_domain;
  f->paths[0] = f->sample->return_path_domain;
  f->campaign = (PktCampaign){ .page = f->page,
                               .sample = f->sample,
                               .from_sample = TRUE,
                               .from = f->from,
                               .paths = f->paths,
                               .own = (const char *const *)f->own->pdata };
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  (void)data;
  pkt_redactor_free (f->redactor);
  pkt_page_free (f->page);
  pkt_sample_free (f->sample);
  g_ptr_array_unref (f->own);
  g_ptr_array_unref (f->allowed);
}

static const char want[]
    = "Subject            [name], your order [field] and [field]\n"
      "From               Example Weekly <weekly@example.com>\n"
      "Preheader          For [name] alone\n"
      "Title              The letter\n"
      "Source             the HTML part of a delivered mail\n"
      "Marks              [1] is the host that a link leads to, see below. [name]\n"
      "                   and [field] stand for what differs by reader, * for a\n"
      "                   part of an address that may. Addresses are written so\n"
      "                   that nothing follows them.\n"
      "\n"
      "==== Text as a reader sees it ==============================================\n"
      "Dear [name] (MARK@icloud.com), see\n"
      "hxxps://www[.]example[.]com/news?u=[token:10,base64url] [1]\n"
      "\n"
      "Shop [2] at partner.example.net w [3]\n"
      "\n"
      "==== Links: 4 to 4 hosts, by registered domain =============================\n"
      "example[.]org, not that of From or return-path\n"
      "  [1]  t[.]esp[.]example[.]org           1  https\n"
      "       text of a link names www.example.com\n"
      "       hxxps://t[.]esp[.]example[.]org/c/*/*/news?e=*\n"
      "examp1e[.]com, not that of From or return-path\n"
      "  [2]  examp1e[.]com                     1  http\n"
      "       port of its own\n"
      "       spelt like example.com\n"
      "       hxxp://examp1e[.]com/\n"
      "example[.]net, not that of From or return-path\n"
      "  [3]  *[.]wild[.]example[.]net          1  https\n"
      "       hxxps://*[.]wild[.]example[.]net/\n"
      "example.com, that of From and return-path\n"
      "       forms.example.com                 1  https\n"
      "       in no link that a reader sees\n"
      "       hxxps://forms[.]example[.]com/\n"
      "\n"
      "==== Images: 1 from 1 host, by registered domain ===========================\n"
      "example.com, that of From and return-path\n"
      "       img.example.com                   1  https\n"
      "\n"
      "==== What else is there ====================================================\n"
      "Unsubscribe link   none found\n"
      "List-Unsubscribe   https (t[.]esp[.]example[.]org), mailto\n"
      "                   (esp[.]example[.]org)\n"
      "One-click          no\n"
      "Attachments        2 application/pdf\n"
      "Postal address     none found\n"
      "Forms, frames      1\n"
      "Other links        none\n";

static void
test_text (Fixture *f, gconstpointer data)
{
  (void)data;
  g_autofree char *text = pkt_campaign_text (&f->campaign, f->redactor);
  g_autoptr (GRegex) mark = g_regex_new ("\\[rcpt-[a-z2-7]{8}\\]", 0, 0, NULL);
  g_autofree char *plain = g_regex_replace_literal (mark, text, -1, 0, "MARK", 0, NULL);
  g_assert_cmpstr (plain, ==, want);
}

/* Another pair of eyes. */
static void
test_verified (Fixture *f, gconstpointer data)
{
  (void)data;
  g_autofree char *text = pkt_campaign_text (&f->campaign, f->redactor);
  g_autoptr (PktVerifier) v = pkt_verifier_new (&f->scope);
  pkt_verifier_add_recipient (v, PKT_SLICE ("jo.reader@icloud.com"));
  pkt_verifier_add_name (v, "Jo Reader");
  g_autoptr (GPtrArray) leaks = pkt_verify_bytes (v, "campaign.txt", "text/plain", text,
                                                  strlen (text));
  for (guint i = 0; i < leaks->len; i++) {
    const PktLeak *leak = g_ptr_array_index (leaks, i);
    g_test_message ("%s at %" G_GUINT64_FORMAT ": %.40s", leak->rule, leak->offset,
                    text + leak->offset);
  }
  g_assert_cmpuint (leaks->len, ==, 0);
}

static void
test_json (Fixture *f, gconstpointer data)
{
  (void)data;
  g_autoptr (json_t) o = pkt_campaign_json (&f->campaign, f->redactor);
  g_assert_cmpint (json_array_size (json_object_get (o, "hosts")), ==, 5);
  g_assert_cmpint (json_array_size (json_object_get (o, "list_unsubscribe")), ==, 2);
  g_assert_cmpint (json_integer_value (json_object_get (o, "words")), >, 5);
  g_autofree char *text = json_dumps (o, 0);
  g_assert_null (strstr (text, "Zk93"));
  g_assert_null (strstr (text, "jo.reader"));
}

static void
test_defang (void)
{
  static const char *const own[] = { "example.com", NULL };
  static const struct {
    const char *text, *safe;
  } rows[] = {
    { "see https://www.example.com/a.b?c", "see hxxps://www[.]example[.]com/a.b?c" },
    { "(HTTP://A.example.net)", "(hxxp://A[.]example[.]net)" },
    { "www.example.com and shop.example.net.", "www.example.com and shop[.]example[.]net." },
    { "[rcpt-k7m2q4xd]@icloud.com", "[rcpt-k7m2q4xd]@icloud.com" },
    { "weekly@example.com, 192.0.2.1, 3.14", "weekly@example.com, 192.0.2.1, 3.14" },
    { "1https://a.example.net v.http://b.example.net",
      "1hxxps://a[.]example[.]net v.hxxp://b[.]example[.]net" },
    { "Zoë.example.net", "Zoë[.]example[.]net" },
    { "by shop.example.net, at\nshop.example.net",
      "by shop[.]example[.]net, at\nshop.example.net" },
    { "shop at par\303\274.example.net", "shop at par\303\274.example.net" },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autofree char *safe = pkt_campaign_defang (rows[i].text, own);
    g_assert_cmpstr (safe, ==, rows[i].safe);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/campaign/text", Fixture, NULL, set_up, test_text, tear_down);
  g_test_add ("/campaign/verified", Fixture, NULL, set_up, test_verified, tear_down);
  g_test_add ("/campaign/json", Fixture, NULL, set_up, test_json, tear_down);
  g_test_add_func ("/campaign/defang", test_defang);
  return g_test_run ();
}
