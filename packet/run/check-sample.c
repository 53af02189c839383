#include "packet/run/check-sample.h"
#include "packet/base/json.h"
#include "packet/dns/checks.h"
#include "packet/dns/dkim-key.h"

static char *
name_of (const PktSample *s)
{
  return g_path_get_basename (s->path);
}

static void
add (GPtrArray *rows, const PktSample *s, const char *rule, PktCheckState state, char *found_taken)
{
  g_autofree char *name = name_of (s);
  PktCheck *c = pkt_check_new ("headers", rule, state, name, found_taken);
  pkt_check_set (c, "sample", name);
  g_ptr_array_add (rows, c);
}

static guint
from_fields (const PktSample *s)
{
  guint n = 0;
  for (guint i = 0; i < s->fields->len; i++)
    n += g_ascii_strcasecmp (((const PktHeaderField *)s->fields->pdata[i])->name, "From") == 0;
  return n;
}

static gboolean
passed (const PktSample *s, const char *method)
{
  for (guint i = 0; i < s->auth->len; i++) {
    const PktAuthResult *a = g_ptr_array_index (s->auth, i);
    if (g_str_equal (a->method, method) && g_str_equal (a->result, "pass"))
      return TRUE;
  }
  return FALSE;
}

static const char *
result (const PktSample *s, const char *method)
{
  const PktAuthResult *a = pkt_sample_auth (s, method);
  return passed (s, method) ? "pass" : a ? a->result : "not said";
}

/* Apple's own results; what the sender's header says of itself counts for nothing. */
static void
add_results (GPtrArray *rows, const PktSample *s)
{
  gboolean spf = passed (s, "spf"), dkim = passed (s, "dkim");
  const PktAuthResult *dmarc = pkt_sample_auth (s, "dmarc");
  gboolean dmarc_fails = dmarc && g_str_equal (dmarc->result, "fail");
  char *found = g_strdup_printf ("Apple's results: spf=%s, dkim=%s, dmarc=%s", result (s, "spf"),
                                 result (s, "dkim"), result (s, "dmarc"));
  if (s->auth->len == 0) {
    g_free (found);
    add (rows, s, "sample-no-results", PKT_CHECK_UNKNOWN,
         g_strdup ("Apple's results are not in it"));
    return;
  }
  add (rows, s,
       dmarc_fails     ? "sample-dmarc"
       : !spf && !dkim ? "sample-auth"
                       : "sample-results",
       dmarc_fails || (!spf && !dkim) ? PKT_CHECK_BAD : PKT_CHECK_OK, found);
}

void
pkt_check_sample (const PktSample *s, GPtrArray *rows)
{
  if (!s->at_apple) {
    add (rows, s, "sample-elsewhere", PKT_CHECK_NOTE,
         g_strdup ("Apple did not take this mail, or its top header lines are gone"));
  } else if (s->allow_listed) {
    add (rows, s, "sample-allow-listed", PKT_CHECK_NOTE,
         g_strdup ("the reader's own list let it in"));
  } else
    add_results (rows, s);
  if (from_fields (s) > 1)
    add (rows, s, "sample-from", PKT_CHECK_BAD,
         g_strdup_printf ("it has %u From fields", from_fields (s)));
}

/* Did Apple see a signature of this domain pass? */
static gboolean
passed_at_apple (const PktSample *s, const char *domain)
{
  for (guint i = 0; i < s->auth->len; i++) {
    const PktAuthResult *a = g_ptr_array_index (s->auth, i);
    if (g_str_equal (a->method, "dkim") && g_str_equal (a->result, "pass") && a->domain && domain
        && g_ascii_strcasecmp (a->domain, domain) == 0)
      return TRUE;
  }
  return FALSE;
}

/* What Apple saw pass was changed since only where the bytes do not fit; a key may be gone. */
static const char *
signature_rule (PktDkimResult r, gboolean part, gboolean passed, PktCheckState *state)
{
  if (r == PKT_DKIM_PASS) {
    *state = part ? PKT_CHECK_NOTE : PKT_CHECK_OK;
    return part ? "dkim-part" : "dkim-verified";
  }
  *state = r == PKT_DKIM_TEMPERROR ? PKT_CHECK_UNKNOWN : passed ? PKT_CHECK_NOTE : PKT_CHECK_BAD;
  return r == PKT_DKIM_TEMPERROR   ? "dkim-unknown"
         : r == PKT_DKIM_PERMERROR ? "dkim-unverifiable"
         : passed                  ? "dkim-changed-since"
                                   : "dkim-broken";
}

gboolean
pkt_check_signature (PktDns *dns, const PktSample *s, const PktDkimMessage *m, guint i,
                     GPtrArray *rows)
{
  const PktDkimSigned *d = pkt_dkim_signed (m, i);
  g_auto (PktDkimKey) key = { .state = PKT_DKIM_KEY_UNKNOWN };
  if (d->problem == NULL && !pkt_dkim_key_fetch (dns, d->selector, d->domain, &key))
    return FALSE;
  g_autofree char *why = NULL, *name = name_of (s);
  PktDkimResult r = pkt_dkim_verify (m, i, &key, &why);
  PktCheckState state;
  const char *rule = signature_rule (r, d->part, passed_at_apple (s, d->domain), &state);
  PktCheck *c = pkt_check_new (
      "headers", rule, state, name,
      g_strdup_printf ("DKIM d=%s s=%s: %s here%s%s", d->domain ? d->domain : "?",
                       d->selector ? d->selector : "?", pkt_dkim_result_name (r), why ? ": " : "",
                       why ? why : ""));
  pkt_check_set (c, "sample", name);
  pkt_check_set (c, "domain", d->domain);
  pkt_check_set (c, "selector", d->selector);
  pkt_check_set (c, "algorithm", d->algorithm);
  pkt_check_set (c, "result", pkt_dkim_result_name (r));
  pkt_check_set_number (c, "bits", key.bits);
  g_ptr_array_add (rows, c);
  return TRUE;
}

gboolean
pkt_check_sample_alignment (PktDns *dns, const PktSample *s, GPtrArray *rows)
{
  g_autoptr (GPtrArray) dkim = g_ptr_array_new ();
  const PktAuthResult *spf = pkt_sample_auth (s, "spf");
  g_autofree char *name = name_of (s);
  if (!s->at_apple || s->from_domain == NULL || s->auth->len == 0)
    return TRUE;
  for (guint i = 0; i < s->auth->len; i++) {
    const PktAuthResult *a = g_ptr_array_index (s->auth, i);
    if (g_str_equal (a->method, "dkim") && g_str_equal (a->result, "pass") && a->domain)
      g_ptr_array_add (dkim, a->domain);
  }
  return pkt_check_alignment (dns, name, s->from_domain,
                              spf && g_str_equal (spf->result, "pass") ? spf->domain : NULL, dkim,
                              rows);
}
