#include "packet/log/memory.h"
#include "packet/model/attempt.h"

typedef struct {
  guint64 key;
  GList link; /* of the order in which messages came */
  PktRemembered what;
} Entry;

struct PktMemory {
  GHashTable *by_key; /* guint64 in the entry -> Entry */
  GQueue order;       /* oldest first */
  gsize bytes;        /* about what it takes, entries left out */
};

#define MARK_BYTES 48 /* of an entry in a hash table */

static void
count (PktRemembered *r, gsize more, gsize less)
{
  *r->bytes += more;
  *r->bytes -= MIN (less, *r->bytes);
}

void
pkt_forget_recipients (PktRemembered *r)
{
  for (guint i = 0; r->recipients && i < r->recipients->len; i++)
    count (r, 0, strlen (g_ptr_array_index (r->recipients, i)) + MARK_BYTES);
  g_clear_pointer (&r->recipients, g_ptr_array_unref);
  g_clear_pointer (&r->known, g_hash_table_unref);
}

static void
entry_free (gpointer p)
{
  Entry *e = p;
  PktRemembered *r = &e->what;
  char **texts[] = { &r->sender,   &r->message_id, &r->host, &r->ip,
                     &r->local_ip, &r->reply,      &r->other };
  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    pkt_remember (r, texts[i], pkt_slice (NULL, 0));
  pkt_forget_recipients (r);
  if (r->marks)
    count (r, 0, g_hash_table_size (r->marks) * MARK_BYTES);
  g_clear_pointer (&r->marks, g_hash_table_unref);
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

gboolean
pkt_memory_is_empty (const PktMemory *m)
{
  return m->order.length == 0;
}

static guint64
key_of (PktSlice scope, PktSlice id)
{
  return pkt_queue_key (id, pkt_slice_hash (scope, 0));
}

PktRemembered *
pkt_memory_find_key (PktMemory *m, guint64 key)
{
  Entry *e = m->order.length ? g_hash_table_lookup (m->by_key, &key) : NULL;
  return e ? &e->what : NULL;
}

PktRemembered *
pkt_memory_find (PktMemory *m, PktSlice scope, PktSlice id)
{
  return pkt_memory_find_key (m, key_of (scope, id));
}

static void
drop (PktMemory *m, Entry *e)
{
  g_queue_unlink (&m->order, &e->link);
  g_hash_table_remove (m->by_key, &e->key);
}

PktRemembered *
pkt_memory_take_key (PktMemory *m, guint64 key)
{
  PktRemembered *known = pkt_memory_find_key (m, key);
  if (known)
    return known;
  while (m->order.length && (m->order.length >= PKT_MEMORY_MAX || m->bytes > PKT_MEMORY_MAX_BYTES))
    drop (m, m->order.head->data);
  Entry *e = g_new0 (Entry, 1);
  e->key = key;
  e->link.data = e;
  e->what.bytes = &m->bytes;
  g_queue_push_tail_link (&m->order, &e->link);
  g_hash_table_insert (m->by_key, &e->key, e);
  return &e->what;
}

PktRemembered *
pkt_memory_take (PktMemory *m, PktSlice scope, PktSlice id)
{
  return pkt_memory_take_key (m, key_of (scope, id));
}

void
pkt_memory_each (const PktMemory *m,
                 void (*tell) (guint64 key, const PktRemembered *message, gpointer data),
                 gpointer data)
{
  for (const GList *l = m->order.head; l; l = l->next) {
    const Entry *e = l->data;
    tell (e->key, &e->what, data);
  }
}

void
pkt_memory_drop_key (PktMemory *m, guint64 key)
{
  Entry *e = m->order.length ? g_hash_table_lookup (m->by_key, &key) : NULL;
  if (e)
    drop (m, e);
}

void
pkt_memory_drop (PktMemory *m, PktSlice scope, PktSlice id)
{
  pkt_memory_drop_key (m, key_of (scope, id));
}

void
pkt_remember (PktRemembered *r, char **field, PktSlice value)
{
  count (r, value.p ? MIN (value.n, PKT_MEMORY_MAX_TEXT) + 1 : 0, *field ? strlen (*field) + 1 : 0);
  g_free (*field);
  *field = value.p ? g_strndup (value.p, MIN (value.n, PKT_MEMORY_MAX_TEXT)) : NULL;
}

static guint64
folded_hash (PktSlice address)
{
  guint64 h = address.n;
  for (gsize i = 0; i < address.n; i++)
    h = (h ^ (guint8)pkt_ascii_lower (address.p[i])) * 0x9fb21c651e98df25u;
  return h ^ (h >> 29);
}

static gboolean
add_hash (GHashTable **set, guint64 hash)
{
  if (*set == NULL)
    *set = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  if (g_hash_table_contains (*set, &hash))
    return FALSE;
  return g_hash_table_size (*set) >= PKT_MEMORY_MAX_RECIPIENTS
         || g_hash_table_add (*set, g_memdup2 (&hash, sizeof hash));
}

void
pkt_remember_recipient (PktRemembered *r, PktSlice address)
{
  if (address.n == 0 || address.n > PKT_MEMORY_MAX_TEXT
      || (r->recipients && r->recipients->len >= PKT_MEMORY_MAX_RECIPIENTS)
      || !add_hash (&r->known, folded_hash (address)))
    return;
  if (r->recipients == NULL)
    r->recipients = g_ptr_array_new_with_free_func (g_free);
  g_ptr_array_add (r->recipients, g_strndup (address.p, address.n));
  count (r, address.n + MARK_BYTES, 0);
}

gboolean
pkt_remembers_recipient (const PktRemembered *r, PktSlice address)
{
  guint64 hash = folded_hash (address);
  return r->known && g_hash_table_contains (r->known, &hash);
}

gboolean
pkt_remember_mark (PktRemembered *r, guint64 mark)
{
  guint before = r->marks ? g_hash_table_size (r->marks) : 0;
  if (r->mark == mark)
    return FALSE;
  if (r->mark == 0) {
    r->mark = mark;
    return TRUE;
  }
  if (!add_hash (&r->marks, mark))
    return FALSE;
  if (g_hash_table_size (r->marks) > before) /* there may be no room */
    count (r, MARK_BYTES, 0);
  return TRUE;
}

gboolean
pkt_remembers_mark (const PktRemembered *r, guint64 mark)
{
  return r->mark == mark || (r->marks && g_hash_table_contains (r->marks, &mark));
}

gboolean
pkt_remember_again (PktRemembered *r, guint64 mark, gint64 second)
{
  const guint64 then = pkt_slice_hash (pkt_slice ((const char *)&second, sizeof second), mark);
  if (!pkt_remember_mark (r, mark))
    return !pkt_remembers_mark (r, then);
  pkt_remember_mark (r, then);
  return FALSE;
}
