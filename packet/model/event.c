#include "packet/model/event.h"

struct PktEventPool {
  GStringChunk *strings;
  GPtrArray *events;
  GPtrArray *sessions; /* PktSession* */
};

PktEventPool *
pkt_event_pool_new (void)
{
  PktEventPool *pool = g_new0 (PktEventPool, 1);
  pool->strings = g_string_chunk_new (64 * 1024);
  pool->events = g_ptr_array_new_with_free_func (g_free);
  pool->sessions = g_ptr_array_new_with_free_func ((GDestroyNotify)pkt_session_unref);
  return pool;
}

void
pkt_event_pool_free (PktEventPool *pool)
{
  g_string_chunk_free (pool->strings);
  g_ptr_array_unref (pool->events);
  g_ptr_array_unref (pool->sessions);
  g_free (pool);
}

const char *
pkt_event_pool_string (PktEventPool *pool, PktSlice s, gboolean shared)
{
  if (s.p == NULL || s.n == 0)
    return NULL;
  g_autofree char *utf8 = pkt_slice_utf8 (s);
  return shared ? g_string_chunk_insert_const (pool->strings, utf8)
                : g_string_chunk_insert (pool->strings, utf8);
}

PktEvent *
pkt_event_pool_add (PktEventPool *pool)
{
  PktEvent *e = g_new0 (PktEvent, 1);
  e->time = PKT_NO_TIME;
  e->size = -1;
  g_ptr_array_add (pool->events, e);
  return e;
}

const PktSession *
pkt_event_pool_keep (PktEventPool *pool, PktSession *session)
{
  GPtrArray *kept = pool->sessions;
  if (session && (kept->len == 0 || g_ptr_array_index (kept, kept->len - 1) != session))
    g_ptr_array_add (kept, pkt_session_ref (session)); /* recipients of one come together */
  return session;
}

guint
pkt_event_pool_size (const PktEventPool *pool)
{
  return pool->events->len;
}

PktEvent *
pkt_event_pool_get (const PktEventPool *pool, guint i)
{
  return g_ptr_array_index (pool->events, i);
}

int
pkt_event_compare (const PktEvent *a, const PktEvent *b)
{
  if (a->time != b->time)
    return a->time < b->time ? -1 : 1;
  if (a->source != b->source)
    return a->source < b->source ? -1 : 1;
  return (a->line > b->line) - (a->line < b->line);
}
