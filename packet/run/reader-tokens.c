#include "packet/model/event.h"
#include "packet/run/inputs.h"

/* In how many messages a token stands tells whose it is: one reader's, or a campaign's. `data`:
 * token -> number. */
static void
want (const char *lower, gpointer data)
{
  g_hash_table_insert (data, g_strdup (lower), GUINT_TO_POINTER (0));
}

/* Each message once: its tries follow each other, or nearly so. */
static void
count_in (GHashTable *counts, const char *id, const char *last)
{
  g_autofree char *lower = g_ascii_strdown (id, -1);
  if (last && g_str_equal (id, last))
    return;
  g_strcanon (lower, "abcdefghijklmnopqrstuvwxyz0123456789", ' ');
  g_auto (GStrv) pieces = g_strsplit (lower, " ", -1);
  for (char **p = pieces; *p; p++)
    if (g_hash_table_contains (counts, *p)) {
      guint n = GPOINTER_TO_UINT (g_hash_table_lookup (counts, *p));
      g_hash_table_insert (counts, g_strdup (*p), GUINT_TO_POINTER (n + 1));
    }
}

static const char *
unsubscribe_of (const PktSample *s, guint *at)
{
  for (; *at < s->fields->len; (*at)++) {
    const PktHeaderField *f = g_ptr_array_index (s->fields, *at);
    if (g_ascii_strcasecmp (f->name, "List-Unsubscribe") == 0)
      return ((const PktHeaderField *)g_ptr_array_index (s->fields, (*at)++))->value;
  }
  return NULL;
}

#define MAX_OF_ONE 2 /* messages: a sample, and one sent again */

void
pkt_inputs_teach_tokens (const PktInputs *in, const PktPrivacyScope *scope, PktRedactor *r)
{
  g_autoptr (GHashTable) counts = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  const char *value, *last = NULL;
  for (guint i = 0; i < in->all_samples->len; i++)
    for (guint at = 0; (value = unsubscribe_of (in->all_samples->pdata[i], &at));)
      pkt_redactor_each_token (value, want, counts);
  const GPtrArray *events = in->scan ? in->scan->events : NULL;
  for (guint i = 0; events && i < events->len; i++) {
    const PktEvent *event = g_ptr_array_index (events, i);
    if (scope->people && event->sender)
      pkt_redactor_add_writer (r, event->sender);
    if (event->recipient)
      pkt_redactor_add_custom (r, pkt_slice_str (event->recipient));
    if (event->message_id)
      count_in (counts, event->message_id, last);
    last = event->message_id;
  }
  GHashTableIter it;
  gpointer token, n;
  g_hash_table_iter_init (&it, counts);
  while (g_hash_table_iter_next (&it, &token, &n))
    if (GPOINTER_TO_UINT (n) > MAX_OF_ONE)
      pkt_redactor_common_token (r, token);
  for (guint i = 0; i < in->all_samples->len; i++)
    for (guint at = 0; (value = unsubscribe_of (in->all_samples->pdata[i], &at));)
      pkt_redactor_add_unsubscribe (r, value);
}
