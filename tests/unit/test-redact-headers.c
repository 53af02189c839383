#include "packet/redact/headers.h"
#include "packet/headers/delivered.h"
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
  g_ptr_array_add (s->names, g_strdup ("نور الحسيني"));
  g_ptr_array_add (s->names, g_strdup ("Uma O’Quill"));
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

typedef struct {
  const char *name, *in, *out; /* out: NULL is dropped, "=" is kept byte for byte */
} Row;

static const Row rows[] = {
  { "Return-path", " <b-jane.q=icloud.com@bounce.example.com>",
    " <b-" VERP "@bounce.example.com>" },
  { "Original-recipient", " rfc822;jane.q@icloud.com", " rfc822;" MARK "@icloud.com" },
  { "To", " \"Jane Quinn\" <Jane.Q@icloud.com>", " <" MARK "@icloud.com>" },
  { "To", " Jane =?utf-8?Q?Quinn?= <jane.q@icloud.com>, other@family.example.net",
    " <" MARK "@icloud.com>, <" MARK "@[custom-1]>" },
  { "Cc", " not an address at all <", " [removed]" },
  { "From", " \"Example Weekly\" <weekly@example.com>", "=" },
  { "From", " Jane Quinn <jane.q@icloud.com>", " <" MARK "@icloud.com>" },
  { "From", " Example <notification+kjdm2345@example.com>",
    " Example <notification+" VERP "@example.com>" },
  { "From", " Example <weekly+jane.q@example.com>", " Example <weekly+" VERP "@example.com>" },
  { "From", " Example <j.smith-2026@example.com>", "=" },
  { "From", " Example <weekly-quinn@example.com>", " Example <weekly-" VERP "@example.com>" },
  { "From", " Quinlan <quinn@example.com>", "=" }, /* a colleague of the same name */
  { "Subject", " F\xfcr Jane Quinn, \xe0 la carte", " F\xc3\xbcr [name], \xc3\xa0 la carte" },
  { "Subject", " =?utf-8?B?RsO8ciBRdWlu?=\n =?utf-8?B?bg==?=", " F\xc3\xbcr [name]" },
  { "Subject",
    " =?utf-8?B?RsO8ciBR?=\n =?utf-8?B?dWlubg?= =?utf-8?B?LCBoaQ?=", " F\xc3\xbcr [name], hi" },
  { "Reply-To", " postmaster@example.com", "=" },
  { "Reply-To", " Example Support <postmaster@example.com>", "=" },
  { "Reply-To", " \"Ticket 4711-22\" <postmaster@example.com>",
    " \"Ticket [number]\" <postmaster@example.com>" },
  { "Reply-To", " reply-93dk20sk@example.com", " <" VERP "@example.com>" },
  { "Reply-To", " Ann <ann@example.net>", " <" MARK "@[custom-1]>" },
  { "From", " Example for Jane <weekly@example.com>", " Example for [name] <weekly@example.com>" },
  { "From", " =?utf-8?Q?F=C3=BCr_Jane?= <weekly@example.com>",
    " F\xc3\xbcr [name] <weekly@example.com>" },
  { "Subject", " Your weekly news", "=" },
  { "Subject", " Jane, your order", " [name], your order" },
  { "Subject", " For jane", "=" },
  { "Subject", " \xe2\x80\x8fنور\xe2\x80\x8f، أخبار", " [name]، أخبار" },
  { "Subject", " News for O'Quill", " News for O'[name]" },
  { "List-ID", " <jane-quinn-47.lists.example.com>", " <[name]-47.lists.example.com>" },
  { "Subject", " Jane Quinn, your order", " [name], your order" },
  { "Subject", " =?utf-8?Q?Hello_Quinn!?=", " Hello [name]!" },
  { "Subject",
    " =?utf-8?B?Rm9yIA==?=\n =?utf-8?B?UXVpbm4=?= =?utf-8?B?cywgdG9v?=", " For [name]s, too" },
  { "Subject", " =?utf-8?B?SGVsbG8g4g==?= =?utf-8?B?gqwgUXVpbm4=?=", " Hello \xe2\x82\xac [name]" },
  { "Subject", " =?utf-8?Q?x.quag?=\n =?utf-8?Q?mire@me.com?= and =?utf-8?Q?more?=",
    " [rcpt-5ycfh4lq]@me.com and more" },
  { "Subject", " For Q\xe2\x80\x8du\xc2\xadi\xe2\x80\x8bnn, \xe2\x80\x8dnow", " For [name], now" },
  { "Subject",
    " A\xe2\x80\x8d"
    "b news",
    "=" },
  { "Subject", " Quinns garden, Janes Quintet", " [name]s garden, Janes Quintet" },
  { "Subject", " Your order 1234 and booking AB-77: shipped",
    " Your order [number] and booking [number]: shipped" },
  { "Subject", " Ihre Rechnung Nr. 2026-4711", " Ihre Rechnung Nr. [number]" },
  { "Subject", " Pedido n.\xc2\xba 4711-A, call +1 202 555 0143",
    " Pedido n.\xc2\xba [number], call [phone]" },
  { "Subject", " Delivery 24h, claim 25GB, pedido 3x2, claim 100% cashback, refund 50 %", "=" },
  { "Subject", " Donation 50k, order 5km, package 3for2, subscription 12M", "=" },
  { "Subject", " 2026 2027 2028, CVE-2026-1234", "=" },
  { "Subject", " Order 471h, delivery 24h7, claim 25GB7, order 471 of 2026 2027 4711",
    " Order [number], delivery [number], claim [number], order [number] of [number]" },
  { "Subject", " Order by 2026-12-31, delivery 2026: 50 % off 1,299 items", "=" },
  { "Date", " Mon, 18 May 2026 14:00:41 +0000", "=" },
  { "Message-ID", " <260518140012.77120@mta1.example.com>", "=" },
  { "Message-ID", "\r\n <260518140012.77120@mta1.esp.example.net>",
    "\n <260518140012.77120@mta1.esp.example.net>" },
  { "Message-ID", " <amFuZS5xQGljbG91ZC5jb20@mta1.example.com>", NULL },
  { "X-Apple-MoveToFolder", " INBOX ", "=" },
  { "X-Apple-MoveToFolder", " Dr. Quagmire", " [folder]" },
  { "X-Apple-Action", " MOVE_TO_FOLDER/INBOX", "=" },
  { "X-Apple-Action", " CLXJUNK/Junk", "=" },
  { "X-Apple-Action", " MOVE_TO_FOLDER/Dr. Quagmire/2026", " MOVE_TO_FOLDER/[folder]" },
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
    " <https://click.example.com/u/[token:32,hex]?x=[token:1,digits]>,\n"
    " <mailto:[token:10,base64url]@example.com?subject=[token:6,base64url]>" },
  { "List-Unsubscribe-Post", " List-Unsubscribe=One-Click", "=" },
  { "List-Unsubscribe-Post", " List-Unsubscribe=One-Click&t=9Qk2Lr7V", " [token:37,text]" },
  { "List-Id", " Example Weekly <weekly.lists.example.com>", "=" },
  { "List-Id", " Weekly for 9Qk2Lr7VtXe4\r\n\t<w53-9qk2lr7vtxe4.weekly.example.com> (9Qk2)",
    " Weekly for [token:12,base64url]\n\t<[token:16,base64url].weekly.example.com>" },
  { "From", " \"Example 9Qk2Lr7VtXe4\" <weekly@example.com>",
    " \"Example [token:12,base64url]\" <weekly@example.com>" },
  { "Precedence", " bulk", "=" },
  { "Auto-Submitted", " auto-generated; owner-token=9Qk2Lr7V", " auto-generated; [token:20,text]" },
  { "MIME-Version", " 1.0", "=" },
  { "MIME-Version", " 1.0 (for Jo)", " 1.0 ([token:6,text])" },
  { "MIME-Version", " 1.0 (Mac OS X Mail 16.0 \\(3731.300.101\\))", " 1.0 ([token:35,text])" },
  { "Content-Transfer-Encoding", " Quoted-Printable", "=" },
  { "Content-Type", " multipart/alternative; x-reader=w53-9Qk2; boundary=\"=_1\"",
    " multipart/alternative; x-reader=[token:8,base64url]; boundary=\"=_1\"" },
  { "Content-Type", " text/plain; charset=utf-8; format=flowed", "=" },
  { "Date", " Mon, 18 May 2026 14:00:41 +0000 (Coordinated Universal Time)", "=" },
  { "Date", " Mon, 18 May 2026 14:00:41 +0000 (w53-9Qk2)",
    " Mon, 18 May 2026 14:00:41 +0000 ([token:8,base64url])" },
  { "BIMI-Selector", " v=BIMI1; s=default", "=" },
  { "Feedback-ID", " 1234567:example", " [token:7,digits]:example" },
  { "X-SG-EID", " dXNlci1pZC0xMjM0NTY3ODkw", " [token:24,base64url]" },
};

/* As other services write them: what identifies a reader goes, the rest stays. */
static const Row services[] = {
  { "X-SES-RECEIPT", " AEFBQUFBQUFBQUFGZ", NULL },
  { "X-SES-Outgoing", " 2026.05.18-192.0.2.10", "=" },
  { "X-SES-MESSAGE-TAGS", " reader=jane", NULL },
  { "X-Mailgun-Variables", " {\"user\": \"jane.q@icloud.com\", \"id\": 5}", " [token:38,text]" },
  { "X-Mailgun-Sending-Ip", " 192.0.2.10", "=" },
  { "X-MC-User", " 1f2e3d4c5b6a79880102", " [token:20,hex]" },
  { "X-MSFBL", " eyJyIjoiamFuZS5xQGljbG91ZC5jb20ifQ==", " [token:36,base64]" },
  { "X-Google-DKIM-Signature", " v=1; a=rsa-sha256; b=AAAA", NULL },
  { "X-Google-Smtp-Source", " AGHT+IEabcdefghijk", NULL },
  { "X-Gm-Message-State", " AOJu0YxHcOk", NULL },
  { "Resent-To", " jane.q@icloud.com", NULL },
  { "Resent-From", " Jane Quinn <jane.q@icloud.com>", NULL },
  { "Delivered-To", " jane.q@icloud.com", " <" MARK "@icloud.com>" },
  { "X-Original-To", " JANE.Q@ICLOUD.COM", " <" MARK "@icloud.com>" },
  { "Original-Recipient", " utf-8; jane.q@icloud.com", " utf-8;" MARK "@icloud.com" },
  { "To", " undisclosed-recipients:;", "=" },
  { "X-Jane.Q=icloud.com", " 1", NULL },
  { "Content-Type", " multipart/mixed; boundary=\"=_b;1\"", "=" },
  { "Content-Type", " multipart/mixed; boundary=\"=_quinn471188\"; charset=utf-8",
    " multipart/mixed; boundary=[token:15,text]; charset=utf-8" },
  { "Content-Language", " en-GB, zh-Hant-TW,de", "=" },
  { "Content-Language", " en, quinn", " [token:9,text]" },
  { "Message-ID", " <quinn471188.7@mta1.example.com>", NULL },
  { "Content-Type", " application/pdf; name=\"Invoice Quinn; 12.pdf\"; x=y",
    " application/pdf; name=[token:23,text]; x=[token:1,letters]" },
  { "Content-Disposition", " attachment; filename*0*=utf-8''Jane%20; filename*1*=Quinn.pdf",
    " attachment; filename*0*=[token:14,text]; filename*1*=[token:9,text]" },
  { "Content-Location", " https://www.example.com/jane", NULL },
  { "Content-Transfer-Encoding", " quoted-printable", "=" },
  { "MIME-Version", " 1.0 (Jane Quinn's mailer)", " 1.0 ([token:19,text])" },
  { "X-Mailer", " Mailer 16.0.14827.20158", "=" },
  { "X-Mailer", " Mailer - **CID1234567abc12ab**", " Mailer - **[token:17,base64url]**" },
  { "Subject", " Your order 58127 of 20260518, 1,299.00 EUR",
    " Your order [number] of 20260518, 1,299.00 EUR" },
  { "List-ID", " Example Weekly <weekly.example.com>", "=" },
  { "Feedback-ID", " 2026-53:weekly:transact:example", "=" },
  { "ARC-Seal",
    " i=1; a=rsa-sha256; t=1779112841; cv=none; d=esp.example.net; s=arc1;\n b=abcdefghijkl",
    " i=1; a=rsa-sha256; t=1779112841; cv=none; d=esp.example.net; s=arc1;\n b=abcdefgh" },
  { "ARC-Message-Signature",
    " i=1; d=esp.example.net; h=to:from; z=To:jane.q=40icloud.com; bh=Zm9v; b=x",
    " i=1; d=esp.example.net; h=to:from; bh=Zm9v; b=x" },
  { "ARC-Authentication-Results",
    " i=1; mx.esp.example.net; dkim=pass (signature of Jane) header.i=jane.q@example.com;"
    " spf=pass (example.org: domain of anybody@forward.example.org designates 192.0.2.7 as"
    " permitted sender) smtp.mailfrom=anybody@forward.example.org; auth=pass smtp.auth=jquinn;"
    " x-reader=77a1 smtp.rcptto=jane.q@icloud.com",
    " i=1; mx.esp.example.net; dkim=pass (comment removed) header.i=" VERP "@example.com;"
    " spf=pass (example.org: domain of " VERP "@forward.example.org designates 192.0.2.7 as"
    " permitted sender) smtp.mailfrom=" VERP "@forward.example.org; auth=pass"
    " smtp.auth=[token:6,letters]; x-reader=[token:4,base64url] smtp.rcptto=[token:17,text]" },
  { "Authentication-Results", " bimi.icloud.com; bimi=skipped reason=\"insufficient dmarc\"", "=" },
  { "Authentication-Results",
    " bimi.icloud.com; bimi=pass header.d=example.com header.selector=default "
    "policy.authority=pass",
    "=" },
  { "Authentication-Results",
    " dkim-verifier.icloud.com;\n\tdkim=pass (2048-bit key) header.d=example.com "
    "header.i=@example.com"
    " header.b=XEFkSwVW",
    "=" },
  { "Authentication-Results",
    " dmarc.icloud.com; dmarc=fail (p=REJECT sp=NONE dis=NONE)"
    " header.from=example.com",
    "=" },
  { "Received-SPF",
    " softfail (spf.icloud.com: domain of transitioning b-7f2k9q@example.com does not designate"
    " 192.0.2.10 as permitted sender) receiver=spf.icloud.com; client-ip=192.0.2.10;"
    " helo=mta1.example.com; envelope-from=b-7f2k9q@example.com",
    " softfail (spf.icloud.com: domain of transitioning b-" VERP "@example.com does not designate"
    " 192.0.2.10 as permitted sender) receiver=spf.icloud.com; client-ip=192.0.2.10;"
    " helo=mta1.example.com; envelope-from=b-" VERP "@example.com" },
  { "Received",
    " from mta1.example.com (unknown [192.0.2.10])\n\t(using TLSv1.3 with cipher"
    " TLS_AES_256_GCM_SHA384 (256/256 bits)\n\t key-exchange X25519 server-signature RSA-PSS (2048"
    " bits) server-digest SHA256)\n\t(No client certificate requested)\n\tby st43p00im.me.com"
    " (Postfix) with ESMTPS id EC1AC39C0207; Mon, 18 May 2026 14:00:40 +0000 (UTC)",
    "=" },
  { "Received",
    " from mta1.example.com (example.net [192.0.2.10])\n\t(Authenticated sender: jane.quinn)\n\tby"
    " st43p00im.me.com (Postfix) with ESMTPA id EC1AC39C0207 (envelope-from <b-jane.q=icloud.com@"
    "example.com>)\n\tfor jane.q@icloud.com; Mon, 18 May 2026 14:00:40 +0000",
    " from mta1.example.com (example.net [192.0.2.10])\n\t(comment removed)\n\tby"
    " st43p00im.me.com (Postfix) with ESMTPA id EC1AC39C0207 (envelope-from <b-" VERP "@"
    "example.com>)\n\tfor " MARK "@icloud.com; Mon, 18 May 2026 14:00:40 +0000" },
  { "Authentication-Results",
    " mx.example.com; spf=pass (SHAquinn) smtp.mailfrom=example.com; dkim=pass (7quinn)"
    " header.d=example.com; dmarc=pass (a:quinn) header.from=example.com; arc=none (quinn: pass)",
    " mx.example.com; spf=pass (comment removed) smtp.mailfrom=example.com; dkim=pass (comment"
    " removed) header.d=example.com; dmarc=pass (comment removed) header.from=example.com;"
    " arc=none (comment removed)" },
  { "List-Unsubscribe",
    " <https://jane:pw@u8372651.ct.esp.example.net/wf/unsubscribe/quinn/"
    "v1?upn=u001.Ab-_&lang=en#k7=9>",
    " <https://[token:8,base64url].ct.esp.example.net/wf/unsubscribe/[token:5,letters]/v1"
    "?upn=[token:9,text]&lang=[token:2,letters]#[token:4,base64]>" },
  { "List-Unsubscribe",
    " <https://www.example.com/2026/05/news-2026-18/index.html?77&id=>,"
    " <MAILTO:leave-weekly+77@example.com?subject=leave%20AbC>",
    " <https://www.example.com/2026/05/news-2026-18/index.html?[token:2,digits]&id=>,\n"
    " <MAILTO:leave-weekly+[token:2,digits]@example.com?subject=[token:11,text]>" },
  { "List-Unsubscribe", " <https://click.example.com/u/v9qk2/aeqrtzpa/anna-maria-lindquist>",
    " <https://click.example.com/u/[token:5,base64url]/[token:8,letters]/[token:20,base64url]>" },
  { "List-Unsubscribe", " <https://click.example.com/2026/471188/2026-471188>",
    " <https://click.example.com/2026/[token:6,digits]/[token:11,base64url]>" },
  { "Subject", " Num\xc3\xa9ro de commande: 4711-A", " Num\xc3\xa9ro de commande: [number]" },
  { "Subject", " ご注文881-22を発送しました", " ご注文[number]を発送しました" },
  { "Subject", " Siparişin 881-22 yolda", " Siparişin [number] yolda" },
  { "Subject", " Order 2 471188 is on its way", " Order 2 [token:6,digits] is on its way" },
  { "List-Help", " https://www.example.com/help", " [removed]" },
  { "X-Report-Abuse", " <https://abuse.esp.example.net/r/1.2/AbCdEfGhIjKlMnOpQrStUv>",
    " <https://abuse.esp.example.net/r/[token:3,text]/[token:22,base64url]>" },
};

static void
check_row_for (const Row *row, PktAudience audience, const char *platform)
{
  g_autoptr (PktRedactor) r = pkt_redactor_new (key, &scope);
  pkt_redactor_set_audience (r, audience, platform);
  pkt_redactor_add_recipient (r, PKT_SLICE ("pass@icloud.com")); /* no reason to hide a result */
  g_autoptr (PktSample) s = new_sample ();
  json_t *removed = NULL;
  add_field (s, row->name, row->in);
  g_autofree char *out = pkt_redact_headers (r, s, &removed);
  const char *value = row->out && g_str_equal (row->out, "=") ? row->in : row->out;
  g_autofree char *want = value ? g_strdup_printf ("%s:%s\n", row->name, value) : g_strdup ("");
  if (!same_but_marks (out, want)) {
    g_test_message ("got  %swant %s", out, want);
    g_test_fail ();
  }
  g_assert_cmpuint (json_array_size (removed), ==, value ? 0 : 1);
  g_autofree char *told = json_dumps (removed, 0);
  g_assert_true (strlen (row->in) < 5 || strstr (told, row->in + 1) == NULL);
  json_decref (removed);
}

static void
check_row (const Row *row)
{
  check_row_for (row, PKT_AUDIENCE_APPLE, NULL);
}

static void
test_rows (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    check_row (&rows[i]);
}

static void
test_services (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (services); i++)
    check_row (&services[i]);
}

/* The same field for Apple, for the service that wrote it, for another service, for anybody. */
static const struct {
  const char *name, *in, *apple, *own, *other, *anybody; /* as above */
} audiences[] = {
  { "X-SG-EID", " u001.Vq8Kd0", " [token:11,text]", "=", " [token:11,text]", " [token:11,text]" },
  { "X-SG-Other", " Vq8Kd0", NULL, "=", NULL, NULL },
  { "X-SG-EID", " u001.amFuZS5xQGlj\n\tbG91ZC5jb20", " [token:30,text]", " [token:30,text]",
    " [token:30,text]", " [token:30,text]" },
  { "X-Mailgun-Sid", " WyJhIl0", " [token:7,base64url]", " [token:7,base64url]", "=",
    " [token:7,base64url]" },
  { "Message-ID", " <1.2@example.com>", "=", "=", "=", " [token:17,text]" },
  { "Feedback-ID", " 77:weekly:x", " [token:2,digits]:weekly:x", "=", "=",
    " [token:2,digits]:weekly:x" },
  { "X-Apple-UUID", " d888ea55-3ef2-4d3c-b43b-1fafd97034a9", "=", " [token:36,uuid]",
    " [token:36,uuid]", " [token:36,uuid]" },
  { "Subject", " Your weekly news", "=", "=", "=", " [token:16,text]" },
  { "Delivered-To", " jane.q@icloud.com", " <" MARK "@icloud.com>", NULL, NULL, NULL },
  { "To", " jane.q@icloud.com", " <" MARK "@icloud.com>", " <" MARK "@icloud.com>",
    " <" MARK "@icloud.com>", " <" MARK "@icloud.com>" },
  { "X-ICL-Score", " 3.333033030041", "=", "=", "=", "=" },
  { "X-ICL-INFO", " GAtbVUseBVFH", NULL, NULL, NULL, NULL },
  { "List-Unsubscribe", " <https://x.example.com/u/7fQ2mX9>",
    " <https://x.example.com/u/[token:7,base64url]>",
    " <https://x.example.com/u/[token:7,base64url]>",
    " <https://x.example.com/u/[token:7,base64url]>",
    " <https://x.example.com/u/[token:7,base64url]>" },
};

static void
test_audiences (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (audiences); i++) {
    const char *name = audiences[i].name, *in = audiences[i].in;
    check_row_for (&(Row){ name, in, audiences[i].apple }, PKT_AUDIENCE_APPLE, "Twilio SendGrid");
    check_row_for (&(Row){ name, in, audiences[i].own }, PKT_AUDIENCE_ESP, "Twilio SendGrid");
    check_row_for (&(Row){ name, in, audiences[i].other }, PKT_AUDIENCE_ESP, "Mailgun");
    check_row_for (&(Row){ name, in, audiences[i].anybody }, PKT_AUDIENCE_PUBLIC, "Mailgun");
  }
}

/* What did not pass is told by name, reason and class. */
static void
test_removed (void)
{
  g_autoptr (PktRedactor) r = pkt_redactor_new (key, &scope);
  g_autoptr (PktSample) s = new_sample ();
  json_t *removed = NULL;
  add_field (s, "X-Reader-Key", " kG93a1-_kG93a1-_kG93a1-_kG93a1-_kG93a1-_kG9");
  add_field (s, "x-reader-key", " another");
  add_field (s, "X-jane.q@icloud.com", " 1");
  g_autofree char *out = pkt_redact_headers (r, s, &removed);
  g_autofree char *told = json_dumps (removed, JSON_COMPACT);
  g_assert_cmpstr (out, ==, "");
  g_assert_cmpstr (
      told, ==,
      "[{\"name\":\"X-Reader-Key\",\"reason\":\"not in the list of known headers\","
      "\"was\":\"[token:43,base64url]\"},"
      "{\"name\":\"(a name that holds a recipient)\","
      "\"reason\":\"not in the list of known headers\",\"was\":\"[token:1,digits]\"}]");
  json_decref (removed);
}

/* Hide My Email and private relay: alias and owner are recipients, and so is the relayed sender. */
/* Digests of the reader's address that nothing else would find. */
static void
test_own_ids (void)
{
  static const char mail[]
      = "To: zebulon.quill@icloud.com\n"
        "Message-ID: <cea53e8bc0689b300946a2e54980f425fca977303f6d3582dcfbafc2@mta1.example.com>\n"
        "X-Virus-Scanned: 346595398ce20897d4bcdbd1d0d01853\n"
        "Content-Type: text/html; "
        "boundary=\"b8f0303387baf8d5aa58abc3d3ece9a690ce2a19112cdbef125df999ee6e7844\"\n"
        "X-Mailer: Example Mailer 4.1\n\nx\n";
  g_autoptr (PktSample) s = pkt_delivered_read ("a.eml", PKT_SLICE (mail), NULL);
  g_autoptr (PktRedactor) r = pkt_redactor_new (key, &scope);
  g_autofree char *out = pkt_redact_headers (r, s, NULL);
  g_assert_nonnull (strstr (out, "X-Mailer: Example Mailer 4.1\n"));
  g_assert_nonnull (strstr (out, "Content-Type: text/html; boundary=[token:"));
  g_assert_null (strstr (out, "Message-ID"));
  g_assert_false (pkt_headers_shows_message_id (r, s));
  g_assert_null (strstr (out, "346595398ce2"));
}

/* rot13 of the reader's name, and the letters before. */
static void
test_shifted_ids (void)
{
  static const char mail[] = "Return-Path: <b-mrohyba@bounce.example.com>\n"
                             "To: zebulon.quill@icloud.com\n"
                             "Message-ID: <471188ydatknm.phtkk@mta1.example.com>\n\nx\n";
  g_autoptr (PktSample) s = pkt_delivered_read ("a.eml", PKT_SLICE (mail), NULL);
  g_autoptr (PktRedactor) r = pkt_redactor_new (key, &scope);
  g_autofree char *out = pkt_redact_headers (r, s, NULL);
  g_assert_null (strstr (out, "mrohyba"));
  g_assert_null (strstr (out, "Message-ID"));
  g_assert_false (pkt_headers_shows_message_id (r, s));
}

static void
test_own_words (void)
{
  static const struct {
    const char *id;
    gboolean shown;
  } cases[] = { { "XQuillz.7@mta1.example.com", FALSE },
                { "newsletter.7@mta1.example.com", TRUE },
                { "7.qui.llz@mta1.example.com", TRUE },
                { "7@zquill.example.com", TRUE },
                { "WmVidWxvbiBRdWlsbC4u.7@mta1.example.com", FALSE } }; /* "Zebulon Quill.." */
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *mail = g_strdup_printf ("To: Zebulon Quill <newsletter.quill@icloud.com>\n"
                                             "Message-ID: <%s>\n\nx\n",
                                             cases[i].id);
    g_autoptr (PktSample) s = pkt_delivered_read ("a.eml", pkt_slice_str (mail), NULL);
    g_autoptr (PktRedactor) r = pkt_redactor_new (key, &scope);
    g_autofree char *out = pkt_redact_headers (r, s, NULL);
    g_assert_cmpint (pkt_headers_shows_message_id (r, s), ==, cases[i].shown);
    g_assert_cmpint (strstr (out, "Message-ID") != NULL, ==, cases[i].shown);
  }
}

/* What is told of the fields of filters. */
static void
test_hidden (void)
{
  static const char mail[] = "X-Spam-Flag: YES for zebulon.quill@icloud.com\n"
                             "X-ICL-SCORE: 3.330314\n"
                             "X-Who: zebulon.quill\n"
                             "To: zebulon.quill@icloud.com\n"
                             "Message-ID: <7@mta1.example.com>\n\nx\n";
  static const char *const want[] = { " YES [token:28,text]", " 3.330314", "",
                                      " zebulon.quill@icloud.com" };
  g_autoptr (PktSample) s = pkt_delivered_read ("a.eml", PKT_SLICE (mail), NULL);
  g_autoptr (PktRedactor) r = pkt_redactor_new (key, &scope);
  g_free (pkt_redact_headers (r, s, NULL)); /* the first of the two */
  pkt_headers_hide (r, s);
  for (gsize i = 0; i < G_N_ELEMENTS (want); i++) {
    const PktHeaderField *f = s->fields->pdata[i];
    g_assert_cmpstr (f->value, ==, want[i]);
  }
}

static void
test_aliases (void)
{
  static const char mail[]
      = "Original-recipient: rfc822;owner.real@icloud.com\n"
        "X-ICLOUD-HME: p=alias_00.pine@icloud.com; d=; f=owner.real@icloud.com; r=to; "
        "s=news@example.com\n"
        "From: Example <news_at_example_com_k7m2q4xd@privaterelay.appleid.com>\n"
        "To: alias_00.pine@icloud.com, dpdcnf87nu@privaterelay.appleid.com\n"
        "Reply-To: news_at_example_com_k7m2q4xd@private.icloud.com\n"
        "List-Unsubscribe: <https://example.com/u/alias_00.pine%40icloud.com>\n"
        "X-Mailer: for owner.real@icloud.com\n\nx\n";
  g_autoptr (PktSample) s = pkt_delivered_read ("a.eml", PKT_SLICE (mail), NULL);
  g_autoptr (PktRedactor) r = pkt_redactor_new (key, &scope);
  g_autofree char *out = pkt_redact_headers (r, s, NULL);
  if (!same_but_marks (out, "Original-recipient: rfc822;" MARK "@icloud.com\n"
                            "From: <" MARK "@privaterelay.appleid.com>\n"
                            "To: <" MARK "@icloud.com>, <" MARK "@privaterelay.appleid.com>\n"
                            "Reply-To: <" MARK "@private.icloud.com>\n"
                            "List-Unsubscribe: <https://example.com/u/[token:26,text]>\n"
                            "X-Mailer: for " MARK "@icloud.com\n")) {
    g_test_message ("got  %s", out);
    g_test_fail ();
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

/* Whose addresses of a sample may stand: what the sender wrote, and neither a reader's nor one that
 * was made for a reader. */
static void
test_scope (void)
{
  static const struct {
    const char *from, *to;
    guint allowed;
  } cases[] = {
    { "weekly@example.com", "jane@example.net", 1 },
    { "jane@example.net", "Jane@example.net", 0 },
    { "b-jane=example.net@example.com", "jane@example.net", 0 },
    { "reply-93dk20sk@example.com", "jane@example.net", 0 },
    { "news@icloud.com", "jane@example.net", 0 },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *mail = g_strdup_printf ("From: A <%s>\nTo: %s\nSubject: a\n\nb\n",
                                             cases[i].from, cases[i].to);
    g_autoptr (PktSample) s = pkt_delivered_read ("a.eml", pkt_slice_str (mail), NULL);
    g_autoptr (GPtrArray) own_domains = g_ptr_array_new_with_free_func (g_free);
    g_autoptr (GPtrArray) may_stand = g_ptr_array_new_with_free_func (g_free);
    pkt_headers_scope (s, FALSE, own_domains, may_stand);
    g_assert_cmpuint (may_stand->len, ==, cases[i].allowed);
    g_ptr_array_set_size (own_domains, 0);
    pkt_headers_scope (s, TRUE, own_domains, may_stand); /* forwarded: its writer is a person */
    g_assert_cmpuint (own_domains->len, ==, 0);
  }
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
  for (gsize i = 0; i < G_N_ELEMENTS (services); i++)
    add_field (s, services[i].name, services[i].in);
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

static void
append_headers (GString *out, PktRedactor *r, const PktSample *s)
{
  g_autofree char *headers = pkt_redact_headers (r, s, NULL);
  g_string_append (out, headers);
}

/* A token of List-Unsubscribe is the reader's wherever it stands, save where it is all readers'. */
static void
test_tokens (void)
{
  g_autoptr (PktRedactor) r = pkt_redactor_new (key, &scope);
  g_autoptr (PktRedactor) common = pkt_redactor_new (key, &scope);
  g_autoptr (PktSample) s = new_sample ();
  GString *out = g_string_new (NULL);
  add_field (s, "Message-ID", " <9qk2lr7vtxe4.1@mail.example.com>");
  add_field (s, "Content-Type", " text/plain; boundary=9Qk2Lr7VtXe4_1");
  add_field (s, "List-Unsubscribe", " <https://click.example.com/u/w5-9Qk2Lr\r\n\t7VtXe4>");
  append_headers (out, r, s);
  g_assert_cmpstr (out->str, ==,
                   "Content-Type: text/plain; boundary=[token:12,base64url]_1\n"
                   "List-Unsubscribe: <https://click.example.com/u/[token:15,base64url]>\n");
  g_string_truncate (out, 0);
  pkt_redactor_common_token (common, "9qk2lr7vtxe4");
  append_headers (out, common, s);
  g_assert_nonnull (strstr (out->str, "Message-ID: <9qk2lr7vtxe4.1@mail.example.com>\n"));
  g_assert_false (pkt_redact_message_id_is_safe (r, pkt_slice_str ("1.9Qk2Lr7VtXe4@example.com")));
  g_autofree char *text = pkt_redact_text (r, pkt_slice_str ("rejected 9qk2LR7VtXe4 by policy"));
  g_assert_cmpstr (text, ==, "rejected [token:12,base64url] by policy");
  g_string_free (out, TRUE);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/redact/headers/rows", test_rows);
  g_test_add_func ("/redact/headers/services", test_services);
  g_test_add_func ("/redact/headers/audiences", test_audiences);
  g_test_add_func ("/redact/headers/own-ids", test_own_ids);
  g_test_add_func ("/redact/headers/shifted-ids", test_shifted_ids);
  g_test_add_func ("/redact/headers/own-words", test_own_words);
  g_test_add_func ("/redact/headers/hidden", test_hidden);
  g_test_add_func ("/redact/headers/aliases", test_aliases);
  g_test_add_func ("/redact/headers/removed", test_removed);
  g_test_add_func ("/redact/headers/scope", test_scope);
  g_test_add_func ("/redact/headers/hops", test_hops);
  g_test_add_func ("/redact/headers/verified", test_verified);
  g_test_add_func ("/redact/headers/tokens", test_tokens);
  return g_test_run ();
}
