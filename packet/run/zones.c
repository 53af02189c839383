#include "packet/run/zones.h"

#define LEAST (10 * PKT_MINUTE) /* two loggers of one server differ by seconds */
#define SLACK (5 * PKT_SECOND)

static guint
delivery_hash (gconstpointer p)
{
  const PktEvent *e = p;
  return g_str_hash (e->queue_id) * 31 + g_str_hash (e->recipient);
}

static gboolean
delivery_equal (gconstpointer a, gconstpointer b)
{
  const PktEvent *x = a, *y = b;
  return g_str_equal (x->queue_id, y->queue_id) && g_str_equal (x->recipient, y->recipient)
         && x->outcome == y->outcome && g_strcmp0 (x->remote_queue_id, y->remote_queue_id) == 0
         && g_strcmp0 (x->reply, y->reply) == 0;
}

static gboolean
lacks_zone (const PktScan *scan)
{
  for (guint i = 0; i < scan->sources->len; i++) {
    const PktScanSource *s = g_ptr_array_index (scan->sources, i);
    if (s->apple && (s->zone_guessed || s->zone_needed))
      return TRUE;
  }
  return FALSE;
}

/* All are as far apart as the first: a zone is. */
static void
take (PktZonesApart *out, const PktEvent *was, const PktEvent *e)
{
  const gint64 apart = e->time - was->time;
  if (apart < LEAST || (out->n && ABS (apart - out->apart) > SLACK))
    return;
  if (out->n++ > 0)
    return;
  out->apart = apart;
  out->one = was->file;
  out->other = e->file;
}

void
pkt_zones_look (const PktScan *scan, PktZonesApart *out)
{
  *out = (PktZonesApart){ 0 };
  if (scan->sources->len < 2 || !lacks_zone (scan))
    return;
  g_autoptr (GHashTable) seen = g_hash_table_new (delivery_hash, delivery_equal);
  for (guint i = 0; i < scan->events->len; i++) {
    const PktEvent *e = g_ptr_array_index (scan->events, i), *was;
    if ((e->outcome != PKT_DELIVERED && e->outcome != PKT_BOUNCED) || e->gave_up
        || e->queue_id == NULL || e->recipient == NULL)
      continue;
    was = g_hash_table_lookup (seen, e);
    if (was == NULL)
      g_hash_table_add (seen, (gpointer)e);
    else if (was->source != e->source)
      take (out, was, e);
  }
}
