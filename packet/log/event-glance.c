/* What the parser would make of a line, made where its block is read: the same functions are asked,
 * so both say the same. */
#include "packet/log/event-glance.h"
#include "packet/log/json-glance.h"
#include "packet/log/json-list.h"

static gpointer
begin (const PktGlanceRule *rule)
{
  PktJsonGlancer *g = g_new0 (PktJsonGlancer, 1);
  g->weigher.rule = rule;
  g->out.text = g_string_new (NULL);
  pkt_event_json_init (&g->json);
  for (guint i = 0; rule->sort && i < PKT_STAND_INS; i++)
    g->stand_ins[i] = rule->sort (pkt_stand_in (i));
  return g;
}

static void
end (gpointer state)
{
  PktJsonGlancer *g = state;
  pkt_event_json_clear (&g->json);
  g_string_free (g->out.text, TRUE);
  g_free (g);
}

static gboolean
is_enclosing (const PktEventJson *j)
{
  const GArray *names = pkt_event_map ()->envelopes;
  for (guint i = 0; i < names->len; i++)
    if (j->row.at[g_array_index (names, int, i)].p)
      return TRUE;
  return FALSE;
}

static void
choose_plain (PktJsonGlancer *g)
{
  gint16 where[PKT_EVENT_MAX_NAMES];
  memset (where, -1, sizeof where);
  for (guint i = 0; i < g->n_set; i++)
    where[g->set[i]] = g->set[i];
  pkt_plain_choose (g->service, where, &g->plain);
}

/* By the names that have values, which mostly are those of the row before. */
static const PktEventService *
service_of (PktJsonGlancer *g)
{
  const PktEventJson *j = &g->json;
  if (j->n_set == g->n_set && memcmp (j->set, g->set, j->n_set * sizeof *j->set) == 0)
    return g->service;
  const PktEventService *s = pkt_event_service (pkt_event_map (), &j->row);
  g->service = s && s->each->len == 0 && !is_enclosing (j) ? s : NULL;
  g->n_set = j->n_set;
  memcpy (g->set, j->set, j->n_set * sizeof *j->set);
  if (g->service)
    choose_plain (g);
  return g->service;
}

/* One record on the line, with one recipient, in the service's own words. */
static const PktEventService *
read_line (PktJsonGlancer *g, PktSlice line)
{
  PktEventJson *j = &g->json;
  if (line.n == 0 || line.p[0] != '{')
    return NULL;
  gsize n = pkt_event_json_read (j, line);
  if (n == 0 || j->around || j->list_name >= 0 || !pkt_json_is_rest (line, n))
    return NULL;
  return service_of (g);
}

/* Not the first line of a record that has more. */
static gboolean
looks_whole (PktSlice line)
{
  return line.n > 2 && line.p[0] == '{' && line.p[1] == '"'
         && line.p[line.n - (line.p[line.n - 1] == ',' ? 2 : 1)] == '}';
}

static gboolean
look_plain (PktJsonGlancer *g, const PktEventService *s, PktGlance *out)
{
  PktSlice values[PKT_N_PLAIN];
  for (guint i = 0; i < PKT_N_PLAIN; i++)
    values[i] = g->plain.at[i] < 0 ? pkt_slice (NULL, 0) : g->json.row.at[g->plain.at[i]];
  return pkt_weigh_plain (&g->weigher, s, &g->plain, values, out);
}

/* Of the six values; -2: it is a list. */
static int
find_place (const PktQuick *q, gint16 name)
{
  for (guint i = 0; name >= 0 && i < q->n_places; i++)
    if (q->places[i].name == name)
      return q->places[i].list ? -2 : (int)i;
  return -1;
}

/* A line of that shape says whose all of them are. */
static void
get_to_know (PktJsonGlancer *g, PktSlice line, const PktQuick *q, PktJsonKnown *k)
{
  k->service = read_line (g, line);
  if (k->service == NULL)
    return;
  k->plain = g->plain;
  for (guint i = 0; i < PKT_N_PLAIN; i++) {
    int place = find_place (q, g->plain.at[i]);
    k->places[i] = (gint8)place;
    if (place == -2)
      k->service = NULL;
  }
}

gboolean
pkt_json_values (PktJsonGlancer *g, PktSlice line, int which, const PktStencilMarks *marks,
                 PktSlice values[PKT_N_PLAIN])
{
  const PktQuick *q = g->json.shapes->quick[which];
  PktJsonKnown *k = &g->known[which];
  if (k->learnt != q->learnt || k->serial != g->json.shapes->shapes[which].serial) {
    k->serial = g->json.shapes->shapes[which].serial;
    k->learnt = q->learnt;
    get_to_know (g, line, q, k);
  }
  if (k->service == NULL)
    return FALSE;
  for (guint i = 0; i < PKT_N_PLAIN; i++) {
    values[i] = pkt_slice (NULL, 0);
    if (k->places[i] < 0)
      continue;
    const PktQuickPlace *place = &q->places[k->places[i]];
    values[i] = pkt_quick_value (place, marks);
    if (pkt_quick_is_escaped (place, values[i]))
      return FALSE;
  }
  return TRUE;
}

/* TRUE when it is told by a few values that are found without reading the line. */
static gboolean
look_quickly (PktJsonGlancer *g, PktSlice line, PktGlance *out)
{
  PktStencilMarks marks;
  PktSlice values[PKT_N_PLAIN];
  const int which = pkt_event_json_fits (&g->json, line, &marks);
  if (which < 0 || !pkt_json_values (g, line, which, &marks, values))
    return FALSE;
  const PktJsonKnown *k = &g->known[which];
  return pkt_weigh_plain (&g->weigher, k->service, &k->plain, values, out);
}

void
pkt_json_look (gpointer state, PktSlice line, PktGlance *out)
{
  PktJsonGlancer *g = state;
  out->kind = PKT_GLANCE_PLAIN;
  if (looks_whole (line) && pkt_weigh_is_beside (&g->weigher, line, out))
    return;
  if (!pkt_weigher_is_worth_it (&g->weigher) || look_quickly (g, line, out))
    return;
  const PktEventService *s = read_line (g, line);
  if (s && !look_plain (g, s, out))
    pkt_weigh (&g->weigher, s, &g->json.row, out);
}

const PktGlancer pkt_event_json_glancer = { begin, pkt_json_look, end, .split = pkt_json_split };
