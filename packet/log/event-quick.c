#include "packet/log/event-quick.h"

/* ---- learning ---- */

static gboolean
is_filled (PktShapeKind kind, PktSlice value)
{
  if (kind == PKT_SHAPE_WORD)
    return !pkt_slice_equal (value, PKT_SLICE ("null"));
  return kind == PKT_SHAPE_STRING || pkt_slice_starts (value, PKT_SLICE ("[\""));
}

static PktSlice
sample_of (const PktQuick *k, guint i)
{
  return pkt_slice (k->sample + k->value[i].at, k->value[i].n);
}

/* Which of the six the value is; the last of two with one name counts. */
static int
plain_of (const PktQuick *k, const PktEventShape *shape, guint i)
{
  int name = shape->steps[i].name;
  for (guint later = i + 1; name >= 0 && later < shape->n_steps; later++)
    if (shape->steps[later].name == name)
      return -1;
  for (int plain = 0; name >= 0 && plain < PKT_N_PLAIN; plain++)
    if (k->places.at[plain] == name)
      return plain;
  return -1;
}

static guint
plains_at (const PktQuick *k, int name)
{
  guint n = 0;
  for (int plain = 0; name >= 0 && plain < PKT_N_PLAIN; plain++)
    n += k->places.at[plain] == name;
  return n;
}

/* One of the six that is no plain text is for the slow way, and one that stands for two. */
static gboolean
add_step (PktQuick *k, const PktEventShape *shape, guint i, guint *from)
{
  const PktShapeStep *step = &shape->steps[i];
  int plain = plain_of (k, shape, i);
  if (k->n_steps == PKT_QUICK_STEPS || (plain >= 0 && step->kind == PKT_SHAPE_OTHER)
      || plains_at (k, step->name) > 1)
    return FALSE;
  guint text_n = k->value[i].at - *from;
  memcpy (k->text + k->text_n, k->sample + *from, text_n);
  k->text_n += text_n;
  k->steps[k->n_steps++] = (PktQuickStep){ .text_n = (guint16)text_n,
                                           .kind = (guint8)step->kind,
                                           .plain = (gint8)plain,
                                           .filled = is_filled (step->kind, sample_of (k, i)),
                                           .named = step->name >= 0 };
  *from = k->value[i].at + k->value[i].n;
  return TRUE;
}

/* Two of the six may stand in one place. */
static void
set_fixed (PktQuick *k, const PktEventShape *shape, guint i)
{
  const PktShapeStep *step = &shape->steps[i];
  if (plain_of (k, shape, i) < 0 || !is_filled (step->kind, sample_of (k, i)))
    return;
  if (step->kind == PKT_SHAPE_OTHER)
    k->useless = TRUE;
  for (int plain = 0; plain < PKT_N_PLAIN; plain++)
    if (k->places.at[plain] == step->name)
      k->fixed[plain] = sample_of (k, i);
}

static void
compile (PktQuick *k, const PktEventShape *shape)
{
  guint from = 0;
  k->n_steps = k->text_n = 0;
  memset (k->fixed, 0, sizeof k->fixed);
  for (guint i = 0; i < k->n_values && !k->useless; i++) {
    if (!k->value[i].differs)
      set_fixed (k, shape, i);
    else
      k->useless = !add_step (k, shape, i, &from);
  }
  memcpy (k->text + k->text_n, k->sample + from, k->sample_n - from);
  k->text_n += k->sample_n - from;
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
compare (PktQuick *k, const PktSlice *values)
{
  for (guint i = 0; i < k->n_values; i++)
    k->value[i].differs |= !pkt_slice_equal (values[i], sample_of (k, i));
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
  compare (k, values);
  if (++k->learnt >= PKT_QUICK_LEARN && !k->useless)
    compile (k, shape);
}

/* ---- reading ---- */

/* A value where the sample had none, or none where it had one, makes it another service's record
 * perhaps. */
static inline gboolean
is_like (const PktQuickStep *step, PktSlice value)
{
  return step->kind == PKT_SHAPE_STRING || !step->named
         || is_filled ((PktShapeKind)step->kind, value) == step->filled;
}

static gboolean
read_as (const PktQuick *k, PktSlice line, PktSlice values[PKT_N_PLAIN])
{
  const char *p = line.p, *limit = p + line.n, *text = k->text;
  for (guint i = 0; i < k->n_steps; i++) {
    const PktQuickStep *step = &k->steps[i];
    if ((gsize)(limit - p) < step->text_n || !pkt_bytes_same (p, text, step->text_n))
      return FALSE;
    p += step->text_n;
    text += step->text_n;
    const char *end = pkt_shape_value_end ((PktShapeKind)step->kind, p, limit);
    if (end == NULL || !is_like (step, pkt_slice (p, (gsize)(end - p))))
      return FALSE;
    if (step->plain >= 0)
      values[step->plain] = pkt_slice (p, (gsize)(end - p));
    p = end;
  }
  gsize last = (gsize)(k->text + k->text_n - text);
  if ((gsize)(limit - p) < last || !pkt_bytes_same (p, text, last))
    return FALSE;
  p += last;
  return p == limit || (p + 1 == limit && *p == ',');
}

const PktQuick *
pkt_quick_read (PktQuicks *q, PktSlice line, PktSlice values[PKT_N_PLAIN])
{
  for (guint i = 0; q->all && i < PKT_QUICK_KINDS; i++) {
    guint which = (q->last + i) % PKT_QUICK_KINDS;
    const PktQuick *k = &q->all[which];
    if (!k->ready)
      continue;
    memcpy (values, k->fixed, sizeof k->fixed);
    if (!read_as (k, line, values))
      continue;
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
