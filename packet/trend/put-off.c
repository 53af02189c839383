#include "packet/trend/put-off.h"

PktPutOff *
pkt_put_off_new (const PktAttempt *attempt)
{
  PktAttempt a = *attempt;
  PktSlice *slices[PKT_ATTEMPT_TEXTS];
  gsize n = 0;
  pkt_attempt_texts (&a, slices);
  for (guint i = 0; i < PKT_PUT_OFF_SLICES; i++)
    if (slices[i]->p)
      n += sizeof (guint16) + MIN (slices[i]->n, G_MAXUINT16);
  PktPutOff *p = g_malloc (MAX (G_STRUCT_OFFSET (PktPutOff, text) + n, sizeof *p));
  memset (p, 0, sizeof *p);
  p->smtp = a.smtp != FALSE;
  p->reply_is_remote = a.reply_is_remote != FALSE;
  p->outcome = a.outcome & 15;
  p->stage = a.stage & 15;
  p->size = a.size > G_MAXINT32 ? -1 : (gint32)a.size;
  char *at = p->text;
  for (guint i = 0; i < PKT_PUT_OFF_SLICES; i++) {
    if (slices[i]->p == NULL)
      continue;
    const guint16 bytes = (guint16)MIN (slices[i]->n, G_MAXUINT16);
    p->present |= (guint16)(1 << i);
    memcpy (at, &bytes, sizeof bytes);
    memcpy (at + sizeof bytes, slices[i]->p, bytes);
    at += sizeof bytes + bytes;
  }
  return p;
}

void
pkt_put_off_attempt (const PktPutOff *p, guint64 queue_key, PktAttempt *out)
{
  PktSlice *slices[PKT_ATTEMPT_TEXTS];
  const char *at = p->text;
  memset (out, 0, sizeof *out);
  out->outcome = (PktOutcome)p->outcome;
  out->stage = (PktStage)p->stage;
  out->smtp = p->smtp;
  out->reply_is_remote = p->reply_is_remote;
  out->size = p->size;
  out->queue_key = queue_key;
  pkt_attempt_texts (out, slices);
  for (guint i = 0; i < PKT_PUT_OFF_SLICES; i++) {
    guint16 bytes;
    if (!(p->present >> i & 1))
      continue;
    memcpy (&bytes, at, sizeof bytes);
    *slices[i] = pkt_slice (at + sizeof bytes, bytes);
    at += sizeof bytes + bytes;
  }
}

#define FIRST_SIZE 64

static guint32
slot_of (const PktPutOffs *all, guint64 id)
{
  guint32 i = (guint32)id & all->mask;
  while (all->slots[i] && all->slots[i]->id != id)
    i = (i + 1) & all->mask;
  return i;
}

PktPutOff *
pkt_put_offs_find (const PktPutOffs *all, guint64 id)
{
  return all->used ? all->slots[slot_of (all, id)] : NULL;
}

static void
grow (PktPutOffs *all)
{
  PktPutOff **old = all->slots;
  const guint32 old_n = old ? all->mask + 1 : 0;
  all->mask = old ? old_n * 2 - 1 : FIRST_SIZE - 1;
  all->slots = g_new0 (PktPutOff *, (gsize)all->mask + 1);
  for (guint32 i = 0; i < old_n; i++)
    if (old[i])
      all->slots[slot_of (all, old[i]->id)] = old[i];
  g_free (old);
}

void
pkt_put_offs_add (PktPutOffs *all, PktPutOff *p)
{
  if (all->slots == NULL || all->used >= all->mask / 3 * 2)
    grow (all);
  all->slots[slot_of (all, p->id)] = p;
  all->used++;
}

/* What stands behind the hole moves up where its probe path ran over it. */
void
pkt_put_offs_remove (PktPutOffs *all, const PktPutOff *p)
{
  guint32 hole = slot_of (all, p->id);
  all->slots[hole] = NULL;
  all->used--;
  for (guint32 i = (hole + 1) & all->mask; all->slots[i]; i = (i + 1) & all->mask) {
    const guint32 home = (guint32)all->slots[i]->id & all->mask;
    if (((i - home) & all->mask) < ((i - hole) & all->mask))
      continue;
    all->slots[hole] = all->slots[i];
    all->slots[i] = NULL;
    hole = i;
  }
}

void
pkt_put_offs_clear (PktPutOffs *all)
{
  g_free (all->slots);
}
