#include <glib.h>
#include <stdint.h>
#include "packet/base/error.h"
#include "packet/log/format.h"
#include "packet/run/state.h"

int LLVMFuzzerTestOneInput (const uint8_t *bytes, size_t n);

/* A state file is ours, but may be damaged, or anybody's. */
int
LLVMFuzzerTestOneInput (const uint8_t *bytes, size_t n)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) all = g_bytes_new (bytes, n);
  g_autoptr (PktState) s = pkt_state_parse ("state", "log-timezone=UTC\n", all, &error);
  g_assert_true ((s != NULL) == (error == NULL));
  if (s == NULL) {
    g_assert_true (g_error_matches (error, PKT_ERROR, PKT_ERROR_DATA));
    return 0;
  }
  g_autoptr (PktJoin) join = pkt_join_new ();
  g_autoptr (GHashTable) memories = pkt_format_memories_new ();
  g_autoptr (PktRelay) relay = pkt_relay_new (NULL, NULL);
  PktCounter counter = { .join = join,
                         .relay = relay,
                         .memories = memories,
                         .tally = pkt_tally_build_new (PKT_NO_TIME, PKT_NO_TIME) };
  pkt_state_restore (s, &counter);
  g_autoptr (PktTally) tally = pkt_tally_build_finish (counter.tally);
  g_assert_cmpuint (tally->names->len, >, 0);
  return 0;
}
