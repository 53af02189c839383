/* A record with its recipients in lists, read as a tree: the few services that write such. */
#include "packet/log/event-json.h"
#include "packet/log/json-nodes.h"

/* A record, and the element of its list that is being told of. */
typedef struct {
  const PktEventService *service;
  PktJsonNodes nodes;
  guint32 element;
  guint32 tries, one; /* in place of the element's tries that one alone, and no "diag"; 0: none */
} Tree;

/* Where a path has come to: a value, 0 for none; of an array, which of its elements count. */
typedef struct {
  guint32 at, first, end;
} Place;

static Place
place_of (const Tree *t, guint32 at)
{
  return (Place){ at, at + 1, t->nodes.all[at].next };
}

/* {"name":"Message-ID","value":"…"} of a list of headers; of any other list the last object that
 * has the key: attempts in their order. */
static guint32
in_list (Tree *t, const Place *list, PktSlice key)
{
  guint32 found = 0;
  for (guint32 i = list->first; i < list->end; i = t->nodes.all[i].next) {
    const guint32 v = pkt_json_nodes_member (&t->nodes, i, key),
                  name = pkt_json_nodes_member (&t->nodes, i, PKT_SLICE ("name"));
    if (name && t->nodes.all[name].kind == PKT_JSON_STRING
        && pkt_slice_equal_nocase (pkt_json_nodes_text (&t->nodes, name), key))
      return pkt_json_nodes_member (&t->nodes, i, PKT_SLICE ("value"));
    found = v ? v : found;
  }
  return found;
}

static Place
at_key (Tree *t, const Place *from, PktSlice key)
{
  return place_of (t, t->nodes.all[from->at].kind == PKT_JSON_ARRAY
                          ? in_list (t, from, key)
                          : pkt_json_nodes_member (&t->nodes, from->at, key));
}

/* Of a value of the element, where one of its tries is told. */
static Place
as_tried (const Tree *t, Place place, PktSlice key)
{
  if (place.at && place.at == t->tries)
    return (Place){ place.at, t->one, t->nodes.all[t->one].next };
  return pkt_slice_equal (key, PKT_SLICE ("diag")) ? place_of (t, 0) : place;
}

/* "bounce.bouncedRecipients" from a value on. A record is asked for some dozens of them. */
static Place
at_path (Tree *t, guint32 from, const char *path)
{
  Place place = place_of (t, from);
  for (guint i = 0; *path && i < PKT_EVENT_JSON_DEPTH; i++) {
    const char *dot = i + 1 < PKT_EVENT_JSON_DEPTH ? strchr (path, '.') : NULL;
    const PktSlice key = dot ? pkt_slice (path, (gsize)(dot - path)) : pkt_slice_str (path);
    place = at_key (t, &place, key);
    if (i == 0 && t->one && from == t->element)
      place = as_tried (t, place, key);
    if (place.at == 0)
      break;
    path = key.p + key.n + (dot ? 1 : 0);
  }
  return place;
}

/* An array's first element stands for it. */
static PktSlice
text_at (Tree *t, Place place)
{
  if (place.at && t->nodes.all[place.at].kind == PKT_JSON_ARRAY)
    place.at = place.first < place.end ? place.first : 0;
  return place.at ? pkt_json_nodes_text (&t->nodes, place.at) : pkt_slice (NULL, 0);
}

/* A name is looked for in the list's element, then in the whole; "/ts" in the whole alone; "." is
 * an element that is a text. */
static void
fill_row (Tree *t, PktEventRow *row)
{
  const PktEventService *s = t->service;
  memset (row, 0, sizeof *row);
  for (guint f = 0; f < PKT_N_FIELDS; f++)
    for (guint i = 0; i < s->fields[f]->len; i++) {
      const PktEventName *name = &g_array_index (s->fields[f], PktEventName, i);
      const char *path = name->path;
      const gboolean itself = g_str_equal (path, "."), outer = *path == '/';
      PktSlice v = { NULL, 0 };
      if (itself)
        v = text_at (t, place_of (t, t->element));
      else if (!outer)
        v = text_at (t, at_path (t, t->element, path));
      row->at[name->index] = v.p || itself ? v : text_at (t, at_path (t, 0, path + outer));
    }
}

static PktRecordKind
emit_element (Tree *t, PktSlice event, PktEventOut *out)
{
  const PktEventService *s = t->service;
  PktEventRow row;
  fill_row (t, &row);
  if (event.n)
    row.at[g_array_index (s->fields[PKT_FIELD_EVENT], PktEventName, 0).index] = event;
  return pkt_event_emit (s, &row, out);
}

/* Mandrill's smtp_events: those before the last, which is the event's own, with nothing of what the
 * event came to. Other events may have told of them; who counts knows them again. */
static void
emit_tries (Tree *t, PktEventOut *out)
{
  const PktEventService *s = t->service;
  const PktJsonNode *all = t->nodes.all;
  t->tries = s->tries ? pkt_json_nodes_member (&t->nodes, t->element, pkt_slice_str (s->tries)) : 0;
  if (t->tries == 0 || all[t->tries].kind != PKT_JSON_ARRAY)
    return;
  guint32 one = t->tries + 1;
  for (guint i = 0; i < PKT_EVENT_MAX_TRIES - 1 && one < all[t->tries].next
                    && all[one].next < all[t->tries].next;
       i++, one = all[one].next) {
    const guint32 event = pkt_json_nodes_member (&t->nodes, one, pkt_slice_str (s->try_event));
    t->one = one;
    if (event && all[event].kind == PKT_JSON_STRING)
      emit_element (t, pkt_json_nodes_text (&t->nodes, event), out);
  }
  t->one = 0;
}

/* The elements of the list at a path, or what stands there itself. */
static void
emit_list (Tree *t, const char *path, PktEventOut *out, PktRecordKind *kind)
{
  const Place list = at_path (t, 0, path);
  const gboolean is_one = list.at && t->nodes.all[list.at].kind == PKT_JSON_OBJECT;
  if (list.at == 0 || (!is_one && t->nodes.all[list.at].kind != PKT_JSON_ARRAY))
    return;
  for (guint32 i = is_one ? list.at : list.first; i < list.end; i = t->nodes.all[i].next) {
    t->element = i;
    emit_tries (t, out);
    const PktRecordKind one = emit_element (t, pkt_slice (NULL, 0), out);
    if (*kind != PKT_RECORD_UNKNOWN && one != PKT_RECORD_OTHER)
      *kind = one;
  }
}

PktRecordKind
pkt_event_json_each (const PktEventService *s, PktSlice record, PktEventOut *out)
{
  const gboolean is_utf8 = pkt_slice_is_utf8 (record);
  g_autofree char *utf8 = is_utf8 ? NULL : pkt_slice_utf8 (record);
  Tree t = { .service = s };
  PktRecordKind kind = PKT_RECORD_UNKNOWN;
  if (pkt_json_nodes_read (&t.nodes, is_utf8 ? record : pkt_slice_str (utf8))) {
    kind = PKT_RECORD_OTHER;
    for (guint i = 0; i < s->each->len; i++)
      emit_list (&t, g_ptr_array_index (s->each, i), out, &kind);
  }
  pkt_json_nodes_clear (&t.nodes);
  return kind;
}
