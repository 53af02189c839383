#include "packet/apple/relay.h"
#include "packet/apple/reply.h"
#include "packet/base/json.h"
#include "packet/run/facts.h"

json_t *
pkt_facts_time (gint64 us)
{
  if (us == PKT_NO_TIME)
    return json_null ();
  g_autofree char *text = pkt_clock_format (us, NULL, "%Y-%m-%d %H:%M:%S");
  return json_string (text);
}

char *
pkt_facts_short (const PktEvent *e)
{
  GString *s = g_string_new (NULL);
  if (e->code == 0)
    g_string_append (s, e->policy ? "no code" : "no answer"); /* of an export that leaves it out */
  else
    g_string_append_printf (s, "%d", e->code);
  if (e->code && e->enhanced)
    g_string_append_printf (s, " %s", e->enhanced);
  if (e->tag)
    g_string_append_printf (s, " [%s]", e->tag);
  return g_string_free (s, FALSE);
}

/* The group shows the Txn ID apart. */
static char *
reply_without_txn (const PktEvent *e)
{
  char *reply = g_strdup (e->reply);
  char *txn = e->txn_id ? strstr (reply, " Txn ID ") : NULL;
  if (txn)
    *txn = '\0';
  if (txn && txn > reply && txn[-1] == '.')
    txn[-1] = '\0';
  return reply;
}

/* Counts of a group by one property, most first, then by name. */
typedef struct {
  char *name;
  guint n;
} Count;

static void
count_free (gpointer p)
{
  g_free (((Count *)p)->name);
  g_free (p);
}

static int
compare_counts (gconstpointer x, gconstpointer y)
{
  const Count *a = *(Count *const *)x, *b = *(Count *const *)y;
  return a->n != b->n ? (a->n > b->n ? -1 : 1) : strcmp (a->name, b->name);
}

static int
compare_names (gconstpointer x, gconstpointer y)
{
  return strcmp ((*(Count *const *)x)->name, (*(Count *const *)y)->name);
}

typedef char *(*PropertyOf) (const PktEvent *e);

static char *
ip_of (const PktEvent *e)
{
  return g_strdup (e->local_ip ? e->local_ip : "not known");
}

static char *
domain_of (const PktEvent *e)
{
  if (e->recipient == NULL) /* a host that did not answer anybody */
    return g_strdup ("not told");
  return g_strdup (pkt_relay_domain_class (pkt_slice_domain (pkt_slice_str (e->recipient))));
}

static char *
day_of (const PktEvent *e)
{
  return pkt_clock_format (e->time, NULL, "%Y-%m-%d");
}

static json_t *
counts_json (const PktGroup *g, PropertyOf property, gboolean by_name)
{
  g_autoptr (GPtrArray) counts = g_ptr_array_new_with_free_func (count_free);
  g_autoptr (GHashTable) index = g_hash_table_new (g_str_hash, g_str_equal);
  for (guint i = 0; i < g->events->len; i++) {
    char *name = property (g_ptr_array_index (g->events, i));
    Count *c = g_hash_table_lookup (index, name);
    if (c == NULL) {
      c = g_new0 (Count, 1);
      c->name = g_strdup (name);
      g_hash_table_insert (index, c->name, c);
      g_ptr_array_add (counts, c);
    }
    c->n++;
    g_free (name);
  }
  g_ptr_array_sort (counts, by_name ? compare_names : compare_counts);
  json_t *a = json_array ();
  for (guint i = 0; i < counts->len; i++) {
    const Count *c = g_ptr_array_index (counts, i);
    json_array_append_new (a, json_pack ("{sssi}", "name", c->name, "count", (int)c->n));
  }
  return a;
}

/* `tests`: all of the day went to mailboxes of our own. */
static json_t *
days_json (const PktEvidence *e, const PktGroup *g)
{
  json_t *days = counts_json (g, day_of, TRUE), *day;
  gsize i;
  gboolean any = e->the_case->disclosed->len > 0;
  json_array_foreach (days, i, day) json_object_set_new (day, "tests", json_boolean (any));
  for (guint k = 0; any && k < g->events->len; k++) {
    const PktEvent *event = g_ptr_array_index (g->events, k);
    if (pkt_evidence_is_disclosed (e, event->recipient))
      continue;
    g_autofree char *name = day_of (event);
    json_array_foreach (days, i, day) if (g_str_equal (pkt_json_text (day, "name"), name))
        json_object_set_new (day, "tests", json_false ());
  }
  return days;
}

/* The newest one that went to a reader, where tests of our own came after it. */
static gboolean
is_last_regular (const PktEvidence *e, const PktGroup *g, const PktEvent *s)
{
  guint i = g->events->len;
  while (i > 0
         && pkt_evidence_is_disclosed (
             e, ((const PktEvent *)g_ptr_array_index (g->events, i - 1))->recipient))
    i--;
  return i > 0 && i < g->events->len && g_ptr_array_index (g->events, i - 1) == s;
}

static const char *
sample_note (const PktEvidence *e, const PktGroup *g, const PktEvent *s)
{
  if (pkt_evidence_is_disclosed (e, s->recipient))
    return "our test, to our own mailbox";
  if (g->events->len == 1)
    return NULL;
  if (s == g_ptr_array_index (g->events, 0))
    return "first of the group";
  if (is_last_regular (e, g, s))
    return "last of the regular traffic";
  return s == g_ptr_array_index (g->events, g->events->len - 1) ? "last of the group" : NULL;
}

static json_t *
sample_json (const PktEvidence *e, const PktFates *f, const PktEvent *s, const char *id,
             const char *note)
{
  json_t *o = json_object ();
  json_object_set_new (o, "id", json_string (id));
  json_object_set_new (o, "time", pkt_facts_time (s->time));
  json_object_set_new (o, "note", pkt_json_string (note));
  json_object_set_new (o, "local_ip", pkt_json_string (s->local_ip));
  json_object_set_new (o, "helo", pkt_json_string (s->helo));
  json_object_set_new (o, "host", pkt_json_string (s->remote_host));
  json_object_set_new (o, "ip", pkt_json_string (s->remote_ip));
  json_object_set_new (o, "sender", pkt_json_string (s->sender));
  json_object_set_new (o, "recipient", pkt_json_string (s->recipient));
  json_object_set_new (o, "own", json_boolean (pkt_evidence_is_disclosed (e, s->recipient)));
  json_object_set_new (
      o, "message_id",
      pkt_json_string (pkt_evidence_shows_message_id (e, s) ? s->message_id : NULL));
  json_object_set_new (o, "txn_id", pkt_json_string (s->txn_id));
  json_object_set_new (o, "size", s->size >= 0 ? json_integer (s->size) : json_null ());
  json_object_set_new (o, "queue_id", pkt_json_string (s->queue_id));
  json_object_set_new (o, "accepted", json_boolean (s->outcome == PKT_DELIVERED));
  json_object_set_new (o, "reply",
                       s->outcome == PKT_DELIVERED ? pkt_json_string (s->reply) : json_null ());
  json_object_set_new (o, "remote_queue_id", pkt_json_string (s->remote_queue_id));
  g_autofree char *name = pkt_facts_short (s);
  json_object_set_new (o, "short", json_string (name));
  json_object_set_new (o, "later", pkt_facts_later (f, s));
  return o;
}

static json_t *
samples_json (const PktEvidence *e, const PktFates *f, const PktGroup *g, guint number)
{
  json_t *a = json_array ();
  for (guint i = 0; i < g->samples->len; i++) {
    const PktEvent *s = g_ptr_array_index (g->samples, i);
    g_autofree char *id = g_strdup_printf ("%u.%u", number, i + 1);
    json_t *o = sample_json (e, f, s, id, sample_note (e, g, s));
    if (s == pkt_facts_recorded (g))
      json_object_set_new (o, "recorded",
                           json_string (s->session->client ? s->session->client : ""));
    json_array_append_new (a, o);
  }
  return a;
}

/* ", 11 s after", " and second as", by the seconds that are shown of both. */
static char *
time_apart (gint64 us, gint64 since)
{
  const gint64 seconds = us / PKT_SECOND - since / PKT_SECOND, s = ABS (seconds);
  const char *side = seconds < 0 ? "before" : "after";
  if (s == 0)
    return g_strdup (" and second as");
  if (s < 120)
    return g_strdup_printf (", %" G_GINT64_FORMAT " s %s", s, side);
  return s < 7200 ? g_strdup_printf (", %" G_GINT64_FORMAT " min %s", s / 60, side)
                  : g_strdup_printf (", %" G_GINT64_FORMAT " h %s", s / 3600, side);
}

#define EDITION (3 * PKT_DAY) /* from its first mail to the last try */

/* A tag of a sending service names one edition, or a kind of mail for years: an edition goes out
 * within days, and there is mail of other tags. */
static gboolean
is_edition (const PktEvidence *e, const char *campaign)
{
  gint64 first = G_MAXINT64, last = G_MININT64;
  gboolean others = FALSE;
  for (guint i = 0; i < e->scan->events->len; i++) {
    const PktEvent *event = g_ptr_array_index (e->scan->events, i);
    if (event->campaign == NULL || event->time == PKT_NO_TIME)
      continue;
    if (!g_str_equal (event->campaign, campaign)) {
      others = others || pkt_evidence_in_stream (e, event);
      continue;
    }
    first = MIN (first, event->time);
    last = MAX (last, event->time);
  }
  return others && last - first <= EDITION;
}

gboolean
pkt_facts_same_edition (const PktEvidence *e, const PktGroup *g)
{
  const PktEvent *first = g->samples->len ? g_ptr_array_index (g->samples, 0) : NULL;
  return first && g->neighbour && first->campaign && e->variant == PKT_VARIANT_MARKETING
         && g_strcmp0 (first->campaign, g->neighbour->campaign) == 0
         && is_edition (e, first->campaign);
}

static json_t *
neighbour_json (const PktEvidence *e, const PktFates *f, const PktGroup *g, guint number)
{
  if (g->neighbour == NULL)
    return json_null ();
  const PktEvent *first = g_ptr_array_index (g->samples, 0);
  gboolean same_ip = first->local_ip && g_strcmp0 (g->neighbour->local_ip, first->local_ip) == 0;
  gboolean edition = pkt_facts_same_edition (e, g);
  g_autofree char *id = g_strdup_printf ("%u.A", number);
  g_autofree char *apart = time_apart (g->neighbour->time, first->time);
  g_autofree char *note = g_strdup_printf ("ACCEPTED, same %s%s%s %u.1",
                                           edition ? "edition" : "stream",
                                           !same_ip        ? ""
                                           : *apart == ',' ? " and IP"
                                                           : ", IP",
                                           apart, number);
  return sample_json (e, f, g->neighbour, id, note);
}

/* One stage for all, else none: not guessed. */
static const char *
stage_of (const PktGroup *g)
{
  PktStage stage = ((const PktEvent *)g_ptr_array_index (g->events, 0))->stage;
  for (guint i = 1; i < g->events->len; i++)
    if (((const PktEvent *)g_ptr_array_index (g->events, i))->stage != stage)
      return NULL;
  return pkt_stage_words (stage);
}

char *
pkt_facts_delivery (const PktEvent *event)
{
  g_autofree char *to = g_ascii_strdown (event->recipient, -1);
  return g_strdup_printf ("%s %s", event->message_id, to);
}

/* After a refusal that is final, the same message was not tried for that recipient again. Bounces
 * alone do not show what was accepted later. */
static gboolean
never_sent_again (const PktEvidence *e, const PktGroup *g)
{
  if (!pkt_evidence_has_deliveries (e) || !pkt_scan_is_whole (e->scan))
    return FALSE;
  g_autoptr (GHashTable) refused = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  for (guint i = 0; i < g->events->len; i++) {
    const PktEvent *event = g_ptr_array_index (g->events, i);
    if (event->message_id == NULL || event->recipient == NULL)
      return FALSE;
    if (!g_hash_table_insert (refused, pkt_facts_delivery (event), (gpointer)event))
      return FALSE; /* refused twice */
  }
  for (guint i = 0; i < e->scan->events->len; i++) {
    const PktEvent *event = g_ptr_array_index (e->scan->events, i);
    if (event->message_id == NULL || event->recipient == NULL || event->outcome > PKT_BOUNCED)
      continue;
    g_autofree char *key = pkt_facts_delivery (event);
    const PktEvent *was = g_hash_table_lookup (refused, key);
    if (was && pkt_event_compare (was, event) < 0)
      return FALSE;
  }
  return TRUE;
}

/* Each answer has a Txn ID of its own; recipients of one message may share an answer. */
static gboolean
txn_differs (const PktGroup *g)
{
  g_autoptr (GHashTable) mails = g_hash_table_new (g_str_hash, g_str_equal);
  if (g->with_txn < g->events->len)
    return FALSE;
  for (guint i = 0; i < g->events->len; i++) {
    const PktEvent *event = g_ptr_array_index (g->events, i);
    const char *id = event->queue_id ? event->queue_id : "", *other = NULL;
    if (g_hash_table_lookup_extended (mails, event->txn_id, NULL, (gpointer *)&other)
        && (*id == '\0' || !g_str_equal (other, id)))
      return FALSE;
    g_hash_table_insert (mails, (gpointer)event->txn_id, (gpointer)id);
  }
  return g_hash_table_size (mails) > 1;
}

static json_t *
group_json (const PktEvidence *e, const PktFates *f, const PktGroup *g, guint number)
{
  g_autofree char *name = pkt_facts_short (g->example), *reply = reply_without_txn (g->example);
  const PktEvent *first = g_ptr_array_index (g->events, 0);
  json_t *o = json_object ();
  json_object_set_new (o, "number", json_integer (number));
  json_object_set_new (o, "short", json_string (name));
  json_object_set_new (o, "reply", pkt_json_string (reply));
  json_object_set_new (o, "txn_differs", json_boolean (txn_differs (g)));
  json_object_set_new (o, "temporary", json_boolean (g->temporary));
  json_object_set_new (o, "leads", json_boolean (g->leads));
  json_object_set_new (o, "first", pkt_facts_time (first->time));
  json_object_set_new (o, "last", pkt_facts_time (g->example->time));
  json_object_set_new (o, "count", json_integer (g->events->len));
  json_object_set_new (o, "with_txn", json_integer (g->with_txn));
  json_object_set_new (o, "stage", pkt_json_string (stage_of (g)));
  json_object_set_new (o, "never_again", json_boolean (!g->temporary && never_sent_again (e, g)));
  json_object_set_new (o, "by_ip", counts_json (g, ip_of, TRUE));
  json_object_set_new (o, "by_domain", counts_json (g, domain_of, FALSE));
  json_object_set_new (o, "by_day", days_json (e, g));
  pkt_facts_fate (e, f, g, o);
  json_object_set_new (o, "samples", samples_json (e, f, g, number));
  json_object_set_new (o, "neighbour", neighbour_json (e, f, g, number));
  if (pkt_facts_recorded (g))
    json_object_set_new (o, "session", pkt_facts_session (g, number));
  return o;
}

/* Groups that are shown: what leads, and temporary answers for completeness; recipients' trouble,
 * final or not, is not this desk's. */
static gboolean
is_shown (const PktGroup *g)
{
  PktCategory c = g->example->category;
  gboolean recipient = c == PKT_CAT_MAILBOX_FULL || c == PKT_CAT_MAILBOX_UNKNOWN;
  return g->leads || (g->temporary && g->samples->len && !recipient);
}

json_t *
pkt_facts_errors (const PktEvidence *e)
{
  json_t *a = json_array ();
  g_autoptr (PktFates) fates = pkt_fates_new (e);
  for (guint i = 0; i < e->groups->len && json_array_size (a) < PKT_MAX_GROUPS; i++) {
    const PktGroup *g = g_ptr_array_index (e->groups, i);
    if (is_shown (g))
      json_array_append_new (a, group_json (e, fates, g, (guint)json_array_size (a) + 1));
  }
  return a;
}
