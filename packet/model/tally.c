#include "packet/model/tally.h"

void
pkt_tally_free (PktTally *t)
{
  for (guint i = 0; i < t->replies->len; i++) {
    PktReplyKind *k = &g_array_index (t->replies, PktReplyKind, i);
    g_free (k->rule);
    g_free (k->tag);
    g_free (k->enhanced);
    g_free (k->text);
  }
  g_array_unref (t->replies);
  g_array_unref (t->cells);
  g_ptr_array_unref (t->names);
  g_free (t);
}
