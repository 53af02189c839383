/* Is the case ready for Apple's desk, and what should the sender know first? (design sections 5, 6;
 * facts: ideal-texts section 7) */
#include "packet/apple/desk.h"
#include "packet/base/text.h"
#include "packet/run/desks.h"
#include "packet/run/follow-up.h"
#include "packet/run/variant.h"
#include "packet/run/verified.h"

#define FEW_REFUSALS 20

static const PktGroup *
lead_group (const PktEvidence *e)
{
  const PktGroup *g = e->groups->len ? g_ptr_array_index (e->groups, 0) : NULL;
  return g && g->leads ? g : NULL;
}

static gboolean
untraceable (const PktEvidence *e)
{
  for (guint i = 0; i < e->groups->len; i++)
    if (pkt_group_is_lost (g_ptr_array_index (e->groups, i)))
      return TRUE;
  return FALSE;
}

/* All that cannot be found again are answers without their codes; their number in `out`. */
static gboolean
without_codes (const PktEvidence *e, guint *out)
{
  *out = 0;
  for (guint i = 0; i < e->groups->len; i++) {
    const PktGroup *g = g_ptr_array_index (e->groups, i);
    if (pkt_group_is_lost (g) && g->example->code)
      return FALSE;
    *out += pkt_group_is_lost (g) ? g->events->len : 0;
  }
  return *out > 0;
}

static void
find_without_codes (PktEvidence *e, guint n)
{
  g_autofree char *count = pkt_text_count (n);
  pkt_evidence_find (e, "no-codes", PKT_FINDING_LACKING,
                     g_strdup_printf ("%s %s Apple's words, but the sources leave out the code: "
                                      "Apple asks for the errors as its servers gave them.",
                                      count, n == 1 ? "refusal has" : "refusals have"),
                     "Ask the platform for the answers word for word, or send a test to a mailbox "
                     "of your own and add its bounce to $.evidence.bounces.");
}

/* The group that leads does so only because the sender wants it. */
static gboolean
leads_anyway (const PktEvidence *e)
{
  const PktGroup *g = lead_group (e);
  return e->anyway && g && g->example->rule && g->example->rule->desk != PKT_DESK_APPLE;
}

/* Its refusals have the ids of a sending service, which alone can tell more. */
static gboolean
is_of_a_service (const PktEvidence *e)
{
  for (guint i = 0; i < e->groups->len; i++) {
    const PktGroup *g = g_ptr_array_index (e->groups, i);
    if (pkt_group_is_lost (g) && g->example->platform_id)
      return TRUE;
  }
  return FALSE;
}

/* Apple's IP is known of what was refused, and ours is not. */
static gboolean
lacks_ip (const PktEvidence *e)
{
  for (guint i = 0; i < e->groups->len; i++) {
    const PktGroup *g = g_ptr_array_index (e->groups, i);
    if (pkt_group_is_lost (g) && g->example->remote_ip && g->example->local_ip == NULL)
      return TRUE;
  }
  return FALSE;
}

static void
check_items (PktEvidence *e)
{
  guint bare;
  if (lead_group (e) == NULL && e->groups->len && pkt_variant_counts_tries (e->variant))
    pkt_evidence_find (e, "untraceable", PKT_FINDING_LACKING,
                       g_strdup ("No failed try can be looked up at Apple: neither the sending IP "
                                 "nor Apple's is known, and no id."),
                       "Say --sending-ip ADDRESS, or --map NAME=ADDRESS for each transport or host "
                       "of the logs.");
  else if (lead_group (e) == NULL && without_codes (e, &bare))
    find_without_codes (e, bare);
  else if (lead_group (e) == NULL && untraceable (e))
    pkt_evidence_find (
        e, "untraceable", PKT_FINDING_LACKING,
        g_strdup ("No refused transaction can be found again at Apple: no Txn ID, "
                  "no Message-ID without a recipient's token, no queue id."),
        is_of_a_service (e) ? "Ask your sending service for the Message-IDs, as the ticket does, "
                              "take its event webhook if that holds them, or send a test to a "
                              "mailbox of your own and add its bounce to $.evidence.bounces."
        : lacks_ip (e)
            ? "Where one IP sends all, list it in $.sending_ips: with Apple's IP and the "
              "second it tells which it was. Or read logs that hold the Message-ID "
              "(Postfix: cleanup lines), or send a test to a mailbox of your own."
            : "Read logs that hold the Message-ID (Postfix: cleanup lines), or send "
              "a test to a mailbox of your own.");
  else if (lead_group (e) == NULL || leads_anyway (e))
    pkt_gates_name_desks (e);
  else
    pkt_desks_find_elsewhere (e);
  if (pkt_event_store_others_left_out (e->scan->store))
    pkt_evidence_find (e, "too-many-refusals", PKT_FINDING_LACKING,
                       g_strdup_printf ("%" G_GUINT64_FORMAT
                                        " attempts that Apple refused or put off are not kept "
                                        "one by one, so the request would tell of too few.",
                                        pkt_event_store_others_left_out (e->scan->store)),
                       "Give fewer logs: those from a few days before the start on.");
  if (e->ips->len == 0)
    pkt_evidence_find (
        e, "no-sending-ip", PKT_FINDING_LACKING,
        g_strdup (
            "No sending IP is known: Apple asks for the IP addresses of the affected servers."),
        "Say --sending-ip ADDRESS, or --map NAME=ADDRESS for each transport or host of the logs, "
        "list $.sending_ips, or add a delivered sample: its Received line shows the IP.");
  if (e->the_case->domains.from[0] == NULL && e->samples->len == 0
      && (e->stream == NULL || e->stream->from_domain[0] == NULL))
    pkt_evidence_find (e, "no-domain", PKT_FINDING_LACKING,
                       g_strdup ("The sending domain (From) is not known: logs do not hold it."),
                       "Write $.domains.from, or add a delivered sample to $.evidence.delivered.");
}

/* An export of bounces alone, or only returned mail: what was accepted is not in it. */
static void
check_deliveries (PktEvidence *e)
{
  if (e->latest != PKT_NO_TIME && !pkt_evidence_has_deliveries (e))
    pkt_evidence_find (e, "no-deliveries", PKT_FINDING_NOTE,
                       g_strdup_printf ("The sources %s: no rate, and no table of Apple against "
                                        "others, can be made of them.",
                                        e->accepts_untold
                                            ? "do not tell which stream accepted mail is of"
                                            : "hold no accepted mail"),
                       "Add the log or export that shows accepted mail as well.");
}

static void
check_newness (PktEvidence *e)
{
  if (e->latest == PKT_NO_TIME)
    return;
  pkt_gates_check_stale (e);
  gint64 final = e->accepted + e->refused;
  if (pkt_variant_counts_tries (e->variant))
    return;
  if (e->variant != PKT_VARIANT_TRANSACTIONAL && e->refused && e->refused < FEW_REFUSALS
      && e->refused != final)
    pkt_evidence_find (
        e, "few", PKT_FINDING_NOTE,
        g_strdup_printf ("Only %" G_GINT64_FORMAT " refusal%s by policy of %" G_GINT64_FORMAT
                         " final answers since the start.",
                         e->refused, e->refused == 1 ? "" : "s", final),
        "Refusals of this kind come and go; wait for a second send before you write.");
  if (e->onset.over) {
    g_autofree char *when = pkt_clock_format (e->onset.relief, NULL, "%Y-%m-%d %H:%M");
    pkt_evidence_find (
        e, "over", PKT_FINDING_NOTE,
        g_strdup_printf ("The incident looks over: refusals fell by %s UTC.", when),
        "A request about something that is over is seldom answered; watch, and keep the packet.");
  }
}

static void
check_page (PktEvidence *e)
{
  if (e->page_doubt && e->neutral)
    pkt_evidence_find (
        e, "page-url-neutral", PKT_FINDING_NOTE,
        g_strdup_printf ("The view-in-browser address looks like %s. You say that it "
                         "is the same for everybody: %s",
                         e->page_doubt, e->neutral),
        "Open it where nobody is signed in, and see that it names no reader.");
  else if (e->page_doubt)
    pkt_evidence_find (
        e, "page-url", PKT_FINDING_NOTE,
        g_strdup_printf ("The view-in-browser address looks like %s, and stands in clear in the "
                         "request.",
                         e->page_doubt),
        "Publish a copy that is the same for everybody and write its address into "
        "$.evidence.page.url; --url-is-neutral says why this one is.");
  if (e->page_trouble)
    pkt_evidence_find (e, "page-not-read", PKT_FINDING_NOTE,
                       g_strdup_printf ("The campaign page was not read: %s.", e->page_trouble),
                       "Save the page to a file and name it in $.evidence.page.html.");
}

static void
check_statements (PktEvidence *e)
{
  const PktCase *c = e->the_case;
  pkt_gates_check_stated (e);
  pkt_gates_check_names (e);
  pkt_gates_check_services (e);
  pkt_gates_check_again (e);
  check_page (e);
  if (c->evidence.page_screenshot)
    pkt_evidence_find (
        e, "screenshot", PKT_FINDING_NOTE,
        g_strdup ("The screenshot is your own picture: nothing here can read what it shows."),
        "Look at it: no name, no address, no reader's link may be seen.");
  if (c->platform.pool && g_str_equal (c->platform.pool, "shared"))
    pkt_evidence_find (
        e, "shared-pool", PKT_FINDING_NOTE,
        g_strdup ("The IPs are shared with other senders: their platform can say more."),
        "Send the ticket to the platform as well.");
  if (!c->incident.changes_stated)
    pkt_evidence_find (
        e, "no-changes", PKT_FINDING_NOTE,
        g_strdup (
            "Nothing is said of what changed before the start: the first question of any desk."),
        "Write $.incident.changes; [] says that none is known.");
}

/* "list.csv:4: why" of what the reader says with the whole path, which is nobody's business. */
static const char *
without_folder (const PktEvidence *e, const char *said)
{
  g_autofree char *path = pkt_case_path (e->the_case, e->the_case->evidence.suppression);
  const char *slash = strrchr (path, '/');
  return slash && g_str_has_prefix (said, path) ? said + (slash + 1 - path) : said;
}

static void
check_suppression (PktEvidence *e)
{
  const PktSuppression *s = e->suppression;
  if (s && s->broken)
    pkt_evidence_find (e, "suppression-broken", PKT_FINDING_NOTE,
                       g_strdup_printf ("%u of %u rows of the suppression list could not be read: "
                                        "%s.",
                                        s->broken, s->rows, without_folder (e, s->first_broken)),
                       "The counts leave them out; mend the rows.");
  if (s && s->unkept) {
    g_autofree char *most = pkt_text_count (PKT_SUPPRESSION_MAX_ADDRESSES);
    g_autofree char *rest = pkt_text_count (s->unkept);
    pkt_evidence_find (e, "suppression-long", PKT_FINDING_NOTE,
                       g_strdup_printf ("The suppression list is longer than %s addresses: %s rows "
                                        "behind these are counted, and the packet is not searched "
                                        "for their addresses.",
                                        most, rest),
                       "Give the rows of Apple's domains alone.");
  }
}

#define SLIPS                                                                                      \
  100 /* one in so many of the list's addresses at Apple is a slip, and told as a note */

/* Apple's page: nobody on the suppression list is written to again. */
static void
check_mailed_again (PktEvidence *e)
{
  guint apple = 0;
  for (guint i = 0; e->suppression && i < e->suppression->counts->len; i++)
    apple += ((const PktSuppressionCount *)e->suppression->counts->pdata[i])->apple;
  if (e->again.listed) {
    g_autofree char *when = pkt_clock_format (e->again.newest, NULL, "%Y-%m-%d %H:%M");
    pkt_evidence_find (
        e, "suppressed-mailed",
        pkt_gates_is_marketing (e) && e->again.listed * SLIPS > apple ? PKT_FINDING_LACKING
                                                                      : PKT_FINDING_NOTE,
        g_strdup_printf ("%u address%s at Apple got mail of this stream more than a day after the "
                         "suppression list has %s, the last at %s UTC: Apple's page asks that "
                         "nobody suppressed is written to again.",
                         e->again.listed, e->again.listed == 1 ? "" : "es",
                         e->again.listed == 1 ? "it" : "them", when),
        "Take them out of the stream, or correct the list where its dates are wrong.");
  }
  if (e->again.unknown)
    pkt_evidence_find (e, "unknown-mailed", PKT_FINDING_NOTE,
                       g_strdup_printf ("%u address%s that Apple refused as unknown got mail again "
                                        "a day later and after.",
                                        e->again.unknown, e->again.unknown == 1 ? "" : "es"),
                       e->variant == PKT_VARIANT_FORWARDED
                           ? "End a forwarding when its address bounces for good; what the case "
                             "says of that should be so."
                           : "Remove an address when it bounces for good; what the case says of "
                             "that should be so.");
}

/* Input that was read in part, or that this version cannot use: the sender should not think it was.
 */
static void
check_inputs (PktEvidence *e)
{
  for (guint i = 0; i < e->scan->sources->len; i++) {
    const PktScanSource *s = g_ptr_array_index (e->scan->sources, i);
    g_autofree char *name = g_path_get_basename (s->path);
    if (s->problem)
      pkt_evidence_find (e, "read-in-part", PKT_FINDING_NOTE,
                         g_strdup_printf ("%s was read only in part: %s.", name, s->problem),
                         "Counts may be too low; find the whole file.");
    if (s->lost_rows)
      pkt_evidence_find (
          e, "rows-unread", PKT_FINDING_NOTE,
          g_strdup_printf ("%" G_GUINT64_FORMAT " of %" G_GUINT64_FORMAT
                           " rows of %s could not be read.",
                           s->unrecognised, s->lines, name),
          "Counts may be too low: scan shows the first of them. Take the export again, or "
          "mend them.");
    if (s->file_time)
      pkt_evidence_find (
          e, "session-without-time", PKT_FINDING_NOTE,
          g_strdup_printf ("%s shows no time of its session; the file's own is taken.", name),
          "Record it with the message shown: its Date is the time.");
  }
  if (e->aggregate && e->aggregate->broken)
    pkt_evidence_find (e, "dmarc-report-broken", PKT_FINDING_NOTE,
                       g_strdup_printf ("%u DMARC report%s could not be read: %s.",
                                        e->aggregate->broken, e->aggregate->broken == 1 ? "" : "s",
                                        e->aggregate->first_broken),
                       "The counts leave them out.");
}

/* What a first request has to show stands in it already. */
static void
check_follow_up (PktEvidence *e)
{
  check_inputs (e);
  if (e->follow_up->kind == PKT_FOLLOW_UP_RESOLVED)
    return;
  check_items (e);
  pkt_gates_check_stale (e);
  pkt_gates_check_time (e);
  pkt_verified_find (e);
  if (e->follow_up->sent_stated)
    pkt_evidence_find (e, "sent-by-hand", PKT_FINDING_NOTE,
                       g_strdup ("That the mail before was sent is only stated."),
                       "It threads only where that mail kept the Message-ID of request.eml; "
                       "draft.eml gets another one from the mail client.");
}

void
pkt_gates_check (PktEvidence *e)
{
  if (e->follow_up) {
    check_follow_up (e);
    return;
  }
  check_inputs (e);
  check_suppression (e);
  check_mailed_again (e);
  pkt_evidence_check_stream (e);
  check_items (e);
  check_deliveries (e);
  check_newness (e);
  pkt_gates_check_time (e);
  pkt_gates_check_samples (e);
  pkt_verified_find (e);
  check_statements (e);
  pkt_variant_find (e);
}
