/* The mechanisms of RFC 7208 section 5. */
#include "packet/dns/spf-priv.h"
#include "packet/base/domain.h"

void
pkt_spf_tell (PktSpfRun *run, const char *fault, char *taken)
{
  if (run->verdict->problem) {
    g_free (taken);
    return;
  }
  run->verdict->problem = taken;
  run->verdict->fault = fault;
}

const PktDnsAnswer *
pkt_spf_ask (PktSpfRun *run, const char *name, PktDnsType type)
{
  const PktDnsAnswer *a = pkt_dns_ask (run->dns, name, type);
  run->pending |= a == NULL;
  return a;
}

/* A lookup that a term makes: counts void answers. NULL: pending, or over the limit, or failed;
 * *out_end says which. */
static const PktDnsAnswer *
look_up (PktSpfRun *run, const char *name, PktDnsType type, PktSpfMatch *out_end)
{
  const PktDnsAnswer *a = pkt_spf_ask (run, name, type);
  *out_end = PKT_SPF_NO_MATCH;
  if (a == NULL)
    return NULL;
  if (pkt_dns_answer_is_unknown (a)) {
    g_autofree char *what = pkt_dns_answer_text (a);
    pkt_spf_tell (run, "unknown",
                  g_strdup_printf ("%s %s: %s", name, pkt_dns_type_name (type), what));
    *out_end = PKT_SPF_MATCH_TEMPERROR;
    return NULL;
  }
  if (a->status != PKT_DNS_FOUND && ++run->voids > PKT_SPF_MAX_VOIDS) {
    pkt_spf_tell (run, "voids",
                  g_strdup_printf ("more than %d lookups found nothing, the last one %s",
                                   PKT_SPF_MAX_VOIDS, name));
    *out_end = PKT_SPF_MATCH_PERMERROR;
    return NULL;
  }
  return a;
}

/* ---- macros ---- */

/* The names of the client that lead back to it (RFC 7208 5.5), at most ten. Failures only make it
 * fewer. NULL: pending. Caller frees the list; the names are the answer's. */
static GPtrArray *
validated_names (PktSpfRun *run)
{
  g_autofree char *reverse = pkt_ip_reverse_name (run->query->ip);
  const PktDnsAnswer *ptr = pkt_spf_ask (run, reverse, PKT_DNS_PTR);
  GPtrArray *names = g_ptr_array_new ();
  guint n = ptr ? MIN (ptr->records->len, PKT_SPF_MAX_NAMES) : 0;
  for (guint i = 0; i < n; i++) {
    const char *name = pkt_dns_answer_get (ptr, i)->text;
    const PktDnsAnswer *a = pkt_spf_ask (run, name, run->query->ip->six ? PKT_DNS_AAAA : PKT_DNS_A);
    for (guint k = 0; a && k < a->records->len; k++) {
      PktIp ip;
      if (pkt_ip_parse (pkt_dns_answer_get (a, k)->text, &ip)
          && pkt_ip_within (&ip, run->query->ip, run->query->ip->six ? 128 : 32)) {
        g_ptr_array_add (names, (char *)name);
        break;
      }
    }
  }
  return names;
}

/* The domain itself, else a name under it, else any (RFC 7208 7.3). */
void
pkt_spf_set_validated (PktSpfRun *run, const char *domain)
{
  g_autoptr (GPtrArray) names = validated_names (run);
  const char *best = NULL;
  int rank = 0;
  for (guint i = 0; i < names->len; i++) {
    const char *name = g_ptr_array_index (names, i);
    int r = g_ascii_strcasecmp (name, domain) == 0 ? 3 : pkt_domain_within (name, domain) ? 2 : 1;
    if (r > rank) {
      best = name;
      rank = r;
    }
  }
  g_free (run->validated);
  run->validated = g_strdup (best ? best : "unknown");
  run->macros.validated = run->validated;
}

char *
pkt_spf_target (PktSpfRun *run, const PktSpfTerm *t, const char *domain)
{
  if (t->domain == NULL)
    return g_strdup (domain);
  run->macros.domain = domain;
  if (pkt_spf_macro_needs (t->domain, 'p'))
    pkt_spf_set_validated (run, domain);
  return pkt_spf_macro_domain (t->domain, &run->macros);
}

/* ---- mechanisms ---- */

static gboolean
holds (const PktSpfRun *run, const PktDnsAnswer *a, const PktSpfTerm *t)
{
  for (guint i = 0; i < a->records->len; i++) {
    PktIp ip;
    if (pkt_ip_parse (pkt_dns_answer_get (a, i)->text, &ip)
        && pkt_ip_within (run->query->ip, &ip, run->query->ip->six ? t->bits6 : t->bits4))
      return TRUE;
  }
  return FALSE;
}

PktDnsType
pkt_spf_address_type (const PktSpfRun *run)
{
  return run->query->ip->six ? PKT_DNS_AAAA : PKT_DNS_A;
}

static PktSpfMatch
match_a (PktSpfRun *run, const PktSpfTerm *t, const char *name)
{
  PktSpfMatch end;
  const PktDnsAnswer *a = look_up (run, name, pkt_spf_address_type (run), &end);
  return a ? (holds (run, a, t) ? PKT_SPF_MATCH : PKT_SPF_NO_MATCH) : end;
}

static PktSpfMatch
match_mx (PktSpfRun *run, const PktSpfTerm *t, const char *name)
{
  PktSpfMatch end;
  const PktDnsAnswer *mx = look_up (run, name, PKT_DNS_MX, &end);
  if (mx == NULL)
    return end;
  if (mx->records->len > PKT_SPF_MAX_NAMES) {
    pkt_spf_tell (run, "mx",
                  g_strdup_printf ("%s has more than %d MX records", name, PKT_SPF_MAX_NAMES));
    return PKT_SPF_MATCH_PERMERROR;
  }
  for (guint i = 0; i < mx->records->len; i++) /* together on their way */
    pkt_spf_ask (run, pkt_dns_answer_get (mx, i)->text, pkt_spf_address_type (run));
  for (guint i = 0; i < mx->records->len && !run->pending; i++) {
    PktSpfMatch m = match_a (run, t, pkt_dns_answer_get (mx, i)->text);
    if (m != PKT_SPF_NO_MATCH)
      return m;
  }
  return PKT_SPF_NO_MATCH;
}

static PktSpfMatch
match_ptr (PktSpfRun *run, const char *name)
{
  g_autoptr (GPtrArray) names = validated_names (run);
  for (guint i = 0; i < names->len; i++)
    if (pkt_domain_within (g_ptr_array_index (names, i), name))
      return PKT_SPF_MATCH;
  return PKT_SPF_NO_MATCH;
}

static PktSpfMatch
match_exists (PktSpfRun *run, const char *name)
{
  PktSpfMatch end;
  const PktDnsAnswer *a = look_up (run, name, PKT_DNS_A, &end);
  return a ? (a->status == PKT_DNS_FOUND ? PKT_SPF_MATCH : PKT_SPF_NO_MATCH) : end;
}

static PktSpfMatch
match_include (PktSpfRun *run, const char *name)
{
  switch (pkt_spf_check_domain (run, name, TRUE)) {
  case PKT_SPF_PASS:
    return PKT_SPF_MATCH;
  case PKT_SPF_TEMPERROR:
    return PKT_SPF_MATCH_TEMPERROR;
  case PKT_SPF_PERMERROR:
    return PKT_SPF_MATCH_PERMERROR;
  case PKT_SPF_NONE:
    pkt_spf_tell (run, "include", g_strdup_printf ("%s is included and has no SPF record", name));
    return PKT_SPF_MATCH_PERMERROR;
  default: /* what decided there decides nothing here */
    g_clear_pointer (&run->verdict->mechanism, g_free);
    g_clear_pointer (&run->verdict->via, g_free);
    return PKT_SPF_NO_MATCH;
  }
}

gboolean
pkt_spf_may_look_up (PktSpfRun *run, const PktSpfTerm *t)
{
  if (++run->lookups <= PKT_SPF_MAX_LOOKUPS)
    return TRUE;
  pkt_spf_tell (run, "lookups",
                g_strdup_printf ("more than %d lookups are needed; %s would be the next",
                                 PKT_SPF_MAX_LOOKUPS, t->text));
  return FALSE;
}

PktSpfMatch
pkt_spf_match (PktSpfRun *run, const PktSpfTerm *t, const char *domain)
{
  if (t->kind == PKT_SPF_ALL)
    return PKT_SPF_MATCH;
  if (t->kind == PKT_SPF_IP4 || t->kind == PKT_SPF_IP6)
    return pkt_ip_within (run->query->ip, &t->network, t->kind == PKT_SPF_IP6 ? t->bits6 : t->bits4)
               ? PKT_SPF_MATCH
               : PKT_SPF_NO_MATCH;
  if (!pkt_spf_may_look_up (run, t))
    return PKT_SPF_MATCH_PERMERROR;
  g_autofree char *name = pkt_spf_target (run, t, domain);
  if (run->pending)
    return PKT_SPF_NO_MATCH;
  switch (t->kind) {
  case PKT_SPF_INCLUDE:
    return match_include (run, name);
  case PKT_SPF_MECH_A:
    return match_a (run, t, name);
  case PKT_SPF_MECH_MX:
    return match_mx (run, t, name);
  case PKT_SPF_MECH_PTR:
    return match_ptr (run, name);
  default:
    return match_exists (run, name);
  }
}
