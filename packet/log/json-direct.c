#include "packet/log/json-direct.h"

#define MAX_MISSES 64 /* of a shape; then its records are read at once */

/* A list of recipients makes several records, and a text may hold others. */
static gboolean
is_plain (const PktQuick *q)
{
  const PktEventMap *map = pkt_event_map ();
  for (guint i = 0; i < q->n_places; i++) {
    if (q->places[i].list && map->recipients[q->places[i].name])
      return FALSE;
    for (guint k = 0; k < map->envelopes->len; k++)
      if (g_array_index (map->envelopes, int, k) == q->places[i].name)
        return FALSE;
  }
  return TRUE;
}

static void
get_to_know (PktJsonDirectShape *k, PktEventJson *j, const PktQuick *q, PktSlice line)
{
  gint16 where[PKT_EVENT_MAX_NAMES];
  k->service = NULL;
  k->misses = 0;
  if (!is_plain (q) || pkt_event_json_read (j, line) == 0 || j->around || j->list_name >= 0)
    return;
  const PktEventService *service = pkt_event_service (pkt_event_map (), &j->row);
  if (service == NULL)
    return;
  memset (where, -1, sizeof where);
  for (guint i = 0; i < q->n_places; i++)
    where[q->places[i].name] = (gint16)i;
  pkt_direct_choose (service, where, &k->places);
  k->event = -1;
  for (guint i = 0; i < k->places.n; i++)
    if (k->places.asked[i].field == PKT_FIELD_EVENT)
      k->event = k->places.asked[i].column;
  k->service = k->places.usable && k->event >= 0 && !q->places[k->event].list ? service : NULL;
}

/* Those that are asked for, without the blanks around them; FALSE when one has to be decoded. */
static gboolean
take_values (const PktJsonDirectShape *k, PktEventJson *j, const PktQuick *q,
             const PktStencilMarks *marks, PktSlice values[PKT_N_FIELDS])
{
  memset (values, 0, PKT_N_FIELDS * sizeof *values);
  for (guint i = 0; i < k->places.n; i++) {
    const PktQuickPlace *place = &q->places[k->places.asked[i].column];
    PktSlice v = pkt_quick_value (place, marks);
    if (place->list) {
      j->list = pkt_slice (v.p + 1, v.n - 2);
      if (pkt_escapes_are_in (v))
        return FALSE;
      if (!pkt_event_json_next (j, &v))
        v = pkt_slice (NULL, 0);
    }
    if (pkt_quick_is_escaped (place, v))
      return FALSE;
    if (v.n && ((guchar)v.p[0] <= ' ' || (guchar)v.p[v.n - 1] <= ' '))
      v = pkt_slice_trim (v);
    values[k->places.asked[i].field] = v.n ? v : pkt_slice (NULL, 0); /* "sender":"" */
  }
  return TRUE;
}

gboolean
pkt_json_direct_emit (PktJsonDirect *d, PktEventJson *j, PktSlice line, int which,
                      const PktStencilMarks *marks, PktEventOut *out, PktRecordKind *kind)
{
  const PktQuick *q = j->shapes->quick[which];
  PktJsonDirectShape *k = &d->shapes[which];
  PktSlice values[PKT_N_FIELDS];
  if (k->learnt != q->learnt || k->serial != j->shapes->shapes[which].serial) {
    k->serial = j->shapes->shapes[which].serial;
    k->learnt = q->learnt;
    get_to_know (k, j, q, line);
  }
  if (k->service == NULL)
    return FALSE;
  const PktPlainWord word = pkt_plain_read_word (
      k->service, pkt_quick_value (&q->places[k->event], marks), &d->memo);
  *kind = word == PKT_PLAIN_OTHER ? PKT_RECORD_OTHER : PKT_RECORD_ATTEMPT;
  if (word == PKT_PLAIN_OTHER)
    return TRUE;
  if (word != PKT_PLAIN_DELIVERED || !take_values (k, j, q, marks, values))
    return FALSE;
  const gboolean emitted = pkt_direct_emit (k->service, &k->places, values, &d->memo, out);
  k->misses = emitted ? 0 : k->misses + 1;
  if (k->misses == MAX_MISSES)
    k->service = NULL;
  return emitted;
}
