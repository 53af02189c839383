#include "packet/log/event-shapes.h"

PktEventShapes *
pkt_shapes_new (void)
{
  return g_new0 (PktEventShapes, 1);
}

void
pkt_shapes_free (PktEventShapes *all)
{
  for (guint i = 0; all && i < PKT_EVENT_SHAPES; i++)
    pkt_quick_free (all->quick[i]);
  g_free (all);
}

static inline void
use (PktEventShapes *all, guint which)
{
  all->used[which] = ++all->tick;
}

/* ---- to find one ---- */

/* What the record says where it is not of the shape: "delivered","cate… */
static guint
place_of_odd (const PktEventShapes *all, guint which, PktSlice text, const PktStencilMarks *marks)
{
  const char *odd = pkt_stencil_odd (&all->quick[which]->stencil, text, marks);
  guint64 words[2] = { 0, 0 };
  memcpy (words, odd, MIN (sizeof words, (gsize)(text.p + text.n - odd)));
  words[0] = (words[0] ^ which) * G_GUINT64_CONSTANT (0x9e3779b97f4a7c15) ^ words[1];
  words[0] = (words[0] ^ words[0] >> 32) * G_GUINT64_CONSTANT (0x9fb21c651e98df25);
  return (guint)(words[0] >> 40) % PKT_SHAPES_NEXT;
}

int
pkt_shapes_find (PktEventShapes *all, PktSlice text, const PktStencilSigns *signs,
                 PktStencilMarks *marks, const char **end)
{
  if (all == NULL || all->ready == 0 || text.p == all->missed)
    return -1;
  int lost = -1;
  guint64 left = all->ready;
  guint which = left >> all->last & 1 ? all->last : (guint)__builtin_ctzll (left);
  for (guint tries = 0; left && tries < PKT_SHAPES_TRIES; tries++) {
    *end = pkt_stencil_end (&all->quick[which]->stencil, text, signs, marks);
    if (*end) {
      if (lost >= 0)
        all->next[lost] = (guint8)(which + 1);
      all->last = (guint8)which;
      use (all, which);
      return (int)which;
    }
    left &= ~((guint64)1 << which);
    const guint at = place_of_odd (all, which, text, marks), hint = all->next[at];
    if (hint && left >> (hint - 1) & 1) {
      which = hint - 1;
      continue;
    }
    lost = lost < 0 ? (int)at : lost;
    which = left ? (guint)__builtin_ctzll (left) : 0;
  }
  all->missed = text.p;
  all->lost = (guint16)MAX (lost, 0);
  return -1;
}

/* ---- to read by one ---- */

static void
move_to_front (PktEventShapes *all, guint which)
{
  guint i = 0;
  while (i + 1 < PKT_SHAPES_LATE && all->late[i] != which)
    i++;
  memmove (all->late + 1, all->late, i);
  all->late[0] = (guint8)which;
}

int
pkt_shapes_read (PktEventShapes *all, PktSlice text, gsize *n, PktSlice *record)
{
  for (guint i = 0; all->n && i < PKT_SHAPES_LATE; i++) {
    const guint which = all->late[i];
    if (i && which == all->late[i - 1]) /* to begin with */
      break;
    *n = pkt_shape_read (&all->shapes[which], text, all->values, record);
    if (*n == 0)
      continue;
    move_to_front (all, which);
    return (int)which;
  }
  return -1;
}

/* ---- to learn one ---- */

static int
known (PktEventShapes *all, guint64 structure, PktSlice whole)
{
  PktSlice record;
  for (guint i = 0; i < all->n; i++)
    if (all->structure[i] == structure
        && pkt_shape_read (&all->shapes[i], whole, all->values, &record) == whole.n)
      return (int)i;
  return -1;
}

static gboolean
was_met (PktEventShapes *all, guint64 structure)
{
  guint32 *met = &all->met[structure % PKT_SHAPES_MET], tag = (guint32)(structure >> 32) | 1;
  const gboolean before = *met == tag;
  *met = tag;
  return before;
}

/* A free one, or the one that was of no use for longest. */
static guint
place (const PktEventShapes *all)
{
  guint oldest = 0;
  if (all->n < PKT_EVENT_SHAPES)
    return all->n;
  for (guint i = 1; i < PKT_EVENT_SHAPES; i++)
    if (all->used[i] < all->used[oldest])
      oldest = i;
  return oldest;
}

static int
make (PktEventShapes *all, guint64 structure, PktSlice whole, PktSlice record)
{
  const guint which = place (all);
  PktEventShape *shape = &all->shapes[which];
  shape->serial = ++all->serial;
  all->ready &= ~((guint64)1 << which);
  all->structure[which] = 0;
  pkt_quick_forget (all->quick[which]);
  if (!pkt_shape_make (shape, &all->notes, whole, record)) {
    shape->n_steps = shape->text_n = 0; /* and so it fits nothing */
    return -1;
  }
  all->structure[which] = structure;
  all->n = MAX (all->n, which + 1);
  for (guint i = 0; i < shape->n_steps; i++)
    all->values[i] = all->notes.at[i].value;
  return (int)which;
}

int
pkt_shapes_learn (PktEventShapes *all, PktSlice whole, PktSlice record)
{
  if (all->notes.n > PKT_EVENT_SHAPE_STEPS)
    return -1;
  const guint64 structure = pkt_shape_structure (&all->notes, whole);
  int which = known (all, structure, whole);
  if (which < 0 && was_met (all, structure))
    which = make (all, structure, whole, record);
  if (which >= 0)
    move_to_front (all, (guint)which);
  return which;
}

/* It could have been found, had it been tried. */
static gboolean
was_overlooked (PktEventShapes *all, int which, PktSlice whole)
{
  PktStencilMarks marks;
  if (!(all->ready >> which & 1)
      || pkt_stencil_end (&all->quick[which]->stencil, whole, NULL, &marks) != whole.p + whole.n)
    return FALSE;
  all->next[all->lost] = (guint8)(which + 1);
  return TRUE;
}

void
pkt_shapes_teach (PktEventShapes *all, int which, PktSlice whole)
{
  const guint64 bit = (guint64)1 << which;
  use (all, (guint)which);
  if (all->shapes[which].inner || was_overlooked (all, which, whole))
    return;
  pkt_quick_teach (&all->quick[which], &all->shapes[which], all->values, whole);
  all->ready = all->quick[which]->ready ? all->ready | bit : all->ready & ~bit;
}
