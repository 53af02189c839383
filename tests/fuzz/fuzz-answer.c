#include <stdint.h>
#include "packet/base/error.h"
#include "packet/base/json.h"
#include "packet/run/answer.h"

int LLVMFuzzerTestOneInput (const uint8_t *bytes, size_t n);

/* A mail is read within its bounds or refused with a reason; what is kept of it may stand in a
 * header and in JSON. */
int
LLVMFuzzerTestOneInput (const uint8_t *bytes, size_t n)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PktAnswerMail) m = pkt_answer_read ("fuzz.eml", pkt_slice ((const char *)bytes, n),
                                                 &error);
  g_assert_true ((m == NULL) == (error != NULL));
  if (m == NULL) {
    g_assert_error (error, PKT_ERROR, PKT_ERROR_DATA);
    return 0;
  }
  g_assert_cmpuint (m->refers_to->len, <=, PKT_ANSWER_MAX_IDS);
  for (guint i = 0; i < m->refers_to->len; i++)
    g_assert_true (pkt_answer_is_id (pkt_slice_str (m->refers_to->pdata[i])));
  g_assert_true (m->message_id == NULL || pkt_answer_is_id (pkt_slice_str (m->message_id)));
  g_assert_true (m->subject == NULL || strpbrk (m->subject, "\r\n") == NULL);
  g_autofree char *own = pkt_answer_own_text (m->text ? m->text : "");
  g_assert_true (g_utf8_validate (own, -1, NULL));
  g_autoptr (json_t) kind = pkt_answer_kind (m, own, &error);
  g_assert_no_error (error);
  g_assert_nonnull (json_string_value (json_object_get (kind, "id")));
  g_autofree char *token = pkt_answer_subject_token (
      m->subject, "iCloud Mail delivery issue for news.example.com");
  g_assert_true (token == NULL || g_str_is_ascii (token));
  return 0;
}
