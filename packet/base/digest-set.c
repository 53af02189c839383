#include "packet/base/digest-set.h"

struct PktDigestSet {
  guint64 *slots; /* 0: free */
  guint64 mask, used;
};

#define FIRST_SIZE 1024

PktDigestSet *
pkt_digest_set_new (void)
{
  PktDigestSet *s = g_new0 (PktDigestSet, 1);
  s->mask = FIRST_SIZE - 1;
  s->slots = g_new0 (guint64, FIRST_SIZE);
  return s;
}

void
pkt_digest_set_free (PktDigestSet *s)
{
  g_free (s->slots);
  g_free (s);
}

static guint64
first_place (guint64 mask, guint64 digest)
{
  return (digest * 0x9e3779b97f4a7c15u) & mask;
}

static guint64 *
slot_of (guint64 *slots, guint64 mask, guint64 digest)
{
  guint64 i = first_place (mask, digest);
  while (slots[i] && slots[i] != digest)
    i = (i + 1) & mask;
  return &slots[i];
}

static void
grow (PktDigestSet *s)
{
  guint64 n = (s->mask + 1) * 2;
  guint64 *slots = g_new0 (guint64, n);
  for (guint64 i = 0; i <= s->mask; i++)
    if (s->slots[i])
      *slot_of (slots, n - 1, s->slots[i]) = s->slots[i];
  g_free (s->slots);
  s->slots = slots;
  s->mask = n - 1;
}

gboolean
pkt_digest_set_add (PktDigestSet *s, guint64 digest)
{
  digest = digest ? digest : 1;
  guint64 *slot = slot_of (s->slots, s->mask, digest);
  if (*slot)
    return FALSE;
  *slot = digest;
  if (++s->used * 4 > s->mask * 3)
    grow (s);
  return TRUE;
}

void
pkt_digest_set_fetch (const PktDigestSet *s, guint64 digest)
{
  __builtin_prefetch (&s->slots[first_place (s->mask, digest)], 1);
}

gboolean
pkt_digest_set_has (const PktDigestSet *s, guint64 digest)
{
  return *slot_of (s->slots, s->mask, digest ? digest : 1) != 0;
}

guint64
pkt_digest_set_size (const PktDigestSet *s)
{
  return s->used;
}
