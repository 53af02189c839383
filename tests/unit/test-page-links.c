/* Where a page's links lead, and what else is on it. */
#include "packet/base/domain.h"
#include "packet/page/kind.h"
#include "packet/page/page.h"

static PktPage *
read_text (const char *html)
{
  g_autoptr (GPtrArray) names = g_ptr_array_new ();
  g_ptr_array_add (names, "Jo Reader");
  g_autoptr (GError) error = NULL;
  PktPage *page = pkt_page_read ("page.html", pkt_slice_str (html),
                                 &(PktPageWith){ .names = names }, &error);
  g_assert_no_error (error);
  return page;
}

static const PktLinkHost *
host_of (const PktPage *page, const char *name)
{
  const PktLinkHost *h = pkt_page_host (page->hosts, name);
  g_assert_nonnull (h);
  return h;
}

static void
test_domain (void)
{
  static const struct {
    const char *host, *domain;
  } rows[] = { { "click.news.example.com", "example.com" },
               { "a.b.co.uk", "b.co.uk" },
               { "192.0.2.1", "192.0.2.1" },
               { "[2001:db8::1]", "[2001:db8::1]" },
               { "com", "com" } };
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autofree char *domain = pkt_domain_registered (rows[i].host);
    g_assert_cmpstr (domain, ==, rows[i].domain);
  }
  g_assert_true (pkt_domain_same ("a.example.com", "b.example.com"));
  g_assert_false (pkt_domain_same ("a.example.com", "a.example.net"));
  g_assert_false (pkt_domain_same (NULL, NULL));
  g_assert_true (pkt_domain_within ("a.example.com", "example.com"));
  g_assert_false (pkt_domain_within ("anexample.com", "example.com"));
  g_assert_true (pkt_domain_listed ("www.example.com"));
  g_assert_false (pkt_domain_listed ("notes.txt2"));
  g_assert_true (pkt_domain_shared ("somebody.github.io"));
  g_assert_false (pkt_domain_shared ("www.example.com"));
}

static const struct {
  const char *url, *host;
  guint kinds;
} kinds[] = {
  { "https://www.example.com/", "www.example.com", 0 },
  { "https://192.0.2.7/", "192.0.2.7", PKT_HOST_ADDRESS },
  { "http://3221225991/", "192.0.2.7", PKT_HOST_ADDRESS },
  { "http://[2001:db8::1]/", "[2001:db8::1]", PKT_HOST_ADDRESS },
  { "https://bit.ly/3x", "bit.ly", PKT_HOST_SHORTENER },
  { "https://notbit.ly/3x", "notbit.ly", 0 },
  { "https://u1.ct.sendgrid.net/ls/click", "u1.ct.sendgrid.net", PKT_HOST_REDIRECTOR },
  { "https://a.example.com/r?u=https%3A%2F%2Fb.example.net", "a.example.com", PKT_HOST_REDIRECTOR },
  { "https://a.example.com/L/aHR0cHM6Ly9iLmV4YW1wbGU", "a.example.com", PKT_HOST_REDIRECTOR },
  { "https://192-0-2-1.sslip.io/", "192-0-2-1.sslip.io", PKT_HOST_WILDCARD },
  { "https://somebody.github.io/", "somebody.github.io", PKT_HOST_SHARED },
  { "https://bücher.example/", "xn--bcher-kva.example", PKT_HOST_PUNYCODE },
  { "https://a.example.com:8443/", "a.example.com", PKT_HOST_PORT },
  { "https://a.example.com:443/", "a.example.com", 0 },
  { "https://www.example.net@a.example.com/", "a.example.com", PKT_HOST_USER },
};

static void
test_kinds (gconstpointer data)
{
  gsize i = GPOINTER_TO_SIZE (data);
  g_autofree char *html = g_strdup_printf ("<a href='%s'>x</a>", kinds[i].url);
  g_autoptr (PktPage) page = read_text (html);
  g_assert_cmpuint (page->hosts->len, ==, 1);
  g_assert_cmphex (host_of (page, kinds[i].host)->kinds, ==, kinds[i].kinds);
}

static const struct {
  const char *host, *like;
} looks[] = {
  { "www.example.com", NULL },
  { "examp1e.com", "example.com" },
  { "click.exarnple.com", "example.com" },
  { "xn--exmple-4nf.com", "example.com" }, /* Cyrillic a */
  { "exämple.com", "example.com" },
  { "exampl.com", "example.com" },
  { "sample.com", NULL },
  { "192.0.2.1", NULL },
  { "partner.example.net", NULL },
};

static void
test_looks (gconstpointer data)
{
  static const char *const own[] = { "example.com", "ab.example", NULL };
  gsize i = GPOINTER_TO_SIZE (data);
  g_autofree char *host = g_hostname_to_ascii (looks[i].host);
  g_assert_cmpstr (pkt_kind_looks_like (host, own), ==, looks[i].like);
}

/* Numbers go by what a reader meets; hidden links have none, but are counted. */
static void
test_numbers (void)
{
  g_autoptr (PktPage) page = read_text (
      "<div style='display:none'><a href='https://hidden.example.com/'>x</a></div>"
      "<a href='https://b.example.com/1?u=7'>one</a> <a href='http://a.example.com/'>two</a> "
      "<a href='https://c.example.com/'></a><a href='https://b.example.com/2'>three</a>");
  g_assert_cmpstr (page->outline, ==, "one [1] two [2] three [1]\n");
  g_assert_cmpuint (host_of (page, "hidden.example.com")->number, ==, 0);
  g_assert_cmpuint (host_of (page, "c.example.com")->number, ==, 0);
  g_assert_cmpuint (host_of (page, "a.example.com")->plain, ==, 1);
  const PktLinkHost *b = host_of (page, "b.example.com");
  g_assert_cmpuint (b->links, ==, 2);
  g_assert_cmpuint (b->paths->len, ==, 2);
  g_assert_cmpstr (g_ptr_array_index (b->paths, 0), ==, "/1?u=7");
}

static void
test_named (void)
{
  g_autoptr (PktPage) page = read_text (
      "<a href='https://click.example.net/1'>https://www.example.com/offer</a>"
      "<a href='https://shop.example.com/1'>www.example.com</a>"
      "<a href='https://b.example.org/1'>v1.0.2 of notes.txt2</a>");
  g_assert_cmpstr (host_of (page, "click.example.net")->named, ==, "www.example.com");
  g_assert_null (host_of (page, "shop.example.com")->named);
  g_assert_null (host_of (page, "b.example.org")->named);
}

static const struct {
  const char *html, *preheader, *unsubscribe, *address;
} notes[] = {
  { "<p>nothing", NULL, NULL, NULL },
  { "<div style='display:none'>Soup for Jo Reader&#8204;&nbsp;&#8204;</div><p>Text",
    "Soup for [name]", NULL, NULL },
  { "<div style='display:none'>For <b>Jo</b> Re&#8203;a<i>der</i><br>and all</div><p>Text",
    "For [name] and all", NULL, NULL },
  { "<p>Text<div style='display:none'>too late</div>", NULL, NULL, NULL },
  { "<div style='font-size:0'>small</div><img src=a.png alt=x><div hidden>late</div>", "small",
    NULL, NULL },
  { "<a href='https://a.example/x'>Abmelden</a>", NULL, "Abmelden", NULL },
  { "<a href='https://a.example/x'>配信停止はこちら</a>", NULL, "配信停止はこちら", NULL },
  { "<a href='https://a.example/unsubscribe/1'>here</a>", NULL, "here", NULL },
  { "<a href='https://a.example/shop'>here</a>", NULL, NULL, NULL },
  { "<p>x<a hidden href='https://a.example/u'>Unsubscribe</a>", NULL, NULL, NULL },
  { "<p>Example Company, 1 Sample Street, 12345 Exampletown", NULL, NULL,
    "Example Company, 1 Sample Street, 12345 Exampletown" },
  { "<p>Example GmbH<br>Musterstraße 12<br>12345 Musterstadt", NULL, NULL,
    "Musterstraße 12 12345 Musterstadt" },
  { "<p>Exemple SARL, 3 rue de la Paix, 75002 Paris", NULL, NULL,
    "Exemple SARL, 3 rue de la Paix, 75002 Paris" },
  { "<p>PO Box 12, Sampleton SW1A 1AA", NULL, NULL, "PO Box 12, Sampleton SW1A 1AA" },
  { "<p>12 Main Street, Dublin, Ireland", NULL, NULL, "12 Main Street, Dublin, Ireland" },
  { "<p>Up to 50% off until 31 December 2026 on 12345 items", NULL, NULL, NULL },
  { "<p>We walk down the street at 9", NULL, NULL, NULL },
};

static void
test_notes (gconstpointer data)
{
  gsize i = GPOINTER_TO_SIZE (data);
  g_autoptr (PktPage) page = read_text (notes[i].html);
  g_assert_cmpstr (page->preheader, ==, notes[i].preheader);
  g_assert_cmpstr (page->unsubscribe, ==, notes[i].unsubscribe);
  g_assert_cmpstr (page->address, ==, notes[i].address);
}

static void
test_counts (void)
{
  g_autoptr (PktPage) page = read_text ("<p>Three words, co-operating</p><a "
                                        "href=mailto:a@b.example>m</a><a href='tel:+15550100'>t</a>"
                                        "<a href='javascript:x'>j</a><img src=a.png width=1 "
                                        "height=1><img src=b.png><img src=c.png alt=''>");
  g_assert_cmpuint (page->mailto, ==, 1);
  g_assert_cmpuint (page->tel, ==, 1);
  g_assert_cmpuint (page->other, ==, 1);
  g_assert_cmpuint (page->images, ==, 2);
  g_assert_cmpuint (page->words, ==, 4);
}

static void
add_tests (const char *group, gsize n, GTestDataFunc test)
{
  for (gsize i = 0; i < n; i++) {
    g_autofree char *name = g_strdup_printf ("/links/%s/%" G_GSIZE_FORMAT, group, i);
    g_test_add_data_func (name, GSIZE_TO_POINTER (i), test);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/links/domain", test_domain);
  g_test_add_func ("/links/numbers", test_numbers);
  g_test_add_func ("/links/named", test_named);
  g_test_add_func ("/links/counts", test_counts);
  add_tests ("kinds", G_N_ELEMENTS (kinds), test_kinds);
  add_tests ("looks", G_N_ELEMENTS (looks), test_looks);
  add_tests ("notes", G_N_ELEMENTS (notes), test_notes);
  return g_test_run ();
}
