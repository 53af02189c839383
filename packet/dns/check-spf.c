#include "packet/dns/checks.h"
#include "packet/dns/spf.h"

/* "all", "+ALL", "ip4:0.0.0.0/0"; no "include:spf.example.football". */
static gboolean
lets_all_pass (const char *mechanism)
{
  const char *m = mechanism ? mechanism + (*mechanism == '+') : "";
  return g_ascii_strcasecmp (m, "all") == 0 || g_str_has_suffix (m, "/0");
}

/* Is the sender's own record to blame, and by which rule. */
static const char *
rule_of (const PktSpfVerdict *v)
{
  static const struct {
    const char *fault, *rule;
  } faults[] = { { "several", "spf-several" }, { "lookups", "spf-lookups" },
                 { "voids", "spf-voids" },     { "mx", "spf-lookups" },
                 { "include", "spf-include" }, { "syntax", "spf-syntax" } };
  for (gsize i = 0; v->result == PKT_SPF_PERMERROR && i < G_N_ELEMENTS (faults); i++)
    if (g_strcmp0 (v->fault, faults[i].fault) == 0)
      return faults[i].rule;
  switch (v->result) {
  case PKT_SPF_PASS:
    return lets_all_pass (v->mechanism) ? "spf-open" : "spf-pass";
  case PKT_SPF_NONE:
    return "spf-none";
  case PKT_SPF_TEMPERROR:
    return "spf-unknown";
  case PKT_SPF_PERMERROR:
    return "spf-syntax";
  default:
    return "spf-fail";
  }
}

static char *
found_text (const PktSpfVerdict *v, const char *ip)
{
  const char *result = pkt_spf_result_name (v->result);
  if (v->result == PKT_SPF_NONE)
    return g_strdup ("no SPF record");
  if (v->result == PKT_SPF_PERMERROR || v->result == PKT_SPF_TEMPERROR)
    return g_strdup_printf ("%s: %s", result, v->problem ? v->problem : "the record is broken");
  if (v->mechanism == NULL)
    return g_strdup_printf ("%s: no mechanism of %s names %s", result, v->domain, ip);
  return g_strdup_printf ("%s by %s%s%s (%u of %d lookups)", result, v->mechanism,
                          g_ascii_strcasecmp (v->via, v->domain) ? " of " : "",
                          g_ascii_strcasecmp (v->via, v->domain) ? v->via : "", v->lookups,
                          PKT_SPF_MAX_LOOKUPS);
}

gboolean
pkt_check_spf (PktDns *dns, const char *ip, const char *domain, const char *helo, GPtrArray *rows)
{
  PktIp address;
  g_auto (PktSpfVerdict) v = { 0 };
  g_autofree char *sender = g_strconcat ("postmaster@", domain, NULL);
  if (!pkt_ip_parse (ip, &address))
    return TRUE;
  const PktSpfQuery q = { &address, sender, helo };
  if (pkt_spf_check (dns, &q, &v) == PKT_SPF_PENDING)
    return FALSE;
  const char *rule = rule_of (&v);
  PktCheckState state = g_str_equal (rule, "spf-pass")      ? PKT_CHECK_OK
                        : g_str_equal (rule, "spf-unknown") ? PKT_CHECK_UNKNOWN
                                                            : PKT_CHECK_BAD;
  g_autofree char *subject = g_strdup_printf ("%s from %s", domain, ip);
  PktCheck *c = pkt_check_new ("spf", rule, state, subject, found_text (&v, ip));
  pkt_check_set (c, "ip", ip);
  pkt_check_set (c, "domain", domain);
  pkt_check_set (c, "result", pkt_spf_result_name (v.result));
  pkt_check_set (c, "mechanism", v.mechanism);
  pkt_check_set (c, "via", v.via);
  pkt_check_set_number (c, "lookups", v.lookups);
  pkt_check_set_number (c, "void_lookups", v.voids);
  pkt_check_set (c, "record", v.record);
  pkt_check_set (c, "problem", v.problem);
  g_ptr_array_add (rows, c);
  return TRUE;
}
