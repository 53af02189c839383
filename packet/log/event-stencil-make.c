#include "packet/log/event-stencil.h"

void
pkt_stencil_clear (PktStencil *s)
{
  s->n_parts = s->used = s->n_steps = 0;
}

static guint
filled_up (gsize n)
{
  return (guint)((n + PKT_STENCIL_STEP - 1) / PKT_STENCIL_STEP * PKT_STENCIL_STEP);
}

static void
put_byte (PktStencil *s, gsize at, char text, guint8 hole)
{
  s->text[at] = hole == PKT_HOLE_FIGURES + 1 ? '0' : text;
  s->differs[at] = hole == 0 ? 0 : hole == PKT_HOLE_FIGURES + 1 ? 9 : 255;
  s->open[at] = hole == PKT_HOLE_TEXT + 1 ? -1 : 0;
  s->holes[at / 16] |= hole != 0;
}

static gboolean
has_hole (const guint8 *holes)
{
  for (gsize i = 0; i < PKT_STENCIL_STEP; i++)
    if (holes[i])
      return TRUE;
  return FALSE;
}

static void
add_step (PktStencil *s, const PktStencilPart *part, gsize in)
{
  s->steps[s->n_steps++] = (PktStencilStep){ (guint16)in, (guint16)(part->at + in) };
}

/* All of its bytes; those that lie in the room as vectors do, and what is left of the others. */
static void
add_steps (PktStencil *s, PktStencilPart *part, const guint8 *holes)
{
  const gsize rest = part->n % PKT_STENCIL_STEP, from = s->n_parts ? rest : 0,
              other = s->n_parts ? 0 : part->n - PKT_STENCIL_STEP;
  part->steps = (guint16)s->n_steps;
  for (int holed = 0; holed < 2 && part->n >= PKT_STENCIL_STEP; holed++) {
    const guint before = s->n_steps;
    if (rest && has_hole (holes + other) == holed)
      add_step (s, part, other);
    for (gsize in = from; in + PKT_STENCIL_STEP <= part->n; in += PKT_STENCIL_STEP)
      if (has_hole (holes + in) == holed)
        add_step (s, part, in);
    *(holed ? &part->n_holed : &part->n_plain) = (guint8)(s->n_steps - before);
  }
}

gboolean
pkt_stencil_add (PktStencil *s, const char *text, const guint8 *holes, gsize n, PktStencilPart end)
{
  const guint room = filled_up (n), front = s->n_parts ? room - (guint)n : 0;
  if (s->n_parts == PKT_STENCIL_PARTS || s->used + room > PKT_STENCIL_ROOM)
    return FALSE;
  memset (s->text + s->used, 0, room);
  memset (s->differs + s->used, 255, room);
  memset (s->open + s->used, 0, room);
  memset (s->holes + s->used / 16, 0, room / 16);
  end.at = (guint16)(s->used + front);
  end.n = (guint16)n;
  end.holes = FALSE;
  end.n_plain = end.n_holed = 0;
  end.all = n < PKT_STENCIL_STEP ? ((guint64)1 << n) - 1 : 0;
  for (gsize i = 0; i < n; i++) {
    put_byte (s, end.at + i, text[i], holes[i]);
    end.holes |= holes[i] != 0;
  }
  add_steps (s, &end, holes);
  s->parts[s->n_parts++] = end;
  s->used += room;
  return TRUE;
}
