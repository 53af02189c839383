/* A record with its recipients in lists, read as a tree: the few services that write such. */
#include "packet/log/event-json.h"
#include "packet/base/json.h"

/* {"name":"Message-ID","value":"…"} of a list of headers; of any other list the last object that
 * has the key: attempts in their order. */
static const json_t *
in_list (const json_t *list, const char *key)
{
  const json_t *found = NULL;
  for (gsize i = 0; i < json_array_size (list); i++) {
    const json_t *each = json_array_get (list, i), *v = json_object_get (each, key);
    const char *name = pkt_json_text (each, "name");
    if (name && g_ascii_strcasecmp (name, key) == 0)
      return json_object_get (each, "value");
    found = v ? v : found;
  }
  return found;
}

static const json_t *
at_key (const json_t *object, const char *key)
{
  return json_is_array (object) ? in_list (object, key) : json_object_get (object, key);
}

/* "bounce.bouncedRecipients" from the object on; NULL when it is not there. A record is asked for
 * some dozens of them. */
static const json_t *
at_path (const json_t *object, const char *path)
{
  const char *dot;
  for (guint i = 1; object && i < PKT_EVENT_JSON_DEPTH && (dot = strchr (path, '.')); i++) {
    char room[PKT_EVENT_JSON_KEY];
    const gsize n = (gsize)(dot - path);
    g_autofree char *heap = n < sizeof room ? NULL : g_strndup (path, n);
    if (heap == NULL) {
      memcpy (room, path, n);
      room[n] = '\0';
    }
    object = at_key (object, heap ? heap : room);
    path = dot + 1;
  }
  return object && *path ? at_key (object, path) : object;
}

/* Numbers are written out into `room`. */
static PktSlice
text_of (const json_t *v, GPtrArray *room)
{
  if (json_is_array (v))
    v = json_array_get (v, 0);
  if (json_is_string (v))
    return pkt_slice (json_string_value (v), json_string_length (v));
  if (!json_is_number (v) && !json_is_boolean (v))
    return pkt_slice (NULL, 0);
  char *text = json_dumps (v, JSON_ENCODE_ANY);
  g_ptr_array_add (room, text);
  return pkt_slice_str (text);
}

/* A name is looked for in the list's element, then in the whole; "/ts" in the whole alone; "." is
 * an element that is a text. */
static void
fill_row (const PktEventService *s, const json_t *whole, const json_t *element, GPtrArray *room,
          PktEventRow *row)
{
  memset (row, 0, sizeof *row);
  for (guint f = 0; f < PKT_N_FIELDS; f++)
    for (guint i = 0; i < s->fields[f]->len; i++) {
      const PktEventName *name = &g_array_index (s->fields[f], PktEventName, i);
      const char *path = name->path;
      gboolean itself = g_str_equal (path, "."), outer = *path == '/';
      PktSlice v = outer ? pkt_slice (NULL, 0)
                         : text_of (itself ? element : at_path (element, path), room);
      row->at[name->index] = v.p || itself ? v : text_of (at_path (whole, path + outer), room);
    }
}

static PktRecordKind
emit_element (const PktEventService *s, const json_t *whole, const json_t *element, PktSlice event,
              PktEventOut *out)
{
  g_autoptr (GPtrArray) room = g_ptr_array_new_with_free_func (free);
  PktEventRow row;
  fill_row (s, whole, element, room, &row);
  if (event.n)
    row.at[g_array_index (s->fields[PKT_FIELD_EVENT], PktEventName, 0).index] = event;
  return pkt_event_emit (s, &row, out);
}

/* Mandrill's smtp_events: those before the last, which is the event's own, with nothing of what the
 * event came to. Other events may have told of them; who counts knows them again. */
static void
emit_tries (const PktEventService *s, const json_t *whole, const json_t *element, PktEventOut *out)
{
  json_t *tries = s->tries ? json_object_get (element, s->tries) : NULL;
  const gsize n = MIN (json_array_size (tries), PKT_EVENT_MAX_TRIES);
  for (gsize i = 0; i + 1 < n; i++) {
    const char *event = pkt_json_text (json_array_get (tries, i), s->try_event);
    g_autoptr (json_t) one = json_copy ((json_t *)element);
    json_object_set_new (one, s->tries, json_pack ("[O]", json_array_get (tries, i)));
    json_object_del (one, "diag");
    if (event)
      emit_element (s, whole, one, pkt_slice_str (event), out);
  }
}

PktRecordKind
pkt_event_json_each (const PktEventService *s, PktSlice record, PktEventOut *out)
{
  g_autofree char *utf8 = pkt_slice_utf8 (record);
  g_autoptr (json_t) whole = json_loads (utf8, 0, NULL);
  PktRecordKind kind = whole ? PKT_RECORD_OTHER : PKT_RECORD_UNKNOWN;
  for (guint i = 0; whole && i < s->each->len; i++) {
    const json_t *list = at_path (whole, g_ptr_array_index (s->each, i));
    gsize n = json_is_object (list) ? 1 : json_array_size (list);
    for (gsize k = 0; k < n; k++) {
      const json_t *element = json_is_object (list) ? list : json_array_get (list, k);
      emit_tries (s, whole, element, out);
      PktRecordKind one = emit_element (s, whole, element, pkt_slice (NULL, 0), out);
      if (kind != PKT_RECORD_UNKNOWN && one != PKT_RECORD_OTHER)
        kind = one;
    }
  }
  return kind;
}
