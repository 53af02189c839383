/* What the parser would make of a line, made where its block is read: the same functions are asked,
 * so both say the same. */
#include "packet/log/event-glance.h"
#include "packet/log/event-csv.h"
#include "packet/log/event-json.h"

#define TRIAL 2000 /* lines looked at before it is asked whether that saves anything */

/* What both kinds of export need. */
typedef struct {
  const PktGlanceRule *rule;
  PktEventMemo memo;
  guint looked, spared; /* lines; of these not to be parsed again */
} Weigher;

/* FALSE where most are Apple's, or nothing is told of them. */
static gboolean
is_worth_it (Weigher *w)
{
  if (w->looked == TRIAL && w->spared < TRIAL / 2)
    return FALSE;
  w->looked += w->looked < TRIAL;
  return TRUE;
}

static PktGlanceKind
whose (const PktGlanceRule *rule, const PktAttempt *a)
{
  if (a->remote_host.n == 0 && a->remote_ip.n == 0)
    return rule->other_domain (rule->data, a->recipient) ? PKT_GLANCE_ELSEWHERE_SO_FAR
                                                         : PKT_GLANCE_PLAIN;
  return rule->elsewhere (rule->data, a->recipient, a->remote_host, a->remote_ip)
             ? PKT_GLANCE_ELSEWHERE
             : PKT_GLANCE_PLAIN;
}

/* Of another receiver's accepted mail, or of no delivery at all. */
static void
weigh (Weigher *w, const PktEventService *s, const PktEventRow *row, PktGlance *out)
{
  PktAttempt a;
  if (w->rule->elsewhere && pkt_event_delivered (s, row, &w->memo, &a)) {
    out->kind = whose (w->rule, &a);
    out->stamp_kind = (guint8)a.stamp.kind;
    out->us = a.stamp.us;
    out->key = pkt_attempt_queue_key (&a);
    out->fingerprint = pkt_attempt_fingerprint (a.recipient, out->key, a.stamp);
  } else if (pkt_event_word (s, row, NULL) == PKT_WORD_OTHER)
    out->kind = PKT_GLANCE_KNOWN; /* NOTHING would do, if no record could be open before it */
  w->spared += w->looked < TRIAL && out->kind != PKT_GLANCE_PLAIN;
}

/* With apple_only: a line that need not be read. */
static gboolean
is_beside (const Weigher *w, PktSlice line, PktGlance *out)
{
  if (!w->rule->apple_only || w->rule->may_name (w->rule->data, line))
    return FALSE;
  out->kind = PKT_GLANCE_ELSEWHERE_SO_FAR;
  out->stamp_kind = PKT_STAMP_NONE;
  out->key = 0;
  return TRUE;
}

/* ---- JSON ---- */

typedef struct {
  Weigher weigher;
  PktEventJson json;
  gint16 set[PKT_EVENT_MAX_NAMES]; /* the names that the last row had values for … */
  guint n_set;
  const PktEventService *service; /* … and whose they are; NULL: nobody's, or an envelope */
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

static void
look (gpointer state, PktSlice line, PktGlance *out)
{
  Glancer *g = state;
  out->kind = PKT_GLANCE_PLAIN;
  if (looks_whole (line) && is_beside (&g->weigher, line, out))
    return;
  const PktEventService *s = is_worth_it (&g->weigher) ? read_line (g, line) : NULL;
  if (s)
    weigh (&g->weigher, s, &g->json.row, out);
}

const PktGlancer pkt_event_json_glancer = { begin, look, end };

/* ---- CSV ---- */

typedef struct {
  Weigher weigher;
  PktEventRow row;
  const PktCsvHeader *header; /* of `row` */
  GString *room;
} CsvGlancer;

static gpointer
csv_begin (const PktGlanceRule *rule)
{
  CsvGlancer *g = g_new0 (CsvGlancer, 1);
  g->weigher.rule = rule;
  g->room = g_string_new (NULL);
  return g;
}

static void
csv_end (gpointer state)
{
  CsvGlancer *g = state;
  g_string_free (g->room, TRUE);
  g_free (g);
}

/* No row that goes on in the next line: its quotes come in pairs. */
static gboolean
is_closed (PktSlice line)
{
  guint quotes = 0;
  const char *limit = line.p + line.n;
  for (const char *p = line.p; (p = pkt_find_byte (p, limit, '"')); p++)
    quotes++;
  return quotes % 2 == 0;
}

/* By the header that the parser last met: it may be another one for this row, so the glance says
 * which. */
static void
csv_look (gpointer state, PktSlice line, PktGlance *out)
{
  CsvGlancer *g = state;
  PktCsvShared *shared = g->weigher.rule->state;
  const PktCsvHeader *h = g_atomic_pointer_get (&shared->header);
  out->kind = PKT_GLANCE_PLAIN;
  if (h == NULL || line.n == 0 || pkt_csv_header_starts (h, line))
    return;
  out->daemon = h->number;
  if ((g->weigher.rule->apple_only && is_closed (line) && is_beside (&g->weigher, line, out))
      || !is_worth_it (&g->weigher))
    return;
  if (h != g->header)
    memset (&g->row, 0, sizeof g->row);
  g->header = h;
  if (pkt_csv_header_row (h, line, g->room, &g->row) < 0)
    return;
  weigh (&g->weigher, h->service, &g->row, out);
}

const PktGlancer pkt_event_csv_glancer = { csv_begin, csv_look, csv_end };
