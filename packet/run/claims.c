/* Each sentence of the request that states a fact: proven, and by what; or stated by the sender; or
 * missing and so left out. */
#include "packet/base/json.h"
#include "packet/run/follow-up.h"
#include "packet/run/verified.h"
#include "packet/run/write.h"

static void
claim (json_t *list, const char *text, const char *state, const char *where)
{
  json_t *o = json_object ();
  json_object_set_new (o, "claim", pkt_json_string (text));
  json_object_set_new (o, "state", pkt_json_string (state));
  json_object_set_new (o, "where", pkt_json_string (where));
  json_array_append_new (list, o);
}

static gboolean
has (const json_t *o, const char *key)
{
  const json_t *v = json_object_get (o, key);
  return v && !json_is_null (v) && !json_is_false (v)
         && !(json_is_array (v) && json_array_size (v) == 0);
}

static void
claim_if (json_t *list, gboolean there, const char *text, const char *state, const char *where)
{
  claim (list, text, there ? state : "missing", there ? where : "left out");
}

static gboolean
sample_shows (const PktEvidence *e, const char *ip)
{
  for (guint i = 0; i < e->samples->len; i++)
    if (g_strcmp0 (((const PktSample *)g_ptr_array_index (e->samples, i))->client_ip, ip) == 0)
      return TRUE;
  return FALSE;
}

static const PktSendingIp *
case_lists (const PktEvidence *e, const char *ip)
{
  for (guint i = 0; i < e->the_case->sending_ips->len; i++) {
    const PktSendingIp *s = g_ptr_array_index (e->the_case->sending_ips, i);
    if (g_strcmp0 (s->address, ip) == 0)
      return s;
  }
  return NULL;
}

/* A log names the transport more often than its IP: what the case lists is stated, until Apple's
 * own Received line shows it. */
static void
claim_ips (json_t *list, const PktEvidence *e)
{
  static const char received[] = "Apple's Received line in the delivered sample",
                    listed[] = "case, sending_ips";
  guint shown = 0, stated = 0, named = 0, said = 0;
  for (guint i = 0; i < e->ips->len; i++) {
    const char *ip = g_ptr_array_index (e->ips, i);
    const PktSendingIp *s = case_lists (e, ip);
    gboolean sample = sample_shows (e, ip);
    shown += sample;
    stated += !sample && s;
    named += !sample && s && s->helo;
    said += !sample && !s && e->scan->said_ips && g_hash_table_contains (e->scan->said_ips, ip);
  }
  claim_if (list, e->ips->len > 0, "sending IPs", stated || said ? "stated" : "proven",
            stated && shown        ? "case, sending_ips; some by Apple's Received line as well"
            : stated               ? listed
            : said                 ? "command line: --sending-ip, --map"
            : e->ips->len == shown ? received
                                   : "logs");
  claim_if (list, shown || named, "HELO and PTR", named ? "stated" : "proven",
            named && shown ? "case, sending_ips; some by Apple's Received line as well"
            : named        ? listed
                           : received);
}

static void
claim_start (json_t *list, const PktEvidence *e)
{
  if (e->started != PKT_NO_TIME && e->the_case->incident.started == e->started)
    claim (list, "started", "stated", "case, incident.started");
  else
    claim_if (
        list, e->started != PKT_NO_TIME, "started", "proven",
        e->variant == PKT_VARIANT_DEFERRAL     ? "from when on the logs show mail put off"
        : e->variant == PKT_VARIANT_CONNECTION ? "from when on the logs show connections that fail"
        : e->gap_since != PKT_NO_TIME
            ? "first refusal in the logs, behind days that they hold nothing of: \"or earlier\""
        : e->or_earlier  ? "first refusal in the logs, which begin inside: \"or earlier\""
        : e->onset.found ? "first refusal of the rise in the logs"
                         : "first refusal in the logs");
}

static void
claim_proof (json_t *list, const PktEvidence *e, const char *text, PktProof p)
{
  if (p.state == PKT_PROOF_BROKEN) {
    g_autofree char *found = g_strdup_printf ("DNS: %s: %s", p.row->subject, p.row->found);
    claim (list, text, "contradicted", found);
  } else if (p.state == PKT_PROOF_SHOWN && pkt_verified_at (e) != PKT_NO_TIME) {
    g_autofree char *at = pkt_clock_format (pkt_verified_at (e), NULL,
                                            "DNS, asked %Y-%m-%d %H:%M UTC (dns.json)");
    claim (list, text, "proven", at);
  } else
    claim (list, text, "missing",
           e->checks && e->checks->dns ? "not all of it could be found out; left out"
                                       : "nothing was asked of the network; left out");
}

/* A contradicted one holds the request back; a sentence of the case that says otherwise has stopped
 * the build before. */
static void
claim_dns (json_t *list, const PktEvidence *e)
{
  claim_proof (list, e, "sending IPs are in SPF", pkt_verified_spf (e));
  claim_proof (list, e, "PTR leads back to the sending IPs", pkt_verified_reverse (e));
  claim_proof (list, e, "DMARC policy of the From domain", pkt_verified_dmarc (e));
  claim_proof (list, e, "DKIM keys are published", pkt_verified_dkim (e));
  claim_proof (list, e, "Spamhaus lists nothing", pkt_verified_lists (e));
  gint64 count, passed;
  if (!pkt_verified_reports (e, &count, &passed))
    return;
  guint receivers = g_hash_table_size (e->aggregate->reporters);
  g_autofree char *where = g_strdup_printf ("DMARC reports of %u receiver%s: %" G_GINT64_FORMAT
                                            " of %" G_GINT64_FORMAT " messages",
                                            receivers, receivers == 1 ? "" : "s", passed, count);
  /* what forwarders break is few; a stream that fails is none that passes */
  claim (list, "DMARC passes at other receivers",
         passed * 100 >= count * PKT_REPORTS_GOOD ? "proven" : "missing", where);
}

/* What a follow-up says of the mails before it. */
static void
claim_follow_up (json_t *list, const PktEvidence *e, const json_t *view)
{
  const PktFollowUp *f = e->follow_up;
  const json_t *said = json_object_get (view, "follow_up");
  if (f == NULL)
    return;
  if (f->kind == PKT_FOLLOW_UP_NEWS || f->kind == PKT_FOLLOW_UP_REMINDER) {
    claim (list, "our earlier mail, and its time", f->sent_stated ? "stated" : "proven",
           f->sent_stated ? "--assume-sent" : "receipt in the earlier packet.json");
    claim (list, "no answer so far", "proven", "no answer is recorded in the earlier packet.json");
  }
  if (f->kind == PKT_FOLLOW_UP_ANSWERED)
    claim (list, "your answer, and its day", "proven", "answer in the earlier packet.json");
  claim_if (list, has (said, "rows"), "counts before and since", "proven",
            "figures of the earlier packet.json; logs");
  claim_if (list, has (said, "verdict"), "how answers and rate moved", "proven",
            "both, Fisher's exact test at 5 %");
  if (f->kind == PKT_FOLLOW_UP_RESOLVED)
    claim (list, "the refusals have ended, and the last one", "proven", "logs");
  claim_if (list, has (said, "found"), "found since", "stated", "case, follow_up.found");
  claim_if (list, has (said, "plan"), "what happens next", "stated", "case, follow_up.plan");
}

json_t *
pkt_claims_json (const PktEvidence *e, const json_t *view)
{
  json_t *list = json_array ();
  claim_follow_up (list, e, view);
  const json_t *stated = json_object_get (view, "stated"),
               *checked = json_object_get (view, "checked");
  claim (list, "company and brand", "stated", "case, company");
  gboolean shown = e->samples->len && e->variant != PKT_VARIANT_FORWARDED
                   && ((const PktSample *)g_ptr_array_index (e->samples, 0))->from_domain;
  claim_if (list, has (view, "domain"), "sending domain", shown ? "proven" : "stated",
            shown ? "From and DKIM-Signature of the delivered sample" : "case, domains");
  claim_ips (list, e);
  claim_if (list, has (view, "replies"), "error, stage and count", "proven", "logs");
  claim_start (list, e);
  claim (list, "description", "stated", "case, incident.description");
  claim_if (list, has (view, "has_rows"), "counts by day", "proven", "logs");
  claim_if (list, has (checked, "results"), "SPF, DKIM and DMARC results", "proven",
            "Apple's Authentication-Results in the delivered sample");
  claim_if (list, has (checked, "one_click") || has (checked, "unsubscribe"), "List-Unsubscribe",
            "proven", "header of the delivered sample");
  claim_dns (list, e);
  claim_if (list, has (stated, "consent"), "consent and unsubscribing", "stated", "case, consent");
  claim_if (list, has (view, "suppression_view"), "suppression counts", "proven",
            "suppression list");
  claim_if (list, has (stated, "changes") || has (stated, "no_changes"), "what changed before",
            "stated", "case, incident.changes");
  claim_if (list, has (stated, "remediation"), "what was done since", "stated",
            "case, incident.remediation");
  claim_if (list, has (stated, "page_url"), "view in browser", "stated", "case, evidence.page.url");
  return list;
}
