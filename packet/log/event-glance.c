/* What the parser would make of a line, made where its block is read: the same functions are asked,
 * so both say the same. */
#include "packet/log/event-glance.h"
#include "packet/log/event-json.h"
#include "packet/log/event-quick.h"
#include "packet/log/event-weigh.h"

typedef struct {
  PktWeigher weigher;
  PktEventJson json;
  gint16 set[PKT_EVENT_MAX_NAMES]; /* the names that the last row had values for … */
  guint n_set;
  const PktEventService *service; /* … and whose they are; NULL: nobody's, or an envelope */
  PktPlainPlaces plain;           /* of the service's names among them */
  PktQuicks quick;
} Glancer;

static gpointer
begin (const PktGlanceRule *rule)
{
  Glancer *g = g_new0 (Glancer, 1);
  g->weigher.rule = rule;
  pkt_event_json_init (&g->json);
  return g;
}

static void
end (gpointer state)
{
  Glancer *g = state;
  pkt_event_json_clear (&g->json);
  pkt_quick_clear (&g->quick);
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
choose_plain (Glancer *g)
{
  gint16 where[PKT_EVENT_MAX_NAMES];
  memset (where, -1, sizeof where);
  for (guint i = 0; i < g->n_set; i++)
    where[g->set[i]] = g->set[i];
  pkt_plain_choose (g->service, where, &g->plain);
}

/* By the names that have values, which mostly are those of the row before. */
static const PktEventService *
service_of (Glancer *g)
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
read_line (Glancer *g, PktSlice line)
{
  PktEventJson *j = &g->json;
  if (line.n == 0 || line.p[0] != '{')
    return NULL;
  gsize n = pkt_event_json_read (j, line);
  if (n == 0 || j->around || j->list_name >= 0
      || !(n == line.n || (n + 1 == line.n && line.p[n] == ',')))
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
look_plain (Glancer *g, const PktEventService *s, PktGlance *out)
{
  PktSlice values[PKT_N_PLAIN];
  for (guint i = 0; i < PKT_N_PLAIN; i++)
    values[i] = g->plain.at[i] < 0 ? pkt_slice (NULL, 0) : g->json.row.at[g->plain.at[i]];
  return pkt_weigh_plain (&g->weigher, s, &g->plain, values, out);
}

/* *is_known: it is written in a way that was learnt, though that did not tell enough. */
static gboolean
look_quickly (Glancer *g, PktSlice line, gboolean *is_known, PktGlance *out)
{
  PktSlice values[PKT_N_PLAIN];
  const PktQuick *k = pkt_quick_read (&g->quick, line, values);
  *is_known = k != NULL;
  return k && pkt_weigh_plain (&g->weigher, k->service, &k->places, values, out);
}

static void
teach (Glancer *g, PktSlice line, const PktEventService *s)
{
  const PktEventShapes *all = g->json.shapes;
  if (all && all->alike)
    pkt_quick_teach (&g->quick, all->alike, all->values,
                     pkt_slice (line.p, line.n - (line.p[line.n - 1] == ',')), s, &g->plain);
}

static void
look (gpointer state, PktSlice line, PktGlance *out)
{
  Glancer *g = state;
  out->kind = PKT_GLANCE_PLAIN;
  if (looks_whole (line) && pkt_weigh_is_beside (&g->weigher, line, out))
    return;
  gboolean is_known;
  if (!pkt_weigher_is_worth_it (&g->weigher) || look_quickly (g, line, &is_known, out))
    return;
  const PktEventService *s = read_line (g, line);
  if (s == NULL)
    return;
  if (!is_known)
    teach (g, line, s);
  if (!look_plain (g, s, out))
    pkt_weigh (&g->weigher, s, &g->json.row, out);
}

const PktGlancer pkt_event_json_glancer = { begin, look, end, .dated = FALSE };
