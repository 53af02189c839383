#include <glib.h>
#include <stdint.h>
#include <string.h>
#include "packet/model/engagement.h"

int LLVMFuzzerTestOneInput (const uint8_t *bytes, size_t n);

#define TODAY 20600

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
  g_autoptr (PktEngagement) e = pkt_engagement_read ("e.csv", read_piece, &s, TODAY, &error);
  PktEngaged found;
  const char *first;
  g_assert_true ((e == NULL) == (error != NULL));
  if (e == NULL)
    return 0;
  g_assert_true ((pkt_engagement_broken (e, &first) > 0) == (first != NULL));
  if (pkt_engagement_find (e, "dana@icloud.com", TRUE, &found))
    g_assert_true (found.day >= 0 && found.day <= TODAY);
  return 0;
}
