#include "packet/log/exim-whole.h"
#include <string.h>
#include "packet/log/exim-glance.h"

#define SLOTS 2048 /* a power of two; messages whose slot is taken by another are not found */
#define NO_LINE G_MAXUINT16

G_STATIC_ASSERT (PKT_BLOCK_LINES <= NO_LINE);

/* A message that arrived in these lines. */
typedef struct {
  guint64 key; /* 0: free */
  guint16 arrival, delivery;
} Slot;

struct PktEximWhole {
  Slot slots[SLOTS];
  guint since; /* of the lines: what arrived before counts no more */
};

PktEximWhole *
pkt_exim_whole_new (void)
{
  return g_new (PktEximWhole, 1);
}

void
pkt_exim_whole_free (PktEximWhole *w)
{
  g_free (w);
}

/* "Completed" of a message that arrived in these lines, of which nothing else was told since but
 * deliveries. What was known of its id before, in a log that is damaged, is forgotten at once. */
static void
take_end (Slot *s, PktBlockLine *lines, guint i)
{
  lines[s->arrival].seen.kind = PKT_GLANCE_NOTHING;
  if (s->delivery == NO_LINE)
    return;
  lines[s->delivery].seen.kind = PKT_GLANCE_WHOLE;
  lines[i].seen.kind = PKT_GLANCE_NOTHING;
}

static void
take (PktEximWhole *w, PktBlockLine *lines, guint i)
{
  const PktGlance *seen = &lines[i].seen;
  Slot *s = &w->slots[seen->key % SLOTS];
  if (seen->kind == PKT_GLANCE_KNOWN && seen->daemon == PKT_EXIM_SEEN_ARRIVAL)
    *s = (Slot){ seen->key, (guint16)i, NO_LINE };
  else if (s->key != seen->key || s->arrival < w->since || seen->kind == PKT_GLANCE_KNOWN)
    return;
  else if (seen->kind == PKT_GLANCE_ELSEWHERE)
    s->delivery = MIN (s->delivery, (guint16)i);
  else {
    if (seen->kind == PKT_GLANCE_REMOVED)
      take_end (s, lines, i);
    s->key = 0;
  }
}

guint
pkt_exim_whole_find (PktEximWhole *w, PktBlockLine *lines, guint n)
{
  guint left = 0;
  memset (w, 0, sizeof *w);
  for (guint i = 0; i < n; i++)
    if (lines[i].seen.kind == PKT_GLANCE_PLAIN && lines[i].seen.daemon == PKT_EXIM_SEEN_STRANGE)
      w->since = i; /* it may be about any of them */
    else
      take (w, lines, i);
  for (guint i = 0; i < n; i++) {
    lines[left] = lines[i];
    left += lines[i].seen.kind != PKT_GLANCE_NOTHING;
  }
  return left;
}
