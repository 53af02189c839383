/* Authentication-Results of five receivers, in the forms they write, and look-alikes. */
#include "packet/base/json.h"
#include "packet/headers/authres.h"
#include "packet/headers/delivered.h"
#include "packet/headers/facts.h"

#define FROM "From: news@example.com\nTo: reader@example.net\nSubject: s\n"
#define OUTSIDE                                                                                    \
  "Received: from app.example.com by mta1.example.com with ESMTP id 1; Mon, 18 May 2026 14:00:00 " \
  "+0000\n"
#define FORGED(id)                                                                                 \
  "Authentication-Results: " id                                                                    \
  " spf=pass smtp.mailfrom=forged.example; dkim=pass header.d=forged.example\n"

static const struct {
  const char *name, *header, *receiver, *results;
} cases[] = {
  { "gmail",
    "Delivered-To: reader@example.net\n"
    "Received: by 2002:a05:7300:e8a:b0:101 with SMTP id 10csp123; Mon, 18 May 2026 07:00:03 -0700 "
    "(PDT)\n"
    "X-Received: by 2002:a17:902:d4cb with SMTP id o11; Mon, 18 May 2026 07:00:03 -0700 (PDT)\n"
    "ARC-Authentication-Results: i=1; mx.google.com; spf=fail smtp.mailfrom=arc.example\n"
    "Return-Path: <bounce@bounce.example.com>\n"
    "Received: from mta1.example.com (mta1.example.com. [192.0.2.10])\n"
    "        by mx.google.com with ESMTPS id x1 (version=TLS1_3 cipher=TLS_AES_256_GCM_SHA384 "
    "bits=256/256);\n"
    "        Mon, 18 May 2026 07:00:03 -0700 (PDT)\n"
    "Received-SPF: pass (google.com: domain of bounce@bounce.example.com designates 192.0.2.10 as "
    "permitted sender)\n"
    "Authentication-Results: mx.google.com;\n"
    "       dkim=pass header.i=@example.com header.s=nl25 header.b=abcdEFgh;\n"
    "       spf=pass (google.com: domain of bounce@bounce.example.com designates 192.0.2.10 as\n"
    "        permitted sender) smtp.mailfrom=bounce@bounce.example.com;\n"
    "       dmarc=pass (p=QUARANTINE sp=QUARANTINE dis=NONE) header.from=example.com\n" FORGED (
        "mx.google.com;"),
    "gmail",
    "dkim=pass example.com nl25 0, spf=pass bounce.example.com - 0, dmarc=pass example.com - 0" },
  { "microsoft",
    "Received: from SN6PR01MB1234.prod.exchangelabs.com (2603:10b6::1)\n"
    " by BN8PR01MB5678.namprd01.prod.outlook.com with HTTPS; Mon, 18 May 2026 14:00:04 +0000\n"
    "Received: from DM6NAM10FT036.eop-nam10.prod.protection.outlook.com (2603:10b6::2)\n"
    " by DM6PR01CA0001.outlook.office365.com.outlook.com with Microsoft SMTP Server; Mon, 18 May "
    "2026 14:00:03 +0000\n"
    "Authentication-Results: spf=pass (sender IP is 192.0.2.10)\n"
    " smtp.mailfrom=bounce.example.com; dkim=pass (signature was verified)\n"
    " header.d=example.com;dmarc=pass action=none\n"
    " header.from=example.com;compauth=pass reason=100\n"
    "Received-SPF: Pass (protection.outlook.com: domain of bounce.example.com designates "
    "192.0.2.10)\n"
    "Received: from mta1.example.com (192.0.2.10) by\n"
    " DM6NAM10FT036.mail.protection.outlook.com (10.13.152.1) with Microsoft SMTP\n"
    " Server (version=TLS1_3) id 15.20.1; Mon, 18 May 2026 14:00:03 +0000\n"
    "Authentication-Results: spf=pass smtp.mailfrom=forged.example\n",
    "microsoft",
    "spf=pass bounce.example.com - 0, dkim=pass example.com - 0, dmarc=pass example.com - 0, "
    "compauth=pass - - 0" },
  { "yahoo",
    "X-Apparently-To: reader@example.net; Mon, 18 May 2026 14:00:05 +0000\n"
    "Return-Path: <bounce@bounce.example.com>\n"
    "Received-SPF: pass (domain of bounce.example.com designates 192.0.2.10 as permitted sender)\n"
    "Authentication-Results: atlas-production.v2-mail-prod1-gq1.omega.yahoo.com;\n"
    " dkim=pass header.i=@example.com header.s=nl25;\n"
    " spf=pass smtp.mailfrom=bounce.example.com;\n"
    " dmarc=pass(p=QUARANTINE) header.from=example.com;\n"
    "Received: from 192.0.2.10 (EHLO mta1.example.com)\n"
    " by 10.253.61.51 with SMTPs (version=TLS1_3 cipher=TLS_AES_128_GCM_SHA256);\n"
    " Mon, 18 May 2026 14:00:05 +0000\n" FORGED (
        "atlas-production.v2-mail-prod1-gq1.omega.yahoo.com;"),
    "yahoo",
    "dkim=pass example.com nl25 0, spf=pass bounce.example.com - 0, dmarc=pass example.com - 0" },
  { "fastmail",
    "Received: from phl-compute-01.internal (phl-compute-01.phl.internal [10.202.2.41])\n"
    "\t by sloti36n20 (Cyrus 3.11.0-alpha0) with LMTPA; Mon, 18 May 2026 10:00:04 -0400\n"
    "Received: from mx6 ([10.202.2.205]) by mailmx.nyi.internal (LMTPProxy); Mon, 18 May 2026 "
    "10:00:04 -0400\n"
    "Received: from mx6.messagingengine.com (localhost [127.0.0.1])\n"
    "\tby mailmx.phl.internal (Postfix) with ESMTP id 1; Mon, 18 May 2026 10:00:04 -0400\n"
    "Authentication-Results: mx6.messagingengine.com;\n"
    "    bimi=none (Domain is not BIMI enabled);\n"
    "    arc=none (no signatures found);\n"
    "    dkim=pass (2048-bit rsa key sha256) header.d=example.com header.i=@example.com\n"
    "      header.b=abcdEFgh header.a=rsa-sha256 header.s=nl25 x-bits=2048;\n"
    "    dmarc=pass policy.published-domain-policy=quarantine\n"
    "      policy.applied-disposition=none policy.evaluated-disposition=none\n"
    "      (p=quarantine,d=none,d.eval=none) policy.policy-from=p header.from=example.com;\n"
    "    iprev=pass smtp.remote-ip=192.0.2.10 (mta1.example.com);\n"
    "    spf=pass smtp.mailfrom=\"bounce+a;b\"@bounce.example.com smtp.helo=mta1.example.com\n"
    "Received: from mta1.example.com (mta1.example.com [192.0.2.10])\n"
    "\tby mx6.messagingengine.com (Postfix) with ESMTPS id 2; Mon, 18 May 2026 10:00:03 "
    "-0400\n" FORGED ("mx6.messagingengine.com;"),
    "fastmail",
    "bimi=none - - 0, arc=none - - 0, dkim=pass example.com nl25 2048, dmarc=pass example.com - 0, "
    "iprev=pass - - 0, spf=pass bounce.example.com - 0" },
  { "opendkim and opendmarc",
    "Authentication-Results: mx.example.net; dmarc=pass (p=quarantine dis=none) "
    "header.from=example.com\n"
    "Authentication-Results: mx.example.net; spf=pass smtp.mailfrom=bounce.example.com\n"
    "Authentication-Results: mx.example.net 1;\n"
    "\tdkim=pass (2048-bit key; unprotected) header.d=example.com header.i=@example.com "
    "header.a=rsa-sha256 "
    "header.s=nl25 header.b=\"ab+/CD=\";\n"
    "\tdkim=fail reason=\"signature verification failed\" (1024-bit key) header.d=esp.example.net "
    "header.s=s1\n"
    "Authentication-Results: elsewhere.example.org; dkim=pass header.d=forged.example\n"
    "Received: from mta1.example.com (mta1.example.com [192.0.2.10])\n"
    "\tby mx.example.net (Postfix) with ESMTPS id 3; Mon, 18 May 2026 14:00:03 +0000 "
    "(UTC)\n" FORGED ("mx.example.net;"),
    "mx.example.net",
    "dmarc=pass example.com - 0, spf=pass bounce.example.com - 0, dkim=pass example.com nl25 2048, "
    "dkim=fail esp.example.net s1 1024" },
  { "no result at all",
    "Authentication-Results: mx.example.net 1; none\n"
    "Received: from mta1.example.com (mta1.example.com [192.0.2.10]) by mx.example.net; Mon, 18 "
    "May 2026 14:00:03 +0000\n",
    "mx.example.net", "" },
  { "a look-alike of Gmail's id",
    "Received: from mta1.example.com (mta1.example.com. [192.0.2.10]) by mx.google.com with ESMTPS "
    "id x; Mon, 18 May 2026 07:00:03 -0700\n" FORGED ("mx.google.com.example.com;")
        FORGED ("evilmx.google.com.example;"),
    "gmail", "" },
  { "only the sender's own lines", FROM OUTSIDE FORGED ("mx.google.com;"), NULL, "" },
};

static char *
results_of (const GPtrArray *list)
{
  GString *s = g_string_new (NULL);
  for (guint i = 0; i < list->len; i++) {
    const PktAuthResult *a = g_ptr_array_index (list, i);
    g_string_append_printf (s, "%s%s=%s %s %s %d", i ? ", " : "", a->method, a->result,
                            a->domain ? a->domain : "-", a->selector ? a->selector : "-",
                            a->key_bits);
  }
  return g_string_free (s, FALSE);
}

static void
test_receivers (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *mail = g_strconcat (cases[i].header, OUTSIDE, FROM, "\nbody\n", NULL);
    g_autoptr (GError) error = NULL;
    g_autoptr (PktSample) s = pkt_delivered_read ("x.eml", pkt_slice_str (mail), &error);
    g_assert_no_error (error);
    g_autofree char *results = results_of (s->reported);
    g_test_message ("%s", cases[i].name);
    g_assert_cmpstr (s->receiver, ==, cases[i].receiver);
    g_assert_cmpstr (results, ==, cases[i].results);
    g_assert_false (s->at_apple);
    g_assert_cmpuint (s->auth->len, ==, 0); /* nothing of it is Apple's word */
  }
}

/* A megabyte of one field, comments without end, control bytes: a result or none, in little time.
 */
static void
test_hostile (void)
{
  static const char *const starts[] = { "(((((((((((", "a;(", "x; spf=pass \"",
                                        "x; dkim=", "a/1=b;" };
  for (gsize i = 0; i < G_N_ELEMENTS (starts); i++) {
    g_autofree char *fill = g_strnfill (1024 * 1024, starts[i][0]),
                    *value = g_strconcat (starts[i], fill,
                                          "; spf=pass\x01\xff smtp.mailfrom=a\x02@b", NULL);
    g_autoptr (PktSample) owner = pkt_sample_new ();
    g_free (pkt_authres_parse (value, owner->reported));
    g_assert_cmpuint (owner->reported->len, <=, PKT_DELIVERED_MAX_RESULTS);
  }
}

/* What Apple's filters wrote is shown as it stands; what the sender wrote in their names is not. */
static void
test_values (void)
{
  static const char mail[]
      = "Received: from st43p00im-qukt05021701.me.com by p44-mailgateway-smtp-1 with SMTP id a;\n"
        "\tMon, 18 May 2026 14:00:05 GMT\n"
        "X-Apple-Action: MOVE_TO_FOLDER/INBOX\n"
        "Received: from mta1.example.com (mta1.example.com [192.0.2.10])\n"
        "\tby st43p00im-qukt05021701.me.com (Postfix) with ESMTPS id EC1AC39C0207; Mon, 18 May "
        "2026 "
        "14:00:02 +0000\n"
        "X-ICL-SCORE: 3.333\n"
        "Received: from secret.inside.example.com by mta1.example.com; Mon, 18 May 2026 13:59:02 "
        "+0000\n"
        "X-ICL-SCORE: 0.1\nX-CLX-Score: 1\n" FROM "X-CLX-Score: 1006\n\tfolded\n\nbody\n";
  g_autoptr (PktSample) s = pkt_delivered_read ("x.eml", pkt_slice_str (mail), NULL);
  g_autoptr (json_t) facts = pkt_delivered_facts (s);
  const json_t *values = json_object_get (facts, "values"), *hops = json_object_get (facts, "hops");
  g_assert_cmpstr (pkt_json_text (values, "X-ICL-SCORE"), ==, "3.333");
  g_assert_cmpstr (pkt_json_text (values, "X-CLX-Score"), ==, "1006  folded");
  g_assert_cmpstr (pkt_json_text (values, "X-Apple-Action"), ==, "MOVE_TO_FOLDER/INBOX");
  g_assert_cmpuint (json_array_size (hops), ==, 3);
  g_assert_cmpint (pkt_json_number (json_array_get (hops, 0), "delay"), ==, 3);
  g_assert_cmpint (pkt_json_number (json_array_get (hops, 1), "delay"), ==, 60);
  g_assert_null (pkt_json_text (json_array_get (hops, 2), "from"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/headers/receiver/five", test_receivers);
  g_test_add_func ("/headers/receiver/hostile", test_hostile);
  g_test_add_func ("/headers/reported", test_values);
  return g_test_run ();
}
