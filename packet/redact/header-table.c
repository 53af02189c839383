#include "packet/redact/header-table.h"
#include <jansson.h>
#include "packet/base/data.h"

struct PktHeaderTable {
  json_t *root;
  GHashTable *lists; /* name -> char **, its strings are root's */
  PktAudience audience;
  const char *platform; /* its name in the table; NULL */
};

static const char *const actions[]
    = { "drop",     "keep",  "recipient", "return-path", "received", "auth",    "dkim",
        "skeleton", "class", "fields",    "from",        "reply-to", "subject", "text",
        "content",  "words", "value",     "date",        "list-id",  "folder",  "language" };

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

gboolean
pkt_header_table_fits (const char *pattern, const char *name)
{
  gsize n = strlen (pattern);
  if (n && pattern[n - 1] == '*')
    return g_ascii_strncasecmp (pattern, name, n - 1) == 0;
  return g_ascii_strcasecmp (pattern, name) == 0;
}

/* "Twilio SendGrid" is sendgrid: one of its aliases stands in the name. */
gboolean
pkt_header_table_for (PktHeaderTable *t, PktAudience audience, const char *platform)
{
  g_autofree char *lower = platform ? g_utf8_strdown (platform, -1) : NULL;
  const char *name;
  json_t *aliases;
  t->audience = audience;
  t->platform = NULL;
  if (lower == NULL)
    return FALSE;
  json_object_foreach (json_object_get (t->root, "platforms"), name, aliases)
  {
    for (gsize i = 0; i < json_array_size (aliases); i++)
      if (strstr (lower, json_string_value (json_array_get (aliases, i))))
        t->platform = name;
  }
  return t->platform != NULL;
}

static PktHeaderAction
parse_action (const char *action)
{
  for (guint i = 0; i < G_N_ELEMENTS (actions); i++)
    if (g_strcmp0 (action, actions[i]) == 0)
      return (PktHeaderAction)i;
  g_error ("headers.json: there is no action '%s'", action ? action : "(none)");
}

static PktHeaderAction
action_of (const PktHeaderTable *t, const json_t *row)
{
  const char *action = json_string_value (json_object_get (row, "action"));
  const char *word = pkt_audience_word (t->audience);
  const char *other = json_string_value (json_object_get (row, word));
  const char *of = json_string_value (json_object_get (row, "of"));
  if (t->audience == PKT_AUDIENCE_ESP && of && g_strcmp0 (of, t->platform) == 0)
    return PKT_HEADER_KEEP;
  return parse_action (other ? other : action);
}

PktHeaderAction
pkt_header_table_find (const PktHeaderTable *t, const char *name, const char **reason)
{
  const json_t *rows = json_object_get (t->root, "rows");
  for (gsize i = 0; i < json_array_size (rows); i++) {
    const json_t *row = json_array_get (rows, i);
    const char *pattern = json_string_value (json_object_get (row, "name"));
    if (pattern == NULL || !pkt_header_table_fits (pattern, name))
      continue;
    const char *why = json_string_value (json_object_get (row, "reason"));
    gboolean other = json_object_get (row, pkt_audience_word (t->audience)) != NULL;
    *reason = why ? why : other ? "not for this audience" : "held a recipient";
    return action_of (t, row);
  }
  *reason = "not in the list of known headers";
  return PKT_HEADER_DROP;
}
