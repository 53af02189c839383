#include <glib.h>
#include <jansson.h>
#include <stdint.h>
#include "packet/base/error.h"
#include "packet/base/json.h"
#include "packet/request/template.h"

int LLVMFuzzerTestOneInput (const uint8_t *bytes, size_t n);

/* Every partial is the template itself: the worst there is. */
static PktSlice
self (const char *name, gpointer data)
{
  return name[0] == '-' ? (PktSlice){ NULL, 0 } : *(PktSlice *)data;
}

static void
render (PktSlice text, const json_t *view, PktTemplateOptions options)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *out = pkt_template_render ("t", text, view, options, self, &text, &error);
  g_assert_true ((out == NULL) == (error != NULL));
  if (error != NULL) {
    g_assert_error (error, PKT_ERROR, PKT_ERROR_DATA);
    g_assert_true (g_str_has_prefix (error->message, "t:") || strchr (error->message, ':') != NULL);
    return;
  }
  g_assert_cmpuint (strlen (out), <=, PKT_TEMPLATE_MAX_OUTPUT);
  /* A text without a tag is its own rendering. */
  if (pkt_slice_find (text, PKT_SLICE ("{{")).p == NULL)
    g_assert_cmpmem (out, strlen (out), text.p, text.n);
}

/* The view as JSON on the first line, the template on the others. */
int
LLVMFuzzerTestOneInput (const uint8_t *bytes, size_t n)
{
  PktSlice all = pkt_slice ((const char *)bytes, n);
  PktSlice json = pkt_slice_until (all, '\n');
  PktSlice text = pkt_slice_skip (all, json.n + 1);
  g_autoptr (json_t) view = json_loadb (json.p, json.n, 0, NULL);
  render (text, view, (PktTemplateOptions){ .escape_html = TRUE });
  render (text, view, (PktTemplateOptions){ .strict_names = TRUE });
  return 0;
}
