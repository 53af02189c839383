/* One evaluation walks from the first record again each time it is called; what was asked before
 * is known by then, so that it comes a step further. */
#include "packet/dns/spf-priv.h"
#include "packet/base/text.h"

#define MAX_RECORD_SHOWN 2000
#define MAX_EXPLANATION 1000

const char *
pkt_spf_result_name (PktSpfResult result)
{
  static const char *const names[] = { "none",     "neutral",   "pass",      "fail",
                                       "softfail", "temperror", "permerror", "pending" };
  return names[result];
}

void
pkt_spf_verdict_clear (PktSpfVerdict *v)
{
  char *const strings[]
      = { v->domain, v->record, v->mechanism, v->via, v->problem, v->explanation };
  for (gsize i = 0; i < G_N_ELEMENTS (strings); i++)
    g_free (strings[i]);
  memset (v, 0, sizeof *v);
}

static void
replace (char **slot, char *taken)
{
  g_free (*slot);
  *slot = taken;
}

/* ---- records ---- */

/* Asks for what the record will need, so that it travels together; macros wait for their turn. */
static void
ask_ahead (PktSpfRun *run, const PktSpfRecord *r, const char *domain)
{
  for (guint i = 0; i <= r->terms->len; i++) {
    const PktSpfTerm *t = i < r->terms->len ? g_ptr_array_index (r->terms, i) : r->redirect;
    if (t == NULL || (t->domain && strchr (t->domain, '%')) || i > PKT_SPF_MAX_LOOKUPS * 4)
      continue;
    const char *name = t->domain ? t->domain : domain;
    if (t->kind == PKT_SPF_INCLUDE || t->kind == PKT_SPF_REDIRECT)
      pkt_dns_ask (run->dns, name, PKT_DNS_TXT);
    else if (t->kind == PKT_SPF_MECH_A)
      pkt_dns_ask (run->dns, name, pkt_spf_address_type (run));
    else if (t->kind == PKT_SPF_MECH_MX)
      pkt_dns_ask (run->dns, name, PKT_DNS_MX);
  }
}

static gboolean
is_ascii (const PktDnsRecord *r)
{
  for (gsize i = 0; i < r->n; i++)
    if ((guchar)r->text[i] < 0x20 || (guchar)r->text[i] > 0x7e)
      return FALSE;
  return TRUE;
}

/* The one record of the domain. NULL: *out_result says why, which may be PENDING. */
static const PktDnsRecord *
find_record (PktSpfRun *run, const char *domain, PktSpfResult *out_result)
{
  const PktDnsAnswer *a = pkt_spf_ask (run, domain, PKT_DNS_TXT);
  const PktDnsRecord *found = NULL;
  *out_result = PKT_SPF_PENDING;
  if (a == NULL)
    return NULL;
  if (pkt_dns_answer_is_unknown (a)) {
    g_autofree char *what = pkt_dns_answer_text (a);
    pkt_spf_tell (run, "unknown", g_strdup_printf ("%s TXT: %s", domain, what));
    *out_result = PKT_SPF_TEMPERROR;
    return NULL;
  }
  for (guint i = 0; i < a->records->len; i++) {
    const PktDnsRecord *r = pkt_dns_answer_get (a, i);
    if (!pkt_spf_is_record (pkt_slice (r->text, r->n)))
      continue;
    if (found) {
      pkt_spf_tell (run, "several", g_strdup_printf ("%s has more than one SPF record", domain));
      *out_result = PKT_SPF_PERMERROR;
      return NULL;
    }
    found = r;
  }
  if (found == NULL)
    *out_result = PKT_SPF_NONE;
  else if (!is_ascii (found)) {
    pkt_spf_tell (
        run, "syntax",
        g_strdup_printf ("the record of %s holds bytes that are no printable ASCII", domain));
    *out_result = PKT_SPF_PERMERROR;
    found = NULL;
  }
  return found;
}

/* The text that exp= names, expanded; left out where anything is wrong with it (RFC 7208 6.2). */
static void
explain (PktSpfRun *run, const PktSpfTerm *exp, const char *domain)
{
  g_autofree char *name = pkt_spf_target (run, exp, domain);
  const PktDnsAnswer *a = run->pending ? NULL : pkt_spf_ask (run, name, PKT_DNS_TXT);
  if (a == NULL || a->status != PKT_DNS_FOUND || a->records->len != 1)
    return;
  const PktDnsRecord *r = pkt_dns_answer_get (a, 0);
  if (!is_ascii (r) || !pkt_spf_macro_valid (pkt_slice (r->text, r->n), TRUE))
    return;
  if (pkt_spf_macro_needs (r->text, 'p'))
    pkt_spf_set_validated (run, domain);
  run->macros.domain = domain;
  g_autofree char *text = pkt_spf_macro_expand (r->text, &run->macros);
  replace (&run->verdict->explanation, pkt_text_quote (pkt_slice_str (text), MAX_EXPLANATION));
}

static PktSpfResult
decide (PktSpfRun *run, const PktSpfTerm *t, const char *domain, gboolean included,
        const PktSpfRecord *record)
{
  static const char qualifiers[] = "?+-~";
  static const PktSpfResult results[] = { PKT_SPF_NEUTRAL, PKT_SPF_PASS, PKT_SPF_FAIL,
                                          PKT_SPF_SOFTFAIL };
  PktSpfResult result = results[strchr (qualifiers, t->qualifier) - qualifiers];
  /* What passes inside an include decides; the include itself only hands it on. */
  if (t->kind != PKT_SPF_INCLUDE || run->verdict->mechanism == NULL || result != PKT_SPF_PASS) {
    replace (&run->verdict->mechanism, g_strdup (t->text));
    replace (&run->verdict->via, g_strdup (domain));
  }
  if (result == PKT_SPF_FAIL && !included && record->exp)
    explain (run, record->exp, domain);
  return result;
}

static PktSpfResult
redirect (PktSpfRun *run, const PktSpfTerm *t, const char *domain, gboolean included)
{
  if (!pkt_spf_may_look_up (run, t))
    return PKT_SPF_PERMERROR;
  g_autofree char *name = pkt_spf_target (run, t, domain);
  if (run->pending)
    return PKT_SPF_PENDING;
  PktSpfResult result = pkt_spf_check_domain (run, name, included);
  if (result != PKT_SPF_NONE)
    return result;
  pkt_spf_tell (run, "include",
                g_strdup_printf ("%s, to which %s redirects, has no SPF record", name, domain));
  return PKT_SPF_PERMERROR;
}

static PktSpfResult
evaluate (PktSpfRun *run, const PktSpfRecord *record, const char *domain, gboolean included)
{
  for (guint i = 0; i < record->terms->len; i++) {
    const PktSpfTerm *t = g_ptr_array_index (record->terms, i);
    PktSpfMatch m = pkt_spf_match (run, t, domain);
    if (run->pending)
      return PKT_SPF_PENDING;
    if (m == PKT_SPF_MATCH_TEMPERROR || m == PKT_SPF_MATCH_PERMERROR)
      return m == PKT_SPF_MATCH_TEMPERROR ? PKT_SPF_TEMPERROR : PKT_SPF_PERMERROR;
    if (m == PKT_SPF_MATCH)
      return decide (run, t, domain, included, record);
  }
  return record->redirect ? redirect (run, record->redirect, domain, included) : PKT_SPF_NEUTRAL;
}

/* At least two labels, none of them empty or over 63 bytes (RFC 7208 4.3). */
static gboolean
is_domain (const char *domain)
{
  g_autofree char *name = pkt_dns_name (domain);
  return name && strchr (name, '.') && name[strlen (name) - 1] != ']';
}

PktSpfResult
pkt_spf_check_domain (PktSpfRun *run, const char *domain, gboolean included)
{
  PktSpfResult result = PKT_SPF_NONE;
  if (!is_domain (domain))
    return PKT_SPF_NONE;
  const PktDnsRecord *found = find_record (run, domain, &result);
  if (found == NULL)
    return result;
  if (run->verdict->record == NULL)
    run->verdict->record = pkt_text_quote (pkt_slice (found->text, found->n), MAX_RECORD_SHOWN);
  char *problem = NULL;
  g_autoptr (PktSpfRecord) record = pkt_spf_record_parse (pkt_slice (found->text, found->n),
                                                          &problem);
  if (record == NULL) {
    pkt_spf_tell (run, "syntax", g_strdup_printf ("%s: %s", domain, problem));
    g_free (problem);
    return PKT_SPF_PERMERROR;
  }
  ask_ahead (run, record, domain);
  return evaluate (run, record, domain, included);
}

/* "192.0.2.1", or nibbles with dots between (RFC 7208 7.3, in capitals as there); caller frees. */
static char *
dotted (const PktIp *ip)
{
  if (!ip->six)
    return pkt_ip_text (ip);
  GString *s = g_string_new (NULL);
  for (int i = 0; i < 16; i++)
    g_string_append_printf (s, "%s%X.%X", i ? "." : "", ip->bytes[i] >> 4, ip->bytes[i] & 15);
  return g_string_free (s, FALSE);
}

PktSpfResult
pkt_spf_check (PktDns *dns, const PktSpfQuery *q, PktSpfVerdict *out)
{
  memset (out, 0, sizeof *out);
  const char *helo = q->helo ? q->helo : "", *from = q->sender && *q->sender ? q->sender : helo;
  const char *at = strrchr (from, '@'), *domain = at ? at + 1 : from;
  g_autofree char *local = at && at > from ? g_strndup (from, (gsize)(at - from))
                                           : g_strdup ("postmaster");
  g_autofree char *sender = g_strconcat (local, "@", domain, NULL), *ip = pkt_ip_text (q->ip),
                  *dots = dotted (q->ip);
  PktSpfRun run = { .dns = dns,
                    .query = q,
                    .verdict = out,
                    .macros = { .sender = sender,
                                .local_part = local,
                                .sender_domain = domain,
                                .dotted_ip = dots,
                                .family = q->ip->six ? "ip6" : "in-addr",
                                .helo = helo,
                                .client_ip = ip,
                                .receiver = "unknown",
                                .now = pkt_clock_now () } };
  PktSpfResult result = pkt_spf_check_domain (&run, domain, FALSE);
  g_free (run.validated);
  if (run.pending) {
    pkt_spf_verdict_clear (out);
    return PKT_SPF_PENDING;
  }
  out->domain = g_strdup (domain);
  out->result = result;
  out->lookups = run.lookups;
  out->voids = run.voids;
  if (result == PKT_SPF_PERMERROR || result == PKT_SPF_TEMPERROR || result == PKT_SPF_NONE
      || result == PKT_SPF_NEUTRAL)
    g_clear_pointer (result == PKT_SPF_NEUTRAL ? &out->problem : &out->explanation, g_free);
  return result;
}
