/* Pages made to break out, to call home, or to run long: each gives a closed page or an error. */
#include <jansson.h>
#include "packet/base/error.h"
#include "packet/page/guard.h"
#include "packet/page/page.h"
#include "tests/unit/page-closed.h"
#include "tests/unit/cpu-time.h"

/* 2 x 2 pixels; the head of one that says 100,000 x 100,000; an SVG */
#define PNG                                                                                        \
  "iVBORw0KGgoAAAANSUhEUgAAAAIAAAACCAIAAAD91JpzAAAAEElEQVR42mNQ"                                   \
  "SFgARAwQCgAdjgSBqe440QAAAABJRU5ErkJggg=="
#define BOMB "iVBORw0KGgoAAAANSUhEUgABhqAAAYagCAIAAAAAAAAA"
#define SVG                                                                                        \
  "PHN2ZyB4bWxucz0iaHR0cDovL3d3dy53My5vcmcvMjAwMC9zdmciIG9ubG9h"                                   \
  "ZD0iYWxlcnQoMSkiLz4="
#define LONG_RUN 10 /* seconds, with sanitizers */

static PktPage *
read_closed (PktSlice html)
{
  g_autoptr (GError) error = NULL;
  PktPage *page = pkt_page_read ("page.html", html, NULL, &error);
  g_assert_true ((page == NULL) == (error != NULL));
  if (page)
    page_assert_closed (page->clean_html);
  else
    g_assert_error (error, PKT_ERROR, PKT_ERROR_DATA);
  return page;
}

static const struct {
  const char *html;
  const char *kept;  /* must be in the clean page; NULL: nothing asked */
  const char *never; /* must not */
} payloads[] = {
  { "<a href='java&#10;script:alert(1)' onclick=x()>t</a>", "<a>t</a>", "script" },
  { "<a href=\" \x01javascript:alert(1)\">t</a>", "<a>t</a>", "alert" },
  { "<img src=x onerror=alert(1) alt='An &quot;alt&quot; <b>'>",
    "[image: An &quot;alt&quot; &lt;b&gt;]", "onerror" },
  { "<svg onload=alert(1)><a xlink:href=javascript:x()>y</a></svg><p>z</p>", NULL, "alert" },
  { "<math><mi xlink:href='data:x,<script>1</script>'></math>", NULL, "script" },
  { "<p style='width:expression(alert(1));color:red'>t</p>", "color:red;", "expression" },
  { "<p style='background:u\\72l(https://x.example)'>t</p>", "<p style=\"\">t</p>", "x.example" },
  { "<p style='color:red;background-image:url(https://x.example/)'>t</p>", "color:red;",
    "x.example" },
  { "<p style='background:url(https://x.example/a.png) #eee no-repeat'>t",
    "background:#eee no-repeat;", "x.example" },
  { "<p style=\"background:#eee url('a)b.png') left\">t", "background:#eee  left;", "url" },
  { "<p style='background:#eee u\\72l(x)'>t", "<p style=\"\">", "eee" },
  { "<p style='background:url(a\\)b) red'>t", "<p style=\"\">", "red" },
  { "<p style='background:url(x'>t", "<p style=\"\">", "url" },
  { "<p style='background:uurl(x)rl(https://x.example)'>t", "<p style=\"\">", "x.example" },
  { "<style>a:link,a:visited{color:red}.b :any-link{margin:0}a:linked{top:0}</style>",
    "a,a:visited{color:red;}\n.b a{margin:0;}\na:linked{top:0;}", ":link{" },
  { "<a name=x>t</a><a href=y>u</a>", "<span>t</span><a>u</a>", "name" },
  { "<style>.c{margin:0}</style>"
    "<img src=https://x.example/a.png width=100% height=40 style='float:left;border:0' class=c>",
    "<span class=\"c\" "
    "style=\"display:inline-block;max-width:100%;width:100%;height:40px;float:left;",
    "x.example" },
  { "<p class='zebulon-quill u471188' id=reader-471188>t", "<p>t</p>", "471188" },
  { "<style>.a,b#c{top:0}</style><p class='zebulon A  C u7' id=c>t", "<p class=\"A C\" id=\"c\">t",
    "zebulon" },
  { "<style>[class*=col-]{top:0}[id=x]{top:0}</style><p class='col-6 colt zebulon' id=u7>t",
    "<p class=\"col-6\">t", "zebulon" },
  { "<style>.zebulon{background:url(x)</style><style>@import '.quill';</style><p class=quill>t",
    "<p>t</p>", "quill" },
  { "<body id=u471188 class=zebulon><img src='data:image/png;base64," PNG "' id=zebulon>",
    "<img src=\"data:image/png;base64," PNG "\">", "zebulon" },
  { "<p style='color:/**/red;behavior:url(x)'>t", "color:red;", "behavior" },
  { "<style>p{font:\"url(x)\";color:red}</style>", "p{color:red;}", "url" },
  { "<style>p:url(x){color:red}b{margin:0}</style>", "b{margin:0;}", "url" },
  { "<style>@media url(x){p{color:red}}b{margin:0}</style>", "b{margin:0;}", "url" },
  { "<p style='content:\"a;color:red'>t", NULL, "content" },
  { "<p style=\"font-family:'A';color:blue\">t", "font-family:&#39;A&#39;;color:blue;", NULL },
  { "<style>p{color:red}</style><p>t", "p{color:red;}", NULL },
  { "<style>@import 'https://x.example';p{color:red}</style><p>t", "p{color:red;}", "x.example" },
  { "<style>@media (max-width:600px){p{color:red;background:url(x)}}</style>",
    "@media (max-width:600px){", "url" },
  { "<style>@font-face{src:url(https://x.example)}b{margin:0}</style>", "b{margin:0;}",
    "x.example" },
  { "<style><!-- p{margin:1px} --></style>", "p{margin:1px;}", "<!--" },
  { "<style>p{color:red}</style ><img src=x onerror=y()>", NULL, "onerror" },
  { "<style>a[href='</style><script>1</script>']{}</style>", NULL, "<script" },
  { "<!-- <script> --><p>t</p><!--", "<p>t</p>", "<!--" },
  { "<![CDATA[<script>1</script>]]>", NULL, "<script" },
  { "<?xml version='1.0'?><p>t", "<p>t</p>", "<?xml" },
  { "<meta http-equiv=refresh content='0;url=https://x.example'>t", "t", "x.example" },
  { "<base href=https://x.example/><p>t", "<p>t</p>", "x.example" },
  { "<form action=https://x.example><input value=v><button>b</button></form>", "b", "x.example" },
  { "<iframe src=https://x.example srcdoc='<script>'></iframe><p>t", "<p>t</p>", "iframe" },
  { "<object data=x><embed src=y></object><p>t", "<p>t</p>", "embed" },
  { "<noscript><p title=\"</noscript><img src=x onerror=y()>\"></noscript>", NULL, "onerror" },
  { "<textarea><script>1</script></textarea>", NULL, "script" },
  { "<title>&lt;b>t</title>", "<title>&lt;b&gt;t</title>", NULL },
  { "<style>#ok{top:0}</style><p class='a\"b' id=ok title='x\"y'>t", "id=\"ok\" title=\"x&quot;y\"",
    "a\"b" },
  { "<img src='data:image/png;base64," PNG "' alt=a>", "src=\"data:image/png;base64," PNG "\"",
    "[image" },
  { "<img src='data:text/plain;base64," PNG "'>", "src=\"data:image/png;base64," PNG "\"",
    "text/plain" },
  { "<img src='data:image/png;base64," BOMB "'>", "[image]", "data:image" },
  { "<img src='data:image/png;base64," SVG "'>", "[image]", "data:image" },
  { "<img src='data:image/png;base64,AAAA'>", "[image]", "data:image" },
  { "<img src='data:image/svg+xml;base64,AAAA'>", "[image]", "svg" },
  { "<img src='data:image/png;base64,AA\"AA'>", "[image]", "data:image" },
  { "<img src='data:text/html;base64,AAAA'>", "[image]", "text/html" },
  { "<img src=https://x.example/o.gif width=1 height=1 alt=pixel>t", "t", "pixel" },
  { "<td width=99999 height='5;x' bgcolor='javascript:1'>t", NULL, "99999" },
  { "<table background=https://x.example/b.png><tr><td>t", "t", "x.example" },
  { "<video poster=https://x.example><source src=y></video><p>t", "<p>t</p>", "x.example" },
  { "<o:p>office</o:p><v:shape href=https://x.example>s</v:shape>", "office", "x.example" },
  { "<p>a &lt;script&gt; b &#0; c &#x1f; d &#xfffe;</p>", "a &lt;script&gt; b", NULL },
  { "<b><i><u><table><tr><td><ul><li>unclosed", "unclosed", NULL },
  { "</p></div></table></html><p>after", "<p>after</p>", NULL },
  { "<p", NULL, NULL },
  { "<a href=\"", NULL, NULL },
  { "\xff\xfe\xff", NULL, NULL },
  { "<html><frameset><frame src=https://x.example></frameset></html>", NULL, "frame" },
  { "<embed src=x><p>after", "<p>after</p>", "embed" },
  { "<picture><source srcset=x><track><area><bgsound><param><b>after</b></picture>", "<b>after</b>",
    "srcset" },
  { "long<wbr>word<map name=m><area href=x></map><i>after</i>", "<wbr>word<i>after</i>", "area" },
  { "<marquee onstart=x()>t</marquee>", "t", "marquee" },
  { "<a name=cookie><img name=body>t</a>", "t", "name=" },
};

static void
test_payload (gconstpointer data)
{
  gsize i = GPOINTER_TO_SIZE (data);
  g_autoptr (PktPage) page = read_closed (pkt_slice_str (payloads[i].html));
  if (payloads[i].kept == NULL && payloads[i].never == NULL)
    return;
  g_assert_nonnull (page);
  const char *body = strstr (page->clean_html, "<title>");
  if (payloads[i].kept && !strstr (body, payloads[i].kept))
    g_error ("'%s' is not in: %s", payloads[i].kept, body);
  if (payloads[i].never && strstr (body, payloads[i].never))
    g_error ("'%s' is in: %s", payloads[i].never, body);
}

/* `count` times `unit`, up to the size a page may have. */
static const struct {
  const char *name, *head, *unit;
  guint count;
  gboolean refused;
  const char *kept; /* in the outline */
} bombs[] = {
  { "nested tables", "", "<table><tr><td>", 10000, TRUE, NULL },
  { "nested 600", "", "<table><tr><td>", 200, FALSE, NULL },
  { "unclosed b", "", "<b>x", 1500, FALSE, "xxx" },
  { "unclosed b, many", "", "<b>", 600000, TRUE, NULL },
  { "end tags", "<div><div>", "</i>", 500000, FALSE, NULL },
  { "attributes", "<p ", "a%u ", 200000, TRUE, NULL },
  { "quoted attributes", "<p x=\">\" ", "a%u ", 200000, TRUE, NULL },
  { "entities", "", "&amp;", 400000, FALSE, "&&&" },
  { "paragraphs", "", "<p>x", 190000, FALSE, "x\n\nx" },
  { "elements", "", "<p>x", 300000, TRUE, NULL },
  { "images", "", "<img src=https://x.example/i.png alt=y>", 10000, FALSE, "[image: y]" },
  { "links", "", "<a href=https://h%u.example>y</a> ", 20000, FALSE, "y [20000]" },
  { "css urls", "<style>", "url(", 500000, FALSE, NULL },
  { "css braces", "<style>", "@media{", 250000, FALSE, NULL },
  { "css comments", "<p style='", "/*", 900000, FALSE, NULL },
  { "comments", "", "<!--", 500000, FALSE, NULL },
  { "open tags", "", "<a ", 600000, TRUE, NULL },
  { "merge fields", "<p>", "{{ ", 600000, FALSE, NULL },
  { "stars", "<p>", "*|", 900000, FALSE, NULL },
  { "lists", "", "<ul><li>x", 100, FALSE, "* x" },
  { "cells", "<table><tr>", "<td>x", 100000, FALSE, "x | x" },
};

static void
test_bomb (gconstpointer data)
{
  gsize i = GPOINTER_TO_SIZE (data);
  GString *html = g_string_new (bombs[i].head);
  gboolean numbered = strstr (bombs[i].unit, "%u") != NULL;
  g_auto (GStrv) halves = g_strsplit (bombs[i].unit, "%u", 2);
  for (guint k = 0; k < bombs[i].count; k++) {
    g_string_append (html, halves[0]);
    if (numbered)
      g_string_append_printf (html, "%u%s", k, halves[1]);
  }
  g_string_truncate (html, MIN (html->len, PKT_PAGE_MAX_BYTES));
  double start = cpu_time ();
  g_autoptr (PktPage) page = read_closed (pkt_slice (html->str, html->len));
  g_assert_cmpfloat (cpu_time () - start, <, LONG_RUN);
  g_assert_cmpint (page == NULL, ==, bombs[i].refused);
  if (bombs[i].kept)
    g_assert_nonnull (strstr (page->outline, bombs[i].kept));
  g_string_free (html, TRUE);
}

static void
test_too_big (void)
{
  g_autofree char *html = g_strnfill (5 * 1024 * 1024, 'x');
  g_autoptr (PktPage) page = read_closed (pkt_slice_str (html));
  g_assert_null (page);
}

static const struct {
  const char *html;
  gboolean allowed; /* with at most three attributes */
} guarded[] = {
  { "<p a b c>", TRUE },
  { "<p a b c d>", FALSE },
  { "<p a=1 b='x y z' c=\"p > q r s\">", TRUE },
  { "<p a = 1 b = 2 c = 3>", TRUE },
  { "<!-- <p a b c d> --><p>", TRUE },
  { "<script>a<b c d e f</script><p a b c>", TRUE },
  { "<script>x</script><p a b c d>", FALSE },
  { "<style>a<b c d e f</style><p a b c d>", FALSE },
  { "a < b c d e f", TRUE },
  { "<p a b c/><p a b c/>", TRUE },
  { "<p x=\">\" b c d>", FALSE },
};

static void
test_guard (gconstpointer data)
{
  gsize i = GPOINTER_TO_SIZE (data);
  g_assert_cmpint (pkt_guard_attributes (pkt_slice_str (guarded[i].html), 3), ==,
                   guarded[i].allowed);
}

/* Public payloads, where they are at hand. */
static void
test_vectors (void)
{
  const char *folder = g_getenv ("POSTPACKET_VECTORS");
  g_autofree char *path = folder ? g_build_filename (folder, "sanitize/payloads.json", NULL) : NULL;
  json_t *list = path ? json_load_file (path, 0, NULL) : NULL;
  if (list == NULL) {
    g_test_skip ("no public vectors: set POSTPACKET_VECTORS");
    return;
  }
  size_t i;
  json_t *row;
  json_array_foreach (list, i, row)
  {
    const char *payload = json_string_value (json_object_get (row, "payload"));
    PktPage *page = payload ? read_closed (pkt_slice_str (payload)) : NULL;
    if (page)
      pkt_page_free (page);
  }
  g_assert_cmpuint (i, >, 50);
  json_decref (list);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (payloads); i++) {
    g_autofree char *name = g_strdup_printf ("/page/payload/%" G_GSIZE_FORMAT, i);
    g_test_add_data_func (name, GSIZE_TO_POINTER (i), test_payload);
  }
  for (gsize i = 0; i < G_N_ELEMENTS (bombs); i++) {
    g_autofree char *name = g_strdup_printf ("/page/bomb/%s", bombs[i].name);
    g_test_add_data_func (name, GSIZE_TO_POINTER (i), test_bomb);
  }
  for (gsize i = 0; i < G_N_ELEMENTS (guarded); i++) {
    g_autofree char *name = g_strdup_printf ("/page/guard/%" G_GSIZE_FORMAT, i);
    g_test_add_data_func (name, GSIZE_TO_POINTER (i), test_guard);
  }
  g_test_add_func ("/page/too-big", test_too_big);
  g_test_add_func ("/page/vectors", test_vectors);
  return g_test_run ();
}
