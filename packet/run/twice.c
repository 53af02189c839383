#include "packet/run/twice.h"

#define ONE_TRY (2 * PKT_SECOND) /* the lines of one try lie no further apart */

/* The newest failure with these words that the try of that time may tell again; it is taken. */
static gpointer
take_failure (GHashTable *open, const char *words, gint64 time)
{
  GPtrArray *failures = g_hash_table_lookup (open, words);
  if (failures == NULL || failures->len == 0)
    return NULL;
  const PktEvent *last = g_ptr_array_index (failures, failures->len - 1);
  return time - last->time <= ONE_TRY ? g_ptr_array_remove_index (failures, failures->len - 1)
                                      : NULL;
}

static void
add_failure (GHashTable *open, const char *words, const PktEvent *event)
{
  GPtrArray *failures = g_hash_table_lookup (open, words);
  if (failures == NULL) {
    failures = g_ptr_array_new ();
    g_hash_table_insert (open, (gpointer)words, failures);
  }
  g_ptr_array_add (failures, (gpointer)event);
}

/* Haraka's end of a try has words of its own ("Tried all MXs"), and the host that failed last. */
static gpointer
last_of_try (GHashTable *last, const PktEvent *event)
{
  const PktEvent *failure = event->queue_id ? g_hash_table_lookup (last, event->queue_id) : NULL;
  const gboolean same = failure && event->remote_ip && event->time - failure->time <= ONE_TRY
                        && g_strcmp0 (failure->remote_ip, event->remote_ip) == 0;
  return same ? (gpointer)failure : NULL;
}

/* Whether another recipient of the message was put off in the same try. */
static gboolean
is_next_recipient (GHashTable *tries, const PktEvent *event)
{
  const gint64 *before = event->queue_id ? g_hash_table_lookup (tries, event->queue_id) : NULL;
  const gboolean next = before && event->time - *before <= ONE_TRY;
  if (event->queue_id)
    g_hash_table_insert (tries, (gpointer)event->queue_id,
                         g_memdup2 (&event->time, sizeof event->time));
  return next;
}

void
pkt_twice_find (const PktEvidence *e, PktTwice *out)
{
  g_autoptr (GHashTable) open = g_hash_table_new_full (g_str_hash, g_str_equal, NULL,
                                                       (GDestroyNotify)g_ptr_array_unref),
                         tries = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, g_free),
                         last = g_hash_table_new (g_str_hash, g_str_equal);
  out->hosts = g_hash_table_new (NULL, NULL);
  out->messages = g_hash_table_new (NULL, NULL);
  for (guint i = 0; i < e->scan->events->len; i++) {
    const PktEvent *event = g_ptr_array_index (e->scan->events, i);
    const char *words = event->reply ? event->reply : "";
    if (event->category != PKT_CAT_CONNECTION)
      continue;
    if (event->outcome == PKT_HOST_ERROR)
      add_failure (open, words, event);
    if (event->outcome == PKT_HOST_ERROR && event->queue_id)
      g_hash_table_insert (last, (gpointer)event->queue_id, (gpointer)event);
    if (event->outcome != PKT_DEFERRED)
      continue;
    const gboolean next = is_next_recipient (tries, event);
    gpointer failure = next ? NULL : take_failure (open, words, event->time);
    if (!next && failure == NULL)
      failure = last_of_try (last, event);
    if (failure)
      g_hash_table_add (out->hosts, failure);
    if (next || failure)
      g_hash_table_add (out->messages, (gpointer)event);
  }
}

void
pkt_twice_clear (PktTwice *t)
{
  g_clear_pointer (&t->hosts, g_hash_table_unref);
  g_clear_pointer (&t->messages, g_hash_table_unref);
}
