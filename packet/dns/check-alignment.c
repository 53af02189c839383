#include "packet/dns/checks.h"
#include "packet/dns/dmarc.h"

typedef struct {
  gboolean walk, list; /* aligned by RFC 9989, by RFC 7489 */
  gboolean unknown;    /* it hangs on an answer that did not come */
} Aligned;

/* FALSE: still to come. Where the policy is unknown (strict or not?) only the same domain is sure.
 */
static gboolean
look (PktDns *dns, const char *from, const char *other, const PktDmarc *d, gboolean strict,
      Aligned *out)
{
  Aligned one;
  if (other == NULL)
    return TRUE;
  if (!pkt_dmarc_aligned (dns, from, other, strict, &one.walk, &one.list, &one.unknown))
    return FALSE;
  if (d->unknown && (one.walk || one.list) && g_ascii_strcasecmp (from, other) != 0)
    one = (Aligned){ FALSE, FALSE, TRUE };
  out->walk |= one.walk;
  out->list |= one.list;
  out->unknown |= one.unknown && !(one.walk && one.list);
  return TRUE;
}

static const char *
word (Aligned a)
{
  return a.walk && a.list ? "aligned"
         : a.unknown      ? "unknown"
         : a.walk         ? "aligned by RFC 9989 alone"
         : a.list         ? "aligned by RFC 7489 alone"
                          : "not aligned";
}

/* What is known of all: the row's rule and state. */
static const char *
rule_of (gboolean walk, gboolean list, gboolean unknown, PktCheckState *state)
{
  *state = walk && list   ? PKT_CHECK_OK
           : unknown      ? PKT_CHECK_UNKNOWN
           : walk || list ? PKT_CHECK_NOTE
                          : PKT_CHECK_BAD;
  return *state == PKT_CHECK_OK        ? "dmarc-aligned"
         : *state == PKT_CHECK_UNKNOWN ? "dmarc-unknown"
                                       : "dmarc-alignment";
}

static void
add_row (GPtrArray *rows, const char *subject, const char *from, const char *spf,
         const GPtrArray *dkim, Aligned by_spf, Aligned by_dkim)
{
  gboolean walk = by_spf.walk || by_dkim.walk, list = by_spf.list || by_dkim.list;
  const char *spf_word = spf ? word (by_spf) : "not passed",
             *dkim_word = dkim->len ? word (by_dkim) : "not passed";
  PktCheckState state;
  const char *rule = rule_of (walk, list, by_spf.unknown || by_dkim.unknown, &state);
  PktCheck *c = pkt_check_new (
      "dmarc", rule, state, subject,
      g_strdup_printf ("From %s: SPF %s%s%s%s, DKIM %s%s%s%s", from, spf_word, spf ? " (" : "",
                       spf ? spf : "", spf ? ")" : "", dkim_word, dkim->len ? " (" : "",
                       dkim->len ? (const char *)dkim->pdata[0] : "", dkim->len ? ")" : ""));
  pkt_check_set (c, "from", from);
  pkt_check_set (c, "spf_domain", spf);
  pkt_check_set (c, "spf", spf_word);
  pkt_check_set (c, "dkim", dkim_word);
  json_object_set_new (c->detail, "rfc9989", json_boolean (walk));
  json_object_set_new (c->detail, "rfc7489", json_boolean (list));
  g_ptr_array_add (rows, c);
}

gboolean
pkt_check_alignment (PktDns *dns, const char *subject, const char *from, const char *spf,
                     const GPtrArray *dkim, GPtrArray *rows)
{
  g_auto (PktDmarc) d = { 0 };
  Aligned by_spf = { FALSE, FALSE, FALSE }, by_dkim = by_spf;
  if (!pkt_dmarc_discover (dns, from, &d))
    return FALSE;
  const PktDmarcRecord *r = d.walk.record ? d.walk.record : d.list.record;
  gboolean complete = look (dns, from, spf, &d, r && r->strict_spf, &by_spf);
  for (guint i = 0; i < dkim->len; i++)
    complete &= look (dns, from, dkim->pdata[i], &d, r && r->strict_dkim, &by_dkim);
  if (complete)
    add_row (rows, subject, from, spf, dkim, by_spf, by_dkim);
  return complete;
}
