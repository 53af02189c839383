/* What only one variant of the request tells: how forwarded mail arrives, at which of Apple's hosts
 * and hours connections fail, that we slowed down. */
#include "packet/base/domain.h"
#include "packet/base/json.h"
#include "packet/run/facts.h"
#include "packet/run/follow-up.h"
#include "packet/run/twice.h"
#include "packet/run/variant.h"

#define MAX_HOSTS 8
#define MAX_HOURS 24
#define SLOWER                                                                                     \
  3 /* the newest day has a third fewer tries than the first, or we did not slow down */

/* A signature of the domain that the mail is From: the forwarder's own passes whatever became of
 * it. */
static gboolean
author_passes (const PktSample *s)
{
  const PktAuthResult *a = pkt_sample_auth (s, "dkim"); /* the author's, where it passes */
  return pkt_sample_passes (s, "dkim") && a->domain && s->from_domain
         && pkt_domain_same (a->domain, s->from_domain);
}

/* Forwarded samples that Apple took, and of these those with ARC, and those whose author's
 * signature Apple still found right. */
static json_t *
forwarded_json (const PktEvidence *e)
{
  gint64 samples = 0, arc = 0, dkim = 0, spf = 0;
  for (guint i = 0; i < e->samples->len; i++) {
    const PktSample *s = g_ptr_array_index (e->samples, i);
    if (!s->at_apple || s->allow_listed)
      continue;
    samples++;
    arc += pkt_sample_count_fields (s, "ARC-Seal") > 0;
    dkim += author_passes (s);
    spf += pkt_sample_passes (s, "spf");
  }
  return json_pack ("{s:I, s:I, s:I, s:I}", "samples", (json_int_t)samples, "arc", (json_int_t)arc,
                    "dkim", (json_int_t)dkim, "spf", (json_int_t)spf);
}

typedef struct {
  const char *host, *ip;
  gint64 hour; /* of the start, microseconds UTC */
  gint64 failed;
} Place;

static gboolean
is_failure (const PktEvidence *e, const PktEvent *event)
{
  return event->time >= e->started && event->category == PKT_CAT_CONNECTION
         && (event->outcome == PKT_DEFERRED || event->outcome == PKT_HOST_ERROR)
         && pkt_variant_in_stream (e, event);
}

static Place *
place_of (GArray *places, const PktEvent *event, gboolean hours)
{
  gint64 hour = hours ? pkt_clock_floor (event->time, PKT_HOUR) * PKT_HOUR : 0;
  for (guint i = 0; i < places->len; i++) {
    Place *p = &g_array_index (places, Place, i);
    if (p->hour == hour
        && (hours
            || (g_strcmp0 (p->host, event->remote_host) == 0
                && g_strcmp0 (p->ip, event->remote_ip) == 0)))
      return p;
  }
  const Place fresh = { event->remote_host, event->remote_ip, hour, 0 };
  g_array_append_val (places, fresh);
  return &g_array_index (places, Place, places->len - 1);
}

static int
most_first (gconstpointer a, gconstpointer b)
{
  const Place *x = a, *y = b;
  if (x->failed != y->failed)
    return x->failed > y->failed ? -1 : 1;
  int by_host = g_strcmp0 (x->host, y->host);
  return by_host ? by_host : g_strcmp0 (x->ip, y->ip);
}

static GArray *
failures (const PktEvidence *e, gboolean hours)
{
  GArray *places = g_array_new (FALSE, TRUE, sizeof (Place));
  g_auto (PktTwice) twice = PKT_TWICE_NONE;
  pkt_twice_find (e, &twice);
  for (guint i = 0; i < e->scan->events->len; i++) {
    const PktEvent *event = g_ptr_array_index (e->scan->events, i);
    if (is_failure (e, event) && !g_hash_table_contains (twice.messages, event))
      place_of (places, event, hours)->failed++;
  }
  return places;
}

/* [{host, ip, failed}], most first; and [{hour, failed}] in their order. */
static json_t *
connection_json (const PktEvidence *e)
{
  g_autoptr (GArray) hosts = failures (e, FALSE), hours = failures (e, TRUE);
  json_t *by_host = json_array (), *by_hour = json_array ();
  g_array_sort (hosts, most_first);
  for (guint i = 0; i < MIN (hosts->len, MAX_HOSTS); i++) {
    const Place *p = &g_array_index (hosts, Place, i);
    json_array_append_new (by_host,
                           json_pack ("{s:o, s:o, s:I}", "host", pkt_json_string (p->host), "ip",
                                      pkt_json_string (p->ip), "failed", (json_int_t)p->failed));
  }
  for (guint i = hours->len > MAX_HOURS ? hours->len - MAX_HOURS : 0; i < hours->len; i++) {
    const Place *p = &g_array_index (hours, Place, i);
    json_array_append_new (by_hour, json_pack ("{s:o, s:I}", "hour", pkt_facts_time (p->hour),
                                               "failed", (json_int_t)p->failed));
  }
  return json_pack ("{s:o, s:o, s:b}", "by_host", by_host, "by_hour", by_hour, "hours_cut",
                    hours->len > MAX_HOURS);
}

#define DAY_TOLD (12 * PKT_HOUR) /* of a day the logs hold so much, or it is no day to compare */

/* How much of the day lies inside the logs. */
static gint64
told_of_day (const PktEvidence *e, gint64 day)
{
  const gint64 from = MAX (day * PKT_DAY, e->scan->tally->first),
               to = MIN ((day + 1) * PKT_DAY, e->scan->tally->last);
  return MAX (0, to - from);
}

/* How many deliveries (a message to a recipient) were tried in that time; 0: not known. */
static gint64
deliveries_tried (const PktEvidence *e, gint64 from, gint64 to)
{
  g_autoptr (GHashTable) met = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  for (guint i = 0; i < e->scan->events->len; i++) {
    const PktEvent *event = g_ptr_array_index (e->scan->events, i);
    const char *id = event->queue_id ? event->queue_id : event->message_id;
    if (event->time < from || event->time >= to || event->outcome > PKT_BOUNCED || event->gave_up
        || !pkt_evidence_in_stream (e, event))
      continue;
    if (id == NULL || event->recipient == NULL)
      return 0;
    g_hash_table_add (met, g_strdup_printf ("%s %s", id, event->recipient));
  }
  return g_hash_table_size (met);
}

static gboolean
fell (const PktEvidence *e, gint64 before, gint64 first, gint64 now, gint64 last)
{
  return (double)now / (double)told_of_day (e, last) * SLOWER
             <= (double)before / (double)told_of_day (e, first) * (SLOWER - 1)
         && now < before;
}

/* Tries of the first day and of the newest of which enough is told; null where they did not fall,
 * hour for hour. As many messages with fewer tries each are no slower: more of them are taken at
 * once. */
static json_t *
slower_json (const PktEvidence *e)
{
  gint64 first = pkt_clock_day (e->started, NULL), last = pkt_clock_day (e->latest, NULL);
  while (last > first && told_of_day (e, last) < DAY_TOLD)
    last--;
  if (last <= first || told_of_day (e, first) == 0)
    return json_null ();
  PktTries a = pkt_variant_count (e, first * PKT_DAY, (first + 1) * PKT_DAY),
           b = pkt_variant_count (e, last * PKT_DAY, (last + 1) * PKT_DAY);
  if (!pkt_scan_is_whole (e->scan) || !fell (e, a.tries, first, b.tries, last))
    return json_null ();
  const gint64 before = deliveries_tried (e, first * PKT_DAY, (first + 1) * PKT_DAY),
               now = deliveries_tried (e, last * PKT_DAY, (last + 1) * PKT_DAY);
  if (now == 0 || !fell (e, before, first, now, last))
    return json_null ();
  return json_pack ("{s:o, s:I, s:o, s:I}", "first", pkt_facts_time (first * PKT_DAY), "before",
                    (json_int_t)a.tries, "last", pkt_facts_time (last * PKT_DAY), "now",
                    (json_int_t)b.tries);
}

static json_t *
deferral_json (const PktEvidence *e)
{
  g_autoptr (PktFates) fates = pkt_fates_new (e);
  return json_pack ("{s:o, s:b}", "slower", slower_json (e), "waits", pkt_fates_wait (fates, e));
}

/* No message of the stream has two recipients at Apple, as far as its final answers tell. */
static gboolean
one_recipient_each (const PktEvidence *e)
{
  g_autoptr (GHashTable) of = g_hash_table_new (g_str_hash, g_str_equal);
  if (!pkt_scan_is_whole (e->scan))
    return FALSE;
  for (guint i = 0; i < e->scan->events->len; i++) {
    const PktEvent *event = g_ptr_array_index (e->scan->events, i);
    if ((event->outcome != PKT_DELIVERED && event->outcome != PKT_BOUNCED)
        || !pkt_evidence_in_stream (e, event))
      continue;
    if (!pkt_facts_has_one_recipient (of, event))
      return FALSE;
  }
  return TRUE;
}

static json_t *
personal_json (const PktEvidence *e)
{
  PktSum all, since, now;
  pkt_evidence_sum_since (e, PKT_NO_TIME, &all);
  pkt_evidence_sum_since (e, e->started, &since); /* all, where that is not known */
  pkt_evidence_sum_since (e, e->from, &now);
  return json_pack ("{s:b, s:I, s:I, s:I, s:I}", "messages", one_recipient_each (e), "before",
                    (json_int_t)(pkt_sum_final (&all) - pkt_sum_final (&since)), "refused_before",
                    (json_int_t)(all.policy - since.policy), "final",
                    (json_int_t)pkt_sum_final (&now), "refused", (json_int_t)now.policy);
}

json_t *
pkt_facts_special (const PktEvidence *e)
{
  switch (e->variant) {
  case PKT_VARIANT_FORWARDED:
    return forwarded_json (e);
  case PKT_VARIANT_CONNECTION:
    return connection_json (e);
  case PKT_VARIANT_DEFERRAL:
    return deferral_json (e);
  case PKT_VARIANT_PERSONAL:
    return personal_json (e);
  case PKT_VARIANT_MARKETING:
  case PKT_VARIANT_TRANSACTIONAL:
    break;
  }
  return json_null ();
}
