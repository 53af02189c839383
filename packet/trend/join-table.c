#include "packet/trend/join-table.h"

#define FIRST_SIZE 4096
#define NONE G_MAXUINT32

PktJoin *
pkt_join_new (void)
{
  PktJoin *j = g_new0 (PktJoin, 1);
  j->mask = FIRST_SIZE - 1;
  j->slots = g_new0 (PktJoinSlot, FIRST_SIZE);
  j->waits = g_new0 (guint64, FIRST_SIZE * PKT_JOIN_WAIT_BITS / 64);
  j->room = FIRST_SIZE / 2;
  j->entries = g_new (PktJoinEntry, j->room);
  j->texts = g_new (PktJoinText, j->room);
  j->free = NONE;
  return j;
}

void
pkt_join_domains_only (PktJoin *j)
{
  g_return_if_fail (j->n_entries == 0);
  j->domains_only = TRUE;
  g_clear_pointer (&j->texts, g_free);
}

void
pkt_join_drop_waiting (PktJoin *j, PktJoinEntry *e)
{
  while (e->waiting) {
    PktPutOff *p = e->waiting;
    e->waiting = p->next;
    pkt_put_offs_remove (&j->waiting, p);
    g_free (p);
  }
}

void
pkt_join_drop_domain (PktJoin *j, PktJoinEntry *e)
{
  if (e->has_sender)
    pkt_domains_drop (&j->domains, e->domain);
  e->has_sender = FALSE;
}

static void
clear_entry (PktJoin *j, PktJoinEntry *e)
{
  pkt_join_drop_waiting (j, e);
  if (j->domains_only)
    pkt_join_drop_domain (j, e);
  else if (pkt_join_has_heap (e))
    g_free (pkt_join_text (j, e)->heap);
}

void
pkt_join_free (PktJoin *j)
{
  for (guint64 i = 0; i <= j->mask; i++)
    if (j->slots[i].entry)
      clear_entry (j, &j->entries[j->slots[i].entry - 1]);
  g_free (j->slots);
  g_free (j->waits);
  g_free (j->entries);
  g_free (j->texts);
  pkt_domains_clear (&j->domains);
  pkt_put_offs_clear (&j->waiting);
  g_free (j);
}

PktJoinEntry *
pkt_join_find (PktJoin *j, guint64 key)
{
  const PktJoinSlot *s = &j->slots[pkt_join_find_slot (j, key)];
  return s->entry ? &j->entries[s->entry - 1] : NULL;
}

static guint64
free_slot (const PktJoin *j, guint32 low)
{
  guint64 i = low & j->mask;
  while (j->slots[i].entry)
    i = (i + 1) & j->mask;
  return i;
}

static void
set_wait_bit (PktJoin *j, guint32 low)
{
  const guint64 bit = pkt_join_wait_bit (j, low);
  j->waits[bit / 64] |= (guint64)1 << bit % 64;
}

void
pkt_join_mark_waiting (PktJoin *j, guint64 key)
{
  j->slots[pkt_join_find_slot (j, key)].waiting = TRUE;
  set_wait_bit (j, (guint32)key & PKT_JOIN_LOW_BITS);
}

gboolean
pkt_join_waits (const PktJoin *j, guint64 queue_key)
{
  const guint64 bit = pkt_join_wait_bit (j, (guint32)queue_key & PKT_JOIN_LOW_BITS);
  if (!(j->waits[bit / 64] >> bit % 64 & 1))
    return FALSE;
  const PktJoinSlot *s = &j->slots[pkt_join_find_slot (j, queue_key)];
  return s->entry && s->waiting;
}

static void
grow (PktJoin *j)
{
  guint64 old_n = j->mask + 1;
  PktJoinSlot *old = j->slots;
  j->mask = old_n * 2 - 1;
  j->slots = g_new0 (PktJoinSlot, old_n * 2);
  g_free (j->waits);
  j->waits = g_new0 (guint64, old_n * 2 * PKT_JOIN_WAIT_BITS / 64);
  for (guint64 i = 0; i < old_n; i++) {
    if (old[i].entry)
      j->slots[free_slot (j, old[i].low)] = old[i];
    if (old[i].entry && old[i].waiting)
      set_wait_bit (j, old[i].low);
  }
  g_free (old);
}

/* Frees a slot and closes the gap: slots behind it move up where their probe path ran over it. */
void
pkt_join_erase (PktJoin *j, guint64 hole)
{
  PktJoinEntry *e = &j->entries[j->slots[hole].entry - 1];
  clear_entry (j, e);
  e->next_free = j->free;
  j->free = j->slots[hole].entry - 1;
  j->slots[hole].entry = 0;
  j->used--;
  for (guint64 i = (hole + 1) & j->mask; j->slots[i].entry; i = (i + 1) & j->mask) {
    guint64 home = j->slots[i].low & j->mask;
    if (((i - home) & j->mask) < ((i - hole) & j->mask))
      continue;
    j->slots[hole] = j->slots[i];
    j->slots[i].entry = 0;
    hole = i;
  }
}

/* Forgets the oldest of the next few in table order: near enough to the oldest of all, at a fixed
 * price. */
static void
age (PktJoin *j)
{
  guint64 oldest = 0;
  guint32 most = 0;
  for (int looked = 0; looked < 16; j->age_at++) {
    const PktJoinSlot *s = &j->slots[j->age_at & j->mask];
    if (s->entry == 0)
      continue;
    guint32 messages_since = j->serial
                             - j->entries[s->entry - 1].born; /* right when the number wraps */
    if (looked++ == 0 || messages_since > most) {
      most = messages_since;
      oldest = j->age_at & j->mask;
    }
  }
  j->forgotten++;
  pkt_join_erase (j, oldest);
}

static guint32
take_entry (PktJoin *j)
{
  guint32 i = j->free;
  if (i != NONE) {
    j->free = j->entries[i].next_free;
    return i;
  }
  if (j->n_entries == j->room) {
    j->room *= 2;
    j->entries = g_renew (PktJoinEntry, j->entries, j->room);
    if (j->texts)
      j->texts = g_renew (PktJoinText, j->texts, j->room);
  }
  return j->n_entries++;
}

PktJoinEntry *
pkt_join_find_or_add (PktJoin *j, guint64 key)
{
  guint64 at = pkt_join_find_slot (j, key);
  if (j->slots[at].entry)
    return &j->entries[j->slots[at].entry - 1];
  const guint32 low = (guint32)key & PKT_JOIN_LOW_BITS;
  if (G_UNLIKELY (j->used >= PKT_JOIN_MAX_MESSAGES || (j->used + 1) * 2 > j->mask)) {
    if (j->used >= PKT_JOIN_MAX_MESSAGES)
      age (j);
    else
      grow (j);
    at = free_slot (j, low);
  }
  const guint32 entry = take_entry (j);
  j->slots[at] = (PktJoinSlot){ .low = low, .entry = entry + 1 };
  j->used++;
  PktJoinEntry *e = &j->entries[entry];
  memset (e, 0, sizeof *e);
  e->key = key;
  e->born = j->serial++;
  e->size = -1;
  return e;
}
