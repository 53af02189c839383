#include <stdint.h>
#include "packet/page/page.h"
#include "packet/page/personal.h"
#include "packet/page/picture.h"
#include "tests/unit/page-closed.h"

int LLVMFuzzerTestOneInput (const uint8_t *bytes, size_t n);

/* A URL that was read once is read the same again: what is judged is what is asked for. */
static void
try_url (PktSlice bytes)
{
  g_autofree char *text = g_strndup (bytes.p, MIN (bytes.n, PKT_REMOTE_MAX));
  g_autoptr (PktRemote) base = pkt_remote_new ("https://www.example.com/a/b?c", NULL, NULL);
  g_autoptr (PktRemote) url = pkt_remote_new (text, base, NULL);
  if (url == NULL)
    return;
  g_autoptr (PktRemote) again = pkt_remote_new (url->text, NULL, NULL);
  g_assert_nonnull (again);
  g_assert_cmpstr (again->host, ==, url->host);
  g_assert_cmpstr (again->text, ==, url->text);
  pkt_personal_page (url);
  pkt_personal_asset (url);
}

static void
try_picture (PktSlice bytes)
{
  PktPicture p;
  if (pkt_picture_look (bytes, &p) == NULL) {
    g_assert_cmpuint (p.width, <=, PKT_PICTURE_MAX_SIDE);
    g_assert_cmpuint (p.height, <=, PKT_PICTURE_MAX_SIDE);
  }
}

/* Whatever comes in, the clean page is closed and the outline is text. */
int
LLVMFuzzerTestOneInput (const uint8_t *bytes, size_t n)
{
  g_autoptr (GPtrArray) names = g_ptr_array_new ();
  g_ptr_array_add (names, "Jo Reader");
  PktSlice all = pkt_slice ((const char *)bytes, n);
  PktSlice line = pkt_slice_until (all, '\n');
  try_url (line);
  try_picture (all);
  /* a mail's own picture: what stands behind the first line */
  g_autoptr (GHashTable) parts = g_hash_table_new_full (g_str_hash, g_str_equal, NULL,
                                                        (GDestroyNotify)g_bytes_unref);
  PktSlice rest = pkt_slice_skip (all, line.n + 1);
  g_hash_table_insert (parts, "a", g_bytes_new_static (rest.p, rest.n));
  g_autoptr (GError) error = NULL;
  g_autoptr (PktPage) page = pkt_page_read (
      "fuzz.html", all, &(PktPageWith){ .names = names, .parts = parts }, &error);
  g_assert_true ((page == NULL) == (error != NULL));
  if (page == NULL)
    return 0;
  page_assert_closed (page->clean_html);
  g_assert_true (g_utf8_validate (page->outline, -1, NULL));
  return 0;
}
