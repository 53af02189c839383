/* Whose word a header line is: Apple's block ends where the sender's own fields begin. */
#include "packet/headers/authres.h"
#include "packet/headers/delivered.h"

#define HOP                                                                                        \
  "Received: from mta1.example.com (mta1.example.com [192.0.2.10])\n"                              \
  "\tby st43p00im-qukt05021701.me.com (Postfix) with ESMTPS id EC1AC39C0207\n"                     \
  "\tfor <user@icloud.com>; Thu, 31 Dec 2026 03:10:22 +0000\n"
#define GATE                                                                                       \
  "Received: from st43p00im-qukt05021701.me.com by p44-mailgateway-smtp-778464bd6-glqrh "          \
  "(mailgateway 2403B92)\n\twith SMTP id d888ea55; Thu, 31 Dec 2026 03:10:29 +0000\n"
#define FORGED_HOP                                                                                 \
  "Received: from good.example.org (good.example.org [198.51.100.7])\n"                            \
  "\tby st43p00im-forged.me.com (Postfix) with ESMTPS id FORGED\n"                                 \
  "\tfor <user@icloud.com>; Thu, 31 Dec 2026 01:00:00 +0000\n"
#define SPF_FAIL "Authentication-Results: spf.icloud.com; spf=fail smtp.mailfrom=a@example.com\n"
#define SPF_PASS "Authentication-Results: spf.icloud.com; spf=pass smtp.mailfrom=a@example.org\n"
#define DKIM(d) "Authentication-Results: dkim-verifier.icloud.com; dkim=pass header.d=" d "\n"
#define RECEIVED_SPF "Received-SPF: fail (x) receiver=spf.icloud.com; client-ip=192.0.2.10\n"

static const struct {
  const char *name, *header;
  const char *ip, *queue_id; /* NULL: not at Apple */
  const char *spf;
  guint dkim;
} cases[] = {
  { "plain", HOP SPF_FAIL, "192.0.2.10", "EC1AC39C0207", "fail", 0 },
  { "gateway", GATE HOP SPF_FAIL, "192.0.2.10", "EC1AC39C0207", "fail", 0 },
  { "first of a method wins", HOP SPF_FAIL SPF_PASS, "192.0.2.10", "EC1AC39C0207", "fail", 0 },
  { "above the first Received line", SPF_PASS HOP SPF_FAIL, NULL, NULL, NULL, 0 },
  { "below From", HOP "From: a@example.com\n" SPF_PASS, "192.0.2.10", "EC1AC39C0207", NULL, 0 },
  { "below DKIM-Signature", HOP "DKIM-Signature: d=a; s=b\n" SPF_PASS, "192.0.2.10", "EC1AC39C0207",
    NULL, 0 },
  { "below an unknown field", HOP "X-Mailer: y\n" SPF_PASS, "192.0.2.10", "EC1AC39C0207", NULL, 0 },
  { "below the sender's Received", HOP "Received: from a by mta1.example.com; x\n" SPF_PASS,
    "192.0.2.10", "EC1AC39C0207", NULL, 0 },
  { "below a forged Apple line", HOP FORGED_HOP SPF_PASS, "192.0.2.10", "EC1AC39C0207", NULL, 0 },
  { "forged line after the results", GATE HOP SPF_FAIL FORGED_HOP DKIM ("a.example"), "192.0.2.10",
    "EC1AC39C0207", "fail", 0 },
  { "several signatures", HOP DKIM ("a.example") DKIM ("b.example") SPF_FAIL, "192.0.2.10",
    "EC1AC39C0207", "fail", 2 },
  { "a signature forged after Received-SPF",
    HOP DKIM ("a.example") SPF_FAIL RECEIVED_SPF DKIM ("b.example"), "192.0.2.10", "EC1AC39C0207",
    "fail", 1 },
  { "another service's results end it",
    HOP "Authentication-Results: mx.example.com; spf=pass\n" SPF_PASS, "192.0.2.10", "EC1AC39C0207",
    NULL, 0 },
  { "look-alike id", HOP "Authentication-Results: spf.icloud.com.example.com; spf=pass\n",
    "192.0.2.10", "EC1AC39C0207", NULL, 0 },
  { "look-alike below the domain",
    HOP "Authentication-Results: xspf.icloud.com; spf=pass\n" SPF_FAIL, "192.0.2.10",
    "EC1AC39C0207", "fail", 0 },
  { "another receiver",
    "Received: from a (a [192.0.2.1]) by mx.example.net with ESMTP id 1; x\n" HOP SPF_PASS, NULL,
    NULL, NULL, 0 },
  { "a name that only ends alike",
    "Received: from a (a [192.0.2.1]) by mail.notme.com id 1; x\n" SPF_PASS, NULL, NULL, NULL, 0 },
  { "Apple in the HELO",
    "Received: from st43p00im-x.me.com (evil.example.org [203.0.113.9])\n"
    "\tby st43p00im-qukt05021701.me.com (Postfix) with ESMTP id AB12; Thu, 31 Dec 2026 03:10:22 "
    "+0000\n" FORGED_HOP,
    "203.0.113.9", "AB12", NULL, 0 },
  { "IPv6",
    "Received: from m (unknown [IPv6:2001:DB8::1])\n\tby p00-icloudmta-smtpin-us-east-1a-1 "
    "(Postfix)"
    " with ESMTPS id C3; Thu, 31 Dec 2026 03:10:22 +0000\n" SPF_FAIL,
    "2001:db8::1", "C3", "fail", 0 },
  { "a host of somebody else that begins as Apple's",
    "Received: from a (a [192.0.2.1]) by p00-icloudmta-smtpin-x.example.com id 1; x\n" SPF_PASS,
    NULL, NULL, NULL, 0 },
  { "mail program's own fields on top", "X-Mozilla-Status: 0001\nX-UIDL: 7\n" HOP SPF_FAIL,
    "192.0.2.10", "EC1AC39C0207", "fail", 0 },
};

static PktSample *
read_case (const char *header)
{
  g_autofree char *mail = g_strconcat (header, "From: a@example.com\nSubject: s\n\nbody\n", NULL);
  g_autoptr (GError) error = NULL;
  PktSample *s = pkt_delivered_read ("x.eml", pkt_slice_str (mail), &error);
  g_assert_no_error (error);
  return s;
}

static void
test_case (gconstpointer data)
{
  gsize i = GPOINTER_TO_SIZE (data);
  g_autoptr (PktSample) s = read_case (cases[i].header);
  const PktAuthResult *spf = pkt_sample_auth (s, "spf");
  g_assert_cmpint (s->at_apple, ==, cases[i].ip != NULL);
  g_assert_cmpstr (s->client_ip, ==, cases[i].ip);
  g_assert_cmpstr (s->apple_queue_id, ==, cases[i].queue_id);
  g_assert_cmpstr (spf ? spf->result : NULL, ==, cases[i].spf);
  guint dkim = 0;
  for (guint k = 0; k < s->auth->len; k++)
    dkim += g_str_equal (((PktAuthResult *)g_ptr_array_index (s->auth, k))->method, "dkim");
  g_assert_cmpuint (dkim, ==, cases[i].dkim);
}

static void
test_forged_folder (void)
{
  g_autoptr (PktSample) s = read_case (HOP SPF_FAIL "List-Id: x\nX-Apple-MoveToFolder: INBOX\n"
                                                    "X-Apple-Action: WL/INBOX\n");
  g_assert_null (s->folder);
  g_assert_false (s->allow_listed);
}

/* Forms of facts/apple.md 4.2 and RFC 8601. */
static const struct {
  const char *value, *method, *result, *domain;
  int bits;
} forms[] = {
  { " bimi.icloud.com; bimi=skipped reason=\"insufficient dmarc\"", "bimi", "skipped", NULL, 0 },
  { " bimi.icloud.com; bimi=pass header.d=example.com header.selector=default "
    "policy.authority=pass",
    "bimi", "pass", "example.com", 0 },
  { " dmarc.icloud.com; dmarc=none header.from=Example.COM", "dmarc", "none", "example.com", 0 },
  { " dkim-verifier.icloud.com;\n\tdkim=pass (2048-bit key) header.d=example.com "
    "header.i=@example.com header.b=XEFkSwVW",
    "dkim", "pass", "example.com", 2048 },
  { " dkim-verifier.icloud.com; dkim=none", "dkim", "none", NULL, 0 },
  { " dkim-verifier.icloud.com; dkim=fail (1024-bit key; body hash (x) did not verify) "
    "header.i=@i.example",
    "dkim", "fail", "i.example", 1024 },
  { " spf.icloud.com; spf=pass (spf.icloud.com: domain of b@m.example.com designates 192.0.2.10 as "
    "permitted sender) smtp.mailfrom=b@m.example.com",
    "spf", "pass", "m.example.com", 0 },
  { " spf.icloud.com 1; (c) spf / 1 = SoftFail (a; b=c) smtp . (d) mailfrom=b@x.example", "spf",
    "softfail", "x.example", 0 },
  { " spf.icloud.com; spf=pass smtp.mailfrom=\"odd; local\"@x.example", "spf", "pass", "x.example",
    0 },
  { " spf.icloud.com; spf=none smtp.mailfrom=<> smtp.helo=mta1.example.com", "spf", "none",
    "mta1.example.com", 0 },
  { " spf.icloud.com; dkim=pass header.d=example.com", NULL, NULL, NULL, 0 },
  { " spf.icloud.com", NULL, NULL, NULL, 0 },
  { " \"spf.icloud.com\"; spf=pass", "spf", "pass", NULL, 0 },
  { " (spf.icloud.com); spf=pass", NULL, NULL, NULL, 0 },
  { "", NULL, NULL, NULL, 0 },
  { " spf.icloud.com; spf=", NULL, NULL, NULL, 0 },
  { " spf.icloud.com; spf=pass ((((((", "spf", "pass", NULL, 0 },
};

static void
test_form (gconstpointer data)
{
  gsize i = GPOINTER_TO_SIZE (data);
  g_autoptr (PktSample) s = pkt_sample_new ();
  g_assert_cmpstr (pkt_authres_read (s, forms[i].value), ==, forms[i].method);
  const PktAuthResult *a = forms[i].method ? pkt_sample_auth (s, forms[i].method) : NULL;
  if (forms[i].method == NULL)
    return;
  g_assert_cmpstr (a->result, ==, forms[i].result);
  g_assert_cmpstr (a->domain, ==, forms[i].domain);
  g_assert_cmpint (a->key_bits, ==, forms[i].bits);
}

/* The domain whose policy Apple names counts as the sender's own: only above its From. */
static void
test_policy_domain (void)
{
  static const struct {
    const char *from, *named, *taken;
  } policies[] = {
    { "news.example.com", "example.com", "example.com" },
    { "News.Example.com", "news.EXAMPLE.com", "news.example.com" },
    { "news.example.com", "example.org", NULL },
    { "news.example.com", "ample.com", NULL },
    { "news.example.com", "shop.example.com", NULL },
    { "news.example.com", "com", NULL },
    { "shop.co.uk", "co.uk", NULL },
    { "news.example.com", "", NULL },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (policies); i++) {
    g_autofree char *mail = g_strdup_printf (
        HOP "X-DMARC-Info: pass=pass; d=r1; pdomain=%s\n"
            "X-DMARC-Policy: v=DMARC1; rua=mailto:a@example.com!10m,"
            "mailto:b@example.net; ruf=mailto:nobody\n"
            "From: a@%s\n\nx\n",
        policies[i].named, policies[i].from);
    g_autoptr (PktSample) s = pkt_delivered_read ("a.eml", pkt_slice_str (mail), NULL);
    g_assert_cmpstr (s->policy_domain, ==, policies[i].taken);
    g_assert_cmpuint (s->report_addresses->len, ==, 2);
    g_assert_cmpstr (s->report_addresses->pdata[0], ==, "a@example.com");
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *name = g_strdup_printf ("/headers/trust/%s", cases[i].name);
    g_test_add_data_func (name, GSIZE_TO_POINTER (i), test_case);
  }
  g_test_add_func ("/headers/trust/forged folder", test_forged_folder);
  for (gsize i = 0; i < G_N_ELEMENTS (forms); i++) {
    g_autofree char *name = g_strdup_printf ("/headers/results/%" G_GSIZE_FORMAT, i);
    g_test_add_data_func (name, GSIZE_TO_POINTER (i), test_form);
  }
  g_test_add_func ("/headers/trust/policy-domain", test_policy_domain);
  return g_test_run ();
}
