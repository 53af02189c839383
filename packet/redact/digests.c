#include "packet/redact/digests.h"

#define KEY_BITS                                                                                   \
  40 /* slots are chosen by these first bits, so that shorter values are found too                 \
      */

void
pkt_digests_clear (PktDigests *d)
{
  g_clear_pointer (&d->slots, g_free);
  d->size = d->used = 0;
}

static gsize
slot_of (const PktDigests *d, guint64 value)
{
  return (gsize)((value >> (64 - KEY_BITS)) * G_GUINT64_CONSTANT (0x9e3779b97f4a7c15) >> 20)
         & (d->size - 1);
}

static void
put (PktDigests *d, guint64 value)
{
  gsize i = slot_of (d, value);
  while (d->slots[i])
    i = (i + 1) & (d->size - 1);
  d->slots[i] = value;
  d->used++;
}

static void
grow (PktDigests *d)
{
  PktDigests bigger = { .size = d->size ? d->size * 2 : 64 };
  bigger.slots = g_new0 (guint64, bigger.size);
  for (gsize i = 0; i < d->size; i++)
    if (d->slots[i])
      put (&bigger, d->slots[i]);
  g_free (d->slots);
  *d = bigger;
}

gboolean
pkt_digests_add (PktDigests *d, guint64 value)
{
  value = value ? value : 1;
  if (d->size == 0 || d->used + d->used / 6 + 1 > d->size)
    grow (d);
  gsize i = slot_of (d, value);
  for (; d->slots[i]; i = (i + 1) & (d->size - 1))
    if (d->slots[i] == value)
      return FALSE;
  d->slots[i] = value;
  d->used++;
  return TRUE;
}

gboolean
pkt_digests_find (const PktDigests *d, guint64 value, guint bits, guint64 *out)
{
  if (d->size == 0)
    return FALSE;
  value = value ? value : 1;
  guint64 mask = bits >= 64 ? G_MAXUINT64 : ~(G_MAXUINT64 >> bits);
  for (gsize i = slot_of (d, value); d->slots[i]; i = (i + 1) & (d->size - 1))
    if (((d->slots[i] ^ value) & mask) == 0) {
      if (out)
        *out = d->slots[i];
      return TRUE;
    }
  return FALSE;
}
