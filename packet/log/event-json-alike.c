/* Records of one server say the same but for a few values: they are read as the ones before were
 * written, and walked through only where they are like none. */
#include "packet/log/event-json-walk.h"

void
pkt_event_json_init (PktEventJson *j)
{
  j->list_name = -1;
  j->decoded = g_ptr_array_new_with_free_func (g_free);
}

void
pkt_event_json_clear (PktEventJson *j)
{
  g_ptr_array_unref (j->decoded);
  pkt_shapes_free (j->shapes);
}

/* FALSE when one of them is no JSON string. */
static gboolean
set_values (PktEventJson *j, const PktEventShape *shape, const PktSlice *values)
{
  for (guint i = 0; i < shape->n_steps; i++) {
    const PktShapeStep *step = &shape->steps[i];
    if (step->name < 0)
      continue;
    if (step->kind == PKT_SHAPE_ARRAY)
      pkt_json_set_list (j, pkt_event_map (), values[i], step->name);
    else if (step->kind == PKT_SHAPE_STRING) {
      PktSlice text = values[i];
      if (!pkt_json_decode (j, &text))
        return FALSE;
      pkt_json_set_value (j, step->name, text);
    } else if (!pkt_slice_equal (values[i], PKT_SLICE ("null")))
      pkt_json_set_value (j, step->name, values[i]);
  }
  return TRUE;
}

int
pkt_event_json_fits (PktEventJson *j, PktSlice line, PktStencilMarks *marks)
{
  const char *end, *limit = line.p + line.n;
  int which = pkt_shapes_find (j->shapes, line, NULL, marks, &end);
  return which >= 0 && (end == limit || (end + 1 == limit && *end == ',')) ? which : -1;
}

/* Says the same as a record before but for a few values. */
static gsize
read_quickly (PktEventJson *j, PktSlice text, int which, const PktStencilMarks *marks)
{
  const PktQuick *q = j->shapes->quick[which];
  for (guint i = 0; i < q->n_places; i++) {
    const PktQuickPlace *at = &q->places[i];
    PktSlice value = pkt_quick_value (at, marks);
    if (at->list)
      pkt_json_set_list (j, pkt_event_map (), value, at->name);
    else if (!at->escaped || pkt_json_decode (j, &value)) /* which is one: the stencil looked */
      pkt_json_set_value (j, at->name, value);
  }
  j->record = pkt_slice (text.p, text.n - (text.p[text.n - 1] == ','));
  return j->record.n;
}

/* As a record before was written; 0 when it is like none. */
static gsize
read_alike (PktEventJson *j, PktSlice text)
{
  PktEventShapes *all = j->shapes;
  gsize n;
  const int which = pkt_shapes_read (all, text, &n, &j->record);
  if (which < 0 || !set_values (j, &all->shapes[which], all->values)) {
    j->record = pkt_slice (NULL, 0);
    return 0;
  }
  pkt_shapes_teach (all, which, pkt_slice (text.p, n));
  return n;
}

/* A record that was walked through. Those around others are read one by one. */
static void
learn (PktEventJson *j, PktSlice whole)
{
  const int which = j->around ? -1 : pkt_shapes_learn (j->shapes, whole, j->record);
  if (which >= 0)
    pkt_shapes_teach (j->shapes, which, whole);
}

static void
forget_record (PktEventJson *j)
{
  while (j->n_set)
    j->row.at[j->set[--j->n_set]] = pkt_slice (NULL, 0);
  j->record = j->list = pkt_slice (NULL, 0);
  j->list_name = -1;
  j->around = FALSE;
  if (j->decoded->len)
    g_ptr_array_set_size (j->decoded, 0);
}

gsize
pkt_event_json_read_as (PktEventJson *j, PktSlice text, int which, const PktStencilMarks *marks)
{
  forget_record (j);
  if (j->last_id == 0) /* there may be no second record */
    return pkt_json_walk (j, text, NULL);
  if (j->shapes == NULL)
    j->shapes = pkt_shapes_new ();
  j->shapes->missed = NULL;
  if (which >= 0)
    return read_quickly (j, text, which, marks);
  gsize n = read_alike (j, text);
  if (n)
    return n;
  j->shapes->notes.n = 0;
  n = pkt_json_walk (j, text, &j->shapes->notes);
  if (n)
    learn (j, pkt_slice (text.p, n));
  return n;
}

gsize
pkt_event_json_read (PktEventJson *j, PktSlice text)
{
  PktStencilMarks marks;
  return pkt_event_json_read_as (j, text, pkt_event_json_fits (j, text, &marks), &marks);
}
