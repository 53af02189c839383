#include "packet/redact/audience.h"

static const char *const words[] = { "apple", "esp", "public" };

gboolean
pkt_audience_parse (const char *word, PktAudience *out)
{
  for (gsize i = 0; i < G_N_ELEMENTS (words); i++)
    if (g_str_equal (word, words[i])) {
      *out = (PktAudience)i;
      return TRUE;
    }
  return FALSE;
}

const char *
pkt_audience_word (PktAudience audience)
{
  return words[audience];
}
