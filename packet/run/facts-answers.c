/* Which answers are new since the mail before, and which came no more. The groups that a request
 * shows are too few for that: not all are traceable, and days between the mail before and Apple's
 * answer are in none. So all attempts of the stream are looked at. */
#include "packet/base/json.h"
#include "packet/run/facts.h"
#include "packet/run/follow-up.h"

/* An answer of a name in the stream. */
typedef struct {
  gint64 first, last; /* since the mail before */
  gboolean before;    /* there was one before that, too */
  GHashTable *recipients;
  guint unnamed; /* of whom nobody is named */
} Seen;

static void
seen_free (gpointer p)
{
  Seen *s = p;
  g_hash_table_unref (s->recipients);
  g_free (s);
}

/* "[CS02]", as the text calls "550 5.7.1 [CS02]" and "554 5.7.1 [CS02]"; without a tag the codes.
 */
static const char *
name_of (const char *short_name)
{
  const char *tag = short_name ? strchr (short_name, '[') : NULL;
  return tag ? tag : short_name ? short_name : "";
}

static void
see (GHashTable *all, const PktEvent *event, gint64 since)
{
  g_autofree char *short_name = pkt_facts_short (event);
  Seen *s = g_hash_table_lookup (all, name_of (short_name));
  if (s == NULL) {
    s = g_new0 (Seen, 1);
    s->first = s->last = PKT_NO_TIME;
    s->recipients = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
    g_hash_table_insert (all, g_strdup (name_of (short_name)), s);
  }
  if (event->time < since) {
    s->before = TRUE;
    return;
  }
  s->first = s->first == PKT_NO_TIME ? event->time : MIN (s->first, event->time);
  s->last = MAX (s->last, event->time);
  s->unnamed += event->recipient == NULL;
  if (event->recipient)
    g_hash_table_add (s->recipients, g_ascii_strdown (event->recipient, -1));
}

static gboolean
is_refusal (const PktEvidence *e, const PktEvent *event)
{
  return event->outcome == PKT_BOUNCED && event->policy && pkt_evidence_in_stream (e, event);
}

/* char* name -> Seen* */
static GHashTable *
look (const PktEvidence *e, gint64 since)
{
  GHashTable *all = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, seen_free);
  for (guint i = 0; i < e->scan->events->len; i++) {
    const PktEvent *event = g_ptr_array_index (e->scan->events, i);
    if (is_refusal (e, event))
      see (all, event, since);
  }
  return all;
}

static gboolean
lists (const json_t *answers, const char *name)
{
  for (gsize i = 0; i < json_array_size (answers); i++)
    if (g_str_equal (name_of (pkt_json_text (json_array_get (answers, i), "short")), name))
      return TRUE;
  return FALSE;
}

static gint64
end_of_before (const PktEvidence *e)
{
  PktStamp stamp;
  const char *text = pkt_json_text (e->follow_up->earlier->figures, "until");
  return text && pkt_clock_parse_rfc3339 (pkt_slice_str (text), &stamp) ? stamp.us + PKT_SECOND
                                                                        : e->follow_up->since;
}

static json_t *
new_answers (GHashTable *all, const json_t *now, const json_t *before)
{
  json_t *out = json_array ();
  for (gsize i = 0; i < json_array_size (now); i++) {
    json_t *answer = json_array_get (now, i);
    const char *name = name_of (pkt_json_text (answer, "short"));
    const Seen *s = g_hash_table_lookup (all, name);
    if (s == NULL || s->before || s->first == PKT_NO_TIME || lists (before, name)
        || lists (out, name))
      continue;
    json_t *o = json_copy (answer);
    json_object_set_new (o, "first", pkt_facts_time (s->first));
    json_object_set_new (o, "last", pkt_facts_time (s->last));
    json_object_set_new (o, "count", json_integer (g_hash_table_size (s->recipients) + s->unnamed));
    json_array_append_new (out, o);
  }
  return out;
}

/* The logs of now may begin after those of the mail before: then it is only known that there was
 * none since these begin. */
static json_t *
none_since (const PktEvidence *e, const json_t *answer, const Seen *s)
{
  gint64 begin = e->scan->tally->first;
  if (s && s->last != PKT_NO_TIME)
    return pkt_facts_time (s->last);
  if (begin != PKT_NO_TIME && begin > end_of_before (e))
    return pkt_facts_time (begin);
  return json_incref (json_object_get (answer, "last"));
}

static json_t *
vanished_answers (const PktEvidence *e, GHashTable *all, const json_t *now, const json_t *before)
{
  json_t *out = json_array ();
  for (gsize i = 0; i < json_array_size (before); i++) {
    const json_t *answer = json_array_get (before, i);
    const char *name = name_of (pkt_json_text (answer, "short"));
    const Seen *s = g_hash_table_lookup (all, name);
    if (lists (now, name) || lists (out, name) || (s && s->last >= e->from))
      continue;
    json_t *o = json_copy ((json_t *)answer);
    json_object_set_new (o, "last", none_since (e, answer, s));
    json_array_append_new (out, o);
  }
  return out;
}

static json_t *
left_answers (const PktEvidence *e, const json_t *now)
{
  json_t *out = json_array ();
  for (gsize i = 0; i < json_array_size (now); i++)
    if (!lists (out, name_of (pkt_json_text (json_array_get (now, i), "short"))))
      json_array_append (out, json_array_get (now, i));
  for (guint i = 0; i < e->scan->events->len; i++) {
    const PktEvent *event = g_ptr_array_index (e->scan->events, i);
    if (event->time < e->from || !is_refusal (e, event))
      continue;
    g_autofree char *short_name = pkt_facts_short (event);
    if (!lists (out, name_of (short_name)))
      json_array_append_new (out, json_pack ("{s:s}", "short", short_name));
  }
  return out;
}

void
pkt_facts_answers (json_t *o, const PktEvidence *e, const json_t *now, const json_t *before)
{
  g_autoptr (GHashTable) all = look (e, end_of_before (e));
  json_object_set_new (o, "new", new_answers (all, now, before));
  json_object_set_new (o, "left", left_answers (e, now));
  json_object_set_new (o, "vanished", vanished_answers (e, all, now, before));
}
