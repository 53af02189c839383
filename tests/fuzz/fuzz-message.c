#include <glib.h>
#include <stdint.h>
#include "packet/base/error.h"
#include "packet/request/message-read.h"

int LLVMFuzzerTestOneInput (const uint8_t *bytes, size_t n);

/* request.eml is ours, but may be edited by hand, or anybody's. */
int
LLVMFuzzerTestOneInput (const uint8_t *bytes, size_t n)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) all = g_bytes_new (bytes, n);
  g_autoptr (PktReadMessage) m = pkt_message_read (all, &error);
  g_assert_true ((m != NULL) == (error == NULL));
  if (m == NULL) {
    g_assert_true (g_error_matches (error, PKT_ERROR, PKT_ERROR_DATA));
    return 0;
  }
  g_assert_true (g_utf8_validate (m->body, -1, NULL));
  g_assert_cmpuint (m->headers->len, <=, PKT_READ_MAX_HEADERS);
  g_assert_cmpuint (m->parts->len, <=, PKT_READ_MAX_PARTS);
  for (guint i = 0; i < m->parts->len; i++) {
    const PktReadPart *part = m->parts->pdata[i];
    g_assert_true (part->type && g_utf8_validate (part->name, -1, NULL));
  }
  return 0;
}
