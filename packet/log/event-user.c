/* The user's own map. It is checked whole before anything is taken from it, then read as an entry
 * of exports.json is. */
#include "packet/log/event-user.h"
#include "packet/base/error.h"
#include "packet/base/json.h"
#include "packet/log/event-map.h"
#include "packet/log/event-user-check.h"

/* "a" becomes ["a"], as exports.json has it. */
static void
make_list (json_t *object, const char *key)
{
  json_t *v = json_object_get (object, key);
  if (json_is_string (v))
    json_object_set_new (object, key, json_pack ("[O]", v));
}

static void
make_lists (json_t *root)
{
  static const char *const lists[] = { "marks", "each", "no_label", "own_codes", "noise" };
  static const char *const tables[] = { "fields", "events" };
  for (gsize i = 0; i < G_N_ELEMENTS (lists); i++)
    make_list (root, lists[i]);
  for (gsize i = 0; i < G_N_ELEMENTS (tables); i++) {
    json_t *table = json_object_get (root, tables[i]);
    for (void *at = json_object_iter (table); at; at = json_object_iter_next (table, at))
      make_list (table, json_object_iter_key (at));
  }
}

/* A name of the layout that is a field's own stands for it, unless the user has named another. */
static int
layout_name (PktEventMap *map, json_t *root, const char *name)
{
  char buf[PKT_EVENT_MAX_NAME];
  json_t *fields = json_object_get (root, "fields");
  if (!pkt_event_fold (pkt_slice_str (name), buf) || *buf == '\0')
    return -1;
  if (pkt_event_field_named (name) >= 0 && json_object_get (fields, name) == NULL)
    json_object_set_new (fields, name, json_pack ("[s]", name));
  return pkt_event_map_name (map, name);
}

static void
add_layout_name (PktEventMap *map, json_t *root, PktEventLayout *out, const char *name)
{
  int index = layout_name (map, root, name);
  g_array_append_val (out->names, index);
}

static PktEventLayout *
read_layout (PktEventMap *map, json_t *root)
{
  const char *line = pkt_json_text (root, "line"), *separator = pkt_json_text (root, "separator");
  const json_t *columns = json_object_get (root, "columns");
  if (line == NULL && columns == NULL)
    return NULL;
  PktEventLayout *out = g_new0 (PktEventLayout, 1);
  out->names = g_array_new (FALSE, FALSE, sizeof (int));
  out->literals = g_ptr_array_new_with_free_func (g_free);
  gsize i;
  json_t *name;
  if (line == NULL) {
    out->separator = separator ? *separator : ',';
    json_array_foreach ((json_t *)columns, i, name)
        add_layout_name (map, root, out, json_string_value (name));
    return out;
  }
  for (const char *open; (open = strchr (line, '{'));) {
    const char *close = strchr (open, '}');
    g_autofree char *text = g_strndup (open + 1, (gsize)(close - open) - 1);
    g_ptr_array_add (out->literals, g_strndup (line, (gsize)(open - line)));
    add_layout_name (map, root, out, text);
    line = close + 1;
  }
  g_ptr_array_add (out->literals, g_strdup (line));
  return out;
}

static void
layout_free (PktEventLayout *l)
{
  if (l == NULL)
    return;
  g_array_unref (l->names);
  g_ptr_array_unref (l->literals);
  g_free (l);
}

static PktEventService *
find_service (const PktEventMap *map, const char *name)
{
  for (guint i = 0; name && i < map->services->len; i++) {
    PktEventService *s = g_ptr_array_index (map->services, i);
    if (g_strcmp0 (s->name, name) == 0)
      return s;
  }
  return NULL;
}

static void
take (json_t *root)
{
  PktEventMap *map = pkt_event_map_writable ();
  make_lists (root);
  if (json_object_get (root, "fields") == NULL)
    json_object_set_new (root, "fields", json_object ());
  if (json_object_get (root, "name") == NULL)
    json_object_set_new (root, "name", json_string ("mapped"));
  layout_free (map->layout); /* of a map read before */
  map->layout = read_layout (map, root);
  PktEventService *s = find_service (map, pkt_json_text (root, "extends"));
  gsize i;
  json_t *list;
  json_array_foreach (json_object_get (root, "each"), i, list)
  {
    char buf[PKT_EVENT_MAX_NAME];
    if (pkt_event_fold (pkt_slice_str (json_string_value (list)), buf))
      g_hash_table_remove (map->lists, buf); /* it is inside a record, not around them */
  }
  if (s)
    pkt_event_map_extend (map, s, root);
  else
    s = pkt_event_map_add (map, root, TRUE);
  map->user = s;
}

gboolean
pkt_event_user_is_json (PktSlice text)
{
  text = pkt_slice_trim (pkt_slice_skip_mark (text));
  return text.n && text.p[0] == '{';
}

gboolean
pkt_event_user_load (const char *path, PktSlice text, GError **error)
{
  json_error_t why;
  text = pkt_slice_skip_mark (text);
  g_autoptr (json_t) root = json_loadb (text.p, text.n, JSON_REJECT_DUPLICATES, &why);
  if (root == NULL) {
    g_set_error (error, PKT_ERROR, PKT_ERROR_DATA, "%s:%d:%d: %s", path, why.line, why.column,
                 why.text);
    return FALSE;
  }
  g_autoptr (PktCaseReport) report = pkt_case_report_new (path, text);
  pkt_event_user_check (root, report);
  GError *wrong = pkt_case_report_error (report);
  if (wrong) {
    g_propagate_error (error, wrong);
    return FALSE;
  }
  take (root);
  return TRUE;
}
