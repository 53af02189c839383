/* A mapping file, NUL, and a log that it describes. A map stays for the program's life, so a run
 * sees those of the runs before it. */
#include <stdint.h>
#include "packet/log/event-user.h"
#include "packet/log/format.h"

int LLVMFuzzerTestOneInput (const uint8_t *bytes, size_t n);

static void
touch (PktRecordKind kind, const PktAttempt *a, gpointer data)
{
  (void)kind;
  *(guint64 *)data += pkt_slice_hash (a->recipient, pkt_slice_hash (a->reply, a->sender.n));
}

static void
read_as (const char *name, PktSlice text)
{
  const PktFormat *format = pkt_format_find (name);
  gpointer state = format->begin ();
  guint64 sum = 0;
  while (text.n) {
    PktSlice line = pkt_slice_until (text, '\n');
    text = pkt_slice_skip (text, line.n + 1);
    g_autofree char *exact = g_memdup2 (line.p, MAX (line.n, 1)); /* reads past its end are seen */
    format->probe (pkt_slice (exact, line.n));
    format->parse (state, pkt_slice (exact, line.n), touch, &sum);
  }
  format->end (state);
}

int
LLVMFuzzerTestOneInput (const uint8_t *bytes, size_t n)
{
  PktSlice all = pkt_slice ((const char *)bytes, n), map = pkt_slice_until (all, '\0'),
           log = pkt_slice_skip (all, map.n + 1);
  g_autoptr (GError) error = NULL;
  if (!pkt_event_user_load ("map", map, &error) && error == NULL)
    g_error ("refused without a word");
  read_as ("mapped", log);
  read_as ("events-json", log);
  read_as ("events-csv", log);
  return 0;
}
