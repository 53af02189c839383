/* What the parser would make of a line, made where its block is read: the same functions are asked,
 * so both say the same. */
#include "packet/log/event-glance.h"
#include "packet/log/event-csv.h"
#include "packet/log/event-json.h"
#include "packet/log/event-quick.h"

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

/* Of another receiver's accepted mail, or of no delivery at all. */
static void
weigh (Weigher *w, const PktEventService *s, const PktEventRow *row, PktGlance *out)
{
  if (!(w->rule->elsewhere && pkt_plain_ask (w->rule, s, row, &w->memo, out))
      && pkt_event_word (s, row, NULL) == PKT_WORD_OTHER)
    out->kind = PKT_GLANCE_KNOWN; /* NOTHING would do, if no record could be open before it */
  w->spared += w->looked < TRIAL && out->kind != PKT_GLANCE_PLAIN;
}

/* The same by the six values that most rows are told by; FALSE when it has to be read whole. */
static gboolean
weigh_plain (Weigher *w, const PktEventService *s, const PktPlainPlaces *places,
             const PktSlice values[PKT_N_PLAIN], PktGlance *out)
{
  gboolean told = w->rule->elsewhere && pkt_plain_look (w->rule, s, places, values, &w->memo, out);
  w->spared += told && w->looked < TRIAL && out->kind != PKT_GLANCE_PLAIN;
  return told;
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
  return weigh_plain (&g->weigher, s, &g->plain, values, out);
}

/* *is_known: it is written in a way that was learnt, though that did not tell enough. */
static gboolean
look_quickly (Glancer *g, PktSlice line, gboolean *is_known, PktGlance *out)
{
  PktSlice values[PKT_N_PLAIN];
  const PktQuick *k = pkt_quick_read (&g->quick, line, values);
  *is_known = k != NULL;
  return k && weigh_plain (&g->weigher, k->service, &k->places, values, out);
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
  if (looks_whole (line) && is_beside (&g->weigher, line, out))
    return;
  gboolean is_known;
  if (!is_worth_it (&g->weigher) || look_quickly (g, line, &is_known, out))
    return;
  const PktEventService *s = read_line (g, line);
  if (s == NULL)
    return;
  if (!is_known)
    teach (g, line, s);
  if (!look_plain (g, s, out))
    weigh (&g->weigher, s, &g->json.row, out);
}

const PktGlancer pkt_event_json_glancer = { begin, look, end, .dated = FALSE };

/* ---- CSV ---- */

typedef struct {
  Weigher weigher;
  PktEventRow row;
  const PktCsvHeader *header; /* of `row` */
  PktCsvCuts cuts;
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

static gboolean
cut_row (CsvGlancer *g, const PktCsvHeader *h, PktSlice line, PktGlance *out)
{
  PktSlice values[PKT_N_PLAIN];
  if (!pkt_csv_cut (line, h->separator, &g->cuts) || (int)g->cuts.n != h->columns)
    return FALSE;
  for (guint i = 0; i < PKT_N_PLAIN; i++)
    values[i] = h->plain.at[i] < 0 ? pkt_slice (NULL, 0)
                                   : pkt_csv_cut_field (&g->cuts, line, (guint)h->plain.at[i]);
  return weigh_plain (&g->weigher, h->service, &h->plain, values, out);
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
  if (cut_row (g, h, line, out))
    return;
  if (h != g->header)
    memset (&g->row, 0, sizeof g->row);
  g->header = h;
  if (pkt_csv_header_row (h, line, g->room, &g->row) < 0)
    return;
  weigh (&g->weigher, h->service, &g->row, out);
}

const PktGlancer pkt_event_csv_glancer = { csv_begin, csv_look, csv_end, .dated = FALSE };
