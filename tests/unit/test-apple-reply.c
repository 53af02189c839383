/* Reading replies without a catalogue. */
#include "packet/apple/reply.h"
#include "tests/unit/cpu-time.h"

typedef struct {
  const char *name, *reply;
  int code;
  const char *enhanced, *tag, *txn, *ip, *domain, *queue_id;
} Case;

#define TXN "4fbc0af0-417e-4180-91d8-66754d53a162"

static const Case cases[] = {
  { "plain", "554 5.7.1 [CS01] Message rejected due to local policy.", 554, "5.7.1", "CS01", "", "",
    "", "" },
  { "txn",
    "554 5.7.1 [HM08] Message rejected due to local policy. Please visit https://x/. Txn ID " TXN,
    554, "5.7.1", "HM08", TXN, "", "", "" },
  { "txn-folded", "554 5.7.1 [HM08] Message rejected due to local policy. Txn\r\n    ID\n " TXN,
    554, "5.7.1", "HM08", TXN, "", "", "" },
  { "txn-short", "554 5.7.1 [HM08] Txn ID 4fbc0af0-417e-4180-91d8-66754d53a16", 554, "5.7.1",
    "HM08", "", "", "", "" },
  { "txn-long", "554 5.7.1 [HM08] Txn ID " TXN "0", 554, "5.7.1", "HM08", "", "", "", "" },
  { "no-enhanced", "421 [HCM1] Your mail from 192.0.2.11 was deferred.", 421, "", "HCM1", "",
    "192.0.2.11", "", "" },
  { "hcm2-ipv6", "550 5.7.1 [HCM2] Your mail from 2001:db8::10 was rejected. https://x/", 550,
    "5.7.1", "HCM2", "", "2001:db8::10", "", "" },
  { "no-ip", "421 [HCM1] Your mail from x.y.z.a was deferred.", 421, "", "HCM1", "", "", "", "" },
  { "spamhaus",
    "550 5.7.1 Mail from IP 192.0.2.1 was rejected due to listing in Spamhaus SBL. For details see",
    550, "5.7.1", "", "", "192.0.2.1", "", "" },
  { "proofpoint", "550 5.7.0 Blocked - see https://ipcheck.proofpoint.com/?ip=192.0.2.1", 550,
    "5.7.0", "", "", "192.0.2.1", "", "" },
  { "dmarc", "554 5.7.1 Your message was rejected due to example.com's DMARC policy. See https://x",
    554, "5.7.1", "", "", "", "example.com", "" },
  { "dmarc-u2019",
    "550 5.7.1 Your message was rejected due to mail.example.com\xe2\x80\x99s DMARC policy.", 550,
    "5.7.1", "", "", "", "mail.example.com", "" },
  { "dmarc-bare", "550 5.7.1 Your message was rejected due to example.com DMARC policy.", 550,
    "5.7.1", "", "", "", "example.com", "" },
  { "dmarc-lines",
    "550-5.7.1 Your message was rejected due to\r\n550 5.7.1 example.com's DMARC policy", 550,
    "5.7.1", "", "", "", "example.com", "" },
  { "not-dmarc", "550 5.7.1 rejected due to local policy.", 550, "5.7.1", "", "", "", "", "" },
  { "nested",
    "503 5.5.1 Error: need MAIL command - MAIL FROM error: 451 4.7.1 Service unavailable - try "
    "again "
    "later",
    451, "4.7.1", "", "", "", "", "" },
  { "503", "503 5.5.1 Error: send HELO/EHLO first", 503, "5.5.1", "", "", "", "", "" },
  { "postfix",
    "host mx01.mail.icloud.com[17.57.154.6] said: 554 5.7.1 [CS01] Message rejected due to local "
    "policy. (in reply to end of DATA command)",
    554, "5.7.1", "CS01", "", "", "", "" },
  { "postfix-greeting",
    "host mx01.mail.icloud.com[17.57.154.6] refused to talk to me: 550 5.7.0 Blocked - see "
    "https://support.proofpoint.com/dnsbl-lookup.cgi?ip=192.0.2.25",
    550, "5.7.0", "", "", "192.0.2.25", "", "" },
  { "dsn", "Diagnostic-Code: smtp; 554 5.7.1 [HM07] Message rejected\r\n    due to local policy.",
    554, "5.7.1", "HM07", "", "", "", "" },
  { "smtp", "smtp;550 5.1.1 <user@icloud.com>: user does not exist", 550, "5.1.1", "", "", "", "",
    "" },
  { "twice", "550 5.1.1 5.1.1 <user@icloud.com>: user does not exist", 550, "5.1.1", "", "", "", "",
    "" },
  { "response", "Invalid greeting. response=550 5.7.0 Blocked - see https://x", 550, "5.7.0", "",
    "", "", "", "" },
  { "exim",
    "SMTP error from remote mail server after end of data: host mx01.mail.icloud.com "
    "[17.57.155.25]: "
    "550 5.7.1 [CS02] Message rejected",
    550, "5.7.1", "CS02", "", "", "", "" },
  { "whole-line",
    "Jan  1 00:00:01 mail1 postfix/smtp[7]: 3E155B1E429: to=<a@icloud.com>, "
    "relay=mx01.mail.icloud.com[17.57.156.30]:25, dsn=5.7.1, status=bounced (host "
    "mx01.mail.icloud.com[17.57.156.30] said: 550 5.7.1 [CS02] No. (in reply to end of DATA "
    "command))",
    550, "5.7.1", "CS02", "", "", "", "" },
  /* A reply that imitates a log, and one that quotes another. */
  { "trap-status",
    "550 5.7.1 [CS01] Rejected (in reply to end of DATA command)) status=sent (250 2.5.0 Ok)", 550,
    "5.7.1", "CS01", "", "", "", "" },
  { "trap-said",
    "550 5.7.1 <reader0393@icloud.com>: host mx01.mail.icloud.com[17.57.152.5] said: 250 2.5.0 Ok "
    "(in "
    "reply to RCPT TO command)",
    550, "5.7.1", "", "", "", "", "" },
  { "trap-address", "550 5.1.1 <\"Txn ID " TXN "\"@icloud.com>: user does not exist", 550, "5.1.1",
    "", "", "", "", "" },
  { "lines", "550-5.7.1 [CS01] first line\n550-\n550-5.7.0 second\n550 5.7.1 last", 550, "5.7.1",
    "CS01", "", "", "", "" },
  { "bare", "550", 550, "", "", "", "", "", "" },
  { "bare-dash", "550-", 550, "", "", "", "", "", "" },
  { "no-code", "5.7.1 Email rejected due to transformation error", 0, "5.7.1", "", "", "", "", "" },
  /* Brackets that are no tag of Apple's. */
  { "tag-yahoo", "554 5.7.9 [PH01] Message not accepted for policy reasons", 554, "5.7.9", "", "",
    "", "", "" },
  { "tag-no-figure", "550 5.7.1 [CS] Message rejected", 550, "5.7.1", "", "", "", "", "" },
  { "tag-ipbl", "554 5.7.1 [IPBL] Service refused.", 554, "5.7.1", "", "", "", "", "" },
  { "tag-lower", "554 5.7.1 [cs01] Message rejected", 554, "5.7.1", "", "", "", "", "" },
  { "tag-long", "554 5.7.1 [ABCDE1] Message rejected", 554, "5.7.1", "", "", "", "", "" },
  { "tag-letter", "554 5.7.1 [C01] Message rejected", 554, "5.7.1", "", "", "", "", "" },
  { "tag-figures", "554 5.7.1 [CS012] Message rejected", 554, "5.7.1", "", "", "", "", "" },
  { "tag-open", "554 5.7.1 [CS01 Message rejected", 554, "5.7.1", "", "", "", "", "" },
  { "tag-elsewhere", "554 5.7.1 see [CS01]", 554, "5.7.1", "", "", "", "", "" },
  { "tag-ip", "550-5.7.1 [192.0.2.25 12] Our system has detected", 550, "5.7.1", "", "", "", "",
    "" },
  { "tag-new", "550 5.7.1 [ZQ17] Message rejected due to local policy.", 550, "5.7.1", "ZQ17", "",
    "", "", "" },
  /* Acceptances. */
  { "queued", "250 2.0.0 Ok: queued as D04B3C0008B", 250, "2.0.0", "", "", "", "", "D04B3C0008B" },
  { "envelope", "250 2.5.0 Ok, envelope id 0LUD00A9Q8EK4BQ0@smtpin135.mac.com", 250, "2.5.0", "",
    "", "", "", "0LUD00A9Q8EK4BQ0@smtpin135.mac.com" },
  { "ok", "250 2.5.0 Ok.", 250, "2.5.0", "", "", "", "", "" },
  /* The MTA's own words. */
  { "port", "connect to mx01.mail.icloud.com[17.57.152.5]:25: Connection timed out", 0, "", "", "",
    "", "", "" },
  { "lost", "lost connection with mx01.mail.icloud.com[17.57.152.5] while sending RCPT TO", 0, "",
    "", "", "", "", "" },
  { "not-a-code", "5501 apples", 0, "", "", "", "", "", "" },
  { "not-enhanced", "550 5.7.1.2 x", 550, "", "", "", "", "", "" },
  { "not-enhanced-2", "550 5.1234.1 x", 550, "", "", "", "", "", "" },
  { "empty", "", 0, "", "", "", "", "", "" },
};

static void
check_field (const Case *c, const char *name, PktSlice got, const char *want)
{
  g_autofree char *text = g_strndup (got.p ? got.p : "", got.n);
  if (!g_str_equal (text, want))
    g_error ("%s: %s is \"%s\", not \"%s\"", c->name, name, text, want);
  g_assert_true (got.n == 0
                 || (got.p >= c->reply && got.p + got.n <= c->reply + strlen (c->reply)));
}

static void
test_read (gconstpointer data)
{
  const Case *c = data;
  PktVerdict v;
  pkt_reply_read (pkt_slice_str (c->reply), &v);
  g_assert_cmpint (v.code, ==, c->code);
  g_assert_null (v.rule);
  check_field (c, "enhanced", v.enhanced, c->enhanced);
  check_field (c, "tag", v.tag, c->tag);
  check_field (c, "txn", v.txn_id, c->txn);
  check_field (c, "ip", v.named_ip, c->ip);
  check_field (c, "domain", v.named_domain, c->domain);
  check_field (c, "queue id", v.remote_queue_id, c->queue_id);
}

static const struct {
  const char *name, *reply, *want;
} kinds[] = {
  { "as-is", "554 5.7.1 [CS01] No. Please visit https://support.apple.com/en-us/HT204137",
    "554 5.7.1 [CS01] No. Please visit https://support.apple.com/en-us/HT204137" },
  { "blanks", "  554  5.7.1\t[CS01]\r\n   No.  ", "554 5.7.1 [CS01] No." },
  { "prefixes", "550-5.7.1 [CS01] first. 550 5.7.1 Please visit x",
    "550 5.7.1 [CS01] first. Please visit x" },
  { "prefixes-differ",
    "550-5.7.1 [CS01] first line 550- 550-5.7.0 second code differs 550 5.7.1 last",
    "550 5.7.1 [CS01] first line 5.7.0 second code differs last" },
  { "prefixes-exim", "550-5.7.1 one\\n550-5.7.1 two\\n550 5.7.1 three", "550 5.7.1 one two three" },
  { "prefixes-plain", "550-one\n550 two", "550 one two" },
  { "figures", "550 5.1.1 room 550 is shut", "550 5.1.1 room 550 is shut" },
  { "address", "550 5.1.1 <user@icloud.com>: user does not exist",
    "550 5.1.1 <recipient>: user does not exist" },
  { "address-bare", "421 4.7.1 Messages to a.b+c@me.com deferred",
    "421 4.7.1 Messages to <recipient> deferred" },
  { "address-quoted", "421 4.7.1 Messages to \"two words\"@me.com deferred",
    "421 4.7.1 Messages to <recipient> deferred" },
  { "address-angle", "552 5.2.2 <\"angle<x>79\"@mac.com>: user is overquota",
    "552 5.2.2 <recipient>: user is overquota" },
  { "address-end", "550 5.1.6 gone: user@icloud.com.", "550 5.1.6 gone: <recipient>." },
  { "address-literal", "550 5.1.1 <user@[192.0.2.1]>: no", "550 5.1.1 <recipient>: no" },
  { "address-utf8",
    "550 5.1.1 <j\xc3\xbcrgen@b\xc3\xbc"
    "cher.example.org>: no",
    "550 5.1.1 <recipient>: no" },
  { "address-verp", "450 4.1.8 <bounces+n-user=icloud.com@em.example.com>: Sender address rejected",
    "450 4.1.8 <recipient>: Sender address rejected" },
  { "address-percent", "450 no <a.b%40me.com>, a.b%2540me.com or a%me.com",
    "450 no <recipient>, <recipient> or <recipient>" },
  { "address-xtext", "450 no a.b+40Me.com+40x", "450 no <recipient>+40x" },
  { "address-equals", "450 no <a=40b.example.net a=icloud.com", "450 no <<recipient> <recipient>" },
  { "address-entity", "450 no a.b&#64;me.com; a&#x40;me.com, a&commat;me.com.",
    "450 no <recipient>; <recipient>, <recipient>." },
  { "address-escape", "450 no a\\u0040me.com a\\x40me.com a\\@me.com a\\100me.com",
    "450 no <recipient> <recipient> <recipient> <recipient>" },
  { "address-wide", "450 no a\xef\xbc\xa0me.com", "450 no <recipient>" },
  { "address-in-link", "450 see https://a.example.net/x?n=1&e=a.b%40me.com",
    "450 see https://a.example.net/x?n=1&e=<recipient>" },
  { "no-address", "450 size=40.5 x=400 a+40.7 b%40x ip=192.0.2.1 d=apple.com 5%40 =40me.com",
    "450 size=40.5 x=400 a+40.7 b%40x ip=192.0.2.1 d=apple.com 5%40 =40me.com" },
  { "host", "450 4.7.1 <mta1.example.com>: Helo command rejected: Host not found",
    "450 4.7.1 <mta1.example.com>: Helo command rejected: Host not found" },
  { "txn", "554 5.7.1 [HM08] No. Txn ID " TXN, "554 5.7.1 [HM08] No. Txn ID <id>" },
  { "queue-id", "451 4.3.0 Temporary lookup failure 3FDC2AA61B8",
    "451 4.3.0 Temporary lookup failure <id>" },
  { "no-queue-id", "451 4.3.0 Temporary lookup FACADE", "451 4.3.0 Temporary lookup FACADE" },
  { "wrapper",
    "host mx01.mail.icloud.com[17.57.154.6] said: 450 4.2.1 <a@me.com>: no (in reply to RCPT TO "
    "command)",
    "450 4.2.1 <recipient>: no" },
  { "trap",
    "550 5.7.1 [CS01] Rejected (in reply to end of DATA command)) status=sent (250 2.5.0 Ok)",
    "550 5.7.1 [CS01] Rejected (in reply to end of DATA command)) status=sent (250 2.5.0 Ok)" },
  { "apostrophe", "550 5.7.1 due to example.com\xe2\x80\x99s DMARC policy",
    "550 5.7.1 due to example.com's DMARC policy" },
  { "latin1", "550 5.7.1 refus\xe9", "550 5.7.1 refus\xef\xbf\xbd" },
  { "control",
    "550 5.7.1 a\x1b[31mb\x01"
    "c",
    "550 5.7.1 a [31mb c" },
  { "mta", "lost connection with mx01.mail.icloud.com[17.57.152.5] while sending RCPT TO",
    "lost connection with mx01.mail.icloud.com[17.57.152.5] while sending RCPT TO" },
  { "empty", "", "" },
};

static void
test_kind (gconstpointer data)
{
  gsize i = GPOINTER_TO_SIZE (data);
  g_autofree char *got = pkt_reply_normalise (pkt_slice_str (kinds[i].reply));
  g_assert_cmpstr (got, ==, kinds[i].want);
}

/* Long input of the kinds that make a careless scanner quadratic; each has to be done in no time.
 */
static void
test_hostile (void)
{
  static const char *const pieces[]
      = { "\"",   "<", "\\\"",    "a",      "@",      "a@", "<\"",          "550-",
          "550 ", " ", "Txn ID ", "said: ", "[CS01]", "\n", "\xe2\x80\x99", "<a@b>" };
  for (gsize i = 0; i < G_N_ELEMENTS (pieces); i++) {
    GString *s = g_string_new ("550 5.7.1 ");
    while (s->len < 1000000)
      g_string_append (s, pieces[i]);
    PktVerdict v;
    double start = cpu_time ();
    pkt_reply_read (pkt_slice (s->str, s->len), &v);
    g_autofree char *kind = pkt_reply_normalise (pkt_slice (s->str, s->len));
    g_assert_cmpint (v.code, ==, 550);
    g_assert_cmpuint (strlen (kind), <, 16 * PKT_REPLY_MAX);
    g_assert_cmpfloat (cpu_time () - start, <, 2);
    g_string_free (s, TRUE);
  }
}

/* Any bytes at all, also NUL, none, and cut anywhere. */
static void
test_bytes (void)
{
  PktVerdict v;
  pkt_reply_read (pkt_slice (NULL, 0), &v);
  g_assert_cmpint (v.code, ==, 0);
  g_autofree char *none = pkt_reply_normalise (pkt_slice (NULL, 0));
  g_assert_cmpstr (none, ==, "");
  pkt_reply_read (pkt_slice ("\0\0\0 550", 7), &v);
  g_assert_cmpint (v.code, ==, 0);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    for (gsize n = 0; n <= strlen (cases[i].reply); n++) {
      g_autofree char *cut = g_memdup2 (cases[i].reply, MAX (n, 1));
      pkt_reply_read (pkt_slice (cut, n), &v);
      g_autofree char *kind = pkt_reply_normalise (pkt_slice (cut, n));
      g_assert_true (g_utf8_validate (kind, -1, NULL));
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *path = g_strconcat ("/reply/read/", cases[i].name, NULL);
    g_test_add_data_func (path, &cases[i], test_read);
  }
  for (gsize i = 0; i < G_N_ELEMENTS (kinds); i++) {
    g_autofree char *path = g_strconcat ("/reply/kind/", kinds[i].name, NULL);
    g_test_add_data_func (path, GSIZE_TO_POINTER (i), test_kind);
  }
  g_test_add_func ("/reply/hostile", test_hostile);
  g_test_add_func ("/reply/bytes", test_bytes);
  return g_test_run ();
}
