/* What the parser would make of a line, made where its block is read: the same functions are asked,
 * so both say the same. */
#include "packet/log/event-glance.h"
#include "packet/log/event-json.h"

#define TRIAL 2000 /* lines looked at before it is asked whether that saves anything */

typedef struct {
  const PktGlanceRule *rule;
  PktEventJson json;
  PktEventOut out;
  PktGlance *seen;      /* of the line looked at */
  guint looked, spared; /* lines; of these not to be parsed again */
} Glancer;

/* Takes the place of the counter. */
static void
weigh (PktRecordKind kind, const PktAttempt *a, gpointer data)
{
  Glancer *g = data;
  if (kind != PKT_RECORD_ATTEMPT || a->outcome != PKT_DELIVERED || !a->smtp
      || !g->rule->elsewhere (g->rule->data, a->recipient, a->remote_host, a->remote_ip))
    return;
  g->seen->kind = PKT_GLANCE_ELSEWHERE;
  g->seen->stamp_kind = (guint8)a->stamp.kind;
  g->seen->us = a->stamp.us;
  g->seen->key = pkt_attempt_queue_key (a);
  g->seen->fingerprint = pkt_attempt_fingerprint (a->recipient, g->seen->key, a->stamp);
}

static gpointer
begin (const PktGlanceRule *rule)
{
  Glancer *g = g_new0 (Glancer, 1);
  g->rule = rule;
  g->out.text = g_string_new (NULL);
  g->out.sink = weigh;
  g->out.data = g;
  pkt_event_json_init (&g->json);
  return g;
}

static void
end (gpointer state)
{
  Glancer *g = state;
  g_string_free (g->out.text, TRUE);
  pkt_event_json_clear (&g->json);
  g_free (g);
}

static gboolean
is_enclosing (const PktEventJson *j)
{
  const GArray *names = pkt_event_map ()->envelopes;
  for (guint i = 0; i < names->len; i++)
    if (j->row.at[g_array_index (names, int, i)].n)
      return TRUE;
  return FALSE;
}

/* One record on the line, with one recipient, in the service's own words. */
static const PktEventService *
read_line (Glancer *g, PktSlice line)
{
  PktEventJson *j = &g->json;
  if (line.n == 0 || line.p[0] != '{')
    return NULL;
  gsize n = pkt_event_json_read (j, line);
  if (n == 0 || j->around || j->list_name >= 0 || is_enclosing (j)
      || !(n == line.n || (n + 1 == line.n && line.p[n] == ',')))
    return NULL;
  const PktEventService *s = pkt_event_service (pkt_event_map (), &j->row);
  return s && s->each->len == 0 ? s : NULL;
}

static void
look (gpointer state, PktSlice line, PktGlance *out)
{
  Glancer *g = state;
  out->kind = PKT_GLANCE_PLAIN;
  if (g->looked == TRIAL && g->spared < TRIAL / 2) /* most are Apple's, or tell no host */
    return;
  g->looked += g->looked < TRIAL;
  const PktEventService *s = read_line (g, line);
  if (s == NULL)
    return;
  if (pkt_event_word (s, &g->json.row, NULL) == PKT_WORD_OTHER)
    out->kind = PKT_GLANCE_KNOWN; /* NOTHING would do, if no record could be open before it */
  else if (g->rule->elsewhere) {
    g->seen = out;
    pkt_event_emit (s, &g->json.row, &g->out);
  }
  g->spared += g->looked < TRIAL && out->kind != PKT_GLANCE_PLAIN;
}

const PktGlancer pkt_event_json_glancer = { begin, look, end };
