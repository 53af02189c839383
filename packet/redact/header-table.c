#include "packet/redact/header-table.h"
#include <jansson.h>
#include "packet/base/data.h"

struct PktHeaderTable {
  json_t *root;
  GHashTable *lists; /* name -> char **, its strings are root's */
};

static const char *const actions[]
    = { "drop",  "keep",   "recipient", "return-path", "received", "auth", "dkim",    "skeleton",
        "class", "fields", "from",      "reply-to",    "subject",  "text", "content", "words" };

static void
read_lists (PktHeaderTable *t)
{
  const char *name;
  json_t *value;
  json_object_foreach (t->root, name, value)
  {
    const char **list = g_new0 (const char *, json_array_size (value) + 1);
    for (gsize i = 0; i < json_array_size (value); i++)
      list[i] = json_string_value (json_array_get (value, i));
    g_hash_table_insert (t->lists, (gpointer)name, list);
  }
}

const char *const *
pkt_header_table_list (const PktHeaderTable *t, const char *name)
{
  const char *const *list = g_hash_table_lookup (t->lists, name);
  if (list == NULL)
    g_error ("headers.json: there is no list '%s'", name);
  return list;
}

PktHeaderTable *
pkt_header_table_new (void)
{
  json_error_t where;
  PktSlice data = pkt_data ("headers.json");
  PktHeaderTable *t = g_new0 (PktHeaderTable, 1);
  t->root = json_loadb (data.p, data.n, JSON_REJECT_DUPLICATES, &where);
  if (t->root == NULL)
    g_error ("headers.json:%d: %s", where.line, where.text);
  t->lists = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, g_free);
  read_lists (t);
  return t;
}

void
pkt_header_table_free (PktHeaderTable *t)
{
  g_hash_table_unref (t->lists);
  json_decref (t->root);
  g_free (t);
}

static gboolean
fits (const char *pattern, const char *name)
{
  gsize n = strlen (pattern);
  if (n && pattern[n - 1] == '*')
    return g_ascii_strncasecmp (pattern, name, n - 1) == 0;
  return g_ascii_strcasecmp (pattern, name) == 0;
}

static PktHeaderAction
action_of (const json_t *row)
{
  const char *action = json_string_value (json_object_get (row, "action"));
  for (guint i = 0; i < G_N_ELEMENTS (actions); i++)
    if (g_strcmp0 (action, actions[i]) == 0)
      return (PktHeaderAction)i;
  g_error ("headers.json: there is no action '%s'", action ? action : "(none)");
}

PktHeaderAction
pkt_header_table_find (const PktHeaderTable *t, const char *name, const char **reason)
{
  const json_t *rows = json_object_get (t->root, "rows");
  for (gsize i = 0; i < json_array_size (rows); i++) {
    const json_t *row = json_array_get (rows, i);
    const char *pattern = json_string_value (json_object_get (row, "name"));
    if (pattern == NULL || !fits (pattern, name))
      continue;
    const char *why = json_string_value (json_object_get (row, "reason"));
    *reason = why ? why : "held a recipient";
    return action_of (row);
  }
  *reason = "not in the list of known headers";
  return PKT_HEADER_DROP;
}
