#include <glib.h>
#include <string.h>
#include "packet/request/markdown.h"
#include "tests/unit/cpu-time.h"

static const struct {
  const char *markdown, *html, *jira;
} rows[] = {
  { "", "", "" },
  { "# A\n", "<h1>A</h1>\n", "h1. A\n\n" },
  { "###### six\n####### seven\n", "<h6>six</h6>\n<p>####### seven</p>\n",
    "h6. six\n\n\\#\\#\\#\\#\\#\\#\\# seven\n\n" },
  { "one\ntwo\n\nthree", "<p>one two</p>\n<p>three</p>\n", "one two\n\nthree\n\n" },
  { "- a\n- b\n  c\n", "<ul>\n<li>a</li>\n<li>b c</li>\n</ul>\n", "* a\n* b c\n\n" },
  { "1. a\n2. b\n- c\n", "<ol>\n<li>a</li>\n<li>b</li>\n</ol>\n<ul>\n<li>c</li>\n</ul>\n",
    "# a\n# b\n\n* c\n\n" },
  { "words\n- item\n", "<p>words</p>\n<ul>\n<li>item</li>\n</ul>\n", "words\n\n* item\n\n" },
  { "**Lacking.** It.\n", "<p><strong>Lacking.</strong> It.</p>\n", "*Lacking.* It.\n\n" },
  { "**open\n", "<p><strong>open</strong></p>\n", "*open*\n\n" },
  { "a `x < y` b ``c ` d``\n", "<p>a <code>x &lt; y</code> b <code>c ` d</code></p>\n",
    "a {{x < y}} b {{c ` d}}\n\n" },
  { "a ` b\n", "<p>a ` b</p>\n", "a ` b\n\n" },
  { "```text\n  <a> & *b*\n\n# c\n```\n",
    "<pre><code>  &lt;a&gt; &amp; *b*\n\n# c\n</code></pre>\n",
    "{noformat}\n  <a> & *b*\n\n# c\n{noformat}\n\n" },
  { "```\nopen", "<pre><code>open\n</code></pre>\n", "{noformat}\nopen\n{noformat}\n\n" },
  { "```\n{noformat}\n```", "<pre><code>{noformat}\n</code></pre>\n",
    "{noformat}\n{\xe2\x80\x8bnoformat}\n{noformat}\n\n" },
  { "<script>alert(\"1\")</script>\n", "<p>&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;</p>\n",
    "<script>alert(\"1\")</script>\n\n" },
  { "[a](javascript:b) ![c](x) &lt;\n", "<p>[a](javascript:b) ![c](x) &amp;lt;</p>\n",
    "\\[a\\](javascript:b) \\!\\[c\\](x) &lt;\n\n" },
  { "\\<b> \\*\\* \\\\ \\q\n", "<p>&lt;b&gt; ** \\ \\q</p>\n", "<b> \\*\\* \\\\ \\\\q\n\n" },
  { "a\x07"
    "b \xff\n",
    "<p>ab \xef\xbf\xbd</p>\n", "ab \xef\xbf\xbd\n\n" },
  { "{color:red}x{color} 2026-12-31 -y- h~i\n", "<p>{color:red}x{color} 2026-12-31 -y- h~i</p>\n",
    "\\{color:red\\}x\\{color\\} 2026-12-31 \\-y- h~i\n\n" },
};

static void
test_convert (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++) {
    PktSlice md = pkt_slice_str (rows[i].markdown);
    g_autofree char *html = pkt_markdown_convert (md, PKT_MARKDOWN_HTML),
                    *jira = pkt_markdown_convert (md, PKT_MARKDOWN_JIRA);
    g_assert_cmpstr (html, ==, rows[i].html);
    g_assert_cmpstr (jira, ==, rows[i].jira);
  }
}

/* An escaped value comes out of the HTML as what it was, and stands as one paragraph. */
static void
test_escape (void)
{
  static const char *const values[] = { "plain",
                                        "<script>x</script>",
                                        "a*b**c",
                                        "`code`",
                                        "[x](http://example.net/)",
                                        "![x](y)",
                                        "# no heading",
                                        "- no item",
                                        "1. no list",
                                        "2) neither",
                                        "&amp; &#60;",
                                        "back\\slash",
                                        "_a_ b_c",
                                        "[x]: y",
                                        "192.0.2.10",
                                        "[rcpt-abc]@me.com",
                                        "> no quote",
                                        "~~~",
                                        "| a |" };
  for (gsize i = 0; i < G_N_ELEMENTS (values); i++) {
    g_autofree char *md = pkt_markdown_escape (values[i]),
                    *html = pkt_markdown_convert (pkt_slice_str (md), PKT_MARKDOWN_HTML),
                    *text = g_markup_escape_text (values[i], -1),
                    *want = g_strdup_printf ("<p>%s</p>\n", text);
    g_assert_cmpstr (html, ==, want);
  }
  g_autofree char *ip = pkt_markdown_escape ("192.0.2.10 [CS01] a_b"),
                  *lines = pkt_markdown_escape ("a\nb\tc"),
                  *late = pkt_markdown_escape ("\t\n 1. a"), *over = pkt_markdown_escape ("33.\n3");
  g_assert_cmpstr (ip, ==, "192.0.2.10 [CS01] a_b"); /* readable: only what must be is escaped */
  g_assert_cmpstr (lines, ==, "a b c");
  g_assert_cmpstr (late, ==, "1\\. a");
  g_assert_cmpstr (over, ==, "33\\. 3");
}

static void
test_title (void)
{
  g_autofree char *title = pkt_markdown_title (PKT_SLICE ("x\n#\n## A \\*b\\* `c`\n# d\n")),
                  *none = pkt_markdown_title (PKT_SLICE ("x\n#y\n"));
  g_assert_cmpstr (title, ==, "A *b* c");
  g_assert_null (none);
}

/* Nothing in it is worse than linear. */
static void
test_long (void)
{
  static const char *const bits[] = { "`", "`a ``b ", "**", "\\", "- ", "# \n", "```\n", "<" };
  for (gsize i = 0; i < G_N_ELEMENTS (bits); i++) {
    GString *s = g_string_new (NULL);
    while (s->len < PKT_MARKDOWN_MAX)
      g_string_append (s, bits[i]);
    double from = cpu_time ();
    g_autofree char *html = pkt_markdown_convert (pkt_slice (s->str, s->len), PKT_MARKDOWN_HTML);
    g_assert_cmpfloat (cpu_time () - from, <, 5);
    g_assert_nonnull (html);
    g_string_free (s, TRUE);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/markdown/convert", test_convert);
  g_test_add_func ("/markdown/escape", test_escape);
  g_test_add_func ("/markdown/title", test_title);
  g_test_add_func ("/markdown/long", test_long);
  return g_test_run ();
}
