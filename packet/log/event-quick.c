#include "packet/log/event-quick.h"

static PktSlice
sample_of (const PktQuick *k, guint i)
{
  return pkt_slice (k->sample + k->value[i].at, k->value[i].n);
}

static gboolean
is_null (PktSlice word)
{
  return pkt_slice_equal (word, PKT_SLICE ("null"));
}

static gboolean
is_number (PktSlice word)
{
  gsize i = 0;
  while (i < word.n && g_ascii_isdigit (word.p[i]))
    i++;
  return i > 0 && i == word.n;
}

static PktHoleKind
kind_of (const PktQuick *k, const PktEventShape *shape, guint i)
{
  if (shape->steps[i].kind == PKT_SHAPE_STRING)
    return k->value[i].escaped ? PKT_HOLE_ESCAPED : PKT_HOLE_TEXT;
  if (shape->steps[i].kind != PKT_SHAPE_WORD)
    return PKT_HOLE_OTHER;
  return is_number (sample_of (k, i)) && k->value[i].varies < 2 ? PKT_HOLE_FIGURES : PKT_HOLE_WORD;
}

/* Of the same size in all records. */
static gboolean
is_steady (const PktQuick *k, const PktEventShape *shape, guint i)
{
  PktHoleKind kind = kind_of (k, shape, i);
  return !k->value[i].varies && (kind == PKT_HOLE_TEXT || kind == PKT_HOLE_FIGURES);
}

static PktStencilPart
hole_of (const PktQuick *k, const PktEventShape *shape, guint i)
{
  const PktHoleKind kind = kind_of (k, shape, i);
  PktSlice said = sample_of (k, i);
  return (PktStencilPart){ .kind = (guint8)kind,
                           .open = shape->steps[i].kind == PKT_SHAPE_ARRAY ? '[' : '{',
                           .named = shape->steps[i].name >= 0,
                           .filled = kind == PKT_HOLE_OTHER ? pkt_stencil_names_text (said)
                                                            : !is_null (said) };
}

static gboolean
is_there (const PktQuick *k, const PktEventShape *shape, guint i)
{
  return shape->steps[i].kind != PKT_SHAPE_WORD || !is_null (sample_of (k, i));
}

/* `begin`: of the part that value i lies in or behind. */
static void
add_place (PktQuick *k, const PktEventShape *shape, guint i, guint begin)
{
  if (shape->steps[i].name < 0 || !is_there (k, shape, i))
    return;
  const PktQuickValue *v = &k->value[i];
  const guint mark = 2 * k->stencil.n_parts;
  PktQuickPlace place = { .name = shape->steps[i].name,
                          .list = shape->steps[i].kind == PKT_SHAPE_ARRAY,
                          .escaped = v->escaped };
  if (v->differs && !is_steady (k, shape, i)) { /* the hole behind it */
    place.begin = (guint8)(mark + 1);
    place.end = (guint8)(mark + 2);
  } else {
    place.begin = place.end = (guint8)mark;
    place.begin_in = (guint16)(v->at - begin);
    place.end_in = (guint16)(v->at - begin + v->n);
  }
  k->places[k->n_places++] = place;
}

static gboolean
add_parts (PktQuick *k, const PktEventShape *shape)
{
  guint8 holes[PKT_QUICK_BYTES] = { 0 };
  guint begin = 0;
  for (guint i = 0; i < k->n_values; i++) {
    const PktQuickValue *v = &k->value[i];
    add_place (k, shape, i, begin);
    if (!v->differs)
      continue;
    if (is_steady (k, shape, i)) {
      memset (holes + v->at, (int)kind_of (k, shape, i) + 1, v->n);
      continue;
    }
    if (!pkt_stencil_add (&k->stencil, k->sample + begin, holes + begin, v->at - begin,
                          hole_of (k, shape, i)))
      return FALSE;
    begin = v->at + v->n;
  }
  return pkt_stencil_add (&k->stencil, k->sample + begin, holes + begin, k->sample_n - begin,
                          (PktStencilPart){ 0 });
}

/* Which of two values of one name counts is for the slow way. */
static gboolean
names_one_twice (const PktEventShape *shape)
{
  for (guint i = 0; i < shape->n_steps; i++)
    for (guint later = i + 1; later < shape->n_steps; later++)
      if (shape->steps[i].name >= 0 && shape->steps[i].name == shape->steps[later].name)
        return TRUE;
  return FALSE;
}

static void
compile (PktQuick *k, const PktEventShape *shape)
{
  pkt_stencil_clear (&k->stencil);
  k->n_places = 0;
  k->ready = add_parts (k, shape);
  k->useless = !k->ready;
}

/* There is one more value. */
static void
note_escapes (PktQuickValue *v, PktShapeKind kind, PktSlice value)
{
  v->escaped |= kind == PKT_SHAPE_STRING && pkt_escapes_are_in (value);
}

static void
begin (PktQuick *k, const PktEventShape *shape, const PktSlice *values, PktSlice record)
{
  k->begun = TRUE;
  k->ready = FALSE;
  k->learnt = k->anew = 0;
  k->n_values = shape->n_steps;
  k->sample_n = (guint)record.n;
  k->useless = record.n > PKT_QUICK_BYTES || names_one_twice (shape);
  if (k->useless)
    return;
  memcpy (k->sample, record.p, record.n);
  for (guint i = 0; i < k->n_values; i++) {
    k->value[i] = (PktQuickValue){ .at = (guint16)(values[i].p - record.p),
                                   .n = (guint16)values[i].n };
    note_escapes (&k->value[i], shape->steps[i].kind, values[i]);
  }
}

static void
compare (PktQuick *k, const PktEventShape *shape, const PktSlice *values)
{
  for (guint i = 0; i < k->n_values; i++) {
    PktQuickValue *v = &k->value[i];
    v->differs |= !pkt_slice_equal (values[i], sample_of (k, i));
    v->varies |= v->n != values[i].n;
    note_escapes (v, shape->steps[i].kind, values[i]);
    if (shape->steps[i].kind == PKT_SHAPE_WORD && !is_number (values[i]))
      v->varies |= 2;
  }
}

void
pkt_quick_forget (PktQuick *q)
{
  if (q)
    q->begun = q->ready = FALSE;
}

void
pkt_quick_free (PktQuick *q)
{
  g_aligned_free (q);
}

void
pkt_quick_teach (PktQuick **q, const PktEventShape *shape, const PktSlice *values, PktSlice record)
{
  if (*q == NULL)
    *q = g_aligned_alloc0 (1, sizeof (PktQuick), PKT_STENCIL_STEP);
  PktQuick *k = *q;
  if (!k->begun) {
    begin (k, shape, values, record);
    return;
  }
  if (k->useless)
    return;
  k->anew += k->ready;
  k->useless = k->anew > PKT_QUICK_GIVE_UP; /* what was learnt so far stays */
  compare (k, shape, values);
  if (++k->learnt >= PKT_QUICK_LEARN && !k->useless)
    compile (k, shape);
}
