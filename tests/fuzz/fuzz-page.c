#include <stdint.h>
#include "packet/page/page.h"
#include "tests/unit/page-closed.h"

int LLVMFuzzerTestOneInput (const uint8_t *bytes, size_t n);

/* Whatever comes in, the clean page is closed and the outline is text. */
int
LLVMFuzzerTestOneInput (const uint8_t *bytes, size_t n)
{
  g_autoptr (GPtrArray) names = g_ptr_array_new ();
  g_ptr_array_add (names, "Jo Reader");
  g_autoptr (GError) error = NULL;
  g_autoptr (PktPage) page = pkt_page_read ("fuzz.html", pkt_slice ((const char *)bytes, n), NULL,
                                            names, &error);
  g_assert_true ((page == NULL) == (error != NULL));
  if (page == NULL)
    return 0;
  page_assert_closed (page->clean_html);
  g_assert_true (g_utf8_validate (page->outline, -1, NULL));
  return 0;
}
