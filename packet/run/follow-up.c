#include "packet/run/follow-up.h"
#include <math.h>
#include <string.h>
#include "packet/base/error.h"
#include "packet/base/json.h"
#include "packet/base/workdays.h"

static const char *const words[] = { "no-answer", "reminder", "answered", "resolved" };

void
pkt_follow_up_free (PktFollowUp *f)
{
  g_clear_pointer (&f->earlier, pkt_earlier_free);
  g_free (f->references);
  g_free (f);
}

const char *
pkt_follow_up_word (const PktFollowUp *f)
{
  return words[f->kind];
}

static gboolean G_GNUC_PRINTF (4, 5)
    refuse (const PktFollowUp *f, GError **error, PktErrorCode code, const char *format, ...)
{
  va_list args;
  va_start (args, format);
  g_autofree char *text = g_strdup_vprintf (format, args);
  va_end (args);
  g_set_error (error, PKT_ERROR, code, "%s: %s", f->earlier->folder, text);
  return FALSE;
}

static char *
day_text (gint64 us)
{
  return pkt_clock_format (us, NULL, "%Y-%m-%d");
}

/* What keeps a packet from being followed up, by how far it got; NULL: nothing. */
static const char *
why_not_sent (PktSentState state)
{
  switch (state) {
  case PKT_SENT_YES:
  case PKT_SENT_STATED:
  case PKT_SENT_ANSWERED:
    return NULL;
  case PKT_SENT_UNSURE:
    return "whether this request arrived is not known";
  case PKT_SENT_DRAFT:
    return "this request was put into a mail client as a draft; whether it was sent from there is "
           "not known";
  case PKT_SENT_REFUSED:
    return "this request was refused or came back, so Apple does not have it; send it first";
  case PKT_SENT_NO:
    break;
  }
  return "this request was never sent";
}

static gboolean
check_sent (PktFollowUp *f, gint64 assume_sent, GError **error)
{
  PktEarlier *p = f->earlier;
  const char *why = why_not_sent (p->sent_state);
  f->sent = p->sent;
  if (why && assume_sent == PKT_NO_TIME)
    return refuse (f, error, PKT_ERROR_DATA,
                   "%s; where it was sent by hand, say when: --assume-sent 2026-05-20", why);
  if (assume_sent == PKT_NO_TIME)
    return TRUE;
  if (p->sent_state == PKT_SENT_YES)
    return refuse (f, error, PKT_ERROR_USAGE,
                   "its receipt tells when it was sent; leave out "
                   "--assume-sent");
  if (p->made != PKT_NO_TIME && pkt_clock_day (assume_sent, NULL) < pkt_clock_day (p->made, NULL))
    return refuse (f, error, PKT_ERROR_USAGE,
                   "--assume-sent names a day before the packet was made");
  if (assume_sent > pkt_clock_now ())
    return refuse (f, error, PKT_ERROR_USAGE, "--assume-sent names a time to come");
  f->sent = assume_sent;
  f->sent_stated = TRUE;
  return TRUE;
}

/* Another packet beside it goes back to the same request and went out. */
static gboolean
check_siblings (const PktFollowUp *f, GError **error)
{
  g_autofree char *absolute = g_canonicalize_filename (f->earlier->folder, NULL),
                  *parent = g_path_get_dirname (absolute);
  g_autoptr (GPtrArray) all = pkt_earlier_find (parent, 1, NULL);
  for (guint i = 0; i < all->len; i++) {
    const PktEarlier *p = g_ptr_array_index (all, i);
    const json_t *link = json_object_get (p->manifest, "follow_up");
    if (why_not_sent (p->sent_state) == NULL
        && g_strcmp0 (pkt_json_text (link, "of"), f->earlier->id) == 0)
      return refuse (f, error, PKT_ERROR_DATA,
                     "%s followed it already and was sent; the next one goes back to that: "
                     "--follow-up %s",
                     p->folder, p->folder);
  }
  return TRUE;
}

static gboolean
check_packet (const PktFollowUp *f, gboolean resolved, GError **error)
{
  const PktEarlier *p = f->earlier;
  if (p->message_id == NULL || p->id == NULL || p->subject == NULL)
    return refuse (f, error, PKT_ERROR_DATA, "there is no request in it that could be followed up");
  if (!json_is_object (p->figures) || pkt_json_text (p->figures, "until") == NULL)
    return refuse (f, error, PKT_ERROR_DATA,
                   "its packet.json has no figures to go on from; build the packet again");
  const char *template = pkt_json_text (p->manifest, "template");
  if (g_strcmp0 (template, "connection") == 0 || g_strcmp0 (template, "deferral") == 0)
    return refuse (f, error, PKT_ERROR_DATA,
                   "follow-ups count refusals, and this request was about a %s: build a new one "
                   "with the newer logs",
                   template);
  if (p->resolved)
    return refuse (
        f, error, PKT_ERROR_DATA,
        "it said thank you, and the matter is closed; refusals that begin anew are a new "
        "request: build without --follow-up");
  if (!resolved && p->number >= PKT_FOLLOW_UP_MOST)
    return refuse (f, error, PKT_ERROR_DATA,
                   "it is follow-up %u of %d; a further one would not be read. Ask your platform, "
                   "or let it be and watch",
                   p->number, PKT_FOLLOW_UP_MOST);
  return TRUE;
}

/* A time as texts print it, "2026-05-18 14:00:41", UTC. */
static gint64
printed_time (const json_t *o, const char *key)
{
  PktStamp stamp;
  const char *text = pkt_json_text (o, key);
  return text && pkt_clock_parse_rfc3339 (pkt_slice_str (text), &stamp) ? stamp.us : PKT_NO_TIME;
}

static char *
join_references (const PktEarlier *p)
{
  const char *answer = p->answer ? pkt_json_text (p->answer, "message_id") : NULL;
  GString *s = g_string_new (p->references);
  g_string_append_printf (s, "%s<%s>", s->len ? " " : "", p->message_id);
  if (answer)
    g_string_append_printf (s, " <%s>", answer);
  return g_string_free (s, FALSE);
}

PktFollowUp *
pkt_follow_up_new (const char *folder, gboolean resolved, gint64 assume_sent, GError **error)
{
  PktEarlier *earlier = pkt_earlier_read (folder, error);
  if (earlier == NULL)
    return NULL;
  g_autoptr (PktFollowUp) f = g_new0 (PktFollowUp, 1);
  f->earlier = earlier;
  f->relief = f->last_refusal = PKT_NO_TIME;
  if (!check_packet (f, resolved, error) || !check_sent (f, assume_sent, error)
      || !check_siblings (f, error))
    return NULL;
  f->kind = resolved          ? PKT_FOLLOW_UP_RESOLVED
            : earlier->answer ? PKT_FOLLOW_UP_ANSWERED
                              : PKT_FOLLOW_UP_NEWS;
  f->number = earlier->number + !resolved;
  f->references = join_references (earlier);
  f->started = printed_time (earlier->figures, "started");
  f->latest = printed_time (earlier->figures, "latest");
  f->or_earlier = json_is_true (json_object_get (earlier->figures, "or_earlier"));
  f->since = printed_time (earlier->figures, "until") + PKT_SECOND;
  if (f->kind == PKT_FOLLOW_UP_ANSWERED)
    f->since = MAX (f->since, pkt_earlier_answered (earlier));
  return g_steal_pointer (&f);
}

/* Days on which the stream was answered from `from` on. */
static guint
sending_days (const PktEvidence *e, gint64 from)
{
  g_autoptr (GArray) days = pkt_news_days (e, from);
  return days->len;
}

/* One refusal in so many is what a stream has without any incident (the healthy band). */
#define CLEAN_OF 500

/* The logs may begin when all is well again: then the rate that the mail before told is what so
 * many accepted messages in a row speak against. */
static gboolean
speaks_against (const PktFollowUp *f, const PktSum *clean)
{
  gint64 final = pkt_json_number (f->earlier->figures, "final"),
         refused = pkt_json_number (f->earlier->figures, "refused");
  if (final <= 0 || refused <= 0)
    return FALSE;
  double rate = MIN ((double)refused / (double) final, 0.999);
  return -(double)pkt_sum_final (clean) * log1p (-rate) >= PKT_ONSET_RELIEF_STATISTIC;
}

static gboolean
find_relief (PktFollowUp *f, const PktEvidence *e)
{
  f->last_refusal = f->latest;
  for (guint i = 0; i < e->scan->events->len; i++) {
    const PktEvent *event = g_ptr_array_index (e->scan->events, i);
    if (event->outcome == PKT_BOUNCED && event->policy && pkt_evidence_in_stream (e, event))
      f->last_refusal = MAX (f->last_refusal, event->time);
  }
  PktSum clean;
  if (e->onset.found && e->onset.over && e->onset.last >= f->started
      && e->onset.quiet_policy * CLEAN_OF < e->onset.quiet_final) {
    f->relief = e->onset.relief;
    pkt_news_sum (e, f->relief, &clean);
    f->stray = (guint)clean.policy;
    return TRUE;
  }
  pkt_news_sum (e, f->last_refusal + PKT_SECOND, &clean);
  f->relief = clean.first;
  return f->relief != PKT_NO_TIME && speaks_against (f, &clean);
}

static gboolean
decide_resolved (PktFollowUp *f, const PktEvidence *e, GError **error)
{
  PktSum sum;
  if (!find_relief (f, e)) {
    pkt_news_sum (e, f->since, &sum);
    g_autofree char *since = day_text (f->since);
    return refuse (f, error, PKT_ERROR_DATA,
                   "the logs do not show that it is over: of %" G_GINT64_FORMAT
                   " final answers since %s %" G_GINT64_FORMAT " were refusals by policy",
                   pkt_sum_final (&sum), since, sum.policy);
  }
  guint days = sending_days (e, f->relief);
  if (days < PKT_FOLLOW_UP_CLEAN_DAYS)
    return refuse (f, error, PKT_ERROR_AGAIN,
                   "there is %u day with mail since the refusals ended; wait for %d before you say "
                   "that it is over",
                   days, PKT_FOLLOW_UP_CLEAN_DAYS);
  return TRUE;
}

static gboolean
has_statements (const PktFollowUp *f, const PktEvidence *e)
{
  const PktCase *c = e->the_case;
  const json_t *told = f->earlier->figures;
  g_autoptr (json_t) done = pkt_news_dated (c->incident.remediation,
                                            json_object_get (told, "remediation"));
  g_autoptr (json_t) changes = pkt_news_dated (c->incident.changes,
                                               json_object_get (told, "changes"));
  return json_array_size (done) > 0 || json_array_size (changes) > 0
         || c->follow_up.found[0] != NULL;
}

static gboolean
wait_until (const PktFollowUp *f, guint days, const char *what, GError **error)
{
  gint64 now = pkt_clock_now (), sent = pkt_clock_day (f->sent, NULL),
         day = pkt_workday_after (sent, days);
  if (pkt_clock_day (now, NULL) >= day)
    return TRUE;
  g_autofree char *from = pkt_clock_day_text (day), *on = day_text (f->sent);
  guint ago = pkt_workdays_between (sent, pkt_clock_day (now, NULL));
  return refuse (f, error, PKT_ERROR_AGAIN,
                 "too early: it was sent on %s, %u working day%s ago. Without an answer%s, write "
                 "again after %u of them, from %s on",
                 on, ago, ago == 1 ? "" : "s", what, days, from);
}

static gboolean
decide_unanswered (PktFollowUp *f, const PktEvidence *e, GError **error)
{
  PktSum sum;
  pkt_news_sum (e, f->since, &sum);
  gint64 final = pkt_sum_final (&sum);
  f->fresh = final > 0;
  if (!wait_until (f, PKT_FOLLOW_UP_DAYS_NEWS, "", error))
    return FALSE;
  g_autofree char *since = day_text (f->since);
  if (final > 0 && sum.policy == 0)
    return refuse (f, error, PKT_ERROR_DATA,
                   "none of the %" G_GINT64_FORMAT " final answers since %s was a refusal by "
                   "policy; when that stays so, say thank you: --resolved",
                   final, since);
  if (final > 0 || has_statements (f, e))
    return TRUE;
  f->kind = PKT_FOLLOW_UP_REMINDER;
  return wait_until (f, PKT_FOLLOW_UP_DAYS_REMINDER, " and without anything new", error);
}

static gboolean
decide_answered (PktFollowUp *f, const PktEvidence *e, GError **error)
{
  PktSum sum;
  pkt_news_sum (e, f->since, &sum);
  g_autofree char *since = day_text (f->since);
  f->fresh = TRUE;
  if (pkt_sum_final (&sum) == 0)
    return refuse (
        f, error, PKT_ERROR_AGAIN,
        "Apple answered, and the logs show no mail of the stream since %s: send again in "
        "small batches, then build this again with their log",
        since);
  if (sum.policy == 0)
    return refuse (f, error, PKT_ERROR_DATA,
                   "none of the %" G_GINT64_FORMAT " final answers since %s was a refusal by "
                   "policy; when that stays so, say thank you: --resolved",
                   pkt_sum_final (&sum), since);
  return TRUE;
}

gboolean
pkt_follow_up_decide (PktFollowUp *f, const PktEvidence *e, GError **error)
{
  if (!pkt_scan_is_whole (e->scan))
    return refuse (f, error, PKT_ERROR_DATA,
                   "the logs hold more attempts than are kept one by one; give fewer of them");
  switch (f->kind) {
  case PKT_FOLLOW_UP_RESOLVED:
    return decide_resolved (f, e, error);
  case PKT_FOLLOW_UP_ANSWERED:
    return decide_answered (f, e, error);
  case PKT_FOLLOW_UP_NEWS:
  case PKT_FOLLOW_UP_REMINDER:
    break;
  }
  return decide_unanswered (f, e, error);
}

json_t *
pkt_follow_up_json (const PktFollowUp *f)
{
  json_t *o = json_object ();
  json_object_set_new (o, "number", json_integer (f->number));
  json_object_set_new (o, "kind", json_string (pkt_follow_up_word (f)));
  json_object_set_new (o, "of", pkt_json_string (f->earlier->id));
  json_object_set_new (o, "in_reply_to", pkt_json_string (f->earlier->message_id));
  json_object_set_new (o, "sent", pkt_json_time (f->sent));
  json_object_set_new (o, "sent_stated", json_boolean (f->sent_stated));
  return o;
}
