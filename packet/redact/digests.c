#include "packet/redact/digests.h"

#define MIN_SLACK 64

void
pkt_digests_clear (PktDigests *d)
{
  g_clear_pointer (&d->slots, g_free);
  memset (d, 0, sizeof *d);
}

/* By its first 32 bits, and in their order: a shorter value has the same home. */
static gsize
home_of (gsize size, guint64 value)
{
  return (gsize)((value >> 32) * size >> 32);
}

/* Puts the last `used` slots, which are full, where they belong; FALSE when the slack is too short
 * for them (nothing is moved then). What is still to be moved is never written over: enough slots
 * for it stand behind. */
static gboolean
spread (PktDigests *d)
{
  gsize total = d->size + d->slack, from = total - d->used, next = 0;
  for (gsize i = from; i < total; i++)
    next = MAX (home_of (d->size, d->slots[i]), next) + 1;
  if (next >= total) /* the last slot stays empty: searches end there */
    return FALSE;
  next = 0;
  for (gsize i = from; i < total; i++) {
    guint64 value = d->slots[i];
    gsize at = MAX (home_of (d->size, value), next);
    d->slots[i] = 0;
    d->slots[at] = value;
    next = at + 1;
  }
  return TRUE;
}

/* Makes the table larger in its own memory: all values go to the end, in order, and from there to
 * their places. */
static void
resize (PktDigests *d, gsize size, gsize slack)
{
  gsize filled = d->slots ? d->size + d->slack : 0;
  do {
    gsize total = size + slack, to = total;
    d->slots = g_renew (guint64, d->slots, total);
    memset (d->slots + filled, 0, (total - filled) * sizeof *d->slots);
    for (gsize i = filled; i > 0; i--) {
      guint64 value = d->slots[i - 1];
      d->slots[i - 1] = 0;
      if (value)
        d->slots[--to] = value;
    }
    d->size = size;
    d->slack = slack;
    filled = total;
    slack *= 2;
  } while (!spread (d));
}

/* Moves what stands from `at` to the next gap by one; FALSE when there is none. */
static gboolean
make_room (PktDigests *d, gsize at)
{
  gsize end = at, total = d->size + d->slack;
  while (end < total && d->slots[end])
    end++;
  if (end + 1 >= total)
    return FALSE;
  memmove (d->slots + at + 1, d->slots + at, (end - at) * sizeof *d->slots);
  return TRUE;
}

gboolean
pkt_digests_add (PktDigests *d, guint64 value)
{
  value = value ? value : 1;
  d->firsts[value >> 51] |= (guint8)(1 << (value >> 48 & 7));
  if (d->used + d->used / 8 >= d->size)
    resize (d, d->size ? d->size + d->size / 4 : 64, d->slack ? d->slack : MIN_SLACK);
  for (;;) {
    gsize i = home_of (d->size, value);
    while (d->slots[i] && d->slots[i] < value)
      i++;
    if (d->slots[i] == value)
      return FALSE;
    if (make_room (d, i)) {
      d->slots[i] = value;
      d->used++;
      return TRUE;
    }
    resize (d, d->size, d->slack * 2);
  }
}

void
pkt_digests_add_all (PktDigests *d, const guint64 *values, guint n)
{
  for (guint i = 0; d->size && i < n; i++)
    __builtin_prefetch (d->slots + home_of (d->size, values[i]), 1);
  for (guint i = 0; i < n; i++)
    pkt_digests_add (d, values[i]);
}

gboolean
pkt_digests_search (const PktDigests *d, guint64 value, guint bits, guint64 *out)
{
  if (d->size == 0)
    return FALSE;
  guint64 mask = bits >= 64 ? G_MAXUINT64 : ~(G_MAXUINT64 >> bits);
  value = value & mask ? value & mask : 1;
  gsize i = home_of (d->size, value);
  while (d->slots[i] && d->slots[i] < value)
    i++;
  if (d->slots[i] == 0 || ((d->slots[i] ^ value) & mask) != 0)
    return FALSE;
  if (out)
    *out = d->slots[i];
  return TRUE;
}
