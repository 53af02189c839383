/* exports.json as tables. */
#include "packet/log/event-map.h"
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
  [PKT_FIELD_MESSAGE_ID_HOST] = "message_id_host",
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
  [PKT_WORD_UNREAD] = "unread",
};

static char *
folded (const char *text)
{
  char buf[PKT_EVENT_MAX_NAME];
  if (text == NULL || !pkt_event_fold (pkt_slice_str (text), buf))
    g_error ("exports.json: a name is too long or no text");
  return g_strdup (buf);
}

int
pkt_event_field_named (const char *name)
{
  for (gsize i = 0; i < PKT_N_FIELDS; i++)
    if (g_strcmp0 (field_names[i], name) == 0)
      return (int)i;
  return -1;
}

PktEventWord
pkt_event_word_named (const char *name)
{
  for (gsize i = 1; i < G_N_ELEMENTS (word_names); i++)
    if (g_strcmp0 (word_names[i], name) == 0)
      return (PktEventWord)i;
  return PKT_WORD_UNKNOWN;
}

static PktEventWord
word_named (const char *name)
{
  PktEventWord word = pkt_event_word_named (name);
  if (word == PKT_WORD_UNKNOWN)
    g_error ("exports.json: '%s' is no outcome", name ? name : "(no text)");
  return word;
}

static GHashTable *
new_table (void)
{
  return g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
}

static void
add_set (GHashTable *to, const json_t *list)
{
  gsize i;
  json_t *word;
  json_array_foreach ((json_t *)list, i, word)
      g_hash_table_add (to, folded (json_string_value (word)));
}

static GHashTable *
word_set (const json_t *list)
{
  GHashTable *set = new_table ();
  add_set (set, list);
  return set;
}

int
pkt_event_map_name (PktEventMap *map, const char *text)
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
    int index = pkt_event_map_name (map, *name);
    g_array_append_val (mark, index);
  }
  g_ptr_array_add (s->marks, mark);
}

/* In front of those that are there. */
static void
add_fields (PktEventMap *map, PktEventService *s, const json_t *fields)
{
  const char *key;
  json_t *names, *name;
  gsize i;
  json_object_foreach ((json_t *)fields, key, names)
  {
    int field = pkt_event_field_named (key);
    if (field < 0)
      g_error ("exports.json: '%s' is no field", key);
    json_array_foreach (names, i, name)
    {
      const char *path = g_intern_string (json_string_value (name));
      PktEventName entry = { pkt_event_map_name (map, path), path };
      g_array_insert_val (s->fields[field], i, entry);
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
take_dates (PktEventService *s, const json_t *object)
{
  const json_t *us = json_object_get (object, "us_dates"),
               *day = json_object_get (object, "day_first");
  if (json_is_true (us))
    s->dates = PKT_DATES_MONTH_FIRST;
  else if (json_is_true (day))
    s->dates = PKT_DATES_DAY_FIRST;
  else if (us || day)
    s->dates = PKT_DATES_NEITHER;
}

static void
add_texts (GPtrArray *to, const json_t *list)
{
  gsize i;
  json_t *text;
  json_array_foreach ((json_t *)list, i, text)
      g_ptr_array_add (to, (gpointer)g_intern_string (json_string_value (text)));
}

void
pkt_event_map_extend (PktEventMap *map, PktEventService *s, const json_t *object)
{
  gsize i;
  json_t *text, *zone = json_object_get (object, "zone");
  const char *otherwise = pkt_json_text (object, "default"),
             *prose = pkt_json_text (object, "prose");
  json_array_foreach (json_object_get (object, "marks"), i, text)
      add_mark (map, s, json_string_value (text));
  add_texts (s->each, json_object_get (object, "each"));
  add_fields (map, s, json_object_get (object, "fields"));
  add_words (s, json_object_get (object, "events"), json_object_get (object, "own_words"));
  add_set (s->no_label, json_object_get (object, "no_label"));
  add_set (s->own_codes, json_object_get (object, "own_codes"));
  add_texts (s->noise, json_object_get (object, "noise"));
  add_texts (s->remote_behind, json_object_get (object, "remote_behind"));
  if (zone) {
    s->has_zone = TRUE;
    s->zone = json_integer_value (zone) * 60 * PKT_SECOND;
  }
  if (json_is_true (json_object_get (object, "few_tries")))
    s->few_tries = TRUE;
  if (pkt_json_text (object, "blind"))
    s->blind = g_intern_string (pkt_json_text (object, "blind"));
  if (pkt_json_text (object, "tries")) {
    s->tries = g_intern_string (pkt_json_text (object, "tries"));
    s->try_event = g_intern_string (pkt_json_text (object, "try_event"));
  }
  if (otherwise)
    s->otherwise = word_named (otherwise);
  if (prose)
    s->prose_is_label = g_str_equal (prose, "label");
  take_dates (s, object);
}

PktEventService *
pkt_event_map_add (PktEventMap *map, const json_t *object, gboolean first)
{
  PktEventService *s = g_new0 (PktEventService, 1);
  s->name = g_intern_string (pkt_json_text (object, "name"));
  s->marks = g_ptr_array_new ();
  s->each = g_ptr_array_new ();
  for (guint f = 0; f < PKT_N_FIELDS; f++)
    s->fields[f] = g_array_new (FALSE, FALSE, sizeof (PktEventName));
  s->words = new_table ();
  s->own_words = g_array_new (FALSE, FALSE, sizeof (PktEventOwn));
  s->no_label = new_table ();
  s->own_codes = new_table ();
  s->noise = g_ptr_array_new ();
  s->remote_behind = g_ptr_array_new ();
  pkt_event_map_extend (map, s, object);
  g_ptr_array_insert (map->services, first ? 0 : -1, s);
  return s;
}

static gint loaded; /* atomic */

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
    int index = pkt_event_map_name (map, json_string_value (name));
    g_array_append_val (map->envelopes, index);
  }
  json_array_foreach (json_object_get (root, "services"), i, service)
      pkt_event_map_add (map, service, FALSE);
  g_atomic_int_set (&loaded, TRUE);
  return map;
}

gboolean
pkt_event_map_is_loaded (void)
{
  return g_atomic_int_get (&loaded);
}

/* probe() is asked of each of the first lines of each file, and has no state to keep the tables in.
 */
PktEventMap *
pkt_event_map_writable (void)
{
  static GOnce once = G_ONCE_INIT;
  return g_once (&once, load, NULL);
}

const PktEventMap *
pkt_event_map (void)
{
  return pkt_event_map_writable ();
}
