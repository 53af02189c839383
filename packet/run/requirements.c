#include "packet/run/requirements.h"
#include "packet/base/json.h"
#include "packet/run/leaving.h"
#include "packet/run/verified.h"

typedef enum { UNKNOWN, STATED, PROVEN, CONTRADICTED } State;

typedef struct {
  State state;
  const char *where; /* static */
} Answer;

#define ANSWER(state, where) ((Answer){ state, where })

static const PktConsent *
consent_of (const PktEvidence *e)
{
  return e->stream && e->stream->consent ? e->stream->consent : e->the_case->consent;
}

static gboolean
is_type (const PktEvidence *e, const char *type)
{
  return e->stream && g_strcmp0 (e->stream->mail_type, type) == 0;
}

/* The newest sample that proves something: what older ones show may have been mended. NULL. */
static const PktSample *
sample_of (const PktEvidence *e)
{
  const PktSample *newest = NULL;
  for (guint i = 0; i < e->samples->len; i++) {
    const PktSample *s = g_ptr_array_index (e->samples, i);
    if (s->at_apple && !s->allow_listed && (newest == NULL || s->received > newest->received))
      newest = s;
  }
  return newest;
}

static Answer
opt_in (const PktEvidence *e)
{
  const PktConsent *c = consent_of (e);
  if (is_type (e, "transactional") || is_type (e, "personal"))
    return ANSWER (STATED, "case, mail_type: no bulk mail");
  return c && (c->source || c->double_opt_in > 0) ? ANSWER (STATED, "case, consent.source")
                                                  : ANSWER (UNKNOWN, "write $.consent.source");
}

static Answer
unsubscribe (const PktEvidence *e)
{
  const PktConsent *c = consent_of (e);
  const PktSample *s = sample_of (e);
  if (s && s->has_unsubscribe)
    return ANSWER (PROVEN, "List-Unsubscribe of the delivered sample");
  if (is_type (e, "transactional") || is_type (e, "personal"))
    return ANSWER (STATED, "case, mail_type: no bulk mail");
  if (e->page && e->page->unsubscribe)
    return ANSWER (PROVEN, "link of the campaign page");
  if (s && pkt_leaving_sample (e))
    return ANSWER (PROVEN, "link in the delivered sample");
  if (s && e->page && is_type (e, "marketing"))
    return ANSWER (CONTRADICTED,
                   "no List-Unsubscribe in the delivered sample, no link on the page");
  return c && c->unsubscribe ? ANSWER (STATED, "case, consent.unsubscribe")
                             : ANSWER (UNKNOWN, "write $.consent.unsubscribe");
}

static Answer
arc (const PktEvidence *e)
{
  const PktSample *s = sample_of (e);
  if (s && pkt_sample_count_fields (s, "ARC-Seal"))
    return ANSWER (PROVEN, "ARC-Seal of the delivered sample");
  if (is_type (e, "forwarded"))
    return s ? ANSWER (CONTRADICTED, "the delivered sample was forwarded without ARC")
             : ANSWER (UNKNOWN, "add a delivered sample of forwarded mail");
  return e->stream && e->stream->mail_type
             ? ANSWER (STATED, "case, mail_type: this mail is not forwarded")
             : ANSWER (UNKNOWN, "write $.streams[].mail_type");
}

/* RFC 5322 3.6 */
static Answer
form (const PktEvidence *e)
{
  const PktSample *s = sample_of (e);
  if (s == NULL)
    return ANSWER (UNKNOWN, "add a delivered sample");
  if (pkt_sample_form (s) < 0)
    return ANSWER (CONTRADICTED,
                   "the delivered sample has From, Date or Message-ID more than once");
  if (pkt_sample_form (s) == 0)
    return ANSWER (UNKNOWN, "the delivered sample lacks From, Date or Message-ID: save it whole");
  return ANSWER (PROVEN, "one From, Date and Message-ID in the delivered sample");
}

/* Apple's own Received line names a PTR for each IP. */
static gboolean
sample_names_all (const PktEvidence *e)
{
  for (guint i = 0; i < e->ips->len; i++) {
    gboolean named = FALSE;
    for (guint k = 0; k < e->samples->len; k++) {
      const PktSample *s = g_ptr_array_index (e->samples, k);
      named |= s->at_apple && g_strcmp0 (s->client_ip, e->ips->pdata[i]) == 0 && pkt_sample_ptr (s);
    }
    if (!named)
      return FALSE;
  }
  return e->ips->len > 0;
}

static Answer
reverse (const PktEvidence *e)
{
  PktProof p = pkt_verified_reverse (e);
  if (p.state == PKT_PROOF_BROKEN)
    return ANSWER (CONTRADICTED, p.row->found);
  if (p.state == PKT_PROOF_SHOWN)
    return ANSWER (PROVEN, "DNS: PTR of each sending IP leads back to it");
  const PktSample *s = sample_of (e);
  if (s && s->client_ip && s->ptr && !pkt_sample_ptr (s))
    return ANSWER (CONTRADICTED, "Apple's Received line shows no name for the sending IP");
  if (sample_names_all (e))
    return ANSWER (PROVEN, "Apple's Received lines in the delivered samples");
  for (guint i = 0; i < e->the_case->sending_ips->len; i++)
    if (((const PktSendingIp *)e->the_case->sending_ips->pdata[i])->helo)
      return ANSWER (STATED, "case, sending_ips");
  return ANSWER (UNKNOWN, "ask DNS: --online");
}

/* Which IP a mail left by is the user's word. */
static gboolean
said_ip (const PktEvidence *e)
{
  for (guint i = 0; e->scan->said_ips && i < e->ips->len; i++)
    if (g_hash_table_contains (e->scan->said_ips, e->ips->pdata[i]))
      return TRUE;
  return FALSE;
}

/* The IPs of the stream carry no other stream's mail to Apple. */
static Answer
separate (const PktEvidence *e)
{
  guint ours = 0, shared = 0;
  g_autoptr (GHashTable) ips = g_hash_table_new (g_str_hash, g_str_equal);
  for (guint i = 0; i < e->ips->len; i++)
    g_hash_table_add (ips, e->ips->pdata[i]);
  for (guint i = 0; i < e->scan->events->len; i++) {
    const PktEvent *event = g_ptr_array_index (e->scan->events, i);
    if (event->local_ip == NULL || !g_hash_table_contains (ips, event->local_ip))
      continue;
    ours += pkt_evidence_in_stream (e, event);
    shared += !pkt_evidence_in_stream (e, event) && !pkt_evidence_ip_is_ours (e, event->local_ip);
  }
  if (shared)
    return ANSWER (UNKNOWN, "the sending IPs carry other streams as well");
  if (ours && !e->stream_found && !pkt_evidence_is_one_sender (e))
    return ANSWER (UNKNOWN, "the logs do not tell streams apart");
  if (ours && said_ip (e))
    return ANSWER (STATED, e->the_case->sending_ips->len == 1
                               ? "logs, and for which IP the case"
                               : "logs, and for which IP the command line");
  if (ours)
    return ANSWER (PROVEN, "logs: the sending IPs carry this stream alone");
  return e->stream && e->stream->sending_ip[0] ? ANSWER (STATED, "case, streams[].match.sending_ip")
                                               : ANSWER (UNKNOWN, "write $.streams[].match");
}

static Answer
brand (const PktEvidence *e)
{
  const PktSample *s = sample_of (e);
  const char *name = e->stream && e->stream->brand ? e->stream->brand : e->the_case->company.brand;
  name = name ? name : e->the_case->company.name;
  if (s == NULL || s->from_name == NULL)
    return ANSWER (STATED, "case, company");
  g_autofree char *shown = g_utf8_casefold (s->from_name, -1), *wanted = g_utf8_casefold (name, -1);
  return strstr (shown, wanted) || strstr (wanted, shown)
             ? ANSWER (PROVEN, "From of the delivered sample bears the brand")
             : ANSWER (STATED, "case, company; the sample's From has another name");
}

static Answer
authentication (const PktEvidence *e)
{
  PktProof spf = pkt_verified_spf (e), dkim = pkt_verified_dkim (e);
  const PktSample *s = sample_of (e);
  if (spf.state == PKT_PROOF_BROKEN || dkim.state == PKT_PROOF_BROKEN)
    return ANSWER (CONTRADICTED, spf.state == PKT_PROOF_BROKEN ? spf.row->found : dkim.row->found);
  if (pkt_groups_count_auth (e) && !pkt_sample_passes (s, "dkim"))
    return ANSWER (CONTRADICTED, "Apple's answers: authentication failed");
  if (pkt_sample_passes (s, "spf") && pkt_sample_passes (s, "dkim"))
    return ANSWER (PROVEN, "Apple's Authentication-Results in the delivered sample");
  if (s && s->auth->len && !pkt_sample_passes (s, "spf") && !pkt_sample_passes (s, "dkim"))
    return ANSWER (CONTRADICTED, "Apple's Authentication-Results: neither SPF nor DKIM passes");
  if (spf.state == PKT_PROOF_SHOWN && dkim.state == PKT_PROOF_SHOWN)
    return ANSWER (PROVEN, "DNS: the sending IPs are in SPF, the DKIM keys are published");
  return ANSWER (UNKNOWN, "add a delivered sample, or ask DNS: --online");
}

static Answer
dmarc (const PktEvidence *e)
{
  PktProof p = pkt_verified_dmarc (e);
  if (p.state == PKT_PROOF_BROKEN)
    return ANSWER (CONTRADICTED, p.row->found);
  if (p.state == PKT_PROOF_SHOWN)
    return ANSWER (PROVEN, "DNS: the policy of the From domain");
  if (pkt_sample_passes (sample_of (e), "dmarc"))
    return ANSWER (PROVEN, "Apple's Authentication-Results in the delivered sample: dmarc=pass");
  if (sample_of (e) && pkt_verified_lacks_policy (e, sample_of (e)))
    return ANSWER (CONTRADICTED,
                   "Apple's Authentication-Results in the delivered sample: dmarc=none");
  gint64 count, passed;
  if (pkt_verified_reports (e, &count, &passed))
    return ANSWER (PROVEN, "DMARC reports: receivers send them where a policy is published");
  return ANSWER (UNKNOWN, "ask DNS: --online");
}

static Answer
errors (const PktEvidence *e)
{
  return e->groups->len ? ANSWER (PROVEN, "logs: Apple's replies are counted and grouped here")
                        : ANSWER (UNKNOWN, "the logs show no reply of Apple's");
}

static gboolean
has_reason (const PktEvidence *e, const char *const *words)
{
  for (guint i = 0; e->suppression && i < e->suppression->counts->len; i++) {
    const PktSuppressionCount *c = g_ptr_array_index (e->suppression->counts, i);
    for (gsize k = 0; words[k]; k++)
      if (c->reason && strstr (c->reason, words[k]))
        return TRUE;
  }
  return FALSE;
}

static Answer
bounces (const PktEvidence *e)
{
  static const char *const words[] = { "bounce",       "invalid",         "unknown user",
                                       "user unknown", "unknown mailbox", "unknown address",
                                       "no such",      "not exist",       NULL };
  const PktConsent *c = consent_of (e);
  if (has_reason (e, words))
    return ANSWER (PROVEN, "suppression list: rows for bounces");
  return c && c->suppression_policy ? ANSWER (STATED, "case, consent.suppression_policy")
                                    : ANSWER (UNKNOWN, "write $.consent.suppression_policy");
}

static Answer
inactive (const PktEvidence *e)
{
  static const char *const words[] = { "inactive", "engage", "sunset", "dormant", NULL };
  const PktConsent *c = consent_of (e);
  if (has_reason (e, words))
    return ANSWER (PROVEN, "suppression list: rows for inactive readers");
  if (is_type (e, "transactional") || is_type (e, "personal"))
    return ANSWER (STATED, "case, mail_type: no bulk mail");
  return c && (c->last_engagement_days >= 0 || c->suppression_policy)
             ? ANSWER (STATED, c->last_engagement_days >= 0 ? "case, consent.last_engagement_days"
                                                            : "case, consent.suppression_policy")
             : ANSWER (UNKNOWN, "write $.consent.last_engagement_days");
}

static Answer
reactivation (const PktEvidence *e)
{
  const PktConsent *c = consent_of (e);
  if (e->again.listed)
    return ANSWER (CONTRADICTED, "logs: mail to addresses of the suppression list");
  return c && c->suppression_policy ? ANSWER (STATED, "case, consent.suppression_policy")
                                    : ANSWER (UNKNOWN, "write $.consent.suppression_policy");
}

/* facts: the bulk mail requirements of Apple's page (support.apple.com/en-us/102322). */
static const struct {
  const char *text;
  Answer (*answer) (const PktEvidence *e);
} requirements[PKT_REQUIREMENTS] = {
  { "only people who subscribed", opt_in },
  { "unsubscribing works at once", unsubscribe },
  { "ARC on forwarded mail", arc },
  { "RFC 5321 and RFC 5322", form },
  { "reverse DNS", reverse },
  { "constant IPs, streams kept apart", separate },
  { "From shows the brand", brand },
  { "SPF and DKIM", authentication },
  { "a DMARC policy", dmarc },
  { "SMTP errors are tracked", errors },
  { "a policy for bouncing addresses", bounces },
  { "inactive subscribers are removed", inactive },
  { "nobody suppressed is reactivated", reactivation },
};

json_t *
pkt_requirements_json (const PktEvidence *e)
{
  static const char *const states[] = { "unknown", "stated", "proven", "contradicted" };
  json_t *list = json_array ();
  for (guint i = 0; i < PKT_REQUIREMENTS; i++) {
    Answer a = requirements[i].answer (e);
    json_t *o = json_object ();
    json_object_set_new (o, "number", json_integer (i + 1));
    json_object_set_new (o, "requirement", json_string (requirements[i].text));
    json_object_set_new (o, "state", json_string (states[a.state]));
    json_object_set_new (o, "where", pkt_json_string (a.where));
    json_array_append_new (list, o);
  }
  return list;
}

char *
pkt_requirements_line (const json_t *list)
{
  GString *missing = g_string_new (NULL);
  gsize i, shown = 0;
  json_t *o;
  json_array_foreach (list, i, o)
  {
    const char *state = pkt_json_text (o, "state");
    if (g_str_equal (state, "proven") || g_str_equal (state, "stated")) {
      shown++;
      continue;
    }
    g_string_append_printf (missing, "%s%s", missing->len ? ", " : "",
                            pkt_json_text (o, "requirement"));
  }
  char *line = g_strdup_printf ("%" G_GSIZE_FORMAT " of %d shown%s%s", shown, PKT_REQUIREMENTS,
                                missing->len ? ", missing: " : "", missing->str);
  g_string_free (missing, TRUE);
  return line;
}
