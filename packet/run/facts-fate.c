/* What became of temporary answers: when they are given, how many are usual, and how the messages
 * ended. */
#include "packet/base/json.h"
#include "packet/base/sort.h"
#include "packet/run/facts.h"
#include "packet/run/variant.h"
#include "packet/trend/sum.h"

#define NEAR_HOUR (10 * PKT_MINUTE) /* tries so near to a full hour are told so */
#define WAITS_WITHIN PKT_DAY        /* queues try each of their messages within the day */
#define USUAL_DAYS 5                /* fewer days with mail before the start tell nothing usual */

static char *
delivery_key (const PktEvent *e)
{
  return g_strdup_printf ("%s\n%s", e->queue_id, e->recipient);
}

struct PktFates {
  GHashTable *finals; /* delivery -> const PktEvent*: its last final answer */
};

/* Those that a temporary answer was given to; their queue ids besides, so that the many others are
 * passed over without a copy. */
static void
add_deferred (PktFates *f, const PktEvidence *e, GHashTable *queue_ids)
{
  for (guint i = 0; i < e->groups->len; i++) {
    const PktGroup *g = g_ptr_array_index (e->groups, i);
    for (guint k = 0; g->temporary && k < g->events->len; k++) {
      const PktEvent *event = g_ptr_array_index (g->events, k);
      if (event->queue_id == NULL || event->recipient == NULL)
        continue;
      g_hash_table_add (queue_ids, (gpointer)event->queue_id);
      g_hash_table_insert (f->finals, delivery_key (event), NULL);
    }
  }
}

PktFates *
pkt_fates_new (const PktEvidence *e)
{
  PktFates *f = g_new0 (PktFates, 1);
  f->finals = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (GHashTable) queue_ids = g_hash_table_new (g_str_hash, g_str_equal);
  add_deferred (f, e, queue_ids);
  for (guint i = 0; i < e->scan->events->len; i++) {
    const PktEvent *event = g_ptr_array_index (e->scan->events, i);
    if ((event->outcome != PKT_DELIVERED && event->outcome != PKT_BOUNCED) || !event->queue_id
        || !event->recipient || !g_hash_table_contains (queue_ids, event->queue_id))
      continue;
    char *key = delivery_key (event);
    if (g_hash_table_contains (f->finals, key))
      g_hash_table_insert (f->finals, key, (gpointer)event);
    else
      g_free (key);
  }
  return f;
}

void
pkt_fates_free (PktFates *f)
{
  g_hash_table_unref (f->finals);
  g_free (f);
}

/* The end after a deferral: a final answer, or that the message was given up; NULL: not in these
 * logs. */
static const PktEvent *
fate_of (const PktFates *f, const PktEvent *e)
{
  if (e->queue_id == NULL || e->recipient == NULL)
    return NULL;
  g_autofree char *key = delivery_key (e);
  const PktEvent *final = g_hash_table_lookup (f->finals, key);
  return final && final->time >= e->time ? final : NULL;
}

/* Tried in the last day that the logs tell of, and not at an end in them. An export without queue
 * ids tells no end, and what was not tried for longer may have been taken out. */
static gboolean
still_waits (const PktFates *f, const PktEvidence *e, const PktEvent *tried)
{
  return tried->queue_id && tried->recipient && tried->time >= e->scan->tally->last - WAITS_WITHIN
         && fate_of (f, tried) == NULL;
}

gboolean
pkt_fates_wait (const PktFates *f, const PktEvidence *e)
{
  if (e->now - e->scan->tally->last > WAITS_WITHIN || !pkt_scan_is_whole (e->scan))
    return FALSE; /* it may be empty since, or the end is among those that are not kept */
  for (guint i = 0; i < e->groups->len; i++) {
    const PktGroup *g = g_ptr_array_index (e->groups, i);
    for (guint k = 0; g->temporary && k < g->events->len; k++)
      if (still_waits (f, e, g_ptr_array_index (g->events, k)))
        return TRUE;
  }
  return FALSE;
}

json_t *
pkt_facts_later (const PktFates *f, const PktEvent *e)
{
  const PktEvent *final = e->outcome == PKT_DEFERRED ? fate_of (f, e) : NULL;
  if (final == NULL)
    return json_null ();
  json_t *o = json_object ();
  json_object_set_new (o, "time", pkt_facts_time (final->time));
  json_object_set_new (o, "accepted", json_boolean (final->outcome == PKT_DELIVERED));
  if (final->gave_up)
    json_object_set_new (o, "gave_up", json_true ());
  json_object_set_new (o, "remote_queue_id", pkt_json_string (final->remote_queue_id));
  g_autofree char *name = pkt_facts_short (final);
  json_object_set_new (o, "short", json_string (name));
  return o;
}

/* "14:26": all messages of the group had a final answer by then, each on the day of its deferral;
 * null where that is not so. */
static json_t *
settled_by (const PktFates *f, const PktGroup *g)
{
  gint64 latest = 0;
  for (guint i = 0; i < g->events->len; i++) {
    const PktEvent *e = g_ptr_array_index (g->events, i), *final = fate_of (f, e);
    if (final == NULL || final->gave_up
        || pkt_clock_day (final->time, NULL) != pkt_clock_day (e->time, NULL))
      return json_null ();
    latest = MAX (latest, final->time - pkt_clock_day (final->time, NULL) * PKT_DAY);
  }
  gint64 minutes = (latest + PKT_MINUTE - 1) / PKT_MINUTE; /* "by": rounded up */
  if (minutes >= PKT_DAY / PKT_MINUTE)
    return json_null ();
  return json_sprintf ("%02d:%02d", (int)(minutes / 60), (int)(minutes % 60));
}

/* {"minutes": 4, "hour": "14:00:00"}: all tries lie so near to a full hour; hour null: to several.
 */
static json_t *
near_hour (const PktGroup *g)
{
  gint64 farthest = 0, hour = -1;
  gboolean same = TRUE;
  for (guint i = 0; i < g->events->len; i++) {
    const PktEvent *e = g_ptr_array_index (g->events, i);
    gint64 full = pkt_clock_floor (e->time + PKT_HOUR / 2, PKT_HOUR),
           of_day = full - pkt_clock_floor (full, 24) * 24;
    farthest = MAX (farthest, ABS (e->time - full * PKT_HOUR));
    same = same && (hour < 0 || hour == of_day);
    hour = of_day;
  }
  if (farthest > NEAR_HOUR || g->events->len < 2)
    return json_null ();
  json_t *o = json_object ();
  json_object_set_new (o, "minutes",
                       json_integer (MAX (1, (farthest + PKT_MINUTE - 1) / PKT_MINUTE)));
  json_object_set_new (o, "hour", same ? json_sprintf ("%02d:00:00", (int)hour) : json_null ());
  return o;
}

/* As many as the group counts: where it is not about hosts, what one host said before the next was
 * tried is none of its tries. */
static gboolean
is_counted (const PktEvidence *e, const PktGroup *g, const PktEvent *event)
{
  return (event->outcome != PKT_HOST_ERROR || e->variant == PKT_VARIANT_CONNECTION)
         && pkt_group_has (g, event);
}

/* The same answer's tries on the days with mail before the start: {"median": 588, "days": 20}. */
static json_t *
usual_count (const PktEvidence *e, const PktGroup *g)
{
  gint64 start = pkt_clock_day (e->started, NULL);
  g_autoptr (GHashTable) tries = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free,
                                                        g_free);
  for (guint i = 0; i < e->scan->events->len; i++) {
    const PktEvent *event = g_ptr_array_index (e->scan->events, i);
    gint64 day = pkt_clock_day (event->time, NULL);
    if (day >= start || !pkt_evidence_in_stream (e, event))
      continue;
    gint64 *n = g_hash_table_lookup (tries, &day);
    if (n == NULL) {
      n = g_new0 (gint64, 1);
      g_hash_table_insert (tries, g_memdup2 (&day, sizeof day), n);
    }
    *n += is_counted (e, g, event);
  }
  guint days = g_hash_table_size (tries);
  if (days < USUAL_DAYS)
    return json_null ();
  g_autoptr (GArray) counts = g_array_new (FALSE, FALSE, sizeof (gint64));
  GHashTableIter iter;
  gpointer value;
  g_hash_table_iter_init (&iter, tries);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    g_array_append_vals (counts, value, 1);
  g_array_sort (counts, pkt_sort_by_number);
  gint64 median = (g_array_index (counts, gint64, (days - 1) / 2)
                   + g_array_index (counts, gint64, days / 2))
                  / 2;
  return json_pack ("{sIsi}", "median", (json_int_t)median, "days", (int)days);
}

void
pkt_facts_fate (const PktEvidence *e, const PktFates *f, const PktGroup *g, json_t *group)
{
  gboolean told = g->temporary && g->events->len > 1 && e->started != PKT_NO_TIME;
  json_object_set_new (group, "settled_by", told ? settled_by (f, g) : json_null ());
  json_object_set_new (group, "near_hour", told ? near_hour (g) : json_null ());
  json_object_set_new (group, "usual",
                       told && pkt_scan_is_whole (e->scan) ? usual_count (e, g) : json_null ());
}

/* The mail that an id is of has no recipient but this one. */
static gboolean
is_only_one (GHashTable *recipients, const char *id, const char *recipient)
{
  const char *known = g_hash_table_lookup (recipients, id);
  if (known && g_ascii_strcasecmp (known, recipient) != 0)
    return FALSE;
  g_hash_table_insert (recipients, (gpointer)id, (gpointer)recipient);
  return TRUE;
}

gboolean
pkt_facts_has_one_recipient (GHashTable *recipients, const PktEvent *event)
{
  return event->message_id && event->recipient
         && is_only_one (recipients, event->message_id, event->recipient)
         && (event->queue_id == NULL
             || is_only_one (recipients, event->queue_id, event->recipient));
}

gboolean
pkt_facts_one_per_message (const PktEvidence *e)
{
  g_autoptr (GHashTable) recipients = g_hash_table_new (g_str_hash, g_str_equal);
  gboolean any = FALSE;
  for (guint i = 0; i < e->groups->len; i++) {
    const PktGroup *g = g_ptr_array_index (e->groups, i);
    for (guint k = 0; k < g->events->len; k++) {
      const PktEvent *event = g_ptr_array_index (g->events, k);
      if (event->queue_id == NULL || !pkt_facts_has_one_recipient (recipients, event))
        return FALSE;
      any = TRUE;
    }
  }
  return any;
}
