#include "packet/log/memory.h"

typedef struct {
  guint64 key;
  GList link; /* of the order in which messages came */
  PktRemembered what;
} Entry;

struct PktMemory {
  GHashTable *by_key; /* guint64 in the entry -> Entry */
  GQueue order;       /* oldest first */
};

static void
entry_free (gpointer p)
{
  Entry *e = p;
  char *texts[] = { e->what.sender,   e->what.message_id, e->what.host, e->what.ip,
                    e->what.local_ip, e->what.reply,      e->what.other };
  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    g_free (texts[i]);
  g_clear_pointer (&e->what.recipients, g_ptr_array_unref);
  g_clear_pointer (&e->what.marks, g_array_unref);
  g_free (e);
}

PktMemory *
pkt_memory_new (void)
{
  PktMemory *m = g_new0 (PktMemory, 1);
  m->by_key = g_hash_table_new_full (g_int64_hash, g_int64_equal, NULL, entry_free);
  g_queue_init (&m->order);
  return m;
}

void
pkt_memory_free (PktMemory *m)
{
  g_hash_table_unref (m->by_key);
  g_free (m);
}

static guint64
key_of (PktSlice scope, PktSlice id)
{
  return pkt_slice_hash (id, pkt_slice_hash (scope, 0));
}

PktRemembered *
pkt_memory_find (PktMemory *m, PktSlice scope, PktSlice id)
{
  guint64 key = key_of (scope, id);
  Entry *e = g_hash_table_lookup (m->by_key, &key);
  return e ? &e->what : NULL;
}

static void
drop (PktMemory *m, Entry *e)
{
  g_queue_unlink (&m->order, &e->link);
  g_hash_table_remove (m->by_key, &e->key);
}

PktRemembered *
pkt_memory_take (PktMemory *m, PktSlice scope, PktSlice id)
{
  PktRemembered *known = pkt_memory_find (m, scope, id);
  if (known)
    return known;
  if (m->order.length >= PKT_MEMORY_MAX)
    drop (m, m->order.head->data);
  Entry *e = g_new0 (Entry, 1);
  e->key = key_of (scope, id);
  e->link.data = e;
  g_queue_push_tail_link (&m->order, &e->link);
  g_hash_table_insert (m->by_key, &e->key, e);
  return &e->what;
}

void
pkt_memory_drop (PktMemory *m, PktSlice scope, PktSlice id)
{
  guint64 key = key_of (scope, id);
  Entry *e = g_hash_table_lookup (m->by_key, &key);
  if (e)
    drop (m, e);
}

void
pkt_remember (char **field, PktSlice value)
{
  g_free (*field);
  *field = value.p ? g_strndup (value.p, MIN (value.n, PKT_MEMORY_MAX_TEXT)) : NULL;
}

void
pkt_remember_recipient (PktRemembered *r, PktSlice address)
{
  if (r->recipients == NULL)
    r->recipients = g_ptr_array_new_with_free_func (g_free);
  if (r->recipients->len >= PKT_MEMORY_MAX_RECIPIENTS || address.n > PKT_MEMORY_MAX_TEXT
      || address.n == 0)
    return;
  for (guint i = 0; i < r->recipients->len; i++)
    if (pkt_slice_equal_nocase (pkt_slice_str (g_ptr_array_index (r->recipients, i)), address))
      return;
  g_ptr_array_add (r->recipients, g_strndup (address.p, address.n));
}

gboolean
pkt_remember_mark (PktRemembered *r, guint64 mark)
{
  if (r->marks == NULL)
    r->marks = g_array_new (FALSE, FALSE, sizeof mark);
  for (guint i = 0; i < r->marks->len; i++)
    if (g_array_index (r->marks, guint64, i) == mark)
      return FALSE;
  if (r->marks->len < PKT_MEMORY_MAX_RECIPIENTS)
    g_array_append_val (r->marks, mark);
  return TRUE;
}
