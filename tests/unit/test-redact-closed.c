/* The closed page as a browser gets it: nobody's address in it, markup as it was. */
#include "packet/redact/redactor.h"

static const struct {
  const char *page, *public;
} pages[] = {
  { "<p>Dear reader</p>", NULL },
  { "<style>\na{color:#fff;}\n</style><p class=\"b\">x &amp; y &lt;z&gt;</p>", NULL },
  { "<p>To jo@icloud.com &amp; you</p>", "<p>To MARK@icloud.com &amp; you</p>" },
  { "<td title=\"for jo@icloud.com\" style=\"color:red;\">x</td>",
    "<td title=\"for MARK@icloud.com\" style=\"color:red;\">x</td>" },
  { "<p>&lt;jo@icloud.com&gt; said &quot;hi&quot;</p>",
    "<p>&lt;MARK@icloud.com&gt; said &quot;hi&quot;</p>" },
  { "<p>https://www.example.com/u/9Qk2Lr7VtXe4</p>",
    "<p>https://www.example.com/u/[token:12,base64url]</p>" },
  { "<img src=\"data:image/png;base64,AAAA\" alt=\"jo@icloud.com\"><br>",
    "<img src=\"data:image/png;base64,AAAA\" alt=\"MARK@icloud.com\"><br>" },
  { "<title>jo@icloud.com</title>", "<title>MARK@icloud.com</title>" },
  { "<p>To jo@<b>icloud</b>.com, <i>hi</i></p>", "<p>To MARK@icloud.com, hi<b></b><i></i></p>" },
  { "<p>To j<span class=\"a\">o@icloud.com</span> only</p>",
    "<p>To MARK@icloud.com only<span class=\"a\"></span></p>" },
  { "<p>To jo@icloud.com, <b>hi</b></p>", "<p>To MARK@icloud.com, <b>hi</b></p>" },
  { "<p>anna</p><p>jo@icloud.com</p>", "<p>anna</p><p>MARK@icloud.com</p>" },
  { "no tag jo@icloud.com", "no tag MARK@icloud.com" },
  { "<p unclosed", NULL },
  { "<style>never closed jo", NULL },
  { "", NULL },
};

static void
test_page (gconstpointer data)
{
  gsize i = GPOINTER_TO_SIZE (data);
  const guint8 key[32] = { 1 };
  g_autoptr (PktRedactor) r = pkt_redactor_new (key, NULL);
  pkt_redactor_add_recipient (r, PKT_SLICE ("jo@icloud.com"));
  g_autofree char *out = pkt_redact_closed_page (r, pkt_slice_str (pages[i].page));
  g_autoptr (GRegex) mark = g_regex_new ("\\[rcpt-[a-z2-7]{8}\\]", 0, 0, NULL);
  g_autofree char *plain = g_regex_replace_literal (mark, out, -1, 0, "MARK", 0, NULL);
  g_assert_cmpstr (plain, ==, pages[i].public ? pages[i].public : pages[i].page);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (pages); i++) {
    g_autofree char *name = g_strdup_printf ("/closed/%" G_GSIZE_FORMAT, i);
    g_test_add_data_func (name, GSIZE_TO_POINTER (i), test_page);
  }
  return g_test_run ();
}
