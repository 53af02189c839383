#pragma once
#include "packet/trend/domains.h"
#include "packet/trend/join.h"
#include "packet/trend/put-off.h"

/* The table behind join.h; used by its own files alone. */

#define PKT_JOIN_INLINE 40 /* bytes of sender and Message-ID that need no room of their own */

typedef struct {
  guint64 key;
  PktPutOff *waiting;
  guint32 born; /* serial number: for ageing */
  union {
    gint32 size;       /* bytes of the message, -1 unknown */
    guint32 next_free; /* of an entry that is free */
  };
  guint16 message_id_n, sender_n : 15;
  guint16 has_sender : 1;
  guint32 domain; /* of its sender, with domains_only */
} PktJoinEntry;

/* What is kept of a message's Message-ID and sender. */
typedef union {
  char text[PKT_JOIN_INLINE];
  char *heap; /* where it does not fit */
} PktJoinText;

/* Eight bytes: the low bits of the key, of which the lowest give the slot it belongs to, and
 * whether some recipient waits, or waited. */
typedef struct {
  guint32 low : 31;
  guint32 waiting : 1;
  guint32 entry; /* index + 1; 0: free */
} PktJoinSlot;

/* Bits by a message's key, set where some recipient waits, or waited: most are told by them that
 * nobody does. */
#define PKT_JOIN_WAIT_BITS 4

/* Slots are looked up (open addressing, linear probing, half full at the most), entries stay
 * where they are: freed ones are used again first, so what is live lies together. */
struct PktJoin {
  PktJoinSlot *slots;
  guint64 mask, used, age_at;
  guint64 *waits; /* PKT_JOIN_WAIT_BITS for each slot: small, so that it stays near */
  guint32 serial;
  PktJoinEntry *entries;
  PktJoinText *texts; /* one for each entry; NULL with domains_only */
  gboolean domains_only;
  PktDomains domains;
  guint32 n_entries, room, free; /* free: first of the list, NONE when empty */
  PktPutOffs waiting;
  gboolean unscoped; /* some Message-ID was told without host or instance */
  guint64 forgotten;
};

static inline gboolean
pkt_join_has_heap (const PktJoinEntry *e)
{
  return (gsize)e->message_id_n + e->sender_n > PKT_JOIN_INLINE;
}

static inline PktJoinText *
pkt_join_text (PktJoin *j, const PktJoinEntry *e)
{
  return &j->texts[e - j->entries];
}

static inline char *
pkt_join_entry_text (PktJoin *j, const PktJoinEntry *e)
{
  PktJoinText *t = pkt_join_text (j, e);
  return pkt_join_has_heap (e) ? t->heap : t->text;
}

#define PKT_JOIN_LOW_BITS 0x7fffffffu

static inline guint64
pkt_join_wait_bit (const PktJoin *j, guint32 low)
{
  return low & (PKT_JOIN_WAIT_BITS * (j->mask + 1) - 1);
}

/* Where the key's slot is, or would be. */
static inline guint64
pkt_join_find_slot (const PktJoin *j, guint64 key)
{
  const guint32 low = (guint32)key & PKT_JOIN_LOW_BITS;
  guint64 i = low & j->mask;
  while (j->slots[i].entry
         && (j->slots[i].low != low || j->entries[j->slots[i].entry - 1].key != key))
    i = (i + 1) & j->mask;
  return i;
}

/* NULL when the message is not known; entries move when one is added. */
PktJoinEntry *pkt_join_find (PktJoin *j, guint64 key);
/* An unknown one is added, and the oldest forgotten for it where the table is full. */
PktJoinEntry *pkt_join_find_or_add (PktJoin *j, guint64 key);
/* Some recipient of the message, which is in the table, is put off. */
void pkt_join_mark_waiting (PktJoin *j, guint64 key);
/* Forgets the message in a slot that is taken, and who waited. */
void pkt_join_erase (PktJoin *j, guint64 slot);
/* Forgets a message's sender, where only his domain is kept. */
void pkt_join_drop_domain (PktJoin *j, PktJoinEntry *e);
void pkt_join_drop_waiting (PktJoin *j, PktJoinEntry *e);
