#include "packet/run/event-store.h"

enum { OTHERS, OLDER, NEWER, N_POOLS };

struct PktEventStore {
  PktEventPool *pools[N_POOLS];
  guint begin[N_POOLS]; /* where the source begins in each */
  guint max, max_accepted;
  guint64 accepted_left_out, others_left_out;
};

PktEventStore *
pkt_event_store_new (void)
{
  PktEventStore *s = g_new0 (PktEventStore, 1);
  const char *fewer = g_getenv ("POSTPACKET_EVENTS");
  const guint64 n = fewer ? g_ascii_strtoull (fewer, NULL, 10) : 0;
  s->max = n ? (guint)MIN (n, PKT_EVENTS_MAX) : PKT_EVENTS_MAX;
  s->max_accepted = n ? (guint)MIN (n, PKT_EVENTS_MAX_ACCEPTED) : PKT_EVENTS_MAX_ACCEPTED;
  for (guint i = 0; i < N_POOLS; i++)
    s->pools[i] = pkt_event_pool_new ();
  return s;
}

void
pkt_event_store_free (PktEventStore *s)
{
  for (guint i = 0; i < N_POOLS; i++)
    pkt_event_pool_free (s->pools[i]);
  g_free (s);
}

static void
forget_older (PktEventStore *s)
{
  s->accepted_left_out += pkt_event_pool_size (s->pools[OLDER]);
  pkt_event_pool_free (s->pools[OLDER]);
  s->pools[OLDER] = s->pools[NEWER];
  s->begin[OLDER] = s->begin[NEWER];
  s->pools[NEWER] = pkt_event_pool_new ();
  s->begin[NEWER] = 0;
}

PktEventPool *
pkt_event_store_room (PktEventStore *s, PktOutcome outcome)
{
  if (outcome != PKT_DELIVERED && pkt_event_pool_size (s->pools[OTHERS]) >= s->max) {
    s->others_left_out++;
    return NULL;
  }
  if (outcome != PKT_DELIVERED)
    return s->pools[OTHERS];
  if (pkt_event_pool_size (s->pools[NEWER]) >= MAX (1, s->max_accepted / 2))
    forget_older (s);
  return s->pools[NEWER];
}

void
pkt_event_store_mark (PktEventStore *s)
{
  for (guint i = 0; i < N_POOLS; i++)
    s->begin[i] = pkt_event_pool_size (s->pools[i]);
}

/* The accepted ones of the source, in their order; NULL behind the last. */
static PktEvent *
accepted_at (const PktEventStore *s, guint i)
{
  const guint older = pkt_event_pool_size (s->pools[OLDER]) - s->begin[OLDER];
  if (i < older)
    return pkt_event_pool_get (s->pools[OLDER], s->begin[OLDER] + i);
  i = i - older + s->begin[NEWER];
  return i < pkt_event_pool_size (s->pools[NEWER]) ? pkt_event_pool_get (s->pools[NEWER], i) : NULL;
}

static PktEvent *
other_at (const PktEventStore *s, guint i)
{
  i += s->begin[OTHERS];
  return i < pkt_event_pool_size (s->pools[OTHERS]) ? pkt_event_pool_get (s->pools[OTHERS], i)
                                                    : NULL;
}

GPtrArray *
pkt_event_store_marked (const PktEventStore *s)
{
  GPtrArray *out = g_ptr_array_new ();
  guint accepted = 0, others = 0;
  for (;;) {
    PktEvent *a = accepted_at (s, accepted), *b = other_at (s, others);
    const gboolean takes_a = a && (b == NULL || a->line < b->line);
    if (a == NULL && b == NULL)
      return out;
    g_ptr_array_add (out, takes_a ? a : b);
    accepted += takes_a;
    others += !takes_a;
  }
}

void
pkt_event_store_list (const PktEventStore *s, GPtrArray *out)
{
  for (guint k = 0; k < N_POOLS; k++)
    for (guint i = 0; i < pkt_event_pool_size (s->pools[k]); i++)
      g_ptr_array_add (out, pkt_event_pool_get (s->pools[k], i));
}

guint64
pkt_event_store_accepted_left_out (const PktEventStore *s)
{
  return s->accepted_left_out;
}

guint64
pkt_event_store_others_left_out (const PktEventStore *s)
{
  return s->others_left_out;
}
