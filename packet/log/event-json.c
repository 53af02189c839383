/* A record is a line of some hundred bytes of which a dozen values are wanted: it is walked once,
 * and only a wanted string with an escape in it is given to jansson. */
#include "packet/log/event-json.h"
#include "packet/base/json.h"

typedef struct {
  PktEventJson *out;
  const PktEventMap *map;
  const char *p, *limit;
  const PktEventMember
      *around[PKT_EVENT_JSON_DEPTH + 1]; /* keys of the objects around; the first NULL */
  gboolean recipient;                    /* has one */
} Scan;

void
pkt_event_json_init (PktEventJson *j)
{
  j->list_name = -1;
  j->decoded = g_ptr_array_new_with_free_func (g_free);
}

void
pkt_event_json_clear (PktEventJson *j)
{
  g_ptr_array_unref (j->decoded);
}

static inline void
skip_blanks (Scan *s)
{
  while (s->p < s->limit && (*s->p == ' ' || *s->p == '\t' || *s->p == '\r' || *s->p == '\n'))
    s->p++;
}

static inline gboolean
take (Scan *s, char c)
{
  skip_blanks (s);
  if (s->p >= s->limit || *s->p != c)
    return FALSE;
  s->p++;
  return TRUE;
}

/* The string at s->p, quotes left out, escapes left in. */
static gboolean
take_string (Scan *s, PktSlice *out)
{
  if (!take (s, '"'))
    return FALSE;
  const char *begin = s->p;
  for (const char *quote; (quote = pkt_find_byte (s->p, s->limit, '"'));) {
    const char *c = quote;
    while (c > begin && c[-1] == '\\')
      c--;
    s->p = quote + 1;
    if ((quote - c) % 2)
      continue;
    *out = pkt_slice (begin, (gsize)(quote - begin));
    return TRUE;
  }
  return FALSE;
}

static gboolean
is_escaped (PktSlice string)
{
  return pkt_find_byte (string.p, string.p + string.n, '\\') != NULL;
}

static void
set_value (PktEventJson *j, int name, PktSlice value)
{
  if (j->row.at[name].p == NULL && value.p)
    j->set[j->n_set++] = (gint16)name;
  j->row.at[name] = value;
}

/* Any value; objects and arrays by their brackets. */
static gboolean
skip_value (Scan *s)
{
  char open[PKT_EVENT_JSON_NEST];
  guint depth = 0;
  PktSlice string;
  do {
    skip_blanks (s);
    if (s->p >= s->limit)
      return FALSE;
    char c = *s->p;
    if (c == '"') {
      if (!take_string (s, &string))
        return FALSE;
      continue;
    }
    s->p++;
    if (c == '{' || c == '[') {
      if (depth == PKT_EVENT_JSON_NEST)
        return FALSE;
      open[depth++] = c;
    } else if (c == '}' || c == ']') {
      if (depth == 0 || open[--depth] != (c == '}' ? '{' : '['))
        return FALSE;
    } else if (depth == 0 && (c == ',' || c == ':'))
      return FALSE;
    else if (c != ',' && c != ':')
      while (s->p < s->limit && !strchr (",:]}\" \t\r\n", *s->p))
        s->p++;
  } while (depth);
  return TRUE;
}

/* \uXXXX and the others; FALSE when it is no JSON string. */
static gboolean
decode (PktEventJson *j, PktSlice raw, PktSlice *out)
{
  g_autofree char *utf8 = pkt_slice_utf8 (raw);
  g_autofree char *quoted = g_strconcat ("\"", utf8, "\"", NULL);
  g_autoptr (json_t) string = json_loads (quoted, JSON_DECODE_ANY, NULL);
  if (!json_is_string (string))
    return FALSE;
  gsize n = json_string_length (string);
  char *text = g_strndup (json_string_value (string), n);
  g_ptr_array_add (j->decoded, text);
  *out = pkt_slice (text, n);
  return TRUE;
}

static gboolean
store_string (Scan *s, int name)
{
  PktSlice text;
  if (!take_string (s, &text))
    return FALSE;
  if (name < 0)
    return TRUE;
  if (is_escaped (text) && !decode (s->out, text, &text))
    return FALSE;
  set_value (s->out, name, text);
  return TRUE;
}

/* An array: its first string stands for it; recipients are kept for those who want each. */
static gboolean
store_array (Scan *s, int name)
{
  const char *begin = s->p;
  if (!skip_value (s))
    return FALSE;
  if (name < 0)
    return TRUE;
  PktSlice first, list = pkt_slice (begin + 1, (gsize)(s->p - begin) - 2), kept = s->out->list;
  s->out->list = list;
  if (pkt_event_json_next (s->out, &first))
    set_value (s->out, name, first);
  s->out->list = kept;
  if (s->map->recipients[name]) {
    s->out->list = list;
    s->out->list_name = name;
  }
  return TRUE;
}

/* A number, true or false; null is no value. */
static gboolean
store_word (Scan *s, int name)
{
  const char *begin = s->p;
  if (!g_ascii_isalnum (*s->p) && *s->p != '-')
    return FALSE;
  while (s->p < s->limit && (g_ascii_isalnum (*s->p) || strchr ("+-.", *s->p)) && *s->p)
    s->p++;
  PktSlice word = pkt_slice (begin, (gsize)(s->p - begin));
  if (name >= 0 && !pkt_slice_equal (word, PKT_SLICE ("null")))
    set_value (s->out, name, word);
  return TRUE;
}

static gboolean take_object (Scan *s, guint depth);

/* What is known of a key. */
static void
look_up (Scan *s, guint depth, PktSlice key, PktEventMember *out)
{
  char folded[PKT_EVENT_MAX_NAME];
  const PktEventMember *around = s->around[depth];
  gsize n = 0, outer_n = around ? (around->wrapper ? around->outer_n : around->path_n) : 0;
  memset (out, 0, sizeof *out);
  out->id = ++s->out->last_id;
  out->parent = around ? around->id : 0;
  out->outer_n = (guint8)outer_n;
  out->name = -1;
  out->key_n = key.n <= sizeof out->key ? (guint8)key.n : 0;
  if (out->key_n)
    memcpy (out->key, key.p, key.n);
  if (outer_n)
    memcpy (out->path, around->path, outer_n);
  if (is_escaped (key) || !pkt_event_fold (key, folded) || (n = strlen (folded)) == 0
      || outer_n + n >= sizeof out->path)
    return;
  memcpy (out->path + outer_n, folded, n + 1);
  out->path_n = (guint8)(outer_n + n);
  out->known = TRUE;
  out->name = (gint16)pkt_event_name (s->map, out->path);
  out->wrapper = g_hash_table_contains (s->map->wrappers, folded);
  out->list = g_hash_table_contains (s->map->lists, folded);
}

static guint
place_of (PktSlice key, guint32 parent)
{
  guint64 word = 0;
  memcpy (&word, key.p, MIN (key.n, sizeof word));
  word = (word ^ ((guint64)parent << 32) ^ key.n) * G_GUINT64_CONSTANT (0x9e3779b97f4a7c15);
  return (guint)(word >> 32) % PKT_EVENT_JSON_MEMBERS;
}

static inline gboolean
is_that (const PktEventMember *m, PktSlice key, guint32 parent)
{
  return m->id && m->parent == parent && m->key_n == key.n && pkt_bytes_same (m->key, key.p, key.n);
}

/* The key and its colon; NULL when it is damaged. */
static const PktEventMember *
take_key (Scan *s, guint depth)
{
  PktSlice key;
  if (!take_string (s, &key) || !take (s, ':'))
    return NULL;
  guint32 parent = s->around[depth] ? s->around[depth]->id : 0;
  guint place = place_of (key, parent);
  PktEventMember *m = &s->out->members[place], *other = &s->out->members[place ^ 1];
  if (is_that (m, key, parent))
    return m;
  if (is_that (other, key, parent))
    return other;
  if (m->id && m->id > other->id) /* the older one of two goes */
    m = other;
  for (guint i = 1; i <= depth; i++)
    if (s->around[i] == m) /* its object is being read */
      m = &s->out->scratch[depth];
  look_up (s, depth, key, m);
  return m;
}

static gboolean
inner_object (Scan *s, guint depth, const PktEventMember *member)
{
  const char *begin = s->p;
  gboolean wrapper = member->wrapper;
  if (depth + 1 >= PKT_EVENT_JSON_DEPTH)
    return skip_value (s);
  s->around[depth + 1] = member;
  if (!take_object (s, depth + 1))
    return FALSE;
  if (wrapper && s->out->record.p == NULL)
    s->out->record = pkt_slice (begin, (gsize)(s->p - begin));
  return TRUE;
}

static gboolean
take_member (Scan *s, guint depth)
{
  const PktEventMember *m = take_key (s, depth);
  if (m == NULL)
    return FALSE;
  s->recipient |= m->name >= 0 && s->map->recipients[m->name];
  skip_blanks (s);
  if (s->p >= s->limit)
    return FALSE;
  if (*s->p == '"')
    return store_string (s, m->name);
  if (*s->p == '[') {
    s->out->around |= m->list && !s->recipient;
    return store_array (s, m->name);
  }
  if (*s->p != '{')
    return store_word (s, m->name);
  return m->known ? inner_object (s, depth, m) : skip_value (s);
}

static gboolean
take_object (Scan *s, guint depth)
{
  if (!take (s, '{'))
    return FALSE;
  if (take (s, '}'))
    return TRUE;
  do {
    if (!take_member (s, depth))
      return FALSE;
  } while (take (s, ','));
  return take (s, '}');
}

gsize
pkt_event_json_read (PktEventJson *j, PktSlice text)
{
  while (j->n_set)
    j->row.at[j->set[--j->n_set]] = pkt_slice (NULL, 0);
  j->record = j->list = pkt_slice (NULL, 0);
  j->list_name = -1;
  j->around = FALSE;
  g_ptr_array_set_size (j->decoded, 0);
  Scan s = { .out = j, .map = pkt_event_map (), .p = text.p, .limit = text.p + text.n };
  if (!take_object (&s, 0))
    return 0;
  gsize n = (gsize)(s.p - text.p);
  if (j->record.p == NULL)
    j->record = pkt_slice (text.p, n);
  return n;
}

gboolean
pkt_event_json_next (PktEventJson *j, PktSlice *out)
{
  if (j->list.n == 0)
    return FALSE;
  Scan s = { .p = j->list.p, .limit = j->list.p + j->list.n };
  take (&s, ',');
  if (!take_string (&s, out) || (is_escaped (*out) && !decode (j, *out, out)))
    return FALSE;
  j->list = pkt_slice (s.p, (gsize)(s.limit - s.p));
  return TRUE;
}

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

/* "bounce.bouncedRecipients" from the object on; NULL when it is not there. */
static const json_t *
at_path (const json_t *object, const char *path)
{
  g_auto (GStrv) keys = g_strsplit (path, ".", PKT_EVENT_JSON_DEPTH);
  for (char **key = keys; *key && object; key++)
    object = json_is_array (object) ? in_list (object, *key) : json_object_get (object, *key);
  return object;
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

PktRecordKind
pkt_event_json_each (const PktEventService *s, PktSlice record, PktEventOut *out)
{
  g_autofree char *utf8 = pkt_slice_utf8 (record);
  g_autoptr (json_t) whole = json_loads (utf8, 0, NULL);
  PktRecordKind kind = whole ? PKT_RECORD_OTHER : PKT_RECORD_UNKNOWN;
  PktEventRow row;
  for (guint i = 0; whole && i < s->each->len; i++) {
    const json_t *list = at_path (whole, g_ptr_array_index (s->each, i));
    gsize n = json_is_object (list) ? 1 : json_array_size (list);
    for (gsize k = 0; k < n; k++) {
      g_autoptr (GPtrArray) room = g_ptr_array_new_with_free_func (free);
      fill_row (s, whole, n == 1 && json_is_object (list) ? list : json_array_get (list, k), room,
                &row);
      PktRecordKind one = pkt_event_emit (s, &row, out);
      if (kind != PKT_RECORD_UNKNOWN && one != PKT_RECORD_OTHER)
        kind = one;
    }
  }
  return kind;
}
