#include "packet/log/event-quick.h"

/* ---- learning ---- */

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
  if (shape->steps[i].kind != PKT_SHAPE_WORD)
    return shape->steps[i].kind == PKT_SHAPE_STRING ? PKT_HOLE_TEXT : PKT_HOLE_OTHER;
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
                           .named = shape->steps[i].name >= 0,
                           .filled = kind == PKT_HOLE_OTHER ? pkt_stencil_names_text (said)
                                                            : !is_null (said) };
}

/* The only value of that name; -1: there is none, -2: two of them, or none that is plain text. */
static int
find_value (const PktQuick *k, const PktEventShape *shape, gint16 name)
{
  int found = -1;
  for (guint i = 0; name >= 0 && i < shape->n_steps; i++)
    if (shape->steps[i].name == name)
      found = found == -1 && shape->steps[i].kind != PKT_SHAPE_OTHER ? (int)i : -2;
  if (found >= 0 && k->value[found].differs && shape->steps[found].kind == PKT_SHAPE_WORD
      && is_null (sample_of (k, (guint)found)))
    return -2;
  return found;
}

/* `begin` and `part`: of the part that value i lies in or behind. */
static void
place_plain (PktQuick *k, guint i, const int wanted[PKT_N_PLAIN], guint part, guint begin,
             gboolean steady)
{
  for (guint plain = 0; plain < PKT_N_PLAIN; plain++)
    if (wanted[plain] == (int)i)
      k->plain[plain] = (PktQuickPlace){ .part = (gint8)part,
                                         .varies = !steady,
                                         .at = (guint16)(k->value[i].at - begin),
                                         .n = k->value[i].n };
}

static void
place_fixed (PktQuick *k, const PktEventShape *shape, const int wanted[PKT_N_PLAIN])
{
  for (guint plain = 0; plain < PKT_N_PLAIN; plain++) {
    const int i = wanted[plain];
    gboolean none
        = i < 0 || (shape->steps[i].kind == PKT_SHAPE_WORD && is_null (sample_of (k, (guint)i)));
    k->plain[plain] = (PktQuickPlace){ .part = -1,
                                       .said = none ? pkt_slice (NULL, 0)
                                                    : sample_of (k, (guint)i) };
  }
}

static gboolean
add_parts (PktQuick *k, const PktEventShape *shape, const int wanted[PKT_N_PLAIN])
{
  guint8 holes[PKT_QUICK_BYTES] = { 0 };
  guint begin = 0;
  for (guint i = 0; i < k->n_values; i++) {
    const PktQuickValue *v = &k->value[i];
    if (!v->differs)
      continue;
    gboolean steady = is_steady (k, shape, i);
    place_plain (k, i, wanted, k->stencil.n_parts, begin, steady);
    if (steady) {
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

/* One of the six that is no plain text is for the slow way. */
static void
compile (PktQuick *k, const PktEventShape *shape)
{
  int wanted[PKT_N_PLAIN];
  for (guint plain = 0; plain < PKT_N_PLAIN; plain++) {
    wanted[plain] = find_value (k, shape, k->places.at[plain]);
    k->useless |= wanted[plain] == -2;
  }
  pkt_stencil_clear (&k->stencil);
  place_fixed (k, shape, wanted);
  k->useless = k->useless || !add_parts (k, shape, wanted);
  k->ready = !k->useless;
}

static void
begin (PktQuick *k, const PktEventShape *shape, const PktSlice *values, PktSlice record,
       const PktEventService *service, const PktPlainPlaces *places)
{
  memset (k, 0, G_STRUCT_OFFSET (PktQuick, sample));
  k->serial = shape->serial;
  k->service = service;
  k->places = *places;
  k->n_values = shape->n_steps;
  k->sample_n = (guint)record.n;
  k->useless = record.n > PKT_QUICK_BYTES;
  if (k->useless)
    return;
  memcpy (k->sample, record.p, record.n);
  for (guint i = 0; i < k->n_values; i++) {
    k->value[i].at = (guint16)(values[i].p - record.p);
    k->value[i].n = (guint16)values[i].n;
  }
}

static void
compare (PktQuick *k, const PktEventShape *shape, const PktSlice *values)
{
  for (guint i = 0; i < k->n_values; i++) {
    PktQuickValue *v = &k->value[i];
    v->differs |= !pkt_slice_equal (values[i], sample_of (k, i));
    v->varies |= v->n != values[i].n;
    if (shape->steps[i].kind == PKT_SHAPE_WORD && !is_number (values[i]))
      v->varies |= 2;
  }
}

static PktQuick *
find (PktQuicks *q, guint32 serial)
{
  for (guint i = 0; i < PKT_QUICK_KINDS; i++)
    if (q->all[i].serial == serial)
      return &q->all[i];
  return NULL;
}

/* The one that was learnt least goes. */
static PktQuick *
find_room (PktQuicks *q)
{
  PktQuick *least = q->all;
  for (guint i = 1; i < PKT_QUICK_KINDS; i++)
    if (q->all[i].serial == 0 || q->all[i].learnt < least->learnt)
      least = &q->all[i];
  return least;
}

void
pkt_quick_teach (PktQuicks *q, const PktEventShape *shape, const PktSlice *values, PktSlice record,
                 const PktEventService *service, const PktPlainPlaces *places)
{
  if (q->all == NULL)
    q->all = g_new0 (PktQuick, PKT_QUICK_KINDS);
  PktQuick *k = find (q, shape->serial);
  if (k == NULL) {
    begin (find_room (q), shape, values, record, service, places);
    return;
  }
  if (k->useless)
    return;
  k->anew += k->ready;
  k->useless = k->anew > PKT_QUICK_GIVE_UP;
  compare (k, shape, values);
  if (++k->learnt >= PKT_QUICK_LEARN && !k->useless)
    compile (k, shape);
}

/* ---- reading ---- */

static inline PktSlice
value_at (const PktQuickPlace *at, const PktStencilMarks *marks)
{
  if (at->part < 0)
    return at->said;
  if (at->varies)
    return pkt_slice (marks->begin[at->part],
                      (gsize)(marks->end[at->part + 1] - marks->begin[at->part]));
  return pkt_slice (marks->end[at->part] + at->at, at->n);
}

const PktQuick *
pkt_quick_read (PktQuicks *q, PktSlice line, PktSlice values[PKT_N_PLAIN])
{
  PktStencilMarks marks;
  for (guint i = 0; q->all && i < PKT_QUICK_KINDS; i++) {
    guint which = (q->last + i) % PKT_QUICK_KINDS;
    const PktQuick *k = &q->all[which];
    if (!k->ready || !pkt_stencil_fits (&k->stencil, line, &marks))
      continue;
    for (guint plain = 0; plain < PKT_N_PLAIN; plain++)
      values[plain] = value_at (&k->plain[plain], &marks);
    q->last = which;
    return k;
  }
  return NULL;
}

void
pkt_quick_clear (PktQuicks *q)
{
  g_clear_pointer (&q->all, g_free);
}
