#include "packet/run/variant.h"
#include "packet/base/error.h"
#include "packet/base/text.h"
#include "packet/trend/onset.h"

static const char *const words[] = { "marketing", "transactional", "personal",
                                     "forwarded", "connection",    "deferral" };

const char *
pkt_variant_word (PktVariant variant)
{
  return words[variant];
}

gboolean
pkt_variant_counts_tries (PktVariant variant)
{
  return variant == PKT_VARIANT_CONNECTION || variant == PKT_VARIANT_DEFERRAL;
}

static gboolean
of_word (const char *word, PktVariant *out)
{
  for (gsize i = 0; word && i < G_N_ELEMENTS (words); i++)
    if (g_str_equal (word, words[i])) {
      *out = (PktVariant)i;
      return TRUE;
    }
  return FALSE;
}

/* The case may choose among what the evidence can be, and not call one stream another. */
static gboolean
of_case (PktEvidence *e, gboolean *out_stated, GError **error)
{
  const char *template = e->the_case->request.template_name,
             *type = e->stream ? e->stream->mail_type : NULL;
  PktVariant stated = PKT_VARIANT_MARKETING;
  *out_stated = of_word (template, &stated);
  of_word (type, &e->variant);
  if (!*out_stated)
    return TRUE;
  if (!pkt_variant_counts_tries (stated) && type && !g_str_equal (type, template)) {
    g_set_error (error, PKT_ERROR, PKT_ERROR_DATA,
                 "%s: $.request.template says %s, but the stream %s is %s mail; correct one of "
                 "them, or leave the template out",
                 e->the_case->path, template, e->stream->name, type);
    return FALSE;
  }
  e->variant = stated;
  return TRUE;
}

/* What one of our tries came to, as the two variants look at it. */
static gboolean
failed (PktVariant variant, const PktEvent *event)
{
  PktCategory c = event->category;
  if (variant == PKT_VARIANT_CONNECTION)
    return event->outcome == PKT_DEFERRED && c == PKT_CAT_CONNECTION;
  return event->outcome == PKT_DEFERRED && event->code >= 400 && event->code < 500
         && c != PKT_CAT_MAILBOX_FULL && c != PKT_CAT_MAILBOX_UNKNOWN && c != PKT_CAT_CONNECTION;
}

typedef struct {
  gint64 first, last;  /* of the failures of the newest episode: no day without one */
  guint failed, tries; /* from `first` on */
} Episode;

/* That a message is given up is no try. */
static gboolean
looked_at (const PktEvidence *e, const PktEvent *event)
{
  return event->outcome <= PKT_BOUNCED && !event->gave_up && pkt_evidence_in_stream (e, event);
}

gboolean
pkt_variant_in_stream (const PktEvidence *e, const PktEvent *event)
{
  return pkt_evidence_in_stream (e, event)
         || (event->outcome == PKT_HOST_ERROR && event->sender == NULL
             && event->return_path_domain == NULL && event->from_domain == NULL);
}

/* Where failures rose, over those of any day; PKT_NO_TIME: they did not. */
static gint64
rise_of (const PktEvidence *e, PktVariant variant)
{
  g_autoptr (GArray) cells = g_array_new (FALSE, TRUE, sizeof (PktCell));
  for (guint i = 0; i < e->scan->events->len; i++) {
    const PktEvent *event = g_ptr_array_index (e->scan->events, i);
    if (!looked_at (e, event))
      continue;
    const gboolean bad = failed (variant, event);
    PktCell c = { .key = { .slot = pkt_sum_quarter (event->time) / PKT_SLOT_US,
                           .apple = 1,
                           .outcome = bad ? PKT_BOUNCED : PKT_DELIVERED,
                           .policy = (guint8)bad },
                  .count = 1,
                  .first = event->time,
                  .last = event->time };
    g_array_append_val (cells, c);
  }
  const PktTally tries = { .cells = cells };
  const PktSumFilter f = PKT_SUM_APPLE;
  PktOnset onset;
  pkt_onset_find (&tries, &f, &onset);
  return onset.found ? onset.rose_at : PKT_NO_TIME;
}

static Episode
episode_of (const PktEvidence *e, PktVariant variant)
{
  Episode ep = { PKT_NO_TIME, PKT_NO_TIME, 0, 0 };
  for (guint i = e->scan->events->len; i-- > 0;) { /* sorted by time */
    const PktEvent *event = g_ptr_array_index (e->scan->events, i);
    if (!looked_at (e, event) || !failed (variant, event))
      continue;
    if (ep.first != PKT_NO_TIME && ep.first - event->time > PKT_DAY)
      break;
    ep.first = event->time;
    ep.last = ep.last == PKT_NO_TIME ? event->time : ep.last;
  }
  ep.first = ep.first == PKT_NO_TIME ? ep.first : MAX (ep.first, rise_of (e, variant));
  for (guint i = 0; ep.first != PKT_NO_TIME && i < e->scan->events->len; i++) {
    const PktEvent *event = g_ptr_array_index (e->scan->events, i);
    if (event->time < ep.first || !looked_at (e, event))
      continue;
    ep.failed += failed (variant, event);
    ep.tries++;
  }
  return ep;
}

PktTries
pkt_variant_count (const PktEvidence *e, gint64 from, gint64 to)
{
  PktTries t = { 0, 0, 0 };
  for (guint i = 0; i < e->scan->events->len; i++) {
    const PktEvent *event = g_ptr_array_index (e->scan->events, i);
    if (event->time < from || event->time >= to || !looked_at (e, event))
      continue;
    t.failed += failed (e->variant, event);
    t.tries++;
    t.accepted += event->outcome == PKT_DELIVERED;
  }
  return t;
}

/* Most tries fail; a few that do not is how mail looks on any day. */
static gboolean
is_trouble (const Episode *ep)
{
  return ep->failed && ep->failed * 2 >= ep->tries
         && (ep->failed >= PKT_TRIES_LEAST || ep->failed == ep->tries);
}

/* Of a message that is put off the first host failed before. */
#define HOSTS_BEFORE (10 * PKT_MINUTE)

static gint64
first_host (const PktEvidence *e, gint64 first)
{
  for (guint i = 0; i < e->scan->events->len; i++) {
    const PktEvent *event = g_ptr_array_index (e->scan->events, i);
    if (event->time >= first)
      break;
    if (event->time >= first - HOSTS_BEFORE && event->outcome == PKT_HOST_ERROR
        && event->category == PKT_CAT_CONNECTION && pkt_variant_in_stream (e, event))
      return event->time;
  }
  return first;
}

static void
lead (PktEvidence *e, PktVariant variant, const Episode *ep)
{
  e->variant = variant;
  e->started = e->from = variant == PKT_VARIANT_CONNECTION ? first_host (e, ep->first) : ep->first;
  e->latest = ep->last;
  e->or_earlier = e->scan->tally->first == PKT_NO_TIME
                  || ep->first - e->scan->tally->first < PKT_DAY;
  g_ptr_array_set_size (e->groups, 0);
  pkt_groups_make (e);
}

/* Hours that the sender has to wait, slow down and look at his own side first. */
static void
find_early (PktEvidence *e, const Episode *ep, gint64 hours)
{
  gboolean connection = e->variant == PKT_VARIANT_CONNECTION;
  g_autofree char *since = pkt_clock_format (ep->first, NULL, "%Y-%m-%d %H:%M");
  if (ep->last - ep->first >= hours * PKT_HOUR)
    return;
  pkt_evidence_find (
      e, connection ? "connection-early" : "deferral-early", PKT_FINDING_LACKING,
      g_strdup_printf ("%s since %s UTC only: under %" G_GINT64_FORMAT " hours.",
                       connection ? "Connections fail" : "Mail is put off", since, hours),
      connection ? "Look at Apple's system status page, your own network and the route first; it "
                   "is a matter for the postmaster after two days."
                 : "Slow down, keep connections few, and let the queue try again; it is a matter "
                   "for the postmaster after a day.");
}

static gboolean
has_leader (const PktEvidence *e)
{
  const PktGroup *g = e->groups->len ? g_ptr_array_index (e->groups, 0) : NULL;
  return g && g->leads;
}

static gboolean
try_variant (PktEvidence *e, PktVariant variant)
{
  gboolean connection = variant == PKT_VARIANT_CONNECTION;
  Episode ep = episode_of (e, variant);
  if (!is_trouble (&ep))
    return FALSE;
  lead (e, variant, &ep);
  find_early (e, &ep, connection ? PKT_CONNECTION_HOURS : PKT_DEFERRAL_HOURS);
  return TRUE;
}

gboolean
pkt_variant_choose (PktEvidence *e, GError **error)
{
  gboolean stated;
  e->variant = PKT_VARIANT_MARKETING;
  if (!of_case (e, &stated, error))
    return FALSE;
  PktVariant wanted = e->variant;
  if (e->follow_up || (stated && !pkt_variant_counts_tries (wanted)) || (!stated && has_leader (e)))
    return TRUE;
  if (stated) {
    if (!try_variant (e, wanted))
      pkt_evidence_find (e, "no-episode", PKT_FINDING_LACKING,
                         g_strdup_printf ("$.request.template says %s, and the logs do not show "
                                          "that most tries fail so.",
                                          pkt_variant_word (wanted)),
                         "Leave the template out, or add the logs that show it.");
    return TRUE;
  }
  if (!try_variant (e, PKT_VARIANT_CONNECTION))
    try_variant (e, PKT_VARIANT_DEFERRAL);
  return TRUE;
}

/* What fails everywhere since the same time is nobody's one doing but our own. */
static void
find_others_too (PktEvidence *e)
{
  const gboolean connection = e->variant == PKT_VARIANT_CONNECTION;
  PktSumFilter f = PKT_SUM_ALL;
  PktSum s;
  if (!pkt_variant_counts_tries (e->variant) || e->started == PKT_NO_TIME)
    return;
  f.apple = 0;
  f.from = pkt_sum_quarter (e->started);
  pkt_sum (e->scan->tally, &f, &s);
  const gint64 tries = s.delivered + s.deferred + s.bounced;
  if (s.deferred < PKT_TRIES_LEAST || s.deferred * 2 < tries)
    return;
  g_autofree char *n = pkt_text_count (s.deferred), *of = pkt_text_count (tries);
  pkt_evidence_find (
      e, "others-too", connection ? PKT_FINDING_LACKING : PKT_FINDING_NOTE,
      g_strdup_printf ("Of the tries to all other receivers %s of %s failed for the time being "
                       "since then, too%s.",
                       n, of, connection ? ": this is no matter of Apple's" : ""),
      connection ? "Look at your own network, its route and its DNS first."
                 : "Look at what changed on your own side first: the IP, its name, the volume.");
}

/* What helps before Apple is asked, and what the desk asks first, by the kind of mail. */
void
pkt_variant_find (PktEvidence *e)
{
  const PktGroup *g = has_leader (e) ? g_ptr_array_index (e->groups, 0) : NULL;
  gboolean forwarded = e->variant == PKT_VARIANT_FORWARDED;
  find_others_too (e);
  if (e->variant == PKT_VARIANT_PERSONAL && g && g->example->rule && g->example->rule->first_action)
    pkt_evidence_find (e, "checklist", PKT_FINDING_NOTE,
                       g_strdup_printf ("Before you write about %s, go through this:",
                                        g->example->tag ? g->example->tag : "this answer"),
                       g->example->rule->first_action);
  if (e->variant == PKT_VARIANT_TRANSACTIONAL && (e->stream == NULL || e->stream->impact == NULL))
    pkt_evidence_find (e, "no-impact", PKT_FINDING_NOTE,
                       g_strdup ("Nothing is said of what the refusals keep from people."),
                       "Write it as a number into $.streams[].impact, e.g. 1,204 sign-in codes "
                       "refused; these people cannot sign in.");
  if (forwarded && e->samples->len == 0)
    pkt_evidence_find (e, "no-forwarded-sample", PKT_FINDING_NOTE,
                       g_strdup ("No forwarded mail that arrived shows that ARC is added and that "
                                 "the author's signature survives."),
                       "Forward a mail to an iCloud mailbox of yours, and list it in "
                       "$.evidence.delivered.");
  if (e->variant == PKT_VARIANT_DEFERRAL && e->the_case->incident.remediation->len == 0)
    pkt_evidence_find (e, "no-slowdown", PKT_FINDING_NOTE,
                       g_strdup ("Nothing is said of what was slowed down: the first question "
                                 "about deferrals."),
                       "Write it into $.incident.remediation: connections, messages a connection, "
                       "tries an hour.");
  if (e->variant == PKT_VARIANT_CONNECTION && e->the_case->evidence.transcripts[0] == NULL)
    pkt_evidence_find (e, "no-trace", PKT_FINDING_NOTE,
                       g_strdup ("There is no trace of a connection that failed."),
                       "Record one with swaks or openssl s_client from a sending IP, and list it "
                       "in $.evidence.transcripts.");
}
