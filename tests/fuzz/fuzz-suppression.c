#include <glib.h>
#include <stdint.h>
#include <string.h>
#include "packet/base/error.h"
#include "packet/model/suppression-json.h"
#include "packet/model/suppression-read.h"

int LLVMFuzzerTestOneInput (const uint8_t *bytes, size_t n);

/* Short reads, as of a pipe. */
static gssize
read_piece (gpointer source, char *buf, gsize n, GError **error)
{
  PktSlice *s = source;
  (void)error;
  n = MIN (MIN (n, s->n), 1021);
  if (n)
    memcpy (buf, s->p, n);
  *s = pkt_slice_skip (*s, n);
  return (gssize)n;
}

int
LLVMFuzzerTestOneInput (const uint8_t *bytes, size_t n)
{
  g_autoptr (GError) error = NULL;
  PktSlice s = pkt_slice ((const char *)bytes, n);
  GString *rows = pkt_suppression_is_json (s) ? pkt_suppression_of_json (s, "list.json", NULL)
                                              : NULL;
  if (rows)
    s = pkt_slice (rows->str, rows->len);
  g_autoptr (PktSuppression) list = pkt_suppression_read ("list.csv", read_piece, &s, NULL, &error);
  if (rows)
    g_string_free (rows, TRUE);
  g_assert_true ((list != NULL) == (error == NULL));
  g_assert_true (list == NULL || (list->broken <= list->rows && list->counts->len > 0));
  g_assert_true (list == NULL || (list->broken > 0) == (list->first_broken != NULL));
  return 0;
}
