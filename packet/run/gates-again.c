/* What the case says was no more done, and the logs show. */
#include "packet/base/clock.h"
#include "packet/run/facts.h"

/* "No refused message was sent again.", "Rejected mail is never resent" */
static gboolean
says_none_again (const char *what)
{
  static const char *const again[] = { "sent again", "resent", "re-sent", NULL }, *const none[] = {
    "no ", "not ", "never ", "none ", "nothing ", NULL
  };
  g_autofree char *text = g_ascii_strdown (what, -1);
  gboolean is_again = FALSE, denied = FALSE;
  for (gsize i = 0; again[i]; i++)
    is_again = is_again || strstr (text, again[i]);
  for (gsize i = 0; none[i]; i++)
    denied = denied || strstr (text, none[i]);
  return is_again && denied;
}

typedef struct {
  guint tries;
  const PktEvent *first;
} Again;

/* One that is told twice, in logs of two zones perhaps, is no second one: a message that is sent
 * again is queued again. */
static gboolean
is_another (const PktEvent *a, const PktEvent *b)
{
  if (a->queue_id && b->queue_id)
    return !g_str_equal (a->queue_id, b->queue_id);
  return a->platform_id && b->platform_id && !g_str_equal (a->platform_id, b->platform_id);
}

/* Tries from `since` on, of messages that Apple had refused for good and by policy before. */
static Again
find_again (const PktEvidence *e, gint64 since)
{
  g_autoptr (GHashTable) refused = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  Again again = { 0, NULL };
  for (guint i = 0; i < e->scan->events->len; i++) {
    const PktEvent *event = g_ptr_array_index (e->scan->events, i);
    if (event->message_id == NULL || event->recipient == NULL || event->outcome > PKT_BOUNCED
        || event->gave_up || !pkt_evidence_in_stream (e, event))
      continue;
    g_autofree char *key = pkt_facts_delivery (event);
    const PktEvent *was = g_hash_table_lookup (refused, key);
    if (was && event->time >= since && is_another (was, event)) {
      again.first = again.first ? again.first : event;
      again.tries++;
    } else if (was == NULL && event->outcome == PKT_BOUNCED && event->policy)
      g_hash_table_insert (refused, g_steal_pointer (&key), (gpointer)event);
  }
  return again;
}

/* The day itself may have seen the last of them. */
static gint64
holds_from (const PktEvidence *e, const PktDated *d)
{
  gint64 time;
  return d->date && pkt_clock_parse_user (d->date, e->zone, FALSE, &time) ? time + PKT_DAY
                                                                          : PKT_NO_TIME;
}

void
pkt_gates_check_again (PktEvidence *e)
{
  const GPtrArray *done = e->the_case->incident.remediation;
  for (guint i = 0; i < done->len; i++) {
    const PktDated *d = g_ptr_array_index (done, i);
    const Again again = says_none_again (d->what) ? find_again (e, holds_from (e, d))
                                                  : (Again){ 0, NULL };
    if (again.tries == 0)
      continue;
    g_autofree char *first = pkt_clock_format (again.first->time, NULL, "%Y-%m-%d %H:%M:%S UTC");
    pkt_evidence_find (
        e, "sent-again", PKT_FINDING_LACKING,
        g_strdup_printf ("$.incident.remediation[%u] says that nothing refused was sent again, but "
                         "the logs show %u such %s, the first at %s (our queue id %s).",
                         i, again.tries, again.tries == 1 ? "try" : "tries", first,
                         again.first->queue_id ? again.first->queue_id : "not known"),
        "Stop it and write from which day on that holds, or take the sentence out.");
  }
}
