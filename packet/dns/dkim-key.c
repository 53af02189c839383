#include "packet/dns/dkim-key.h"
#include "packet/base/tags.h"
#include "packet/dns/checks.h"

#define LEAST_BITS 1024 /* RFC 8301 3.2: shorter ones must not be taken as valid */
#define GOOD_BITS 2048

static gboolean
is_key (const PktDnsRecord *r)
{
  g_autoptr (PktTags) t = pkt_tags_parse (pkt_slice (r->text, r->n));
  return t ? pkt_tags_get (t, "p") != NULL
           : g_str_has_prefix (r->text, "v=DKIM1") || strstr (r->text, "p=") != NULL;
}

static void
take_answer (PktDkimKey *out, const PktDnsAnswer *a)
{
  const PktDnsRecord *key = NULL;
  for (guint i = 0; i < a->records->len; i++) {
    const PktDnsRecord *r = pkt_dns_answer_get (a, i);
    if (!is_key (r))
      continue;
    if (key) {
      out->state = PKT_DKIM_KEY_SEVERAL;
      out->problem = g_strdup ("more than one key record");
      return;
    }
    key = r;
  }
  if (key)
    pkt_dkim_key_parse (out, key->text, key->n);
  else {
    out->state = pkt_dns_answer_is_unknown (a) ? PKT_DKIM_KEY_UNKNOWN : PKT_DKIM_KEY_MISSING;
    out->problem = a->status == PKT_DNS_FOUND ? g_strdup ("its TXT records hold no key")
                                              : pkt_dns_answer_text (a);
  }
}

gboolean
pkt_dkim_key_fetch (PktDns *dns, const char *selector, const char *domain, PktDkimKey *out)
{
  *out = (PktDkimKey){ .name = g_strdup_printf ("%s._domainkey.%s", selector, domain) };
  const PktDnsAnswer *a = pkt_dns_ask (dns, out->name, PKT_DNS_TXT);
  if (a)
    take_answer (out, a);
  else
    pkt_dkim_key_clear (out);
  return a != NULL;
}

static const char *
rule_of (const PktDkimKey *k, PktCheckState *state)
{
  *state = PKT_CHECK_BAD;
  switch (k->state) {
  case PKT_DKIM_KEY_MISSING:
    return "dkim-missing";
  case PKT_DKIM_KEY_REVOKED:
    return "dkim-revoked";
  case PKT_DKIM_KEY_SEVERAL:
    return "dkim-several";
  case PKT_DKIM_KEY_BROKEN:
    return "dkim-syntax";
  case PKT_DKIM_KEY_UNKNOWN:
    *state = PKT_CHECK_UNKNOWN;
    return "dkim-unknown";
  default:
    break;
  }
  if (!k->ed25519 && k->bits < LEAST_BITS)
    return "dkim-short";
  if (k->no_sha256 || k->no_email)
    return "dkim-unusable";
  *state = PKT_CHECK_NOTE;
  if (k->testing)
    return "dkim-testing";
  if (!k->ed25519 && k->bits < GOOD_BITS)
    return "dkim-weak";
  *state = PKT_CHECK_OK;
  return "dkim-key";
}

static char *
found_text (const PktDkimKey *k)
{
  if (k->state == PKT_DKIM_KEY_REVOKED)
    return g_strdup ("the key is revoked (p= is empty)");
  if (k->state != PKT_DKIM_KEY_GOOD)
    return g_strdup (k->problem);
  const char *limit = k->no_sha256  ? "; h= leaves sha256 out"
                      : k->no_email ? "; s= leaves e-mail out"
                      : k->testing  ? "; t=y says that it is a test"
                                    : "";
  return k->ed25519 ? g_strdup_printf ("Ed25519 key%s", limit)
                    : g_strdup_printf ("RSA key of %u bits%s", k->bits, limit);
}

gboolean
pkt_check_dkim (PktDns *dns, const char *selector, const char *domain, GPtrArray *rows)
{
  g_auto (PktDkimKey) k = { 0 };
  PktCheckState state;
  if (!pkt_dkim_key_fetch (dns, selector, domain, &k))
    return FALSE;
  const char *rule = rule_of (&k, &state);
  PktCheck *c = pkt_check_new ("dkim", rule, state, k.name, found_text (&k));
  pkt_check_set (c, "selector", selector);
  pkt_check_set (c, "domain", domain);
  pkt_check_set (c, "type", k.state != PKT_DKIM_KEY_GOOD ? NULL : k.ed25519 ? "ed25519" : "rsa");
  pkt_check_set_number (c, "bits", k.bits);
  json_object_set_new (c->detail, "testing", json_boolean (k.testing));
  json_object_set_new (c->detail, "revoked", json_boolean (k.state == PKT_DKIM_KEY_REVOKED));
  g_ptr_array_add (rows, c);
  return TRUE;
}
