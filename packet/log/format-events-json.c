/* Events as JSON: an object a line, several on one line or each on several, in an array or in a
 * list inside an object: SendGrid's webhook, KumoMTA's logs, Amazon SES (also inside an SNS
 * message), and whatever calls its keys as others do. */
#include "packet/log/event-glance.h"
#include "packet/log/json-around.h"
#include "packet/log/json-direct.h"
#include "packet/log/json-list.h"
#include "packet/log/json-probe.h"
#include "packet/log/json-records.h"
#include "packet/log/stand-in.h"

typedef struct {
  PktEventOut out;
  PktJsonRecords *records;
  PktEventJson *json[PKT_JSON_ENVELOPES + 1]; /* made when they are needed: they are large */
  PktJsonDirect direct;                       /* by the first of them */
  PktRecordKind kind;                         /* of the line, so far */
} Json;

/* What the record is read into that stands in so many envelopes. */
static PktEventJson *
json_at (Json *s, guint depth)
{
  if (s->json[depth] == NULL) {
    s->json[depth] = g_new0 (PktEventJson, 1);
    pkt_event_json_init (s->json[depth]);
  }
  return s->json[depth];
}

static void
end (gpointer state)
{
  Json *s = state;
  for (guint i = 0; i <= PKT_JSON_ENVELOPES && s->json[i]; i++) {
    pkt_event_json_clear (s->json[i]);
    g_free (s->json[i]);
  }
  pkt_json_records_free (s->records);
  g_string_free (s->out.text, TRUE);
  g_free (s);
}

static PktStamp
last_stamp (gpointer state)
{
  return ((Json *)state)->out.last;
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

/* {"msys":{}}, by which SparkPost tries a webhook out. */
static gboolean
is_empty (PktSlice record)
{
  return record.n >= 2 && pkt_slice_trim (pkt_slice (record.p + 1, record.n - 2)).n == 0;
}

static PktRecordKind
take_record (Json *s, PktEventJson *j, guint depth)
{
  PktSlice inside = depth < PKT_JSON_ENVELOPES ? pkt_json_enclosed (j) : pkt_slice (NULL, 0);
  if (inside.n)
    return parse_text (s, inside, depth + 1);
  const PktEventService *service = pkt_event_service (pkt_event_map (), &j->row);
  if (service == NULL)
    return is_empty (j->record) ? PKT_RECORD_OTHER : PKT_RECORD_UNKNOWN;
  if (service->each->len)
    return pkt_event_json_each (service, j->record, &s->out);
  if (j->list_name >= 0 && is_recipient (service, j->list_name))
    return emit_each (s, j, service);
  return pkt_event_emit (service, &j->row, &s->out);
}

/* A whole object. */
static PktRecordKind
read_record (Json *s, PktSlice text, guint depth)
{
  PktEventJson *j = json_at (s, depth);
  return pkt_event_json_read (j, text) ? take_record (s, j, depth) : PKT_RECORD_UNKNOWN;
}

/* A line's kind is UNKNOWN when one record of it is, else that of its last delivery event. */
static void
add_kind (PktRecordKind *all, PktRecordKind one)
{
  if (*all != PKT_RECORD_UNKNOWN && one != PKT_RECORD_OTHER)
    *all = one;
}

static void
on_record (PktSlice record, gpointer data)
{
  Json *s = data;
  add_kind (&s->kind, read_record (s, record, 0));
}

static PktRecordKind
parse_lines (Json *s, PktSlice line)
{
  s->kind = PKT_RECORD_OTHER;
  if (!pkt_json_records_feed (s->records, line, s))
    s->kind = PKT_RECORD_UNKNOWN;
  return s->kind;
}

/* Records of an envelope's text. */
typedef struct {
  Json *json;
  guint depth;
  PktRecordKind kind;
} Inside;

static void
on_inside (PktSlice record, gpointer data)
{
  Inside *in = data;
  add_kind (&in->kind, read_record (in->json, record, in->depth));
}

static const PktJsonRecordUse inside = { pkt_json_is_list_key, pkt_json_is_recipient_key,
                                         on_inside };

/* Most hold one object; else objects one after the other, in an array, in a list of an object. */
static PktRecordKind
parse_text (Json *s, PktSlice text, guint depth)
{
  PktEventJson *j = json_at (s, depth);
  if (text.p[0] == '{' && pkt_event_json_read (j, text) == text.n && !j->around)
    return take_record (s, j, depth);
  Inside in = { s, depth, PKT_RECORD_OTHER };
  PktJsonRecords *records = pkt_json_records_new (&inside);
  gboolean whole = pkt_json_records_feed (records, text, &in) && !pkt_json_records_open (records);
  pkt_json_records_free (records);
  return whole ? in.kind : PKT_RECORD_UNKNOWN;
}

/* One record, and no more; what it came to in *kind. */
static gboolean
parse_record (Json *s, PktSlice line, PktRecordKind *kind)
{
  PktStencilMarks marks;
  PktEventJson *j = json_at (s, 0);
  const int which = pkt_event_json_fits (j, line, &marks);
  if (which >= 0 && pkt_json_direct_emit (&s->direct, j, line, which, &marks, &s->out, kind))
    return TRUE;
  const gsize n = pkt_event_json_read_as (j, line, which, &marks);
  if (n == 0 || j->around || !pkt_json_is_rest (line, n))
    return FALSE;
  *kind = take_record (s, j, 0);
  return TRUE;
}

/* Several records, one by one; what is none, or more than one line's, is put together. Inside a
 * record that an earlier line began the line is parted alike, as who looked at it before may have
 * done. */
static PktRecordKind
parse_row (Json *s, PktSlice line)
{
  PktEventJson *j = json_at (s, 0);
  PktRecordKind all = PKT_RECORD_OTHER;
  gsize at = pkt_json_list_first (line), n, next;
  if (!pkt_json_list_has (line, at))
    return parse_lines (s, line);
  if (at > 0)
    add_kind (&all, parse_lines (s, (PktSlice){ line.p, at }));
  for (; pkt_json_list_has (line, at); at = next) {
    if ((n = pkt_event_json_read (j, pkt_slice_skip (line, at))) == 0 || j->around)
      break;
    next = pkt_json_list_next (line, at + n);
    add_kind (&all, pkt_json_records_idle (s->records)
                        ? take_record (s, j, 0)
                        : parse_lines (s, (PktSlice){ line.p + at, next - at }));
  }
  if (at < line.n)
    add_kind (&all, parse_lines (s, pkt_slice_skip (line, at)));
  return all;
}

/* Most lines are one record; what runs over several is put together first. */
static PktRecordKind
parse (gpointer state, PktSlice line, PktSink sink, gpointer data)
{
  Json *s = state;
  g_autofree char *room = NULL;
  s->out.sink = sink;
  s->out.data = data;
  if (pkt_json_records_idle (s->records)) {
    PktRecordKind kind;
    line = pkt_slice_skip_mark (line);
    if (line.n && line.p[0] == '{' && parse_record (s, line, &kind))
      return kind;
    line = pkt_json_without_form (line, &room);
  }
  return parse_row (s, line);
}

static PktRecordKind
parse_known (gpointer state, PktSlice line, const PktGlance *seen, PktSink sink, gpointer data)
{
  Json *s = state;
  if (!pkt_json_records_idle (s->records))
    return parse (state, line, sink, data);
  if (seen->kind == PKT_GLANCE_KNOWN || seen->stamp_kind == PKT_STAMP_NONE)
    return PKT_RECORD_OTHER;
  const gboolean put_off = seen->kind == PKT_GLANCE_PUT_OFF;
  const PktRecordKind kind = put_off ? PKT_RECORD_PUT_OFF : PKT_RECORD_ELSEWHERE;
  const PktStamp stamp = { seen->us, (PktStampKind)seen->stamp_kind };
  const PktAttempt a = put_off ? pkt_stand_in_record (seen, line, stamp)
                               : (PktAttempt){ .stamp = stamp,
                                               .queue_key = seen->key,
                                               .fingerprint = seen->fingerprint };
  s->out.last = a.stamp;
  sink (kind, &a, data);
  return kind;
}

static gboolean
parse_run (gpointer state, const PktGlance *run)
{
  Json *s = state;
  if (!pkt_json_records_idle (s->records))
    return FALSE;
  if (run->records)
    s->out.last = (PktStamp){ run->last_us, (PktStampKind)run->stamp_kind };
  return TRUE;
}

/* A record whose end is missing. */
static PktRecordKind
finish (gpointer state, PktSink sink, gpointer data)
{
  (void)sink;
  (void)data;
  return pkt_json_records_open (((Json *)state)->records) ? PKT_RECORD_UNKNOWN : PKT_RECORD_OTHER;
}

static const PktJsonRecordUse parsing = { pkt_json_is_list_key, pkt_json_is_recipient_key,
                                          on_record };

static gpointer
begin (void)
{
  Json *s = g_new0 (Json, 1);
  s->records = pkt_json_records_new (&parsing);
  s->out.text = g_string_new (NULL);
  return s;
}

extern const PktFormat pkt_format_events_json;
static const char *
blind_now (gpointer state, const char **name, gboolean *few_tries)
{
  const PktEventService *s = ((Json *)state)->out.service;
  *few_tries = s && s->few_tries;
  *name = s ? s->name : NULL;
  return s ? s->blind : NULL;
}

const PktFormat pkt_format_events_json = {
  .name = "events-json",
  .summary
  = "Events of sending services as JSON, in lines or any layout: SES, SendGrid, KumoMTA ...",
  .probe = pkt_json_probe,
  .begin = begin,
  .parse = parse,
  .last_stamp = last_stamp,
  .finish = finish,
  .glancer = &pkt_event_json_glancer,
  .parse_known = parse_known,
  .parse_run = parse_run,
  .end = end,
  .blind_now = blind_now,
  .export = PKT_EXPORT_JSON,
};
