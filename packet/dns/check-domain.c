#include "packet/dns/checks.h"

enum { SOA, MX, A, AAAA, STS, TLSRPT, BIMI, N_ASKED };

static const struct {
  const char *prefix;
  PktDnsType type;
  const char *begins; /* of a TXT record that counts */
} asked[N_ASKED] = {
  [SOA] = { "", PKT_DNS_SOA, NULL },
  [MX] = { "", PKT_DNS_MX, NULL },
  [A] = { "", PKT_DNS_A, NULL },
  [AAAA] = { "", PKT_DNS_AAAA, NULL },
  [STS] = { "_mta-sts.", PKT_DNS_TXT, "v=STSv1" },         /* RFC 8461 3.1 */
  [TLSRPT] = { "_smtp._tls.", PKT_DNS_TXT, "v=TLSRPTv1" }, /* RFC 8460 3 */
  [BIMI] = { "default._bimi.", PKT_DNS_TXT, "v=BIMI1" },
};

/* FALSE: still to come. */
static gboolean
ask_all (PktDns *dns, const char *domain, const PktDnsAnswer *out[N_ASKED])
{
  gboolean complete = TRUE;
  for (int i = 0; i < N_ASKED; i++) {
    g_autofree char *name = g_strconcat (asked[i].prefix, domain, NULL);
    out[i] = pkt_dns_ask (dns, name, asked[i].type);
    complete &= out[i] != NULL;
  }
  return complete;
}

/* The record that counts; NULL: there is none. */
static const char *
text_of (const PktDnsAnswer *a, const char *begins)
{
  for (guint i = 0; i < a->records->len; i++)
    if (g_str_has_prefix (pkt_dns_answer_get (a, i)->text, begins))
      return pkt_dns_answer_get (a, i)->text;
  return NULL;
}

static gboolean
is_null_mx (const PktDnsAnswer *mx) /* RFC 7505 3 */
{
  return mx->records->len == 1 && pkt_dns_answer_get (mx, 0)->n == 0;
}

static const char *
rule_of (const PktDnsAnswer *a[N_ASKED], PktCheckState *state)
{
  *state = PKT_CHECK_BAD;
  if (a[MX]->status == PKT_DNS_NXDOMAIN)
    return "domain-missing";
  if (a[MX]->status == PKT_DNS_FOUND) {
    if (is_null_mx (a[MX]))
      return "domain-null-mx";
    *state = PKT_CHECK_OK;
    return "domain-mail";
  }
  gboolean mx = pkt_dns_answer_is_unknown (a[MX]);
  *state = PKT_CHECK_OK;
  if (!mx && a[A]->records->len + a[AAAA]->records->len > 0)
    return "domain-mail";
  *state = PKT_CHECK_UNKNOWN;
  if (mx || pkt_dns_answer_is_unknown (a[A]) || pkt_dns_answer_is_unknown (a[AAAA]))
    return "domain-unknown";
  *state = PKT_CHECK_BAD;
  return "domain-no-mail";
}

/* The first of these answers that did not come. */
static char *
unknown_text (const PktDnsAnswer *a[N_ASKED])
{
  return pkt_dns_answer_text (pkt_dns_answer_is_unknown (a[MX])  ? a[MX]
                              : pkt_dns_answer_is_unknown (a[A]) ? a[A]
                                                                 : a[AAAA]);
}

static char *
found_text (const PktDnsAnswer *a[N_ASKED], const char *rule)
{
  if (g_str_equal (rule, "domain-unknown"))
    return unknown_text (a);
  if (g_str_equal (rule, "domain-missing"))
    return g_strdup ("the domain does not exist");
  if (g_str_equal (rule, "domain-null-mx"))
    return g_strdup ("its MX says that it takes no mail at all (null MX)");
  if (g_str_equal (rule, "domain-no-mail"))
    return g_strdup ("neither MX nor an address: mail to it cannot be delivered");
  GString *s = g_string_new (a[MX]->records->len ? "MX " : "no MX, address ");
  g_string_append (s, pkt_dns_answer_get (a[MX]->records->len  ? a[MX]
                                          : a[A]->records->len ? a[A]
                                                               : a[AAAA],
                                          0)
                          ->text);
  if (a[MX]->records->len > 1)
    g_string_append_printf (s, " and %u more", a[MX]->records->len - 1);
  static const char *const names[N_ASKED]
      = { [STS] = "MTA-STS", [TLSRPT] = "TLS-RPT", [BIMI] = "BIMI" };
  for (int i = STS; i < N_ASKED; i++)
    if (text_of (a[i], asked[i].begins))
      g_string_append_printf (s, "; %s", names[i]);
  return g_string_free (s, FALSE);
}

gboolean
pkt_check_domain (PktDns *dns, const char *domain, GPtrArray *rows)
{
  const PktDnsAnswer *a[N_ASKED];
  PktCheckState state;
  if (!ask_all (dns, domain, a))
    return FALSE;
  const char *rule = rule_of (a, &state);
  PktCheck *c = pkt_check_new ("domain", rule, state, domain, found_text (a, rule));
  json_t *mx = json_array (), *addresses = json_array ();
  for (guint i = 0; i < a[MX]->records->len; i++)
    json_array_append_new (mx, json_string (pkt_dns_answer_get (a[MX], i)->text));
  for (int k = A; k <= AAAA; k++)
    for (guint i = 0; i < a[k]->records->len; i++)
      json_array_append_new (addresses, json_string (pkt_dns_answer_get (a[k], i)->text));
  pkt_check_set (c, "domain", domain);
  json_object_set_new (c->detail, "mx", mx);
  json_object_set_new (c->detail, "null_mx", json_boolean (is_null_mx (a[MX])));
  json_object_set_new (c->detail, "addresses", addresses);
  pkt_check_set (c, "soa", a[SOA]->records->len ? pkt_dns_answer_get (a[SOA], 0)->text : NULL);
  pkt_check_set (c, "mta_sts", text_of (a[STS], asked[STS].begins));
  pkt_check_set (c, "tls_rpt", text_of (a[TLSRPT], asked[TLSRPT].begins));
  pkt_check_set (c, "bimi", text_of (a[BIMI], asked[BIMI].begins));
  g_ptr_array_add (rows, c);
  return TRUE;
}
