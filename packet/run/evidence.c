#include "packet/run/evidence.h"
#include "packet/base/error.h"
#include "packet/base/json.h"
#include "packet/base/sort.h"
#include "packet/run/clients.h"
#include "packet/run/follow-up.h"
#include "packet/run/gap.h"
#include "packet/run/variant.h"
#include "packet/run/verified.h"
#include "packet/trend/sum.h"

/* A stated start is taken as the sender's knowledge; further from the logs than this it is a
 * contradiction. */
#define START_TOLERANCE PKT_DAY

PktEvidence *
pkt_evidence_new (const PktCase *the_case, const PktScan *scan, PktRedactor *redactor)
{
  PktEvidence *e = g_new0 (PktEvidence, 1);
  e->the_case = the_case;
  e->scan = scan;
  e->redactor = redactor;
  e->stream_ids = g_array_new (FALSE, FALSE, sizeof (guint16));
  e->groups = g_ptr_array_new_with_free_func (pkt_group_free);
  e->ips = g_ptr_array_new ();
  e->findings = g_ptr_array_new_with_free_func ((GDestroyNotify)pkt_finding_free);
  e->started = e->latest = e->gap_since = PKT_NO_TIME;
  return e;
}

void
pkt_evidence_free (PktEvidence *e)
{
  g_array_unref (e->stream_ids);
  g_ptr_array_unref (e->groups);
  g_ptr_array_unref (e->ips);
  g_ptr_array_unref (e->findings);
  g_free (e->stream_name);
  g_free (e);
}

void
pkt_evidence_find (PktEvidence *e, const char *id, PktFindingWeight weight, char *text_taken,
                   const char *advice)
{
  g_ptr_array_add (e->findings, pkt_finding_new (id, weight, text_taken, advice));
}

gboolean
pkt_evidence_ready (const PktEvidence *e)
{
  for (guint i = 0; i < e->findings->len; i++)
    if (((const PktFinding *)g_ptr_array_index (e->findings, i))->weight == PKT_FINDING_LACKING)
      return FALSE;
  return TRUE;
}

gboolean
pkt_evidence_has_deliveries (const PktEvidence *e)
{
  PktSum sum;
  if (e->accepts_untold)
    return FALSE;
  pkt_sum (e->scan->tally, &PKT_SUM_ALL, &sum);
  return sum.delivered > 0;
}

gboolean
pkt_evidence_is_disclosed (const PktEvidence *e, const char *address)
{
  for (guint i = 0; address && i < e->the_case->disclosed->len; i++) {
    const PktDisclosed *d = g_ptr_array_index (e->the_case->disclosed, i);
    if (g_ascii_strcasecmp (d->address, address) == 0)
      return TRUE;
  }
  return FALSE;
}

/* When refusals rose, or from when on the logs have nothing else; PKT_NO_TIME: they do not show it.
 */
static gint64
known_start (const PktEvidence *e)
{
  if (e->onset.found)
    return e->onset.rose_at;
  return e->onset.log_begins_inside && pkt_evidence_has_deliveries (e) ? e->onset.first
                                                                       : PKT_NO_TIME;
}

/* Logs that begin inside the incident say nothing of a start before them; of one behind refusals
 * like those that follow they do. */
static gboolean
contradicts (PktEvidence *e, gint64 stated, GError **error)
{
  const gint64 rose = known_start (e), newest = pkt_evidence_newest_refusal (e);
  const gboolean several = e->the_case->streams->len > 1;
  g_autofree char *says = pkt_clock_format (stated, NULL, "%Y-%m-%d %H:%M"), *shows = NULL;
  if (rose != PKT_NO_TIME && stated > newest) {
    shows = pkt_clock_format (newest, NULL, "%Y-%m-%d %H:%M");
    g_set_error (error, PKT_ERROR, PKT_ERROR_DATA,
                 "%s: $.incident.started says %s UTC, but the newest refusal in the logs%s%s is of "
                 "%s UTC; correct it, or leave it out",
                 e->the_case->path, says, several ? " of " : "", several ? e->stream_name : "",
                 shows);
    return TRUE;
  }
  const gboolean inside = e->onset.log_begins_inside,
                 in_gap = e->gap_since != PKT_NO_TIME && stated >= e->gap_since && stated <= rose;
  if (in_gap || rose == PKT_NO_TIME || ABS (stated - rose) <= START_TOLERANCE
      || (inside && stated < rose))
    return FALSE;
  shows = pkt_clock_format (rose, NULL, "%Y-%m-%d %H:%M");
  g_set_error (error, PKT_ERROR, PKT_ERROR_DATA,
               "%s: $.incident.started says %s UTC, but the logs show that refusals %s at %s "
               "UTC%s; correct it, or leave it out",
               e->the_case->path, says, inside ? "were there" : "rose", shows,
               e->onset.incidents > 1 ? ", and the request is about this newest incident" : "");
  return TRUE;
}

/* Mail was refused before the time that is stated, and a day is no hour: the logs know better. */
static gboolean
logs_know_better (const PktEvidence *e, gint64 stated)
{
  const gint64 day = pkt_clock_day (stated, e->zone);
  if (known_start (e) == PKT_NO_TIME)
    return FALSE;
  return stated > e->started
         || (stated == pkt_clock_day_start (day, e->zone)
             && day == pkt_clock_day (e->started, e->zone));
}

/* When it began was told in the first mail, and that stays. */
static gboolean
take_up (PktEvidence *e, GError **error)
{
  const PktFollowUp *f = e->follow_up;
  e->started = f->started;
  e->or_earlier = f->or_earlier;
  e->latest = f->latest;
  if (!pkt_follow_up_decide (e->follow_up, e, error))
    return FALSE;
  e->from = f->kind == PKT_FOLLOW_UP_RESOLVED ? f->relief : f->fresh ? f->since : f->started;
  return TRUE;
}

/* Where mail stops for days, of whatever stream, and begins again refused, the days between may be
 * lost. */
static void
look_for_gap (PktEvidence *e)
{
  if (e->started != PKT_NO_TIME && !e->or_earlier)
    e->gap_since = pkt_gap_before (e->scan->tally, e->started);
  e->or_earlier = e->or_earlier || e->gap_since != PKT_NO_TIME;
}

static void
tell_earlier (PktEvidence *e)
{
  if (!e->onset.found || e->onset.incidents < 2)
    return;
  pkt_evidence_find (
      e, "earlier-incident", PKT_FINDING_NOTE,
      g_strdup_printf ("The logs show %u incidents: the request is about the newest, and refusals "
                       "of the earlier stand among the days before.",
                       e->onset.incidents),
      "Say in $.incident.description what came of the earlier; 'postpacket trend' shows its days.");
}

/* Too few refusals for a rise, and less than a day of mail before the first: there may have been
 * others. */
static gboolean
begins_unseen (const PktEvidence *e, gint64 first_mail)
{
  return !e->onset.found && e->onset.first != PKT_NO_TIME && e->onset.first - first_mail < PKT_DAY;
}

static gboolean
find_start (PktEvidence *e, GError **error)
{
  PktTally *only = pkt_evidence_part (e, TRUE);
  PktSum sum;
  pkt_sum (only, &PKT_SUM_APPLE, &sum);
  pkt_onset_find (only, &PKT_SUM_APPLE, &e->onset);
  pkt_evidence_part_free (only);
  if (sum.delivered == 0 || e->accepts_untold) { /* bounces alone: a rate needs both */
    e->onset.found = e->onset.over = FALSE;
    e->onset.log_begins_inside = e->onset.first != PKT_NO_TIME;
  }
  gint64 stated = e->the_case->incident.started;
  if (e->follow_up)
    return take_up (e, error);
  e->latest = e->onset.last;
  e->or_earlier = e->onset.log_begins_inside;
  e->started = e->onset.found ? e->onset.rose_at : e->onset.first;
  look_for_gap (e);
  tell_earlier (e);
  if (stated == PKT_NO_TIME) {
    e->or_earlier = e->or_earlier || begins_unseen (e, sum.first);
    return TRUE;
  }
  if (contradicts (e, stated, error))
    return FALSE;
  if (e->gap_since != PKT_NO_TIME) { /* whoever states it knows what was before */
    e->gap_since = PKT_NO_TIME;
    e->or_earlier = FALSE;
  }
  const gboolean better = logs_know_better (e, stated);
  if (e->started != PKT_NO_TIME && ABS (stated - e->started) > 2 * PKT_HOUR
      && (!better || stated > e->started)) {
    g_autofree char *shows = pkt_clock_format (e->started, NULL, "%Y-%m-%d %H:%M");
    pkt_evidence_find (
        e, "start-differs", PKT_FINDING_NOTE,
        g_strdup_printf ("The case states another start than the logs show (%s UTC).", shows),
        better ? "Check $.incident.started; the request uses the logs', which is earlier."
               : "Check $.incident.started; the request uses the stated time.");
  }
  if (better)
    return TRUE;
  if (e->onset.log_begins_inside && e->scan->tally->first != PKT_NO_TIME
      && stated < e->scan->tally->first)
    e->or_earlier = FALSE;
  e->started = stated;
  return TRUE;
}

/* Single refusals go on after an incident: the newest of all is the one that Apple can still find.
 */
static void
find_latest (PktEvidence *e)
{
  for (guint i = 0; i < e->groups->len; i++) {
    const PktGroup *g = g_ptr_array_index (e->groups, i);
    if (g->example->policy && !g->temporary && g->example->time > e->latest)
      e->latest = g->example->time;
  }
}

/* What no policy refused has no onset: its own first and last are the times. */
static void
take_times_anyway (PktEvidence *e)
{
  const PktGroup *g = e->groups->len ? g_ptr_array_index (e->groups, 0) : NULL;
  if (e->anyway == NULL || g == NULL || !g->leads || e->started != PKT_NO_TIME)
    return;
  e->started = e->from = ((const PktEvent *)g_ptr_array_index (g->events, 0))->time;
  e->latest = g->example->time;
}

/* The case says so, or does not say of which streams the IP is. */
static gboolean
is_of_stream (const PktEvidence *e, const PktSendingIp *ip)
{
  return e->stream == NULL || ip->streams == NULL || ip->streams[0] == NULL
         || g_strv_contains ((const char *const *)ip->streams, e->stream->name);
}

gboolean
pkt_evidence_ip_is_ours (const PktEvidence *e, const char *ip)
{
  if (e->stream == NULL || e->scan->said_ips == NULL
      || !g_hash_table_contains (e->scan->said_ips, ip))
    return FALSE;
  for (guint i = 0; i < e->the_case->sending_ips->len; i++) {
    const PktSendingIp *s = g_ptr_array_index (e->the_case->sending_ips, i);
    if (g_str_equal (s->address, ip))
      return s->streams && s->streams[0] && s->streams[1] == NULL
             && g_str_equal (s->streams[0], e->stream->name);
  }
  return FALSE;
}

/* Sending IPs of the refused traffic: from the logs, else all that the case lists for it. */
static void
collect_ips (PktEvidence *e)
{
  g_autoptr (GHashTable) met = g_hash_table_new (g_str_hash, g_str_equal);
  for (guint i = 0; i < e->groups->len; i++) {
    const PktGroup *g = g_ptr_array_index (e->groups, i);
    for (guint k = 0; g->leads && k < g->events->len; k++) {
      const PktEvent *event = g_ptr_array_index (g->events, k);
      if (event->local_ip && g_hash_table_add (met, (gpointer)event->local_ip))
        g_ptr_array_add (e->ips, (gpointer)event->local_ip);
    }
  }
  const guint told = e->ips->len;
  for (guint i = 0; told == 0 && i < e->the_case->sending_ips->len; i++) {
    const PktSendingIp *ip = g_ptr_array_index (e->the_case->sending_ips, i);
    if (is_of_stream (e, ip))
      g_ptr_array_add (e->ips, ip->address);
  }
  const guint stated = e->ips->len;
  const gboolean forwards = e->stream && g_strcmp0 (e->stream->mail_type, "forwarded") == 0;
  for (guint i = 0; stated == 0 && i < e->samples->len; i++) {
    const PktSample *s = g_ptr_array_index (e->samples, i);
    if (!forwards && pkt_sample_sent_on (s))
      continue;
    if (s->client_ip && !g_ptr_array_find_with_equal_func (e->ips, s->client_ip, g_str_equal, NULL))
      g_ptr_array_add (e->ips, s->client_ip);
  }
  g_ptr_array_sort (e->ips, pkt_sort_by_text);
}

/* A thank-you has no refusals that would show them. */
static void
take_earlier_ips (PktEvidence *e)
{
  const json_t *ips = e->follow_up ? json_object_get (e->follow_up->earlier->figures, "ips") : NULL;
  if (ips == NULL || e->follow_up->kind != PKT_FOLLOW_UP_RESOLVED)
    return;
  for (gsize i = 0; i < json_array_size (ips); i++)
    if (json_is_string (json_array_get (ips, i)))
      g_ptr_array_add (e->ips, (gpointer)json_string_value (json_array_get (ips, i)));
}

#define CLOCKS_AGREE (5 * PKT_SECOND)

static void
prove_clock (PktEvidence *e, const PktSample *s)
{
  gint64 off = PKT_NO_TIME;
  for (guint i = 0; s->apple_queue_id && s->received != PKT_NO_TIME && i < e->scan->events->len;
       i++) {
    const PktEvent *event = g_ptr_array_index (e->scan->events, i);
    if (g_strcmp0 (event->remote_queue_id, s->apple_queue_id) == 0
        && (off == PKT_NO_TIME || ABS (s->received - event->time) < ABS (off)))
      off = s->received - event->time;
  }
  if (off == PKT_NO_TIME)
    return;
  if (ABS (off) <= CLOCKS_AGREE)
    e->zone_proof = s->apple_queue_id;
  else if (ABS (off) > ABS (e->clock_off))
    e->clock_off = off;
}

/* A delivered sample whose Apple queue id stands in our log as well shows whether clock and zone of
 * the log are right. */
static void
prove_zone (PktEvidence *e)
{
  for (guint i = 0; i < e->scan->sources->len; i++) {
    const PktScanSource *s = g_ptr_array_index (e->scan->sources, i);
    e->zone_guessed = e->zone_guessed || (s->zone_guessed && s->apple);
    e->zone_needed = e->zone_needed || (s->zone_needed && s->apple);
    e->year_guessed = e->year_guessed || (s->year_guessed && s->apple);
    e->hour_twice += s->hour_twice;
  }
  for (guint i = 0; i < e->all_samples->len; i++)
    prove_clock (e, g_ptr_array_index (e->all_samples, i));
  if (ABS (e->clock_off) >= PKT_CLOCK_WRONG) /* one of several hosts is right, another is not */
    e->zone_proof = NULL;
}

gboolean
pkt_evidence_gather (PktEvidence *e, GError **error)
{
  PktSum sum;
  pkt_evidence_choose_stream (e);
  pkt_clients_teach (e); /* before a sample is chosen by its Message-ID */
  if (!find_start (e, error))
    return FALSE;
  if (e->follow_up == NULL)
    e->from = e->started;
  pkt_groups_make (e);
  if (!pkt_variant_choose (e, error))
    return FALSE;
  find_latest (e);
  take_times_anyway (e);
  take_earlier_ips (e);
  if (e->ips->len == 0)
    collect_ips (e);
  prove_zone (e);
  pkt_mailed_again_look (e, &e->again);
  pkt_evidence_sum_since (e, e->from, &sum);
  e->accepted = sum.delivered;
  e->refused = sum.policy;
  e->recipient_trouble[0] = sum.by_category[PKT_CAT_MAILBOX_UNKNOWN];
  e->recipient_trouble[1] = sum.by_category[PKT_CAT_MAILBOX_FULL];
  if (!pkt_verified_statements (e, error))
    return FALSE;
  pkt_gates_check (e);
  return TRUE;
}
