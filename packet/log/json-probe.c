/* Whether a line is of a JSON log of events: by the records that it holds, or as a line of one that
 * is laid out over many. */
#include "packet/log/json-probe.h"
#include "packet/log/json-around.h"
#include "packet/log/json-records.h"

typedef struct {
  PktEventJson *json[PKT_JSON_ENVELOPES + 1]; /* made when they are needed: they are large */
  guint events;                               /* found */
  guint named; /* of a service known by its names, which has the event's word */
  guint depth; /* envelopes around */
} Probe;

/* What the record is read into that stands in so many envelopes. */
static PktEventJson *
json_now (Probe *p)
{
  PktEventJson **json = &p->json[p->depth];
  if (*json == NULL) {
    *json = g_new0 (PktEventJson, 1);
    pkt_event_json_init (*json);
  }
  return *json;
}

static void
count_event (Probe *p, const PktEventJson *j)
{
  const PktEventService *service = pkt_event_service (pkt_event_map (), &j->row);
  if (service == NULL)
    return;
  const gboolean named = service->marks->len > 1,
                 told = pkt_event_word (service, &j->row, NULL, NULL) != PKT_WORD_UNKNOWN;
  p->named += named && (told || service->fields[PKT_FIELD_EVENT]->len == 0);
  p->events += named || told;
}

static void probe_record (PktSlice text, gpointer data);

static const PktJsonRecordUse probing = { pkt_json_is_list_key, pkt_json_is_recipient_key,
                                          probe_record };

static void
probe_text (Probe *p, PktSlice text)
{
  PktJsonRecords *records = pkt_json_records_new (&probing);
  pkt_json_records_feed (records, text, p);
  pkt_json_records_free (records);
}

/* Where no service is known by its own names, the word of the event must be in a list: an object
 * with an address and a type is no event yet. */
static void
probe_record (PktSlice text, gpointer data)
{
  Probe *p = data;
  PktEventJson *j = json_now (p);
  if (pkt_event_json_read (j, text) == 0)
    return;
  text = pkt_json_enclosed (j);
  if (text.n == 0)
    count_event (p, j);
  if (text.n == 0 || p->depth == PKT_JSON_ENVELOPES)
    return;
  p->depth++;
  probe_text (p, text);
  p->depth--;
}

/* Some service has the key for events, and the word as one. */
static gboolean
is_event (PktSlice key, PktSlice word)
{
  char folded[PKT_EVENT_MAX_NAME];
  const PktEventMap *map = pkt_event_map ();
  int name = pkt_event_fold (key, folded) ? pkt_event_name (map, folded) : -1;
  if (name < 0 || !pkt_event_fold (word, folded))
    return FALSE;
  for (guint i = 0; i < map->services->len; i++) {
    const PktEventService *s = g_ptr_array_index (map->services, i);
    const GArray *names = s->fields[PKT_FIELD_EVENT];
    for (guint k = 0; s->marks->len > 1 && k < names->len; k++)
      if (g_array_index (names, PktEventName, k).index == name
          && g_hash_table_contains (s->words, folded))
        return TRUE;
  }
  return FALSE;
}

static gboolean
is_envelope_key (PktSlice key)
{
  char folded[PKT_EVENT_MAX_NAME];
  const PktEventMap *map = pkt_event_map ();
  int name = pkt_event_fold (key, folded) ? pkt_event_name (map, folded) : -1;
  for (guint i = 0; i < map->envelopes->len; i++)
    if (g_array_index (map->envelopes, int, i) == name)
      return TRUE;
  return FALSE;
}

/* `"email": "dana.reader@icloud.com",`, `"eventType": "Bounce",` or `"Body": "{\"Type\": …` alone
 * on its line. */
static guint
probe_member (PktSlice line)
{
  PktSlice key = pkt_slice_until (pkt_slice_skip (line, 1), '"'),
           rest = pkt_slice_trim (pkt_slice_skip (line, key.n + 2));
  if (rest.n < 2 || rest.p[0] != ':')
    return 0;
  rest = pkt_slice_trim (pkt_slice_skip (rest, 1));
  if (rest.n < 3 || rest.p[0] != '"')
    return 0;
  PktSlice text = pkt_slice_until (pkt_slice_skip (rest, 1), '"');
  gboolean address = memchr (text.p, '@', text.n) || pkt_slice_find (text, PKT_SLICE ("\\u0040")).p;
  gboolean envelope = pkt_slice_equal (text, PKT_SLICE ("{\\")) && is_envelope_key (key);
  address = address || (envelope && memchr (rest.p, '@', rest.n));
  return address && (envelope || pkt_json_is_recipient_key (key)) ? 20
         : is_event (key, text)                                   ? 20
                                                                  : 0;
}

static void
probe_whole (Probe *p, PktSlice text)
{
  probe_text (p, text);
  for (guint i = 0; i <= PKT_JSON_ENVELOPES && p->json[i]; i++) {
    pkt_event_json_clear (p->json[i]);
    g_free (p->json[i]);
  }
}

static guint
probe_records (PktSlice line)
{
  Probe p = { 0 };
  probe_whole (&p, line);
  return p.events ? 90 : 0;
}

gboolean
pkt_json_is_of_service (PktSlice text)
{
  Probe p = { 0 };
  if (text.n < 2 || (text.p[0] != '{' && text.p[0] != '[') || !memchr (text.p, '@', text.n))
    return FALSE;
  probe_whole (&p, text);
  return p.named > 0;
}

guint
pkt_json_probe (PktSlice line)
{
  g_autofree char *room = NULL;
  line = pkt_slice_trim (pkt_json_without_form (pkt_slice_skip_mark (line), &room));
  if (line.n && line.p[0] == '"')
    return probe_member (line);
  if (line.n == 0
      || (!memchr (line.p, '@', line.n) && !pkt_slice_find (line, PKT_SLICE ("\\u0040")).p))
    return 0;
  if (line.p[0] != '{' && line.p[0] != '[' && line.p[0] != ',')
    return 0;
  return probe_records (line);
}
