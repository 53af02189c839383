/* Whom the stream wrote to although the sender's own list, or Apple's answer, said not to. */
#include "packet/run/mailed-again.h"
#include "packet/run/evidence.h"

#define AFTER (2 * PKT_DAY) /* a day of the list is of any zone, and mail may be on its way */

typedef struct {
  GHashTable *listed;  /* address -> gint64*: from when on no mail to it is begun */
  GHashTable *unknown; /* the same, of those whose mailbox Apple called unknown */
  GHashTable *begun;   /* "queue id\naddress": tried before that */
  GHashTable *again_listed, *again_unknown; /* addresses */
} Look;

static GHashTable *
times_of_list (const PktSuppression *s)
{
  GHashTable *listed = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, g_free);
  for (guint i = 0; s && i < s->addresses->len; i++) {
    const gint64 day = g_array_index (s->days, gint64, i), from = day * PKT_DAY + AFTER;
    if (day != G_MININT64)
      g_hash_table_insert (listed, s->addresses->pdata[i], g_memdup2 (&from, sizeof from));
  }
  return listed;
}

static gboolean
is_unknown (const PktEvent *event)
{
  return event->outcome == PKT_BOUNCED && event->category == PKT_CAT_MAILBOX_UNKNOWN
         && !event->gave_up && event->code / 100 == 5;
}

/* A message that waits in the queue since before is none that was begun after. */
static gboolean
is_again (Look *l, const gint64 *from, const PktEvent *event, const char *address)
{
  if (from == NULL)
    return FALSE;
  g_autofree char *key = g_strdup_printf ("%s\n%s", event->queue_id ? event->queue_id : "",
                                          address);
  if (event->time >= *from)
    return event->queue_id == NULL || !g_hash_table_contains (l->begun, key);
  if (event->queue_id)
    g_hash_table_add (l->begun, g_steal_pointer (&key));
  return FALSE;
}

static void
look_at (Look *l, const PktEvent *event, PktMailedAgain *out)
{
  g_autofree char *address = g_ascii_strdown (event->recipient, -1);
  if (is_again (l, g_hash_table_lookup (l->listed, address), event, address)) {
    out->newest = MAX (out->newest, event->time);
    g_hash_table_add (l->again_listed, g_strdup (address));
  }
  if (is_again (l, g_hash_table_lookup (l->unknown, address), event, address))
    g_hash_table_add (l->again_unknown, g_strdup (address));
  if (is_unknown (event) && !g_hash_table_contains (l->unknown, address)) {
    const gint64 from = event->time + PKT_DAY;
    g_hash_table_insert (l->unknown, g_strdup (address), g_memdup2 (&from, sizeof from));
  }
}

static GHashTable *
strings (void)
{
  return g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
}

void
pkt_mailed_again_look (const PktEvidence *e, PktMailedAgain *out)
{
  g_autoptr (GHashTable) listed = times_of_list (e->suppression), begun = strings (),
                         again_listed = strings (), again_unknown = strings (),
                         unknown = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  Look l = { listed, unknown, begun, again_listed, again_unknown };
  *out = (PktMailedAgain){ .newest = PKT_NO_TIME };
  for (guint i = 0; i < e->scan->events->len; i++) {
    const PktEvent *event = g_ptr_array_index (e->scan->events, i);
    if (event->outcome <= PKT_BOUNCED && event->recipient && pkt_evidence_in_stream (e, event)
        && !pkt_evidence_is_disclosed (e, event->recipient))
      look_at (&l, event, out);
  }
  out->listed = g_hash_table_size (again_listed);
  out->unknown = g_hash_table_size (again_unknown);
}
