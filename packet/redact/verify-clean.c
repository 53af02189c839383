#include "packet/redact/verify-clean.h"
#include "packet/redact/digests.h"
#include "packet/redact/suspect.h"

#define MAX_CLEAN 1000000
#define MIN_STRETCH 256 /* shorter ones are mostly what stands around them */
#define MAX_STRETCH 4096
#define CUT_BYTES 8 /* before the end of a line: they say whether a stretch ends there, … */
#define CUT_MASK 3  /* … and one in four does */

struct PktClean {
  PktDigests hashes;
};

PktClean *
pkt_clean_new (void)
{
  return g_new0 (PktClean, 1);
}

void
pkt_clean_free (PktClean *c)
{
  pkt_digests_clear (&c->hashes);
  g_free (c);
}

void
pkt_clean_forget (PktClean *c)
{
  if (c->hashes.used) /* it is asked for each recipient that is taught */
    pkt_digests_clear (&c->hashes);
}

gboolean
pkt_clean_has (const PktClean *c, guint64 hash)
{
  return pkt_digests_find (&c->hashes, hash, 64, NULL);
}

void
pkt_clean_add (PktClean *c, guint64 hash)
{
  if (c->hashes.used < MAX_CLEAN)
    pkt_digests_add (&c->hashes, hash);
}

static gboolean
cuts_at (const char *line_end)
{
  guint64 before = pkt_slice_hash (pkt_slice (line_end - CUT_BYTES, CUT_BYTES), 0);
  return (before & CUT_MASK) == 0;
}

gsize
pkt_clean_cut (PktSlice text, gsize from)
{
  PktSlice rest = pkt_slice_skip (text, from);
  if (rest.n <= 2 * MIN_STRETCH)
    return text.n;
  rest.n = MIN (rest.n, MAX_STRETCH);
  const char *end = rest.p + rest.n;
  for (const char *p = rest.p + MIN_STRETCH; (p = pkt_find_byte (p, end, '\n')); p++)
    if (cuts_at (p))
      return from + (gsize)(p - rest.p) + 1;
  return from + rest.n;
}

guint64
pkt_clean_hash (PktSlice text, gsize from, gsize to, guint64 seed)
{
  gsize low = from - MIN (from, PKT_SUSPECT_REACH), high = MIN (to + PKT_SUSPECT_REACH, text.n);
  guint64 place[] = { seed, from - low, to - low, low == 0, high == text.n };
  return pkt_slice_hash (pkt_slice (text.p + low, high - low),
                         pkt_slice_hash (pkt_slice ((const char *)place, sizeof place), 1));
}
