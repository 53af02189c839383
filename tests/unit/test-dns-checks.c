/* One zone per rule of a check: the rule is named, and no other. */
#include <glib.h>
#include <string.h>
#include "packet/base/data.h"
#include "packet/base/error.h"
#include "packet/base/json.h"
#include "packet/dns/checks.h"
#include "packet/dns/dmarc.h"
#include "packet/dns/lists.h"
#include "tests/unit/dns-zone.h"

#define KEY_1024                                                                                   \
  "MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDwIRP/UC3SBsEmGqZ9ZJW3/DkMoGeLnQg1fWn7/zYtIxN2SnFC"       \
  "jxOCKG9v3b4jYfcTNh5ijSsq631uBItLa7od+v/RtdC2UzJ1lWT947qR+Rcac2gbto/"                            \
  "NMqJ0fzfVjH4OuKhitdY9tf6mcwGj"                                                                  \
  "aNBcWToIMmPSPDdQPNUYckcQ2QIDAQAB"                               /* RFC 6376, appendix C */
#define KEY_ED25519 "11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=" /* RFC 8463, appendix A */

typedef struct {
  const char *rules;        /* with their states */
  char kind;                /* s spf, k dkim key, d dmarc, r reverse, m domain (mail) */
  const char *zone, *found; /* a part of the first sentence; NULL: any */
} Case;

#define TXT(name, text) "'" name "': [{'TXT': '" text "'}]"
#define PTR "'10.2.0.192.in-addr.arpa': "

static const Case cases[] = {
  { "spf-pass ok", 's', TXT ("example.com", "v=spf1 ip4:192.0.2.10 -all"), "pass by ip4" },
  { "spf-open bad", 's', TXT ("example.com", "v=spf1 +all"), "pass by +all" },
  { "spf-open bad", 's', TXT ("example.com", "v=spf1 ALL"), "pass by ALL" },
  { "spf-open bad", 's', TXT ("example.com", "v=spf1 ip4:0.0.0.0/0 -all"), "pass by ip4" },
  { "spf-pass ok", 's',
    TXT ("example.com", "v=spf1 a:mta1.example.football -all") ", 'mta1.example.football': [{'A': "
                                                               "'192.0.2.10'}]",
    "pass by a:" },
  { "spf-fail bad", 's',
    TXT ("example.com", "v=spf1 include:esp.example") ", " TXT ("esp.example", "v=spf1 -all"),
    "neutral: no mechanism of example.com" },
  { "spf-none bad", 's', TXT ("example.com", "hello"), "no SPF record" },
  { "spf-fail bad", 's', TXT ("example.com", "v=spf1 -all"), "fail by -all" },
  { "spf-fail bad", 's', TXT ("example.com", "v=spf1 ip4:192.0.2.11"), "neutral: no mechanism" },
  { "spf-several bad", 's', "'example.com': [{'TXT': 'v=spf1 -all'}, {'TXT': 'v=spf1 +all'}]",
    NULL },
  { "spf-syntax bad", 's', TXT ("example.com", "v=spf1 ipv4:192.0.2.10 -all"),
    "'ipv4:192.0.2.10'" },
  { "spf-lookups bad", 's', TXT ("example.com", "v=spf1 include:example.com"), NULL },
  { "spf-voids bad", 's',
    TXT ("example.com", "v=spf1 a:x.example.com mx:y.example.com a:z.example.com"), NULL },
  { "spf-include bad", 's', TXT ("example.com", "v=spf1 include:gone.example.com -all"), NULL },
  { "spf-unknown unknown", 's', "'example.com': ['TIMEOUT']", "no answer" },

  { "dkim-weak note", 'k', TXT ("s._domainkey.example.com", "v=DKIM1; k=rsa; p=" KEY_1024),
    "RSA key of 1024 bits" },
  { "dkim-key ok", 'k', TXT ("s._domainkey.example.com", "v=DKIM1; k=ed25519; p=" KEY_ED25519),
    "Ed25519" },
  { "dkim-testing note", 'k', TXT ("s._domainkey.example.com", "k=ed25519; t=y:s; p=" KEY_ED25519),
    "t=y" },
  { "dkim-unusable bad", 'k', TXT ("s._domainkey.example.com", "h=sha1; k=ed25519; p=" KEY_ED25519),
    "sha256" },
  { "dkim-missing bad", 'k', "'example.com': []", "does not exist" },
  { "dkim-missing bad", 'k', TXT ("s._domainkey.example.com", "hello"), "no key" },
  { "dkim-revoked bad", 'k', TXT ("s._domainkey.example.com", "v=DKIM1; p="), "revoked" },
  { "dkim-syntax bad", 'k', TXT ("s._domainkey.example.com", "v=DKIM1; p=!!!"), "no base64" },
  { "dkim-syntax bad", 'k', TXT ("s._domainkey.example.com", "p=AAAA; v=DKIM1"), "v= must" },
  { "dkim-syntax bad", 'k', TXT ("s._domainkey.example.com", "v=DKIM1; p=AAAA"), "no RSA" },
  { "dkim-several bad", 'k',
    "'s._domainkey.example.com': [{'TXT': 'p=" KEY_1024 "'}, {'TXT': 'v=DKIM1; p='}]", NULL },
  { "dkim-unknown unknown", 'k', "'s._domainkey.example.com': ['TIMEOUT']", NULL },

  { "dmarc-policy ok", 'd', TXT ("_dmarc.example.com", "v=DMARC1; p=quarantine"), "p=quarantine" },
  { "dmarc-policy ok", 'd', TXT ("_dmarc.example.com", " v = DMARC1 ;p=none;"), "p=none" },
  { "dmarc-none bad", 'd', "'example.com': []", "no DMARC policy is published" },
  { "dmarc-none bad", 'd', TXT ("_dmarc.example.com", "hello"), NULL },
  { "dmarc-several bad", 'd',
    "'_dmarc.example.com': [{'TXT': 'v=DMARC1; p=none'}, {'TXT': 'v=DMARC1; p=reject'}]", NULL },
  { "dmarc-syntax bad", 'd', TXT ("_dmarc.example.com", "v=DMARC1; p=monitor"), "'p=monitor'" },
  { "dmarc-syntax bad", 'd', TXT ("_dmarc.example.com", "v=dmarc1; p=none"), "does not begin" },
  { "dmarc-syntax bad", 'd', TXT ("_dmarc.example.com", "v=DMARC1; rua=mailto:a@example.com"),
    "p=" },
  { "dmarc-syntax bad", 'd', TXT ("_dmarc.example.com", "v=DMARC1; p=none; sp=some"), "'sp=some'" },
  { "dmarc-slip note", 'd', TXT ("_dmarc.example.com", "v=DMARC1; p=reject; rua=a@example.com"),
    "p=reject; rua: 'a@example.com' is no mailto:" },
  { "dmarc-slip note", 'd', TXT ("_dmarc.example.com", "v=DMARC1; p=none; adkim=strict"),
    "p=none; the alignment 'strict'" },
  { "dmarc-unknown unknown", 'd', "'_dmarc.example.com': ['TIMEOUT']", NULL },
  { "dmarc-policy ok, dmarc-reports bad", 'd',
    TXT ("_dmarc.example.com", "v=DMARC1; p=none; rua=mailto:a@reports.example.net!10m"), NULL },
  { "dmarc-policy ok", 'd',
    TXT ("_dmarc.example.com", "v=DMARC1; p=none; rua=mailto:a@reports.example.net") ", " TXT (
        "example.com._report._dmarc.reports.example.net", "v=DMARC1"),
    NULL },

  { "rdns-confirmed ok", 'r',
    PTR "[{'PTR': 'mta1.example.com'}], 'mta1.example.com': [{'A': '192.0.2.10'}]",
    "as HELO does" },
  { "rdns-none bad", 'r', "'example.com': []", "no reverse DNS" },
  { "rdns-unconfirmed bad", 'r',
    PTR "[{'PTR': 'mta1.example.com'}], 'mta1.example.com': [{'A': '192.0.2.11'}]",
    "does not lead back" },
  { "rdns-helo note", 'r',
    PTR "[{'PTR': 'out.example.com'}], 'out.example.com': [{'A': '192.0.2.10'}]",
    "HELO mta1.example.com" },
  { "rdns-generic note", 'r',
    PTR "[{'PTR': 'host-192-0-2-10.example.net'}], 'host-192-0-2-10.example.net': [{'A': "
        "'192.0.2.10'}]",
    "made of the address" },
  { "rdns-unknown unknown", 'r', PTR "['TIMEOUT']", "no answer" },
  { "rdns-unknown unknown", 'r',
    PTR "[{'PTR': 'mta1.example.com'}], 'mta1.example.com': ['TIMEOUT']", NULL },

  { "domain-mail ok", 'm', "'example.com': [{'MX': [10, 'mx.example.com']}]", "MX mx.example.com" },
  { "domain-mail ok", 'm', "'example.com': [{'A': '192.0.2.1'}]", "no MX, address 192.0.2.1" },
  { "domain-mail ok", 'm',
    "'example.com': [{'MX': [10, 'mx.example.com']}], " TXT ("_mta-sts.example.com",
                                                             "v=STSv1; id=1;"),
    "; MTA-STS" },
  { "domain-mail ok", 'm', "'example.com': [{'A': '192.0.2.1'}, {'AAAA': 'TIMEOUT'}]",
    "no MX, address 192.0.2.1" },
  { "domain-unknown unknown", 'm', "'example.com': [{'AAAA': 'TIMEOUT'}]", "no answer" },
  { "domain-null-mx bad", 'm', "'example.com': [{'MX': [0, '']}]", "null MX" },
  { "domain-no-mail bad", 'm', "'example.com': [{'TXT': 'x'}]", NULL },
  { "domain-missing bad", 'm', "'example.net': []", NULL },
  { "domain-unknown unknown", 'm', "'example.com': ['TIMEOUT']", NULL },
};

static json_t *
zone_of (const char *text)
{
  g_autofree char *all = g_strdup_printf ("{%s}", text);
  json_error_t where;
  json_t *zone = json_loads (g_strdelimit (all, "'", '"'), 0, &where);
  if (zone == NULL)
    g_error ("%s: %s", all, where.text);
  return zone;
}

static char *
rules_of (const GPtrArray *rows)
{
  GString *s = g_string_new (NULL);
  for (guint i = 0; i < rows->len; i++) {
    const PktCheck *c = g_ptr_array_index (rows, i);
    g_string_append_printf (s, "%s%s %s", i ? ", " : "", c->rule, pkt_check_state_name (c->state));
  }
  return g_string_free (s, FALSE);
}

static gboolean
run (PktDns *dns, char kind, GPtrArray *rows)
{
  switch (kind) {
  case 's':
    return pkt_check_spf (dns, "192.0.2.10", "example.com", "mta1.example.com", rows);
  case 'k':
    return pkt_check_dkim (dns, "s", "example.com", rows);
  case 'd':
    return pkt_check_dmarc (dns, "example.com", rows);
  case 'r':
    return pkt_check_reverse (dns, "192.0.2.10", "mta1.example.com", rows);
  default:
    return pkt_check_domain (dns, "example.com", rows);
  }
}

static GPtrArray *
new_rows (void)
{
  return g_ptr_array_new_with_free_func ((GDestroyNotify)pkt_check_free);
}

static void
test_rules (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (json_t) zone = zone_of (cases[i].zone);
    g_autoptr (PktDns) dns = dns_zone_new (zone);
    g_autoptr (GPtrArray) rows = new_rows ();
    g_assert_true (run (dns, cases[i].kind, rows));
    g_autofree char *rules = rules_of (rows);
    const PktCheck *c = g_ptr_array_index (rows, 0);
    g_test_message ("%s: %s: %s", c->rule, c->subject, c->found);
    g_assert_cmpstr (rules, ==, cases[i].rules);
    if (cases[i].found && strstr (c->found, cases[i].found) == NULL)
      g_error ("'%s' is not in '%s'", cases[i].found, c->found);
  }
}

/* One number of the name stands for one of the address. */
static void
test_reverse_twice (void)
{
  g_autoptr (json_t) zone = zone_of ("'113.113.0.203.in-addr.arpa': [{'PTR': "
                                     "'mta113.a0.example.com'}], 'mta113.a0.example.com': [{'A': "
                                     "'203.0.113.113'}]");
  g_autoptr (PktDns) dns = dns_zone_new (zone);
  g_autoptr (GPtrArray) rows = new_rows ();
  g_assert_true (pkt_check_reverse (dns, "203.0.113.113", NULL, rows));
  g_autofree char *rules = rules_of (rows);
  g_assert_cmpstr (rules, ==, "rdns-confirmed ok");
}

/* Not all names of one IP are led back; what was not asked for may be the one that leads there. */
static void
test_reverse_many (void)
{
  GString *text = g_string_new (PTR "[");
  for (int i = 0; i < 500; i++)
    g_string_append_printf (text, "{'PTR': 'n%d.example.com'},", i);
  g_string_append (text, "{'PTR': 'mta1.example.com'}], 'mta1.example.com': [{'A': '192.0.2.10'}]");
  g_autoptr (json_t) zone = zone_of (text->str);
  g_autoptr (PktDns) dns = dns_zone_new (zone);
  g_autoptr (GPtrArray) rows = new_rows ();
  g_string_free (text, TRUE);
  g_assert_true (pkt_check_reverse (dns, "192.0.2.10", NULL, rows));
  g_autofree char *rules = rules_of (rows);
  g_assert_cmpstr (rules, ==, "rdns-unknown unknown");
}

/* ---- DMARC: the walk and the list ---- */

typedef struct {
  const char *domain, *zone, *walk, *walk_org, *list, *list_org;
} Discovery;

static const Discovery discoveries[] = {
  { "example.com", TXT ("_dmarc.example.com", "v=DMARC1; p=reject"), "reject", "example.com",
    "reject", "example.com" },
  { "a.b.example.com", TXT ("_dmarc.example.com", "v=DMARC1; p=reject; sp=none"), "none",
    "example.com", "none", "example.com" },
  /* A record between counts for the walk alone. */
  { "a.b.example.com",
    TXT ("_dmarc.b.example.com", "v=DMARC1; p=none") ", " TXT ("_dmarc.example.com",
                                                               "v=DMARC1; p=reject"),
    "reject", "example.com", "reject", "example.com" },
  { "a.b.example.com",
    TXT ("_dmarc.b.example.com", "v=DMARC1; p=none; psd=n") ", " TXT ("_dmarc.example.com",
                                                                      "v=DMARC1; p=reject"),
    "none", "b.example.com", "reject", "example.com" },
  /* np for a name that does not exist, which RFC 7489 does not know. */
  { "no.example.com", TXT ("_dmarc.example.com", "v=DMARC1; p=none; np=reject"), "reject",
    "example.com", "none", "example.com" },
  { "is.example.com",
    "'is.example.com': [], " TXT ("_dmarc.example.com", "v=DMARC1; p=none; np=reject"), "none",
    "example.com", "none", "example.com" },
  /* psd=y: the organizational domain is one label below, and its policy still holds. */
  { "mail.bank.example", TXT ("_dmarc.example", "v=DMARC1; p=reject; psd=y"), "reject",
    "bank.example", NULL, "bank.example" },
  { "deep.a.b.c.d.e.f.g.h.example.com", TXT ("_dmarc.h.example.com", "v=DMARC1; p=quarantine"),
    "quarantine", "h.example.com", NULL, "example.com" },
  /* A parent without a record is no organizational domain any more. */
  { "sub.example.com", "'example.com': []", NULL, "sub.example.com", NULL, "example.com" },
  { "x.co.uk", TXT ("_dmarc.x.co.uk", "v=DMARC1; p=none"), "none", "x.co.uk", "none", "x.co.uk" },
};

static void
test_discovery (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (discoveries); i++) {
    const Discovery *c = &discoveries[i];
    g_autoptr (json_t) zone = zone_of (c->zone);
    g_autoptr (PktDns) dns = dns_zone_new (zone);
    g_auto (PktDmarc) d = { 0 };
    g_test_message ("%" G_GSIZE_FORMAT ": %s", i, c->domain);
    dns_zone_questions = 0;
    g_assert_true (pkt_dmarc_discover (dns, c->domain, &d));
    g_assert_cmpuint (dns_zone_questions, <=, PKT_DMARC_MAX_WALK + 2);
    g_assert_cmpstr (d.walk.policy, ==, c->walk);
    g_assert_cmpstr (d.walk.organizational, ==, c->walk_org);
    g_assert_cmpstr (d.list.policy, ==, c->list);
    g_assert_cmpstr (d.list.organizational, ==, c->list_org);
  }
}

static void
test_alignment (void)
{
  g_autoptr (json_t) zone = zone_of (TXT ("_dmarc.example.com", "v=DMARC1; p=none"));
  static const struct {
    const char *from, *other;
    gboolean strict, walk, list;
  } pairs[] = { { "example.com", "EXAMPLE.com", TRUE, TRUE, TRUE },
                { "example.com", "bounce.example.com", FALSE, TRUE, TRUE },
                { "example.com", "bounce.example.com", TRUE, FALSE, FALSE },
                { "a.example.com", "b.example.com", FALSE, TRUE, TRUE },
                { "example.com", "example.net", FALSE, FALSE, FALSE },
                { "a.example.org", "b.example.org", FALSE, FALSE, TRUE } }; /* no record there */
  for (gsize i = 0; i < G_N_ELEMENTS (pairs); i++) {
    g_autoptr (PktDns) dns = dns_zone_new (zone);
    gboolean walk, list, unknown;
    g_assert_true (pkt_dmarc_aligned (dns, pairs[i].from, pairs[i].other, pairs[i].strict, &walk,
                                      &list, &unknown));
    g_assert_cmpint (walk, ==, pairs[i].walk);
    g_assert_cmpint (list, ==, pairs[i].list);
    g_assert_false (unknown);
  }
}

/* What hangs on an answer that did not come is not told as found. */
static void
test_alignment_unknown (void)
{
  static const struct {
    const char *from, *spf, *zone, *rules;
  } rows_of[] = {
    { "example.com", "b.example.com", "'_dmarc.example.com': ['TIMEOUT']",
      "dmarc-unknown unknown" },
    { "example.com", "example.com", "'_dmarc.example.com': ['TIMEOUT']", "dmarc-aligned ok" },
    { "example.com", "example.net", "'_dmarc.example.net': ['TIMEOUT']", "dmarc-unknown unknown" },
    { "a.example.com", "b.example.com",
      TXT ("_dmarc.a.example.com",
           "v=DMARC1; p=none; aspf=r") ", '_dmarc.example.com': ['TIMEOUT']",
      "dmarc-unknown unknown" },
    { "a.example.com", "b.example.com",
      TXT ("_dmarc.a.example.com",
           "v=DMARC1; p=none; aspf=s") ", '_dmarc.example.com': ['TIMEOUT']",
      "dmarc-alignment bad" },
    { "example.com", "example.net", TXT ("_dmarc.example.com", "v=DMARC1; p=none"),
      "dmarc-alignment bad" },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (rows_of); i++) {
    g_autoptr (json_t) zone = zone_of (rows_of[i].zone);
    g_autoptr (PktDns) dns = dns_zone_new (zone);
    g_autoptr (GPtrArray) rows = new_rows (), dkim = g_ptr_array_new ();
    g_assert_true (pkt_check_alignment (dns, "a.eml", rows_of[i].from, rows_of[i].spf, dkim, rows));
    g_autofree char *rules = rules_of (rows);
    g_assert_cmpstr (rules, ==, rows_of[i].rules);
  }
}

/* The policy of a name without a record of its own is as good as the record above. */
static void
test_fault_above (void)
{
  static const struct {
    const char *record, *rules, *found;
  } above[] = {
    { "v=DMARC1; p=reject; sp=some", "dmarc-syntax bad", "'sp=some'" },
    { "v=DMARC1; p=reject; np=some", "dmarc-syntax bad", "of example.com" },
    { "v=DMARC1; p=reject; sp=none", "dmarc-policy ok", "sp=none of example.com" },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (above); i++) {
    g_autofree char *text = g_strdup_printf (
        TXT ("_dmarc.example.com", "%s") ", 'a.example.com': []", above[i].record);
    g_autoptr (json_t) zone = zone_of (text);
    g_autoptr (PktDns) dns = dns_zone_new (zone);
    g_autoptr (GPtrArray) rows = new_rows ();
    g_assert_true (pkt_check_dmarc (dns, "a.example.com", rows));
    g_autofree char *rules = rules_of (rows);
    g_assert_cmpstr (rules, ==, above[i].rules);
    g_assert_nonnull (strstr (((const PktCheck *)rows->pdata[0])->found, above[i].found));
  }
}

/* ---- blocklists ---- */

#define ZEN "zen.spamhaus.org"
#define ZEN_TESTS "'2.0.0.127." ZEN "': [{'A': '127.0.0.2'}, {'A': '127.0.0.10'}]"

static const struct {
  const char *zone, *found; /* of ZEN's row */
} listings[] = {
  { ZEN_TESTS, "Spamhaus ZEN: not listed" },
  { ZEN_TESTS ", '10.2.0.192." ZEN "': [{'A': '127.0.0.2'}, {'A': '127.0.0.9'}]",
    "Spamhaus ZEN: listed (SBL, DROP)" },
  { ZEN_TESTS ", '10.2.0.192." ZEN "': [{'A': '127.255.255.254'}]",
    "Spamhaus ZEN: unknown (it does not answer public" },
  { ZEN_TESTS ", '10.2.0.192." ZEN "': [{'A': '198.51.100.7'}]",
    "Spamhaus ZEN: unknown (the answer 198.51.100.7 comes from a resolver that rewrites)" },
  { ZEN_TESTS ", '10.2.0.192." ZEN "': [{'A': '127.0.0.99'}]", "unknown (the answer 127.0.0.99" },
  { ZEN_TESTS ", '10.2.0.192." ZEN "': ['TIMEOUT']", "Spamhaus ZEN: unknown (no answer" },
  { "'2.0.0.127." ZEN "': [{'A': '127.255.255.254'}]", "unknown (it does not answer public" },
  { "'10.2.0.192." ZEN "': [{'A': '127.0.0.2'}]", "unknown (it does not list its own test point" },
  { ZEN_TESTS ", '1.0.0.127." ZEN "': [{'A': '127.0.0.2'}]", "unknown (it lists its own negative" },
};

static void
test_lists (void)
{
  g_autoptr (PktLists) lists = pkt_lists_new (NULL, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (listings); i++) {
    g_autoptr (json_t) zone = zone_of (listings[i].zone);
    g_autoptr (PktDns) dns = dns_zone_new (zone);
    g_autoptr (GPtrArray) rows = new_rows ();
    g_assert_true (pkt_lists_check_ip (lists, dns, "192.0.2.10", rows));
    const PktCheck *c = g_ptr_array_index (rows, 0);
    g_test_message ("%s", c->found);
    g_assert_nonnull (strstr (c->found, listings[i].found));
  }
}

static void
test_domain_lists (void)
{
  g_autoptr (PktLists) lists = pkt_lists_new (NULL, NULL);
  g_autoptr (json_t) zone = zone_of (
      "'dbltest.com.dbl.spamhaus.org': [{'A': '127.0.1.2'}], "
      "'click.example.net.dbl.spamhaus.org': [{'A': '127.0.1.103'}], "
      "'surbl-org-permanent-test-point.com.multi.surbl.org': [{'A': '127.0.0.254'}], "
      "'example.net.multi.surbl.org': [{'A': '127.0.0.80'}], "
      "'test.uribl.com.multi.uribl.com': [{'A': '127.0.0.1'}]");
  g_autoptr (PktDns) dns = dns_zone_new (zone);
  g_autoptr (GPtrArray) rows = new_rows ();
  static const char *const want[] = { "Spamhaus DBL: listed (abused redirector)",
                                      "SURBL: listed (malware, abuse)",
                                      "URIBL: unknown (it does not answer this resolver)" };
  g_assert_true (pkt_lists_check_host (lists, dns, "Click.Example.net", rows));
  g_assert_cmpuint (rows->len, ==, G_N_ELEMENTS (want));
  for (guint i = 0; i < rows->len; i++)
    g_assert_cmpstr (((PktCheck *)rows->pdata[i])->found, ==, want[i]);
}

/* A key goes into the question and not into what is written. */
static void
test_dqs_key (void)
{
  static const char key[] = "abcdefghijklmnopqrstuvwxyz";
  g_autoptr (PktLists) lists = pkt_lists_new (key, NULL);
  g_autoptr (json_t) zone = zone_of (
      "'2.0.0.127.abcdefghijklmnopqrstuvwxyz.zen.dq.spamhaus.net': [{'A': '127.0.0.2'}]");
  g_autoptr (PktDns) dns = dns_zone_new (zone);
  g_autoptr (GPtrArray) rows = new_rows ();
  pkt_dns_hide (dns, key);
  g_assert_true (pkt_lists_check_ip (lists, dns, "2001:db8::25", rows));
  g_assert_cmpuint (rows->len, ==, 1);
  g_assert_cmpstr (((PktCheck *)rows->pdata[0])->found, ==, "Spamhaus ZEN: not listed");
  g_autoptr (json_t) saved = pkt_dns_json (dns);
  g_autofree char *text = pkt_json_dump (saved);
  g_assert_null (strstr (text, key));
  g_assert_nonnull (strstr (text, "127." PKT_DNS_HIDDEN ".zen.dq.spamhaus.net"));
  g_autoptr (GError) error = NULL;
  g_assert_null (pkt_lists_new ("two words", &error));
  g_assert_error (error, PKT_ERROR, PKT_ERROR_USAGE);
}

/* Each entry of the data has what the code takes for granted. */
static void
test_list_data (void)
{
  PktSlice data = pkt_data ("lists.json");
  g_autoptr (json_t) root = json_loadb (data.p, data.n, JSON_REJECT_DUPLICATES, NULL);
  gsize i;
  json_t *list;
  g_assert_cmpuint (json_array_size (json_object_get (root, "lists")), >=, 2);
  json_array_foreach (json_object_get (root, "lists"), i, list)
  {
    const char *dqs = pkt_json_text (list, "dqs");
    const json_t *test = json_object_get (list, "test");
    g_assert_true (pkt_json_text (list, "id") && pkt_json_text (list, "name")
                   && pkt_json_text (list, "zone") && pkt_json_text (list, "link"));
    g_assert_true (pkt_json_text (test, "listed") && pkt_json_text (test, "clear"));
    g_assert_true (json_object_size (json_object_get (list, "codes"))
                       + json_object_size (json_object_get (list, "mask"))
                   > 0);
    g_assert_true (dqs == NULL || strstr (dqs, "{key}"));
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/dns/checks/rules", test_rules);
  g_test_add_func ("/dns/checks/reverse-twice", test_reverse_twice);
  g_test_add_func ("/dns/checks/reverse-many", test_reverse_many);
  g_test_add_func ("/dns/dmarc/discovery", test_discovery);
  g_test_add_func ("/dns/dmarc/alignment", test_alignment);
  g_test_add_func ("/dns/dmarc/alignment-unknown", test_alignment_unknown);
  g_test_add_func ("/dns/dmarc/fault-above", test_fault_above);
  g_test_add_func ("/dns/lists/ip", test_lists);
  g_test_add_func ("/dns/lists/domain", test_domain_lists);
  g_test_add_func ("/dns/lists/key", test_dqs_key);
  g_test_add_func ("/dns/lists/data", test_list_data);
  return g_test_run ();
}
