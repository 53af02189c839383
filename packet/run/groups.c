/* Which answers, and which transactions of each, go into the request: those that Apple can find
 * again. */
#include "packet/apple/relay.h"
#include "packet/apple/reply.h"
#include "packet/base/text.h"
#include "packet/run/twice.h"
#include "packet/run/variant.h"
#include "packet/redact/own-id.h"
#include "packet/redact/shifted.h"

void
pkt_group_free (gpointer group)
{
  PktGroup *g = group;
  g_free (g->key);
  g_ptr_array_unref (g->events);
  g_ptr_array_unref (g->samples);
  g_free (g);
}

/* Code, tag and text; no Txn ID, which differs in each answer. */
static char *
group_key (const PktEvent *e)
{
  char *text = e->reply ? pkt_reply_normalise (pkt_slice_str (e->reply)) : g_strdup ("");
  pkt_reply_lift_txn (text);
  gboolean put_off = e->outcome == PKT_HOST_ERROR; /* of one host, then of the message */
  char *key = g_strdup_printf ("%d %s", put_off ? PKT_DEFERRED : e->outcome, text);
  g_free (text);
  return key;
}

gboolean
pkt_group_has (const PktGroup *g, const PktEvent *event)
{
  if (event->code != g->example->code)
    return FALSE;
  g_autofree char *key = group_key (event);
  return g_str_equal (key, g->key);
}

/* An export that leaves out the codes of Apple's answers. */
static gboolean
lacks_code (const PktEvent *event)
{
  return event->code == 0 && event->outcome == PKT_BOUNCED && event->reply && event->policy
         && event->rule && event->rule->contactable && event->rule->desk == PKT_DESK_APPLE;
}

static gboolean
wanted (const PktEvidence *e, const PktEvent *event)
{
  gboolean unanswered = e->variant == PKT_VARIANT_CONNECTION
                        && event->category == PKT_CAT_CONNECTION; /* the MTA's own words */
  if (event->outcome != PKT_BOUNCED && event->outcome != PKT_DEFERRED
      && !(unanswered && event->outcome == PKT_HOST_ERROR))
    return FALSE;
  return (event->code || unanswered || lacks_code (event))
         && (e->from == PKT_NO_TIME || event->time >= e->from)
         && (unanswered ? pkt_variant_in_stream (e, event) : pkt_evidence_in_stream (e, event));
}

/* What the postmaster can answer: refusals for good; where there are none, what this variant of the
 * request is about. */
static gboolean
leads (const PktEvidence *e, const PktEvent *event)
{
  PktCategory c = event->category;
  if (e->variant == PKT_VARIANT_CONNECTION)
    return event->outcome != PKT_BOUNCED && c == PKT_CAT_CONNECTION;
  if (e->variant == PKT_VARIANT_DEFERRAL)
    return event->outcome == PKT_DEFERRED && c != PKT_CAT_MAILBOX_FULL
           && c != PKT_CAT_MAILBOX_UNKNOWN && c != PKT_CAT_CONNECTION;
  return event->policy && event->rule && event->rule->contactable
         && event->rule->desk == PKT_DESK_APPLE;
}

static PktGroup *
group_of (PktEvidence *e, GHashTable *by_key, const PktEvent *event)
{
  g_autofree char *key = group_key (event);
  PktGroup *g = g_hash_table_lookup (by_key, key);
  if (g)
    return g;
  g = g_new0 (PktGroup, 1);
  g->key = g_steal_pointer (&key);
  g->events = g_ptr_array_new ();
  g->samples = g_ptr_array_new ();
  g->temporary = event->outcome != PKT_BOUNCED;
  g->leads = leads (e, event);
  g_hash_table_insert (by_key, g->key, g);
  g_ptr_array_add (e->groups, g);
  return g;
}

static int
compare_groups (gconstpointer x, gconstpointer y)
{
  const PktGroup *a = *(PktGroup *const *)x, *b = *(PktGroup *const *)y;
  if (a->leads != b->leads)
    return a->leads ? -1 : 1;
  if (a->temporary != b->temporary)
    return a->temporary ? 1 : -1;
  if (a->events->len != b->events->len)
    return a->events->len > b->events->len ? -1 : 1;
  return strcmp (a->key, b->key);
}

/* The only attempt of its sending IP, Apple IP and second: found without any id. */
static char *
moment_key (const PktEvent *e)
{
  return g_strdup_printf ("%s %s %" G_GINT64_FORMAT, e->local_ip ? e->local_ip : "",
                          e->remote_ip ? e->remote_ip : "", e->time / PKT_SECOND);
}

static GHashTable *
count_moments (const PktEvidence *e)
{
  GHashTable *counts = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  for (guint i = 0; i < e->scan->events->len; i++) {
    const PktEvent *event = g_ptr_array_index (e->scan->events, i);
    if (event->outcome == PKT_HOST_ERROR || event->outcome == PKT_NOT_ATTEMPTED)
      continue;
    char *key = moment_key (event);
    guint n = GPOINTER_TO_UINT (g_hash_table_lookup (counts, key));
    g_hash_table_insert (counts, key, GUINT_TO_POINTER (n + 1));
  }
  return counts;
}

gboolean
pkt_evidence_shows_message_id (const PktEvidence *e, const PktEvent *event)
{
  return event->message_id
         && pkt_redact_message_id_is_safe (e->redactor, pkt_slice_str (event->message_id))
         && !pkt_own_id_names (pkt_slice_str (event->message_id), pkt_slice_str (event->recipient))
         && !pkt_own_id_tells (pkt_slice_str (event->message_id), pkt_slice_str (event->recipient))
         && !pkt_shifted_tells (pkt_slice_str (event->message_id),
                                pkt_slice_str (event->recipient));
}

/* Where a Message-ID holds a recipient's token another sample is chosen. `any`: there is none, and
 * Apple's own id has to do, without the Message-ID. */
static gboolean
traceable (const PktEvidence *e, const PktEvent *event, GHashTable *moments, gboolean any)
{
  if (event->gave_up)
    return FALSE;
  if (event->message_id && !pkt_evidence_shows_message_id (e, event))
    return any && (event->txn_id || event->remote_queue_id);
  if (event->txn_id || event->message_id || event->remote_queue_id)
    return TRUE;
  if (event->code == 0) /* no session, no id: when, and whence or whither is all there is */
    return event->remote_ip || event->local_ip;
  g_autofree char *key = moment_key (event);
  return event->local_ip && event->remote_ip
         && GPOINTER_TO_UINT (g_hash_table_lookup (moments, key)) == 1;
}

/* What a sample adds that the chosen ones do not show: sending IP, Apple's host, recipient domain,
 * Txn ID, a recorded session. */
static guint
novelty (const PktGroup *g, const PktEvent *candidate)
{
  gboolean ip = FALSE, host = FALSE, domain = FALSE, txn = candidate->txn_id == NULL,
           recorded = candidate->session == NULL;
  const char *class = pkt_relay_domain_class (
      pkt_slice_domain (pkt_slice_str (candidate->recipient)));
  for (guint i = 0; i < g->samples->len; i++) {
    const PktEvent *s = g_ptr_array_index (g->samples, i);
    if (s == candidate)
      return 0;
    ip = ip || g_strcmp0 (s->local_ip, candidate->local_ip) == 0;
    host = host || g_strcmp0 (s->remote_host, candidate->remote_host) == 0;
    domain = domain
             || strcmp (pkt_relay_domain_class (pkt_slice_domain (pkt_slice_str (s->recipient))),
                        class)
                    == 0;
    txn = txn || s->txn_id != NULL;
    recorded = recorded || s->session != NULL;
  }
  return !ip + !host + !domain + !txn + !recorded;
}

guint
pkt_groups_count_auth (const PktEvidence *e)
{
  guint n = 0;
  for (guint i = 0; i < e->groups->len && e->variant != PKT_VARIANT_FORWARDED; i++) {
    const PktGroup *g = g_ptr_array_index (e->groups, i);
    const gboolean both = g_strcmp0 (g->example->tag, "HME1") == 0;
    n += !g->temporary && (both || g->example->category == PKT_CAT_DMARC) ? g->events->len : 0;
  }
  return n;
}

gboolean
pkt_group_is_lost (const PktGroup *g)
{
  return g->example->policy && g->samples->len == 0 && g->example->rule
         && g->example->rule->contactable;
}

static int
compare_events (gconstpointer a, gconstpointer b)
{
  return pkt_event_compare (*(PktEvent *const *)a, *(PktEvent *const *)b);
}

typedef struct {
  const PktEvidence *e;
  GHashTable *moments;
  GPtrArray *events; /* NULL: cannot be traced, which is asked as late as can be */
  gboolean any;      /* see traceable() */
} Candidates;

static const PktEvent *
candidate (const Candidates *c, guint i)
{
  if (c->events->pdata[i] && !traceable (c->e, c->events->pdata[i], c->moments, c->any))
    c->events->pdata[i] = NULL;
  return c->events->pdata[i];
}

/* What adds most; of equal ones the newest. NULL: nothing adds anything. */
static const PktEvent *
most_telling (const Candidates *c, const PktGroup *g)
{
  const PktEvent *pick = NULL;
  guint best = 0;
  for (guint i = c->events->len; i-- > 0;) {
    guint n = c->events->pdata[i] ? novelty (g, c->events->pdata[i]) : 0;
    if (n > best && candidate (c, i)) {
      best = n;
      pick = c->events->pdata[i];
    }
  }
  return pick;
}

/* First, newest, then the fewest that cover each IP, host and domain; of equal ones the newest (old
 * logs may be gone there). */
static void
choose_traceable (const PktEvidence *e, PktGroup *g, GHashTable *moments, gboolean any)
{
  g_autoptr (GPtrArray) events = g_ptr_array_copy (g->events, NULL, NULL);
  const Candidates c = { e, moments, events, any };
  guint first = 0, last = events->len;
  while (first < last && !candidate (&c, first))
    first++;
  if (first == last)
    return;
  while (!candidate (&c, last - 1))
    last--;
  g_ptr_array_add (g->samples, events->pdata[first]);
  if (last - 1 > first)
    g_ptr_array_add (g->samples, events->pdata[last - 1]);
  for (const PktEvent *pick; g->samples->len < PKT_GROUP_SAMPLES && (pick = most_telling (&c, g));)
    g_ptr_array_add (g->samples, (gpointer)pick);
  g_ptr_array_sort (g->samples, compare_events);
}

static void
choose_samples (const PktEvidence *e, PktGroup *g, GHashTable *moments)
{
  if (lacks_code (g->example)) /* Apple asks for the answer as it was given */
    return;
  choose_traceable (e, g, moments, FALSE);
  if (g->samples->len == 0)
    choose_traceable (e, g, moments, TRUE);
}

/* Nearest accepted mail of the same stream, of the same IP where there is one, best with Apple's
 * queue id. */
static void
choose_neighbour (const PktEvidence *e, PktGroup *g)
{
  const PktEvent *first = g->samples->len ? g_ptr_array_index (g->samples, 0) : NULL;
  gint64 best = G_MAXINT64;
  for (guint i = 0; first && i < e->scan->events->len; i++) {
    const PktEvent *event = g_ptr_array_index (e->scan->events, i);
    if (event->outcome != PKT_DELIVERED || !pkt_evidence_in_stream (e, event))
      continue;
    gint64 distance = ABS (event->time - first->time);
    if (g_strcmp0 (event->local_ip, first->local_ip) != 0)
      distance += PKT_DAY;
    if (event->remote_queue_id == NULL)
      distance += PKT_HOUR;
    if (distance < best && (event->remote_queue_id || pkt_evidence_shows_message_id (e, event))) {
      best = distance;
      g->neighbour = event;
    }
  }
}

static gboolean
is_recipients (const PktGroup *g)
{
  return g->example->rule && g->example->rule->desk == PKT_DESK_RECIPIENT;
}

/* Nothing leads and the sender wants a request all the same: then the most frequent final answer
 * that can be found at Apple does, one about the mailbox itself only where there is no other. */
static void
lead_anyway (PktEvidence *e)
{
  PktGroup *best = NULL;
  for (guint i = 0; i < e->groups->len; i++) {
    PktGroup *g = g_ptr_array_index (e->groups, i);
    if (g->leads)
      return;
    if (!g->temporary && g->samples->len > 0
        && (best == NULL || (is_recipients (best) && !is_recipients (g))))
      best = g;
  }
  if (best == NULL)
    return;
  best->leads = TRUE;
  choose_neighbour (e, best);
  g_ptr_array_sort (e->groups, compare_groups);
}

void
pkt_groups_make (PktEvidence *e)
{
  g_autoptr (GHashTable) by_key = g_hash_table_new (g_str_hash, g_str_equal);
  g_auto (PktTwice) twice = PKT_TWICE_NONE;
  if (e->variant == PKT_VARIANT_CONNECTION)
    pkt_twice_find (e, &twice);
  for (guint i = 0; i < e->scan->events->len; i++) {
    const PktEvent *event = g_ptr_array_index (e->scan->events, i);
    if (!wanted (e, event) || (twice.hosts && g_hash_table_contains (twice.hosts, event)))
      continue;
    PktGroup *g = group_of (e, by_key, event);
    g_ptr_array_add (g->events, (gpointer)event);
    g->example = event;
    g->with_txn += event->txn_id != NULL;
  }
  g_autoptr (GHashTable) moments = count_moments (e);
  for (guint i = 0; i < e->groups->len; i++) {
    PktGroup *g = g_ptr_array_index (e->groups, i);
    choose_samples (e, g, moments);
    if (g->leads && g->samples->len == 0)
      g->leads = FALSE; /* nothing in it can be found at Apple */
  }
  g_ptr_array_sort (e->groups, compare_groups);
  for (guint i = 0; i < MIN (e->groups->len, PKT_MAX_GROUPS); i++) { /* no others are shown */
    PktGroup *g = g_ptr_array_index (e->groups, i);
    if (g->leads)
      choose_neighbour (e, g);
  }
  if (e->anyway)
    lead_anyway (e);
}
