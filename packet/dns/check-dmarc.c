#include "packet/dns/checks.h"
#include "packet/dns/dmarc.h"

static gboolean
agree (const PktDmarc *d)
{
  return g_strcmp0 (d->walk.policy, d->list.policy) == 0;
}

static const PktDmarcRecord *
record_of (const PktDmarc *d)
{
  return d->walk.record ? d->walk.record : d->list.record;
}

static const char *
rule_of (const PktDmarc *d, PktCheckState *state)
{
  *state = PKT_CHECK_BAD;
  if (d->several)
    return "dmarc-several";
  if (d->broken)
    return "dmarc-syntax";
  if (d->unknown) {
    *state = PKT_CHECK_UNKNOWN;
    return "dmarc-unknown";
  }
  if (d->walk.policy == NULL && d->list.policy == NULL)
    return "dmarc-none";
  *state = PKT_CHECK_NOTE;
  if (!agree (d))
    return "dmarc-differs";
  if (record_of (d)->slip)
    return "dmarc-slip";
  *state = PKT_CHECK_OK;
  return "dmarc-policy";
}

/* "p=quarantine", "sp=reject of example.com", "no policy" */
static char *
policy_text (const PktDmarcVerdict *v, const char *domain)
{
  if (v->policy == NULL)
    return g_strdup ("no policy");
  gboolean own = g_ascii_strcasecmp (v->record->domain, domain) == 0;
  return g_strdup_printf ("%s=%s%s%s%s", v->tag, v->policy, own ? "" : " of ",
                          own ? "" : v->record->domain, v->record->testing ? " (t=y: a test)" : "");
}

static char *
found_text (const PktDmarc *d, const char *domain)
{
  if (d->problem)
    return g_strdup (d->problem);
  g_autofree char *walk = policy_text (&d->walk, domain), *list = policy_text (&d->list, domain);
  if (d->walk.policy == NULL && d->list.policy == NULL)
    return g_strdup ("no DMARC policy is published");
  if (agree (d))
    return record_of (d)->slip ? g_strdup_printf ("%s; %s", walk, record_of (d)->slip)
                               : g_steal_pointer (&walk);
  return g_strdup_printf ("%s by RFC 9989 (tree walk), %s by RFC 7489 (public suffix "
                          "list)",
                          walk, list);
}

static json_t *
verdict_json (const PktDmarcVerdict *v)
{
  json_t *o = json_object ();
  json_object_set_new (o, "policy", v->policy ? json_string (v->policy) : json_null ());
  json_object_set_new (o, "tag", v->tag ? json_string (v->tag) : json_null ());
  json_object_set_new (o, "domain", v->record ? json_string (v->record->domain) : json_null ());
  json_object_set_new (o, "organizational", json_string (v->organizational));
  return o;
}

static void
set_detail (PktCheck *c, const PktDmarc *d, const char *domain)
{
  const PktDmarcRecord *r = record_of (d);
  json_t *rua = json_array ();
  for (guint i = 0; r && i < r->rua->len; i++)
    json_array_append_new (rua, json_string (r->rua->pdata[i]));
  pkt_check_set (c, "domain", domain);
  pkt_check_set (c, "policy", agree (d) ? d->walk.policy : NULL);
  pkt_check_set (c, "tag", agree (d) ? d->walk.tag : NULL);
  if (r && r->testing)
    json_object_set_new (c->detail, "testing", json_true ());
  if (r && r->percent < 100)
    json_object_set_new (c->detail, "percent", json_integer (r->percent));
  pkt_check_set (c, "record", r ? r->text : NULL);
  pkt_check_set (c, "p", r ? r->p : NULL);
  pkt_check_set (c, "sp", r ? r->sp : NULL);
  pkt_check_set (c, "np", r ? r->np : NULL);
  const char psd[2] = { r ? r->psd : '\0', '\0' };
  pkt_check_set (c, "psd", r ? psd : NULL);
  json_object_set_new (c->detail, "rua", rua);
  json_object_set_new (c->detail, "rfc9989", verdict_json (&d->walk));
  json_object_set_new (c->detail, "rfc7489", verdict_json (&d->list));
}

/* A report address elsewhere has to be agreed to there (RFC 9990 section 4; RFC 7489 7.1). FALSE:
 * still to come. */
static gboolean
rua_is_authorised (PktDns *dns, const PktDmarcRecord *r, const char *address, gboolean *out_yes,
                   gboolean *out_unknown)
{
  const char *host = strrchr (address, '@') + 1;
  gboolean by_walk, by_list;
  if (!pkt_dmarc_aligned (dns, r->domain, host, FALSE, &by_walk, &by_list, out_unknown))
    return FALSE;
  *out_yes = by_walk || by_list;
  if (*out_yes)
    return TRUE;
  g_autofree char *name = g_strdup_printf ("%s._report._dmarc.%s", r->domain, host);
  const PktDnsAnswer *a = pkt_dns_ask (dns, name, PKT_DNS_TXT);
  for (guint i = 0; a && i < a->records->len; i++)
    *out_yes |= g_str_has_prefix (pkt_dns_answer_get (a, i)->text, "v=DMARC1");
  *out_unknown |= a && pkt_dns_answer_is_unknown (a);
  return a != NULL;
}

static void
add_rua_row (GPtrArray *rows, const char *domain, const char *address, gboolean unknown)
{
  const char *host = strrchr (address, '@') + 1;
  PktCheck *c = pkt_check_new (
      "dmarc", "dmarc-reports", unknown ? PKT_CHECK_UNKNOWN : PKT_CHECK_BAD, domain,
      unknown ? g_strdup_printf ("whether %s takes reports about %s could not be found out", host,
                                 domain)
              : g_strdup_printf ("reports are sent to %s, which does not say that it takes them",
                                 host));
  pkt_check_set (c, "domain", domain);
  pkt_check_set (c, "rua", address);
  g_ptr_array_add (rows, c);
}

/* All addresses travel together. */
static gboolean
check_rua (PktDns *dns, const PktDmarcRecord *r, GPtrArray *rows)
{
  gboolean complete = TRUE;
  for (guint i = 0; i < r->rua->len; i++) {
    gboolean yes, unknown;
    if (!rua_is_authorised (dns, r, r->rua->pdata[i], &yes, &unknown))
      complete = FALSE;
    else if (!yes)
      add_rua_row (rows, r->domain, r->rua->pdata[i], unknown);
  }
  return complete;
}

gboolean
pkt_check_dmarc (PktDns *dns, const char *domain, GPtrArray *rows)
{
  g_auto (PktDmarc) d = { 0 };
  PktCheckState state;
  g_autoptr (GPtrArray) added = g_ptr_array_new_with_free_func ((GDestroyNotify)pkt_check_free);
  if (!pkt_dmarc_discover (dns, domain, &d))
    return FALSE;
  const PktDmarcRecord *r = record_of (&d);
  if (r && !check_rua (dns, r, added))
    return FALSE;
  const char *rule = rule_of (&d, &state);
  PktCheck *c = pkt_check_new ("dmarc", rule, state, domain, found_text (&d, domain));
  set_detail (c, &d, domain);
  g_ptr_array_add (rows, c);
  g_ptr_array_set_free_func (added, NULL);
  for (guint i = 0; i < added->len; i++)
    g_ptr_array_add (rows, added->pdata[i]);
  return TRUE;
}
