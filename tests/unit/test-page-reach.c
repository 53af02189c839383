/* Which addresses and which URLs may be asked for. */
#include <arpa/inet.h>
#include <netinet/in.h>
#include "packet/base/error.h"
#include "packet/page/personal.h"
#include "packet/page/picture.h"
#include "packet/page/reach.h"

static const struct {
  const char *address;
  gboolean open, opened; /* as it is; with the ranges below allowed */
} addresses[] = {
  { "192.1.2.3", TRUE, TRUE },
  { "8.8.8.8", TRUE, TRUE },
  { "100.63.255.255", TRUE, TRUE },
  { "100.128.0.0", TRUE, TRUE },
  { "172.15.255.255", TRUE, TRUE },
  { "172.32.0.0", TRUE, TRUE },
  { "11.0.0.0", TRUE, TRUE },
  { "9.255.255.255", TRUE, TRUE },
  { "16.255.255.255", TRUE, TRUE },
  { "18.0.0.0", TRUE, TRUE },
  { "2600::1", TRUE, TRUE },
  { "2a02:1234::1", TRUE, TRUE },
  { "::ffff:8.8.8.8", TRUE, TRUE },
  { "10.0.0.1", FALSE, TRUE },
  { "10.255.255.255", FALSE, TRUE },
  { "172.16.0.1", FALSE, FALSE },
  { "172.31.255.255", FALSE, FALSE },
  { "192.168.1.1", FALSE, FALSE },
  { "127.0.0.1", FALSE, TRUE },
  { "127.0.0.2", FALSE, FALSE },
  { "0.0.0.0", FALSE, FALSE },
  { "0.1.2.3", FALSE, FALSE },
  { "100.64.0.1", FALSE, FALSE },
  { "100.127.255.255", FALSE, FALSE },
  { "169.254.169.254", FALSE, FALSE },
  { "192.0.0.8", FALSE, FALSE },
  { "192.0.2.1", FALSE, FALSE },
  { "198.18.0.1", FALSE, FALSE },
  { "198.19.255.255", FALSE, FALSE },
  { "198.51.100.7", FALSE, FALSE },
  { "203.0.113.7", FALSE, FALSE },
  { "192.88.99.1", FALSE, FALSE },
  { "224.0.0.1", FALSE, FALSE },
  { "239.255.255.250", FALSE, FALSE },
  { "255.255.255.255", FALSE, FALSE },
  { "240.0.0.1", FALSE, FALSE },
  { "17.57.156.30", FALSE, FALSE },
  { "17.0.0.0", FALSE, FALSE },
  { "57.103.64.1", FALSE, FALSE },
  { "144.178.36.9", FALSE, FALSE },
  { "::", FALSE, FALSE },
  { "::1", FALSE, FALSE },
  { "::127.0.0.1", FALSE, FALSE },
  { "::ffff:10.0.0.1", FALSE, TRUE },
  { "::ffff:127.0.0.1", FALSE, TRUE },
  { "::ffff:0:127.0.0.1", FALSE, FALSE },
  { "64:ff9b::8.8.8.8", FALSE, FALSE },
  { "64:ff9b::10.0.0.1", FALSE, FALSE },
  { "64:ff9b:1::1", FALSE, FALSE },
  { "100::1", FALSE, FALSE },
  { "2001:0:1::1", FALSE, FALSE },
  { "2001:db8::1", FALSE, FALSE },
  { "2001:10::1", FALSE, FALSE },
  { "2002:a00:1::1", FALSE, FALSE },
  { "3fff::1", FALSE, FALSE },
  { "4000::1", FALSE, FALSE },
  { "5f00::1", FALSE, FALSE },
  { "fc00::1", FALSE, FALSE },
  { "fd12:3456::1", FALSE, TRUE },
  { "fe80::1", FALSE, FALSE },
  { "fec0::1", FALSE, FALSE },
  { "ff02::1", FALSE, FALSE },
  { "2620:149::1", FALSE, FALSE },
  { "2a01:b747:3000:200::1", FALSE, FALSE },
};

static const char *const opened[] = {
  "10.0.0.0/8", "127.0.0.1", "fd12:3456::/32", "17.57.0.0/16", "224.0.0.0/8", "2a01:b747::/32", NULL
};

static const char *
refused (const PktReach *r, const char *text)
{
  struct sockaddr_in6 six = { .sin6_family = AF_INET6 };
  struct sockaddr_in four = { .sin_family = AF_INET };
  if (inet_pton (AF_INET, text, &four.sin_addr) == 1)
    return pkt_reach_refuses (r, (const struct sockaddr *)&four);
  g_assert_cmpint (inet_pton (AF_INET6, text, &six.sin6_addr), ==, 1);
  return pkt_reach_refuses (r, (const struct sockaddr *)&six);
}

static void
test_addresses (void)
{
  g_autoptr (PktReach) closed = pkt_reach_new (NULL, NULL);
  g_autoptr (PktReach) open = pkt_reach_new (opened, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (addresses); i++) {
    g_test_message ("%s", addresses[i].address);
    g_assert_cmpint (refused (closed, addresses[i].address) == NULL, ==, addresses[i].open);
    g_assert_cmpint (refused (open, addresses[i].address) == NULL, ==, addresses[i].opened);
  }
  struct sockaddr other = { .sa_family = AF_UNIX };
  g_assert_nonnull (pkt_reach_refuses (open, &other));
}

static void
test_ranges (void)
{
  static const char *const bad[]
      = { "",        "here",      "10.0.0.0/33", "10.0.0.0/",   "10.0.0.0/-1", "10.0.0/8",
          "::1/129", "0.0.0.0/0", "::/0",        "10.0.0.0/ 8", "4.0.0.0/6" };
  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++) {
    const char *const list[] = { bad[i], NULL };
    g_autoptr (GError) error = NULL;
    g_test_message ("%s", bad[i]);
    g_assert_null (pkt_reach_new (list, &error));
    g_assert_error (error, PKT_ERROR, PKT_ERROR_USAGE);
  }
}

static const struct {
  const char *url;
  gboolean page, asset; /* may be asked for as */
} urls[] = {
  { "https://www.example.com/", TRUE, TRUE },
  { "https://www.example.com/letters/2026-11-spring-sale", TRUE, TRUE },
  { "https://www.example.com/archive/20261121.html", TRUE, TRUE },
  { "https://www.example.com/OpenHouse/open-house-weekend", TRUE, TRUE },
  { "https://news.example.com/?utm_source=mail&utm_campaign=spring", TRUE, TRUE },
  { "https://img.example.com/hero.png?w=600&v=1699999999", FALSE, TRUE },
  { "https://img.example.com/3f/9a7c2e5b1d4f60aa3f9a7c2e5b1d4f60.jpg", FALSE, TRUE },
  { "https://img.example.com/3f/9a7c2e5b1d4f60aa3f9a7c2e5b1d4f60", FALSE, FALSE },
  { "https://click.example.com/letter", FALSE, FALSE },
  { "https://links.track.example.com/a.png", FALSE, FALSE },
  { "https://www.example.com/open.php", FALSE, FALSE },
  { "https://www.example.com/wf/open?upn=x", FALSE, FALSE },
  { "https://www.example.com/newsletter-unsubscribe", FALSE, FALSE },
  { "https://www.example.com/Unsubscribe.aspx", FALSE, FALSE },
  { "https://www.example.com/letter?uid=5", FALSE, FALSE },
  { "https://www.example.com/letter?E-Mail=jo%40icloud.com", FALSE, FALSE },
  { "https://www.example.com/u/jo.reader%40icloud.com/x.png", FALSE, FALSE },
  { "https://www.example.com/x.png?q=am8ucmVhZGVyQGljbG91ZC5jb20", FALSE, FALSE },
  { "https://www.example.com/v/8f14e45f-ceea-467f-a0e6-1c2d3b4a5968", FALSE, FALSE },
  { "https://www.example.com/v/eJwNyUEKgCAQAMC_7DlQ", FALSE, FALSE },
  { "https://www.example.com/a/pixel.gif", FALSE, FALSE },
  { "https://www.example.com/a/spacer.gif", TRUE, FALSE },
  { "https://u123.ct.sendgrid.net/letter", FALSE, FALSE },
};

static void
test_urls (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (urls); i++) {
    const char *why = NULL;
    g_autoptr (PktRemote) url = pkt_remote_new (urls[i].url, NULL, &why);
    g_test_message ("%s", urls[i].url);
    g_assert_cmpint (pkt_personal_page (url) == NULL, ==, urls[i].page);
    g_assert_cmpint (pkt_personal_asset (url) == NULL, ==, urls[i].asset);
  }
}

static const struct {
  const char *reference, *base, *text, *host; /* text NULL: refused */
} remotes[] = {
  { "https://Www.Example.com/a b", NULL, "https://www.example.com/a%20b", "www.example.com" },
  { " \n https://www.exa\nmple.com\\a\\b?c\\d#frag ", NULL, "https://www.example.com/a/b?c\\d",
    "www.example.com" },
  { "//img.example.com/x.png", "https://www.example.com/a/b", "https://img.example.com/x.png",
    "img.example.com" },
  { "x.png", "https://www.example.com/a/b", "https://www.example.com/a/x.png", "www.example.com" },
  { "http://2130706433/", NULL, "http://127.0.0.1/", "127.0.0.1" },
  { "http://b\xc3\xbc"
    "cher.example/",
    NULL, "http://xn--bcher-kva.example/", "xn--bcher-kva.example" },
  { "http://www.example.com./", NULL, "http://www.example.com/", "www.example.com" },
  { "http://[::FFFF:10.0.0.1]/", NULL, "http://[::ffff:10.0.0.1]/", "[::ffff:10.0.0.1]" },
  { "x.png", NULL, NULL, NULL },
  { "file:///etc/passwd", NULL, NULL, NULL },
  { "gopher://www.example.com/", "https://www.example.com/", NULL, NULL },
  { "javascript:alert(1)", "https://www.example.com/", NULL, NULL },
  { "https://user@www.example.com/", NULL, NULL, NULL },
  { "https://img.example.com@trap.example.com/", NULL, NULL, NULL },
  { "https://", NULL, NULL, NULL },
};

static void
test_remotes (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (remotes); i++) {
    const char *why = NULL;
    g_autoptr (PktRemote) base = remotes[i].base ? pkt_remote_new (remotes[i].base, NULL, NULL)
                                                 : NULL;
    g_autoptr (PktRemote) url = pkt_remote_new (remotes[i].reference, base, &why);
    g_test_message ("%s", remotes[i].reference);
    g_assert_cmpstr (url ? url->text : NULL, ==, remotes[i].text);
    g_assert_cmpstr (url ? url->host : NULL, ==, remotes[i].host);
    g_assert_true (url || why);
  }
}

#define GIF(w, h) "GIF89a" w h "\x80\0\0"
#define WEBP "RIFF\x1a\0\0\0WEBP"

static const struct {
  const char *bytes;
  gsize n;
  const char *type; /* NULL: refused */
  guint width, height;
} pictures[] = {
  { GIF ("\x0a\0", "\x14\0"), 13, "image/gif", 10, 20 },
  { GIF ("\0\0", "\x14\0"), 13, NULL, 0, 0 },
  { GIF ("\xff\xff", "\xff\xff"), 13, NULL, 0, 0 },
  { "GIF89a", 6, NULL, 0, 0 },
  { "\xff\xd8\xff\xe0\0\x04xx\xff\xc0\0\x11\x08\0\x20\0\x10\x03xxxxxx", 25, "image/jpeg", 16, 32 },
  { "\xff\xd8\xff\xe0\0\x04xx\xff\xda\0\x11\x08\0\x20\0\x10\x03xxxxxx", 25, NULL, 0, 0 },
  { "\xff\xd8\xff\xc0", 4, NULL, 0, 0 },
  { WEBP "VP8L\x0d\0\0\0\x2f\x09\xc0\x04\0\0\0\0\0\0\0\0", 33, "image/webp", 10, 20 },
  { WEBP "VP8 \x0d\0\0\0\0\0\0\x9d\x01\x2a\x0a\0\x14\0\0", 31, "image/webp", 10, 20 },
  { WEBP "VP8X\x0d\0\0\0\0\0\0\0\x09\0\0\x13\0\0\0", 31, "image/webp", 10, 20 },
  { WEBP "VP8X\x0d\0\0\0\0\0\0\0\xff\xff\xff\xff\xff\xff\0", 31, NULL, 0, 0 },
  { "RIFF\x1a\0\0\0WAVEfmt xxxxxxxxxxxxxxxxxxxxxxxx", 40, NULL, 0, 0 },
  { "<svg/>", 6, NULL, 0, 0 },
  { "", 0, NULL, 0, 0 },
};

static void
test_pictures (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (pictures); i++) {
    PktPicture p;
    const char *why = pkt_picture_look (pkt_slice (pictures[i].bytes, pictures[i].n), &p);
    g_test_message ("%" G_GSIZE_FORMAT ": %s", i, why ? why : "taken");
    g_assert_cmpint (why == NULL, ==, pictures[i].type != NULL);
    if (why)
      continue;
    g_assert_cmpstr (p.type, ==, pictures[i].type);
    g_assert_cmpuint (p.width, ==, pictures[i].width);
    g_assert_cmpuint (p.height, ==, pictures[i].height);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/page/reach/addresses", test_addresses);
  g_test_add_func ("/page/reach/ranges", test_ranges);
  g_test_add_func ("/page/personal/urls", test_urls);
  g_test_add_func ("/page/remote/urls", test_remotes);
  g_test_add_func ("/page/picture/look", test_pictures);
  return g_test_run ();
}
