#include "packet/redact/headers.h"
#include "packet/redact/verify.h"

static const char *const own[] = { "example.com", NULL };
static const char *const allowed[] = { "postmaster@example.com", NULL };
static const PktRedactScope scope = { own, allowed };
static const guint8 key[32] = { 9 };

#define MARK "[rcpt-MMMMMMMM]"
#define VERP "[verp-MMMMMMMM]"

static PktSample *
new_sample (void)
{
  PktSample *s = pkt_sample_new ();
  g_ptr_array_add (s->recipients, g_strdup ("jane.q@icloud.com"));
  g_ptr_array_add (s->names, g_strdup ("Jane Quinn"));
  return s;
}

static void
add_field (PktSample *s, const char *name, const char *value)
{
  PktHeaderField *f = g_new0 (PktHeaderField, 1);
  f->name = g_strdup (name);
  f->value = g_strdup (value);
  g_ptr_array_add (s->fields, f);
}

/* M stands for any character of a mark. */
static gboolean
same_but_marks (const char *out, const char *want)
{
  gsize n = strlen (want);
  if (strlen (out) != n)
    return FALSE;
  for (gsize i = 0; i < n; i++)
    if (out[i] != want[i] && !(want[i] == 'M' && g_ascii_isalnum (out[i])))
      return FALSE;
  return TRUE;
}

static const struct {
  const char *name, *in, *out; /* out: NULL is dropped, "=" is kept byte for byte */
} rows[] = {
  { "Return-path", " <b-jane.q=icloud.com@bounce.example.com>",
    " <b-" VERP "@bounce.example.com>" },
  { "Original-recipient", " rfc822;jane.q@icloud.com", " rfc822;" MARK "@icloud.com" },
  { "To", " \"Jane Quinn\" <Jane.Q@icloud.com>", " <" MARK "@icloud.com>" },
  { "To", " Jane =?utf-8?Q?Quinn?= <jane.q@icloud.com>, other@family.example.net",
    " <" MARK "@icloud.com>, <" MARK "@[custom-1]>" },
  { "Cc", " not an address at all <", " [removed]" },
  { "From", " \"Example Weekly\" <weekly@example.com>", "=" },
  { "From", " Jane Quinn <jane.q@icloud.com>", " <" MARK "@icloud.com>" },
  { "Reply-To", " postmaster@example.com", "=" },
  { "Reply-To", " reply-93dk20sk@example.com", " <" MARK "@[custom-1]>" },
  { "Subject", " Your weekly news", "=" },
  { "Subject", " Jane Quinn, your order", " [name], your order" },
  { "Subject", " =?utf-8?Q?Hello_Quinn!?=", " Hello [name]!" },
  { "Date", " Mon, 18 May 2026 14:00:41 +0000", "=" },
  { "Message-ID", " <260518140012.77120@mta1.example.com>", "=" },
  { "Message-ID", "\r\n <260518140012.77120@mta1.esp.example.net>",
    "\n <260518140012.77120@mta1.esp.example.net>" },
  { "Message-ID", " <amFuZS5xQGljbG91ZC5jb20@mta1.example.com>", NULL },
  { "X-Apple-MoveToFolder", " INBOX ", "=" },
  { "X-Apple-UUID", " d888ea55-3ef2-4d3c-b43b-1fafd97034a9", "=" },
  { "X-DMARC-Info", " pass=pass; dmarc-policy=none; s=r1; d=r1; pdomain=example.com", "=" },
  { "X-DMARC-Policy", " v=DMARC1; p=quarantine; rua=mailto:dmarc-reports@example.com", "=" },
  { "X-DMARC-Policy", " v=DMARC1; p=none; rua=mailto:k3j4@reports.example.net",
    " v=DMARC1; p=none; rua=mailto:" MARK "@[custom-1]" },
  { "X-CLX-Score", " 1006", "=" },
  { "X-Proofpoint-Spam-Details-Enc", " AW1haW4tMjYwMTEzMDAz", NULL },
  { "X-ICL-INFO", " GAtbVUseBVFHSVVESAMGUkFKRFcUWUIPAApbVRYSFhEA", NULL },
  { "X-ICL-Out-Info", " HUtFAAAA", NULL },
  { "X-ICLOUD-HME", " p=alias@icloud.com; d=; f=owner@example.net; r=to", NULL },
  { "X-MANTSH", " 1TFkXGxoaHxEKWU0X", NULL },
  { "X-CLX-Response", " 1TFkXGxoaHxEKWU0X", NULL },
  { "X-Authority-Info-Out", " v=2.4 cv=ZdMQ98VA", NULL },
  { "X-Unknown-Header", " harmless", NULL },
  { "Authentication-Results",
    " spf.icloud.com; spf=pass (spf.icloud.com: domain of b-jane.q=icloud.com@bounce.example.com"
    " designates 192.0.2.10 as permitted sender)"
    " smtp.mailfrom=b-jane.q=icloud.com@bounce.example.com",
    " spf.icloud.com; spf=pass (spf.icloud.com: domain of b-" VERP "@bounce.example.com"
    " designates 192.0.2.10 as permitted sender) smtp.mailfrom=b-" VERP "@bounce.example.com" },
  { "Authentication-Results",
    " dkim-verifier.icloud.com;\r\n\tdkim=pass (2048-bit key) header.d=example.com"
    " header.i=@example.com header.b=XEFkSwVW",
    " dkim-verifier.icloud.com;\n\tdkim=pass (2048-bit key) header.d=example.com"
    " header.i=@example.com header.b=XEFkSwVW" },
  { "Received-SPF",
    " pass (spf.icloud.com: domain of bounce@mail.example.com designates 192.0.2.10 as permitted"
    " sender) receiver=spf.icloud.com; client-ip=192.0.2.10; envelope-from=bounce@mail.example.com",
    "=" },
  { "DKIM-Signature",
    " v=1; a=rsa-sha256; c=relaxed/relaxed; d=example.com; s=nl25; t=1779112841;\n"
    " h=from:to:subject; bh=Zm9vYmFyYmF6; z=To:jane.q=40icloud.com;\n"
    " i=jane.q=icloud.com@example.com; b=XEFkSwVWabcdef\n ghij",
    " v=1; a=rsa-sha256; c=relaxed/relaxed; d=example.com; s=nl25; t=1779112841;\n"
    " h=from:to:subject; bh=Zm9vYmFyYmF6;\n i=" VERP "@example.com; b=XEFkSwVW" },
  { "List-Unsubscribe",
    " <https://click.example.com/u/b1946ac92492d2347c6235b4d2611184?x=1>,\r\n"
    " <mailto:unsub-8f7a@example.com?subject=tok123>",
    " <https://click.example.com/[token:38,text]>,\n"
    " <mailto:[token:10,base64url]@example.com?[token:14,base64]>" },
  { "List-Unsubscribe-Post", " List-Unsubscribe=One-Click", "=" },
  { "Feedback-ID", " 1234567:example", " [token:15,text]" },
  { "X-SG-EID", " dXNlci1pZC0xMjM0NTY3ODkw", " [token:24,base64url]" },
};

static void
test_rows (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autoptr (PktRedactor) r = pkt_redactor_new (key, &scope);
    g_autoptr (PktSample) s = new_sample ();
    json_t *removed = NULL;
    add_field (s, rows[i].name, rows[i].in);
    g_autofree char *out = pkt_redact_headers (r, s, &removed);
    const char *value = rows[i].out && g_str_equal (rows[i].out, "=") ? rows[i].in : rows[i].out;
    g_autofree char *want = value ? g_strdup_printf ("%s:%s\n", rows[i].name, value)
                                  : g_strdup ("");
    if (!same_but_marks (out, want))
      g_test_message ("got  %swant %s", out, want);
    g_assert_true (same_but_marks (out, want));
    g_assert_cmpuint (json_array_size (removed), ==, value ? 0 : 1);
    if (!value)
      g_assert_cmpstr (json_string_value (json_object_get (json_array_get (removed, 0), "name")),
                       ==, rows[i].name);
    json_decref (removed);
  }
}

/* Apple's hops stay, the sender's own are counted. */
static void
test_hops (void)
{
  g_autoptr (PktRedactor) r = pkt_redactor_new (key, &scope);
  g_autoptr (PktSample) s = new_sample ();
  add_field (s, "Received",
             " from p00-x by p44-mailgateway-smtp-778464bd6-glqrh (mailgateway 2403B92)\r\n"
             "\twith SMTP id d888ea55-3ef2-4d3c-b43b-1fafd97034a9\r\n"
             "\tfor <jane.q@icloud.com>; Mon, 18 May 2026 14:00:41 GMT");
  add_field (s, "Received",
             " from mta1.example.com (mta1.example.com [192.0.2.10])\r\n"
             "\tby st43p00im-qukt05021701.me.com (Postfix) with ESMTPS id EC1AC39C0207\r\n"
             "\tfor <jane.q@icloud.com>; Mon, 18 May 2026 14:00:40 GMT");
  add_field (s, "Received", " from app01.internal ([10.0.0.5]) by mta1.example.com; x");
  add_field (s, "Received", " from forged by st43p00im-forged.me.com (Postfix); x");
  add_field (s, "Date", " Mon, 18 May 2026 14:00:39 +0000");
  g_autofree char *out = pkt_redact_headers (r, s, NULL);
  g_assert_true (same_but_marks (
      out, "Received: from p00-x by p44-mailgateway-smtp-778464bd6-glqrh (mailgateway 2403B92)\n"
           "\twith SMTP id d888ea55-3ef2-4d3c-b43b-1fafd97034a9\n"
           "\tfor <" MARK "@icloud.com>; Mon, 18 May 2026 14:00:41 GMT\n"
           "Received: from mta1.example.com (mta1.example.com [192.0.2.10])\n"
           "\tby st43p00im-qukt05021701.me.com (Postfix) with ESMTPS id EC1AC39C0207\n"
           "\tfor <" MARK "@icloud.com>; Mon, 18 May 2026 14:00:40 GMT\n"
           "Received: [2 older hops on the sender's side, left out]\n"
           "Date: Mon, 18 May 2026 14:00:39 +0000\n"));
}

/* Whatever the rows make, the verifier finds nobody in it. */
static void
test_verified (void)
{
  g_autoptr (PktRedactor) r = pkt_redactor_new (key, &scope);
  g_autoptr (PktVerifier) v = pkt_verifier_new (&scope);
  g_autoptr (PktSample) s = new_sample ();
  pkt_verifier_add_recipient (v, PKT_SLICE ("jane.q@icloud.com"));
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    add_field (s, rows[i].name, rows[i].in);
  g_autofree char *out = pkt_redact_headers (r, s, NULL);
  g_autoptr (GPtrArray) leaks = pkt_verify_bytes (v, "delivered-headers.txt", "text/plain", out,
                                                  strlen (out));
  for (guint i = 0; i < leaks->len; i++)
    g_test_message ("%s at %d: %s", ((PktLeak *)leaks->pdata[i])->rule,
                    (int)((PktLeak *)leaks->pdata[i])->offset,
                    out + ((PktLeak *)leaks->pdata[i])->offset);
  g_assert_cmpuint (leaks->len, ==, 0);
  g_assert_null (strstr (out, "Quinn"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/redact/headers/rows", test_rows);
  g_test_add_func ("/redact/headers/hops", test_hops);
  g_test_add_func ("/redact/headers/verified", test_verified);
  return g_test_run ();
}
