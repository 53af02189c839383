/* A record is a line of some hundred bytes of which a dozen values are wanted: it is walked once,
 * and only of a wanted string with an escape in it a copy is made. */
#include "packet/log/event-json-walk.h"
#include "packet/log/event-escapes.h"

typedef struct {
  PktEventJson *out;
  const PktEventMap *map;
  const char *p, *limit;
  const PktEventMember
      *around[PKT_EVENT_JSON_DEPTH + 1]; /* keys of the objects around; the first NULL */
  gboolean recipient;                    /* has one */
  PktShapeNotes *notes;                  /* NULL: nobody asks */
} Scan;

static inline void
skip_blanks (Scan *s)
{
  while (s->p < s->limit && pkt_ascii_is_blank (*s->p))
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
  const char *begin = s->p, *end = pkt_escapes_string_end (begin, s->limit);
  if (end == NULL)
    return FALSE;
  *out = pkt_slice (begin, (gsize)(end - begin));
  s->p = end + 1;
  return TRUE;
}

static inline void
note (Scan *s, PktShapeKind kind, const char *begin, const char *end, int name)
{
  if (s->notes)
    pkt_shape_note (s->notes, kind, pkt_slice (begin, (gsize)(end - begin)), name);
}

void
pkt_json_set_value (PktEventJson *j, int name, PktSlice value)
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

/* One that nobody looks into. */
static gboolean
pass_value (Scan *s)
{
  const char *begin = s->p;
  if (!skip_value (s))
    return FALSE;
  note (s, PKT_SHAPE_OBJECT, begin, s->p, -1);
  return TRUE;
}

const char *
pkt_event_json_skip (const char *p, const char *limit)
{
  Scan s = { .p = p, .limit = limit };
  return skip_value (&s) ? s.p : NULL;
}

gboolean
pkt_json_decode (PktEventJson *j, PktSlice *string)
{
  gsize n;
  if (!pkt_escapes_are_in (*string))
    return TRUE;
  char *text = pkt_escapes_decode (*string, &n);
  if (text == NULL)
    return FALSE;
  g_ptr_array_add (j->decoded, text);
  *string = pkt_slice (text, n);
  return TRUE;
}

static gboolean
store_string (Scan *s, int name)
{
  PktSlice text;
  if (!take_string (s, &text))
    return FALSE;
  note (s, PKT_SHAPE_STRING, text.p, text.p + text.n, name);
  if (name < 0)
    return TRUE;
  if (!pkt_json_decode (s->out, &text))
    return FALSE;
  pkt_json_set_value (s->out, name, text);
  return TRUE;
}

/* An array: its first string stands for it; recipients are kept for those who want each. */
void
pkt_json_set_list (PktEventJson *j, const PktEventMap *map, PktSlice array, int name)
{
  PktSlice first, list = pkt_slice (array.p + 1, array.n - 2), kept = j->list;
  j->list = list;
  if (pkt_event_json_next (j, &first))
    pkt_json_set_value (j, name, first);
  j->list = kept;
  if (map->recipients[name]) {
    j->list = list;
    j->list_name = name;
  }
}

static gboolean
store_array (Scan *s, int name)
{
  const char *begin = s->p;
  if (!skip_value (s))
    return FALSE;
  note (s, PKT_SHAPE_ARRAY, begin, s->p, name);
  if (name >= 0)
    pkt_json_set_list (s->out, s->map, pkt_slice (begin, (gsize)(s->p - begin)), name);
  return TRUE;
}

/* A number, true or false; null is no value. */
static gboolean
store_word (Scan *s, int name)
{
  const char *begin = s->p, *end = pkt_shape_word_end (s->p, s->limit);
  if (end == NULL)
    return FALSE;
  s->p = end;
  note (s, PKT_SHAPE_WORD, begin, end, name);
  PktSlice word = pkt_slice (begin, (gsize)(end - begin));
  if (name >= 0 && !pkt_slice_equal (word, PKT_SLICE ("null")))
    pkt_json_set_value (s->out, name, word);
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
  if (pkt_escapes_are_in (key) || !pkt_event_fold (key, folded) || (n = strlen (folded)) == 0
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
    return pass_value (s);
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
  return m->known ? inner_object (s, depth, m) : pass_value (s);
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
pkt_json_walk (PktEventJson *j, PktSlice text, PktShapeNotes *notes)
{
  Scan s = {
    .out = j, .map = pkt_event_map (), .p = text.p, .limit = text.p + text.n, .notes = notes
  };
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
  if (!take_string (&s, out) || !pkt_json_decode (j, out))
    return FALSE;
  j->list = pkt_slice (s.p, (gsize)(s.limit - s.p));
  return TRUE;
}
