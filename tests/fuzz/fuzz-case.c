#include <glib.h>
#include <stdint.h>
#include "packet/base/error.h"
#include "packet/model/case-locate.h"
#include "packet/model/case-read.h"

int LLVMFuzzerTestOneInput (const uint8_t *bytes, size_t n);

int
LLVMFuzzerTestOneInput (const uint8_t *bytes, size_t n)
{
  static const PktCaseStep steps[] = { { "a", 0 }, { NULL, 1 }, { "b", 0 } };
  g_autoptr (GError) error = NULL;
  PktSlice json = pkt_slice ((const char *)bytes, n);
  g_autoptr (PktCase) c = pkt_case_parse ("case.json", json, &error);
  g_assert_true ((c != NULL) == (error == NULL));
  if (error)
    g_assert_true (g_error_matches (error, PKT_ERROR, PKT_ERROR_DATA)
                   && g_utf8_validate (error->message, -1, NULL));
  else
    g_assert_true (pkt_case_name_valid (c->name) && c->incident.description);
  /* The locator is only ever given valid JSON; it must stay inside on anything. */
  pkt_case_locate (json, steps, G_N_ELEMENTS (steps), n % 2);
  return 0;
}
