#include "packet/log/event-shape.h"
#include "packet/log/event-json.h"

/* Where a place of the record lies: always in the text between values. */
static gboolean
place (PktEventShape *shape, guint which, const PktShapeNotes *notes, PktSlice whole,
       const char *at)
{
  const char *from = whole.p;
  for (guint i = 0; i <= notes->n; i++) {
    const char *to = i < notes->n ? notes->at[i].value.p : whole.p + whole.n;
    if (at >= from && at <= to) {
      shape->record_step[which] = (gint)i;
      shape->record_at[which] = (guint)(at - from);
      return TRUE;
    }
    if (i < notes->n)
      from = to + notes->at[i].value.n;
  }
  return FALSE;
}

static gboolean
add_text (PktEventShape *shape, const char *from, const char *to)
{
  gsize n = (gsize)(to - from);
  if (shape->text_n + n > sizeof shape->text)
    return FALSE;
  memcpy (shape->text + shape->text_n, from, n);
  shape->text_n += (guint)n;
  return TRUE;
}

gboolean
pkt_shape_make (PktEventShape *shape, const PktShapeNotes *notes, PktSlice whole, PktSlice record)
{
  const char *from = whole.p;
  shape->n_steps = 0;
  shape->text_n = 0;
  shape->inner = record.n < whole.n;
  if (notes->n > PKT_EVENT_SHAPE_STEPS)
    return FALSE;
  for (guint i = 0; i < notes->n; i++) {
    PktSlice value = notes->at[i].value;
    if (!add_text (shape, from, value.p))
      return FALSE;
    shape->steps[i] = (PktShapeStep){ (guint16)(value.p - from), notes->at[i].name,
                                      notes->at[i].kind };
    from = value.p + value.n;
  }
  shape->record_step[0] = shape->record_step[1] = -1;
  if (!add_text (shape, from, whole.p + whole.n)
      || (record.n < whole.n
          && !(place (shape, 0, notes, whole, record.p)
               && place (shape, 1, notes, whole, record.p + record.n))))
    return FALSE;
  shape->n_steps = notes->n;
  return TRUE;
}

guint64
pkt_shape_structure (const PktShapeNotes *notes, PktSlice whole)
{
  const char *from = whole.p, *limit = from + whole.n;
  guint64 hash = notes->n;
  for (guint i = 0; i < notes->n; i++) {
    const PktSlice value = notes->at[i].value;
    hash = pkt_slice_hash (pkt_slice (from, (gsize)(value.p - from)), hash ^ notes->at[i].kind);
    from = value.p + value.n;
  }
  return pkt_slice_hash (pkt_slice (from, (gsize)(limit - from)), hash);
}

gsize
pkt_shape_read (const PktEventShape *shape, PktSlice whole, PktSlice *values, PktSlice *record)
{
  const char *p = whole.p, *limit = p + whole.n, *text = shape->text, *record_at[2] = { p, NULL };
  for (guint i = 0; i < shape->n_steps; i++) {
    const PktShapeStep *step = &shape->steps[i];
    if ((gsize)(limit - p) < step->text_n || !pkt_bytes_same (p, text, step->text_n))
      return 0;
    for (int side = 0; side < 2; side++)
      if (shape->record_step[side] == (gint)i)
        record_at[side] = p + shape->record_at[side];
    p += step->text_n;
    text += step->text_n;
    const char *end = pkt_shape_value_end (step->kind, p, limit);
    if (end == NULL)
      return 0;
    values[i] = pkt_slice (p, (gsize)(end - p));
    p = end;
  }
  gsize last = (gsize)(shape->text + shape->text_n - text);
  if ((gsize)(limit - p) < last || !pkt_bytes_same (p, text, last))
    return 0;
  for (int side = 0; side < 2; side++)
    if (shape->record_step[side] == (gint)shape->n_steps)
      record_at[side] = p + shape->record_at[side];
  p += last;
  *record = pkt_slice (record_at[0], (gsize)((record_at[1] ? record_at[1] : p) - record_at[0]));
  return (gsize)(p - whole.p);
}
