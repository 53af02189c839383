/* Events as JSON: an object a line, several on one line, or an array with an object a line
 * ("[{…},", "{…}]"): SendGrid's webhook, KumoMTA's logs, Amazon SES (also inside an SNS message),
 * and whatever calls its keys as others do. */
#include "packet/log/event-json.h"

#define MAX_ENVELOPES 2 /* an SNS message inside an SQS body */

typedef struct {
  PktEventOut out;
  PktEventJson json[MAX_ENVELOPES + 1];
} Json;

static gpointer
begin (void)
{
  Json *s = g_new0 (Json, 1);
  s->out.text = g_string_new (NULL);
  for (guint i = 0; i <= MAX_ENVELOPES; i++)
    pkt_event_json_init (&s->json[i]);
  return s;
}

static void
end (gpointer state)
{
  Json *s = state;
  for (guint i = 0; i <= MAX_ENVELOPES; i++)
    pkt_event_json_clear (&s->json[i]);
  g_string_free (s->out.text, TRUE);
  g_free (s);
}

static PktStamp
last_stamp (gpointer state)
{
  return ((Json *)state)->out.last;
}

/* {"Type":"Notification","Message":"{\"eventType\":…}"} and {"Body":"…"}: the record is a text. */
static PktSlice
enclosed (const PktEventJson *j)
{
  const GArray *names = pkt_event_map ()->envelopes;
  for (guint i = 0; i < names->len; i++) {
    PktSlice text = pkt_slice_trim (j->row.at[g_array_index (names, int, i)]);
    if (text.n && text.p[0] == '{')
      return text;
  }
  return pkt_slice (NULL, 0);
}

static gboolean
is_recipient (const PktEventService *s, int name)
{
  for (guint i = 0; i < s->fields[PKT_FIELD_RECIPIENT]->len; i++)
    if (g_array_index (s->fields[PKT_FIELD_RECIPIENT], PktEventName, i).index == name)
      return TRUE;
  return FALSE;
}

/* KumoMTA since 2025.12: "recipient" may be an array. */
static PktRecordKind
emit_each (Json *s, PktEventJson *j, const PktEventService *service)
{
  PktRecordKind kind = PKT_RECORD_OTHER;
  PktSlice recipient;
  while (pkt_event_json_next (j, &recipient)) {
    j->row.at[j->list_name] = recipient;
    kind = pkt_event_emit (service, &j->row, &s->out);
    if (kind == PKT_RECORD_UNKNOWN || kind == PKT_RECORD_OTHER)
      break;
  }
  return kind;
}

static PktRecordKind parse_text (Json *s, PktSlice text, guint depth);

static PktRecordKind
take_record (Json *s, PktEventJson *j, guint depth)
{
  PktSlice inside = depth < MAX_ENVELOPES ? enclosed (j) : pkt_slice (NULL, 0);
  if (inside.n)
    return parse_text (s, inside, depth + 1);
  const PktEventService *service = pkt_event_service (pkt_event_map (), &j->row);
  if (service == NULL)
    return PKT_RECORD_UNKNOWN;
  if (service->each->len)
    return pkt_event_json_each (service, j->record, &s->out);
  if (j->list_name >= 0 && is_recipient (service, j->list_name))
    return emit_each (s, j, service);
  return pkt_event_emit (service, &j->row, &s->out);
}

/* Where the next object begins, past blanks and the signs of an array around it. */
static PktSlice
next_record (PktSlice text)
{
  while (text.n && strchr (" \t\r\n,[]", text.p[0]) && text.p[0])
    text = pkt_slice_skip (text, 1);
  return text;
}

static PktRecordKind
parse_text (Json *s, PktSlice text, guint depth)
{
  PktRecordKind all = PKT_RECORD_OTHER;
  for (text = next_record (text); text.n; text = next_record (text)) {
    gsize n = text.p[0] == '{' ? pkt_event_json_read (&s->json[depth], text) : 0;
    if (n == 0)
      return PKT_RECORD_UNKNOWN; /* damaged, or cut at the longest line that is read */
    PktRecordKind one = take_record (s, &s->json[depth], depth);
    if (all != PKT_RECORD_UNKNOWN && one != PKT_RECORD_OTHER)
      all = one;
    text = pkt_slice_skip (text, n);
  }
  return all;
}

static PktSlice
without_bom (PktSlice line)
{
  return pkt_slice_starts (line, PKT_SLICE ("\xef\xbb\xbf")) ? pkt_slice_skip (line, 3) : line;
}

static PktRecordKind
parse (gpointer state, PktSlice line, PktSink sink, gpointer data)
{
  Json *s = state;
  s->out.sink = sink;
  s->out.data = data;
  return parse_text (s, without_bom (line), 0);
}

/* The word of the event must be in a list: an object with an address and a type is no event yet. */
static guint
probe_text (Json *s, PktSlice text, guint depth)
{
  PktEventJson *j = &s->json[depth];
  text = next_record (text);
  if (text.n == 0 || text.p[0] != '{' || pkt_event_json_read (j, text) == 0)
    return 0;
  PktSlice inside = depth < MAX_ENVELOPES ? enclosed (j) : pkt_slice (NULL, 0);
  if (inside.n)
    return probe_text (s, inside, depth + 1);
  const PktEventService *service = pkt_event_service (pkt_event_map (), &j->row);
  return service && pkt_event_word (service, &j->row, NULL) != PKT_WORD_UNKNOWN ? 90 : 0;
}

static guint
probe (PktSlice line)
{
  line = next_record (without_bom (line));
  if (line.n == 0 || line.p[0] != '{' || memchr (line.p, '@', line.n) == NULL)
    return 0;
  Json *s = begin ();
  guint score = probe_text (s, line, 0);
  end (s);
  return score;
}

extern const PktFormat pkt_format_events_json;
const PktFormat pkt_format_events_json = {
  .name = "events-json",
  .summary = "Events of sending services as JSON lines: SendGrid, KumoMTA, Amazon SES and the like",
  .probe = probe,
  .begin = begin,
  .parse = parse,
  .last_stamp = last_stamp,
  .end = end,
};
