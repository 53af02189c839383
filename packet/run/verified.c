#include "packet/run/verified.h"
#include "packet/base/json.h"
#include "packet/base/text.h"
#include "packet/run/facts.h"

typedef gboolean (*Concerns) (const PktEvidence *e, const PktCheck *c);

static gboolean
is_our_ip (const PktEvidence *e, const PktCheck *c)
{
  const char *ip = pkt_json_text (c->detail, "ip");
  return ip && g_ptr_array_find_with_equal_func (e->ips, ip, g_str_equal, NULL);
}

static gboolean
has_envelope (const PktSample *s, const char *domain)
{
  return s->return_path_domain && g_ascii_strcasecmp (s->return_path_domain, domain) == 0;
}

/* Some mail of the stream, or of what is outside of it, has this envelope domain. */
static gboolean
mail_has (const PktEvidence *e, const char *domain, gboolean inside)
{
  for (guint i = 0; i < e->all_samples->len; i++) {
    const PktSample *s = g_ptr_array_index (e->all_samples, i);
    if (has_envelope (s, domain) && g_ptr_array_find (e->samples, s, NULL) == inside)
      return TRUE;
  }
  const PktTally *t = e->scan->tally;
  for (guint i = 0; i < t->cells->len; i++) {
    const PktCell *c = &g_array_index (t->cells, PktCell, i);
    const char *sender = pkt_tally_name (t, c->key.stream);
    if (sender && g_ascii_strcasecmp (sender, domain) == 0
        && pkt_evidence_has_cell (e, c) == inside)
      return TRUE;
  }
  return FALSE;
}

static gboolean
case_has (const PktEvidence *e, const char *domain, gboolean inside)
{
  for (guint i = 0; i < e->the_case->streams->len; i++) {
    const PktStream *s = g_ptr_array_index (e->the_case->streams, i);
    for (char **d = s->return_path_domain; *d; d++)
      if ((s == e->stream) == inside && g_ascii_strcasecmp (*d, domain) == 0)
        return TRUE;
  }
  return FALSE;
}

/* From our IP, and not for an envelope domain of other streams alone. */
static gboolean
is_our_mail (const PktEvidence *e, const PktCheck *c)
{
  const char *domain = pkt_json_text (c->detail, "domain");
  return is_our_ip (e, c)
         && (domain == NULL || case_has (e, domain, TRUE) || mail_has (e, domain, TRUE)
             || !(case_has (e, domain, FALSE) || mail_has (e, domain, FALSE)));
}

/* "nl27._domainkey.news.example.com" */
static const PktCheck *
key_row (const PktEvidence *e, const PktDkimSignature *d)
{
  for (guint i = 0; i < e->checks->rows->len; i++) {
    const PktCheck *c = g_ptr_array_index (e->checks->rows, i);
    const char *domain = pkt_json_text (c->detail, "domain"),
               *selector = pkt_json_text (c->detail, "selector");
    if (g_str_equal (c->kind, "dkim") && d->domain && d->selector && domain && selector
        && g_ascii_strcasecmp (domain, d->domain) == 0
        && g_ascii_strcasecmp (selector, d->selector) == 0)
      return c;
  }
  return NULL;
}

/* Signed with this key, and with none that may be in order. */
static gboolean
rests_on_key (const PktEvidence *e, const PktSample *s, const PktCheck *c)
{
  gboolean signs = FALSE, other = FALSE;
  for (guint k = 0; k < s->dkim->len; k++) {
    const PktCheck *row = key_row (e, g_ptr_array_index (s->dkim, k));
    signs |= row == c;
    other |= row && row->state != PKT_CHECK_BAD;
  }
  return signs && !other;
}

/* Newer mail that Apple saw pass is signed with a key that is in order: this one was retired. */
static gboolean
is_replaced_key (const PktEvidence *e, const PktSample *old)
{
  for (guint i = 0; i < e->samples->len && old->received != PKT_NO_TIME; i++) {
    const PktSample *s = g_ptr_array_index (e->samples, i);
    const PktAuthResult *dkim = pkt_sample_auth (s, "dkim");
    if (!s->at_apple || s->received == PKT_NO_TIME || s->received <= old->received || dkim == NULL
        || !g_str_equal (dkim->result, "pass"))
      continue;
    for (guint k = 0; k < s->dkim->len; k++) {
      const PktCheck *row = key_row (e, g_ptr_array_index (s->dkim, k));
      if (row && row->state == PKT_CHECK_OK)
        return TRUE;
    }
  }
  return FALSE;
}

/* The stream's mail is signed with this key, as far as its samples tell, and rests on it. */
static gboolean
is_needed_key (const PktEvidence *e, const PktCheck *c)
{
  for (guint i = 0; i < e->samples->len; i++) {
    const PktSample *s = g_ptr_array_index (e->samples, i);
    if (rests_on_key (e, s, c) && !is_replaced_key (e, s))
      return TRUE;
  }
  return FALSE;
}

static gboolean
is_our_from (const PktEvidence *e, const PktCheck *c)
{
  const char *from = pkt_facts_from_domain (e), *domain = pkt_json_text (c->detail, "domain");
  return from && domain && g_ascii_strcasecmp (from, domain) == 0;
}

/* The policy alone, not where its reports go. */
static gboolean
is_our_policy (const PktEvidence *e, const PktCheck *c)
{
  return is_our_from (e, c) && json_object_get (c->detail, "rfc9989")
         && !g_str_equal (c->rule, "dmarc-reports");
}

static gboolean
is_any (G_GNUC_UNUSED const PktEvidence *e, G_GNUC_UNUSED const PktCheck *c)
{
  return TRUE;
}

/* The list that Apple asks. */
static gboolean
is_spamhaus (G_GNUC_UNUSED const PktEvidence *e, const PktCheck *c)
{
  const char *list = pkt_json_text (c->detail, "list");
  return list && g_str_has_prefix (list, "spamhaus-");
}

/* Shown where each row of the kind that is concerned holds, there is at least one, and the answers
 * are of today. */
static PktProof
prove (const PktEvidence *e, const char *kind, Concerns concerns)
{
  PktProof p = { PKT_PROOF_NONE, NULL };
  gboolean unknown = FALSE;
  for (guint i = 0; e->checks && i < e->checks->rows->len; i++) {
    const PktCheck *c = g_ptr_array_index (e->checks->rows, i);
    if (!g_str_equal (c->kind, kind) || !concerns (e, c))
      continue;
    if (c->state == PKT_CHECK_BAD)
      return (PktProof){ PKT_PROOF_BROKEN, c };
    unknown |= c->state == PKT_CHECK_UNKNOWN;
    p.row = p.row ? p.row : c;
  }
  if (p.row && !unknown && pkt_verified_at (e) != PKT_NO_TIME)
    p.state = PKT_PROOF_SHOWN;
  return p;
}

/* What is to be shown of each sending IP must be there for each of them. */
static PktProof
prove_ips (const PktEvidence *e, const char *kind, Concerns concerns)
{
  PktProof p = prove (e, kind, concerns);
  for (guint i = 0; p.state == PKT_PROOF_SHOWN && i < e->ips->len; i++) {
    gboolean there = FALSE;
    for (guint k = 0; k < e->checks->rows->len; k++) {
      const PktCheck *c = g_ptr_array_index (e->checks->rows, k);
      there = there
              || (g_str_equal (c->kind, kind)
                  && g_strcmp0 (pkt_json_text (c->detail, "ip"), e->ips->pdata[i]) == 0
                  && concerns (e, c));
    }
    if (!there)
      p.state = PKT_PROOF_NONE;
  }
  return p;
}

PktProof
pkt_verified_spf (const PktEvidence *e)
{
  return prove_ips (e, "spf", is_our_mail);
}

PktProof
pkt_verified_reverse (const PktEvidence *e)
{
  return prove_ips (e, "rdns", is_our_ip);
}

PktProof
pkt_verified_dkim (const PktEvidence *e)
{
  PktProof needed = prove (e, "dkim", is_needed_key), all = prove (e, "dkim", is_any);
  return needed.state == PKT_PROOF_BROKEN ? needed
         : all.state == PKT_PROOF_BROKEN  ? (PktProof){ PKT_PROOF_NONE, NULL }
                                          : all;
}

PktProof
pkt_verified_dmarc (const PktEvidence *e)
{
  return prove (e, "dmarc", is_our_policy);
}

PktProof
pkt_verified_lists (const PktEvidence *e)
{
  PktProof p = prove (e, "lists", is_spamhaus);
  if (p.state == PKT_PROOF_SHOWN && e->checks->cut) /* some host was not asked about */
    p.state = PKT_PROOF_NONE;
  return p;
}

gboolean
pkt_verified_lacks_policy (const PktEvidence *e, const PktSample *s)
{
  const PktAuthResult *dmarc = pkt_sample_auth (s, "dmarc");
  const char *from = pkt_facts_from_domain (e);
  return dmarc && from && s->from_domain && e->variant != PKT_VARIANT_FORWARDED
         && g_str_equal (dmarc->result, "none") && g_ascii_strcasecmp (s->from_domain, from) == 0
         && (dmarc->domain == NULL || g_ascii_strcasecmp (dmarc->domain, from) == 0);
}

gboolean
pkt_verified_reports (const PktEvidence *e, gint64 *out_count, gint64 *out_passed)
{
  const char *from = pkt_facts_from_domain (e);
  *out_count = *out_passed = 0;
  if (e->aggregate && e->aggregate->end != PKT_NO_TIME
      && e->now - e->aggregate->end > PKT_REPORTS_FRESH)
    return FALSE; /* what was so then */
  for (guint i = 0; e->aggregate && from && i < e->aggregate->rows->len; i++) {
    const PktAggregateRow *r = g_ptr_array_index (e->aggregate->rows, i);
    if (g_ascii_strcasecmp (r->domain, from) != 0
        || !g_ptr_array_find_with_equal_func (e->ips, r->ip, g_str_equal, NULL))
      continue;
    *out_count += r->count;
    *out_passed += r->passed;
  }
  return *out_count > 0;
}

const char *
pkt_verified_ptr (const PktEvidence *e, const char *ip)
{
  for (guint i = 0; e->checks && i < e->checks->rows->len; i++) {
    const PktCheck *c = g_ptr_array_index (e->checks->rows, i);
    if (g_str_equal (c->kind, "rdns") && g_strcmp0 (pkt_json_text (c->detail, "ip"), ip) == 0
        && json_is_true (json_object_get (c->detail, "confirmed")))
      return pkt_json_text (c->detail, "ptr");
  }
  return NULL;
}

gint64
pkt_verified_at (const PktEvidence *e)
{
  gint64 at = e->checks ? e->checks->at : PKT_NO_TIME;
  return at != PKT_NO_TIME && e->now - at > PKT_VERIFIED_FRESH ? PKT_NO_TIME : at;
}

static void
append_part (GString *s, char *taken)
{
  g_string_append_printf (s, "%s%s", s->len ? "; " : "", taken);
  g_free (taken);
}

static char *
spf_part (guint ips)
{
  return ips == 1   ? g_strdup ("the IP is in SPF")
         : ips == 2 ? g_strdup ("both IPs are in SPF")
                    : g_strdup_printf ("all %u IPs are in SPF", ips);
}

/* "p=quarantine", "sp=none" of the domain above, "p=reject (t=y)", which only tries it out; NULL
 * where the two standards differ. */
static char *
policy_of (const PktCheck *c)
{
  const char *policy = pkt_json_text (c->detail, "policy"), *tag = pkt_json_text (c->detail, "tag");
  const json_t *percent = json_object_get (c->detail, "percent");
  if (policy == NULL)
    return NULL;
  g_autofree char *of = percent ? g_strdup_printf (" (pct=%d)", (int)json_integer_value (percent))
                                : g_strdup ("");
  return g_strdup_printf ("%s=%s%s%s", tag ? tag : "p", policy,
                          json_is_true (json_object_get (c->detail, "testing")) ? " (t=y)" : "",
                          of);
}

char *
pkt_verified_sentence (const PktEvidence *e)
{
  GString *s = g_string_new (NULL);
  if (pkt_verified_at (e) == PKT_NO_TIME)
    return g_string_free (s, TRUE);
  PktProof dmarc = pkt_verified_dmarc (e);
  if (pkt_verified_spf (e).state == PKT_PROOF_SHOWN)
    append_part (s, spf_part (e->ips->len));
  if (pkt_verified_reverse (e).state == PKT_PROOF_SHOWN)
    append_part (s, g_strdup ("PTR leads back to the IP"));
  g_autofree char *policy = dmarc.state == PKT_PROOF_SHOWN ? policy_of (dmarc.row) : NULL;
  if (policy)
    append_part (s, g_strdup_printf ("DMARC is %s", policy));
  if (s->len) {
    s->str[0] = g_ascii_toupper (s->str[0]);
    g_string_append_c (s, '.');
  }
  if (pkt_verified_lists (e).state == PKT_PROOF_SHOWN)
    g_string_append_printf (s, "%sSpamhaus lists none of the IPs, domains and link hosts.",
                            s->len ? " " : "");
  return s->len ? g_string_free (s, FALSE) : g_string_free (s, TRUE);
}

/* ---- findings ---- */

static gboolean
holds_back (const PktEvidence *e, const PktCheck *c)
{
  if (g_str_equal (c->kind, "spf"))
    return is_our_mail (e, c);
  if (g_str_equal (c->kind, "rdns"))
    return is_our_ip (e, c);
  if (g_str_equal (c->kind, "dmarc"))
    return is_our_policy (e, c);
  if (g_str_equal (c->kind, "dkim"))
    return is_needed_key (e, c);
  return (g_str_equal (c->kind, "lists") && is_spamhaus (e, c));
}

/* Findings of the samples by themselves are gates.c's own. */
static gboolean
is_gates_own (const PktCheck *c)
{
  return g_str_has_prefix (c->rule, "sample-");
}

static void
find_row (PktEvidence *e, const PktCheck *c)
{
  const char *mend = pkt_check_advice (c->rule, "mend");
  gboolean lacking = holds_back (e, c);
  gboolean listed = g_str_equal (c->rule, "list-listed");
  g_autofree char *advice = g_strdup_printf (
      "%s%s%s", mend ? mend : "", listed ? " Ask: " : "",
      listed && pkt_json_text (c->detail, "link") ? pkt_json_text (c->detail, "link") : "");
  pkt_evidence_find (e, c->rule, lacking ? PKT_FINDING_LACKING : PKT_FINDING_NOTE,
                     g_strdup_printf ("%s: %s%s.", c->subject, c->found,
                                      !lacking ? ""
                                      : listed ? ", and Apple asks that list"
                                               : ": a requirement of Apple's page is not met"),
                     advice);
}

void
pkt_verified_find (PktEvidence *e)
{
  guint unknown = 0;
  for (guint i = 0; e->checks && i < e->checks->rows->len; i++) {
    const PktCheck *c = g_ptr_array_index (e->checks->rows, i);
    unknown += c->state == PKT_CHECK_UNKNOWN && e->checks->dns;
    if (c->state == PKT_CHECK_BAD && !is_gates_own (c))
      find_row (e, c);
  }
  if (unknown)
    pkt_evidence_find (
        e, "dns-unknown", PKT_FINDING_NOTE,
        g_strdup_printf ("%u thing%s could not be found out by asking DNS.", unknown,
                         unknown == 1 ? "" : "s"),
        "'postpacket check --online CASE' names each; what is not known is not in the request.");
  if (e->checks && e->checks->at != PKT_NO_TIME && pkt_verified_at (e) == PKT_NO_TIME)
    pkt_evidence_find (e, "dns-stale", PKT_FINDING_NOTE,
                       g_strdup ("The answers of DNS are more than 24 hours old: the request says "
                                 "nothing of them."),
                       "Ask again with --online.");
}
