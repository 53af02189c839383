#include <glib.h>
#include <stdint.h>
#include <string.h>
#include "packet/request/markdown.h"

int LLVMFuzzerTestOneInput (const uint8_t *bytes, size_t n);

/* Every '<' of the fragment opens or closes one of these, with nothing in it. */
static void
check_tags (const char *html)
{
  static const char *const tags[] = { "h1", "h2", "h3", "h4",  "h5",   "h6",    "p",
                                      "ul", "ol", "li", "pre", "code", "strong" };
  for (const char *p = html; (p = strchr (p, '<')) != NULL;) {
    gboolean known = FALSE;
    p += p[1] == '/' ? 2 : 1;
    for (gsize i = 0; i < G_N_ELEMENTS (tags); i++) {
      gsize len = strlen (tags[i]);
      known = known || (strncmp (p, tags[i], len) == 0 && p[len] == '>');
    }
    g_assert_true (known);
  }
}

int
LLVMFuzzerTestOneInput (const uint8_t *bytes, size_t n)
{
  PktSlice all = pkt_slice ((const char *)bytes, n);
  g_autofree char *html = pkt_markdown_convert (all, PKT_MARKDOWN_HTML),
                  *jira = pkt_markdown_convert (all, PKT_MARKDOWN_JIRA),
                  *title = pkt_markdown_title (all), *raw = g_strndup (all.p, all.n);
  check_tags (html);
  g_assert_true (g_utf8_validate (html, -1, NULL) && g_utf8_validate (jira, -1, NULL));
  g_assert_true (title == NULL || g_utf8_validate (title, -1, NULL));
  /* What is escaped is text: it opens nothing but its paragraph. */
  g_autofree char *valid = g_utf8_make_valid (raw, -1), *escaped = pkt_markdown_escape (valid),
                  *again = pkt_markdown_convert (pkt_slice_str (escaped), PKT_MARKDOWN_HTML);
  g_assert_true (*again == '\0' || g_str_has_prefix (again, "<p>"));
  for (const char *p = again; (p = strchr (p, '<')) != NULL; p++)
    g_assert_true (g_str_has_prefix (p, "<p>") || g_str_has_prefix (p, "</p>"));
  return 0;
}
