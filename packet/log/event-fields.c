/* exports.json as tables, and the first questions to a row: whose is it, what happened? */
#include "packet/log/event-fields.h"
#include "packet/base/data.h"
#include "packet/base/json.h"

static const char *const field_names[PKT_N_FIELDS] = {
  [PKT_FIELD_RECIPIENT] = "recipient",
  [PKT_FIELD_TIME] = "time",
  [PKT_FIELD_EVENT] = "event",
  [PKT_FIELD_REPLY] = "reply",
  [PKT_FIELD_CODE] = "code",
  [PKT_FIELD_ENHANCED] = "enhanced",
  [PKT_FIELD_ENHANCED_CLASS] = "enhanced_class",
  [PKT_FIELD_ENHANCED_SUBJECT] = "enhanced_subject",
  [PKT_FIELD_ENHANCED_DETAIL] = "enhanced_detail",
  [PKT_FIELD_STAGE] = "stage",
  [PKT_FIELD_LABEL] = "label",
  [PKT_FIELD_PLATFORM_ID] = "platform_id",
  [PKT_FIELD_QUEUE_ID] = "queue_id",
  [PKT_FIELD_CAMPAIGN] = "campaign",
  [PKT_FIELD_LOCAL_IP] = "local_ip",
  [PKT_FIELD_TRANSPORT] = "transport",
  [PKT_FIELD_REMOTE] = "remote",
  [PKT_FIELD_REMOTE_IP] = "remote_ip",
  [PKT_FIELD_MESSAGE_ID] = "message_id",
  [PKT_FIELD_FROM] = "from",
  [PKT_FIELD_SENDER] = "sender",
  [PKT_FIELD_SIZE] = "size",
};

static const char *const word_names[] = {
  [PKT_WORD_UNKNOWN] = "",
  [PKT_WORD_OTHER] = "other",
  [PKT_WORD_DELIVERED] = "delivered",
  [PKT_WORD_DEFERRED] = "deferred",
  [PKT_WORD_BOUNCED] = "bounced",
  [PKT_WORD_NOT_ATTEMPTED] = "not_attempted",
  [PKT_WORD_EXPIRED] = "expired",
  [PKT_WORD_BOUNCED_IF_ANSWERED] = "bounced_if_answered",
  [PKT_WORD_DELIVERED_IF_ANSWERED] = "delivered_if_answered",
};

gboolean
pkt_event_fold (PktSlice name, char out[PKT_EVENT_MAX_NAME])
{
  gsize n = 0;
  for (gsize i = 0; i < name.n; i++) {
    if (!g_ascii_isalnum (name.p[i]))
      continue;
    if (n + 1 >= PKT_EVENT_MAX_NAME)
      return FALSE;
    out[n++] = pkt_ascii_lower (name.p[i]);
  }
  out[n] = '\0';
  return TRUE;
}

static char *
folded (const char *text)
{
  char buf[PKT_EVENT_MAX_NAME];
  if (text == NULL || !pkt_event_fold (pkt_slice_str (text), buf))
    g_error ("exports.json: a name is too long or no text");
  return g_strdup (buf);
}

static int
place_in (const char *const *list, gsize n, const char *name)
{
  for (gsize i = 0; i < n; i++)
    if (g_strcmp0 (list[i], name) == 0)
      return (int)i;
  g_error ("exports.json: '%s' is not known", name ? name : "(no text)");
}

static PktEventWord
word_named (const char *name)
{
  return (PktEventWord)place_in (word_names, G_N_ELEMENTS (word_names), name);
}

static GHashTable *
new_table (void)
{
  return g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
}

static GHashTable *
word_set (const json_t *list)
{
  GHashTable *set = new_table ();
  gsize i;
  json_t *word;
  json_array_foreach ((json_t *)list, i, word)
      g_hash_table_add (set, folded (json_string_value (word)));
  return set;
}

static int
add_name (PktEventMap *map, const char *text)
{
  char *key = folded (text);
  int known = pkt_event_name (map, key);
  if (known >= 0) {
    g_free (key);
    return known;
  }
  int index = (int)g_hash_table_size (map->names);
  if (index >= PKT_EVENT_MAX_NAMES)
    g_error ("exports.json: more than %d names", PKT_EVENT_MAX_NAMES);
  g_hash_table_insert (map->names, key, GINT_TO_POINTER (index + 1));
  return index;
}

/* "sg_event_id|sg_message_id": either is enough. */
static void
add_mark (PktEventMap *map, PktEventService *s, const char *text)
{
  g_auto (GStrv) either = g_strsplit (text, "|", -1);
  GArray *mark = g_array_new (FALSE, FALSE, sizeof (int));
  for (char **name = either; *name; name++) {
    int index = add_name (map, *name);
    g_array_append_val (mark, index);
  }
  g_ptr_array_add (s->marks, mark);
}

static void
add_fields (PktEventMap *map, PktEventService *s, const json_t *fields)
{
  const char *key;
  json_t *names, *name;
  gsize i;
  for (guint f = 0; f < PKT_N_FIELDS; f++)
    s->fields[f] = g_array_new (FALSE, FALSE, sizeof (PktEventName));
  json_object_foreach ((json_t *)fields, key, names)
  {
    int field = place_in (field_names, PKT_N_FIELDS, key);
    json_array_foreach (names, i, name)
    {
      const char *path = g_intern_string (json_string_value (name));
      PktEventName entry = { add_name (map, path), path };
      g_array_append_val (s->fields[field], entry);
      if (field == PKT_FIELD_RECIPIENT)
        map->recipients[entry.index] = TRUE;
    }
  }
}

static void
add_words (PktEventService *s, const json_t *events, const json_t *own)
{
  const char *key;
  json_t *words, *word;
  gsize i;
  s->words = new_table ();
  s->own_words = g_array_new (FALSE, FALSE, sizeof (PktEventOwn));
  json_object_foreach ((json_t *)events, key, words)
  {
    gpointer value = GINT_TO_POINTER (word_named (key));
    json_array_foreach (words, i, word)
        g_hash_table_insert (s->words, folded (json_string_value (word)), value);
  }
  json_object_foreach ((json_t *)own, key, word)
  {
    PktEventOwn entry = { g_intern_string (key), word_named (json_string_value (word)) };
    g_array_append_val (s->own_words, entry);
  }
}

static void
add_service (PktEventMap *map, const json_t *object)
{
  PktEventService *s = g_new0 (PktEventService, 1);
  gsize i;
  json_t *text;
  const char *otherwise = json_string_value (json_object_get (object, "default"));
  s->name = g_intern_string (json_string_value (json_object_get (object, "name")));
  s->marks = g_ptr_array_new ();
  s->each = g_ptr_array_new ();
  json_array_foreach (json_object_get (object, "marks"), i, text)
      add_mark (map, s, json_string_value (text));
  json_array_foreach (json_object_get (object, "each"), i, text)
      g_ptr_array_add (s->each, (gpointer)g_intern_string (json_string_value (text)));
  add_fields (map, s, json_object_get (object, "fields"));
  add_words (s, json_object_get (object, "events"), json_object_get (object, "own_words"));
  s->no_label = word_set (json_object_get (object, "no_label"));
  s->own_codes = word_set (json_object_get (object, "own_codes"));
  s->noise = g_ptr_array_new ();
  json_array_foreach (json_object_get (object, "noise"), i, text)
      g_ptr_array_add (s->noise, (gpointer)g_intern_string (json_string_value (text)));
  s->has_zone = json_object_get (object, "zone") != NULL;
  s->zone = pkt_json_number (object, "zone") * 60 * PKT_SECOND;
  s->otherwise = otherwise ? word_named (otherwise) : PKT_WORD_UNKNOWN;
  s->prose_is_label = g_strcmp0 (json_string_value (json_object_get (object, "prose")), "label")
                      == 0;
  s->us_dates = json_is_true (json_object_get (object, "us_dates"));
  g_ptr_array_add (map->services, s);
}

static gpointer
load (gpointer unused)
{
  (void)unused;
  PktSlice bytes = pkt_data ("exports.json");
  json_error_t why;
  g_autoptr (json_t) root = json_loadb (bytes.p, bytes.n, JSON_REJECT_DUPLICATES, &why);
  if (root == NULL)
    g_error ("exports.json:%d: %s", why.line, why.text);
  PktEventMap *map = g_new0 (PktEventMap, 1);
  gsize i;
  json_t *service, *name;
  map->names = new_table ();
  map->services = g_ptr_array_new ();
  map->lists = word_set (json_object_get (root, "lists"));
  map->wrappers = word_set (json_object_get (root, "wrappers"));
  map->suppressed = word_set (json_object_get (root, "suppressed"));
  map->envelopes = g_array_new (FALSE, FALSE, sizeof (int));
  json_array_foreach (json_object_get (root, "envelopes"), i, name)
  {
    int index = add_name (map, json_string_value (name));
    g_array_append_val (map->envelopes, index);
  }
  json_array_foreach (json_object_get (root, "services"), i, service) add_service (map, service);
  return map;
}

/* probe() is asked of each of the first lines of each file, and has no state to keep the tables in.
 */
const PktEventMap *
pkt_event_map (void)
{
  static GOnce once = G_ONCE_INIT;
  return g_once (&once, load, NULL);
}

int
pkt_event_name (const PktEventMap *map, const char *folded_name)
{
  return GPOINTER_TO_INT (g_hash_table_lookup (map->names, folded_name)) - 1;
}

static gboolean
has_field (const PktEventService *s, const PktEventRow *row, PktEventField field)
{
  for (guint i = 0; i < s->fields[field]->len; i++)
    if (row->at[g_array_index (s->fields[field], PktEventName, i).index].p)
      return TRUE;
  return FALSE;
}

static gboolean
has_mark (const GArray *mark, const PktEventRow *row)
{
  for (guint i = 0; i < mark->len; i++)
    if (row->at[g_array_index (mark, int, i)].p)
      return TRUE;
  return FALSE;
}

static gboolean
fits (const PktEventService *s, const PktEventRow *row)
{
  for (guint i = 0; i < s->marks->len; i++)
    if (!has_mark (g_ptr_array_index (s->marks, i), row))
      return FALSE;
  if (s->each->len) /* the recipients stand in a list that was not looked into */
    return TRUE;
  return has_field (s, row, PKT_FIELD_RECIPIENT)
         && (has_field (s, row, PKT_FIELD_EVENT) || has_field (s, row, PKT_FIELD_REPLY));
}

const PktEventService *
pkt_event_service (const PktEventMap *map, const PktEventRow *row)
{
  for (guint i = 0; i < map->services->len; i++) {
    const PktEventService *s = g_ptr_array_index (map->services, i);
    if (fits (s, row))
      return s;
  }
  return NULL;
}

PktEventWord
pkt_event_word (const PktEventService *s, const PktEventRow *row, int *name)
{
  char buf[PKT_EVENT_MAX_NAME];
  int from = -1;
  PktEventWord word = PKT_WORD_UNKNOWN;
  for (guint i = 0; i < s->fields[PKT_FIELD_EVENT]->len && word == PKT_WORD_UNKNOWN; i++) {
    from = g_array_index (s->fields[PKT_FIELD_EVENT], PktEventName, i).index;
    if (row->at[from].n && pkt_event_fold (row->at[from], buf))
      word = (PktEventWord)GPOINTER_TO_INT (g_hash_table_lookup (s->words, buf));
  }
  if (name)
    *name = word == PKT_WORD_UNKNOWN ? -1 : from;
  return word;
}
