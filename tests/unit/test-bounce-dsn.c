/* Bounces of samples/bounce, and those of real servers in the lab. */
#include <jansson.h>
#include <zlib.h>
#include "packet/base/json.h"
#include "packet/bounce/dsn.h"
#include "packet/bounce/notice.h"
#include "packet/bounce/parts.h"

/* A record, copied. */
typedef struct {
  PktOutcome outcome;
  PktStage stage;
  gint64 seconds;
  gboolean remote, null_sender;
  char *recipient, *host, *ip, *reply, *sender, *queue_id, *message_id, *from_domain;
} Record;

static char *
copy (PktSlice s)
{
  return g_strndup (s.p ? s.p : "", s.n);
}

static void
record_free (gpointer data)
{
  Record *r = data;
  char *texts[] = { r->recipient, r->host,     r->ip,         r->reply,
                    r->sender,    r->queue_id, r->message_id, r->from_domain };
  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    g_free (texts[i]);
  g_free (r);
}

static void
keep (const PktAttempt *a, gpointer data)
{
  Record *r = g_new0 (Record, 1);
  g_assert_true (a->smtp);
  g_assert_cmpint (a->size, ==, -1);
  g_assert_cmpint (a->stamp.kind, ==, PKT_STAMP_UTC);
  r->outcome = a->outcome;
  r->stage = a->stage;
  r->seconds = a->stamp.us / PKT_SECOND;
  r->remote = a->reply_is_remote;
  r->null_sender = a->sender.p && a->sender.n == 0;
  r->recipient = copy (a->recipient);
  r->host = copy (a->remote_host);
  r->ip = copy (a->remote_ip);
  r->reply = copy (a->reply);
  r->sender = copy (a->sender);
  r->queue_id = copy (a->queue_id);
  r->message_id = copy (a->message_id);
  r->from_domain = copy (a->from_domain);
  g_ptr_array_add (data, r);
}

static GPtrArray *
read_file (const char *path, PktDsnResult *result)
{
  g_autofree char *bytes = NULL;
  gsize n;
  g_autoptr (GError) error = NULL;
  GPtrArray *records = g_ptr_array_new_with_free_func (record_free);
  g_file_get_contents (path, &bytes, &n, &error);
  g_assert_no_error (error);
  *result = pkt_dsn_read (pkt_slice (bytes, n), NULL, keep, records);
  return records;
}

typedef struct {
  const char *file;
  guint index, of; /* this record of so many */
  PktOutcome outcome;
  const char *stage, *time;
  gboolean remote;
  const char *recipient, *host, *ip, *reply, *sender, *queue_id, *message_id, *from_domain;
} Case;

#define MX1 "mx01.mail.icloud.com"
#define AT "2026-12-31T15:22:55Z"

static const Case cases[] = {
  { "postfix-policy", 0, 1, PKT_BOUNCED, "end-of-data", AT, TRUE, "reader1@icloud.com", MX1,
    "17.57.154.6",
    "550 5.7.1 [CS02] Message rejected due to local policy. Please visit "
    "https://support.apple.com/en-us/HT204137. Txn ID 9ad3a0d7-6cb1-453f-9721-8d2eb3b3595c",
    "bounce-n12-reader1=icloud.com@news.example.com", "088DBB12258",
    "m0540.94e07259@mail1.example.com", "news.example.com" },
  { "postfix-several", 0, 3, PKT_BOUNCED, "rcpt", AT, TRUE, "reader2@icloud.com", MX1,
    "17.57.154.6", "550 5.1.1 <reader2@icloud.com>: user does not exist", "receipts@tx.example.com",
    "2E723B1E3DB", "m0202.6cb2ecc2@mail1.example.com", "tx.example.com" },
  { "postfix-several", 1, 3, PKT_BOUNCED, "rcpt", AT, TRUE, "\"angle<x>79\"@mac.com",
    "mx02.mail.icloud.com", "17.42.251.62", "552 5.2.2 <\"angle<x>79\"@mac.com>: user is overquota",
    "receipts@tx.example.com", "2E723B1E3DB", "m0202.6cb2ecc2@mail1.example.com",
    "tx.example.com" },
  /* The reply quotes another host: only the first counts. */
  { "postfix-several", 2, 3, PKT_BOUNCED, "rcpt", AT, TRUE, "reader3@icloud.com", MX1,
    "17.57.154.6",
    "550 5.7.1 <reader3@icloud.com>: host mx01.mail.icloud.com[17.57.152.5] said: 250 2.5.0 Ok (in "
    "reply to RCPT TO command)",
    "receipts@tx.example.com", "2E723B1E3DB", "m0202.6cb2ecc2@mail1.example.com",
    "tx.example.com" },
  { "postfix-delayed", 0, 1, PKT_DEFERRED, "end-of-data", "2026-12-31T15:00:00Z", FALSE,
    "reader5@icloud.com", MX1, "17.57.152.5",
    "lost connection with mx01.mail.icloud.com[17.57.152.5] while sending end of data -- message "
    "may be "
    "sent more than once",
    "", "0DDF9B225FC", "m5@mail1.example.com", "example.com" },
  { "postfix-greeting", 0, 1, PKT_BOUNCED, "banner", AT, TRUE, "reader6@custom01.example.org", MX1,
    "2001:db8::25",
    "554 5.7.1 [IPBL] Service refused. Please visit https://support.apple.com/en-us/HT204137",
    "news@example.com", "A1", "m6@mail1.example.com", "example.com" },
  { "sendmail", 0, 1, PKT_BOUNCED, NULL, "2025-11-29T23:59:43Z", TRUE, "hash#325@icloud.com", MX1,
    "", "554 5.7.1 [HM08] Message rejected due to local policy.", "mailer@example.com", "",
    "m0230.5ee2e4bf@mail1.example.com", "example.com" },
  { "courier", 0, 1, PKT_BOUNCED, NULL, "2026-05-14T23:59:52Z", TRUE, "reader9@icloud.com", MX1,
    "17.57.155.25", "550 5.7.1 [CS01] Message rejected due to local policy.",
    "receipts@tx.example.com", "", "", "" },
  { "exim", 0, 1, PKT_BOUNCED, "end-of-data", AT, TRUE, "reader14@icloud.com", MX1, "17.57.154.6",
    "550 5.7.1 [CS01] Message rejected due to local policy.",
    "bounce-n12-reader14=icloud.com@news.example.com", "1vw7kR-0004v5-0M",
    "m0914.0a1b@mail1.example.com", "news.example.com" },
  { "exim-plain", 0, 3, PKT_BOUNCED, "rcpt", AT, TRUE, "reader11@icloud.com",
    "mx2.me.com.akadns.net", "17.172.34.64",
    "550 5.1.1 unknown or illegal alias: reader11@icloud.com",
    "bounce-n12-reader11=icloud.com@news.example.com", "1vw7kR-0004v5-0M",
    "m0911.0a1b@mail1.example.com", "news.example.com" },
  { "exim-plain", 1, 3, PKT_BOUNCED, "end-of-data", AT, TRUE, "reader12@me.com", MX1, "17.57.154.6",
    "550-5.7.1 [CS01] Message rejected due to local policy. 550 5.7.1 Please visit "
    "https://support.apple.com/en-us/HT204137",
    "bounce-n12-reader11=icloud.com@news.example.com", "1vw7kR-0004v5-0M",
    "m0911.0a1b@mail1.example.com", "news.example.com" },
  { "exim-plain", 2, 3, PKT_BOUNCED, NULL, AT, FALSE, "reader13@icloud.com", "", "",
    "retry timeout exceeded", "bounce-n12-reader11=icloud.com@news.example.com", "1vw7kR-0004v5-0M",
    "m0911.0a1b@mail1.example.com", "news.example.com" },
  { "qmail", 0, 3, PKT_BOUNCED, "end-of-data", AT, TRUE, "reader15@icloud.com", "", "17.57.152.5",
    "554 5.7.1 [HM08] Message rejected due to local policy. Please visit "
    "https://support.apple.com/en-us/HT204137",
    "bounce-n12-reader15=icloud.com@news.example.com", "", "m0915.0a1b@mail1.example.com",
    "news.example.com" },
  { "qmail", 1, 3, PKT_BOUNCED, "rcpt", AT, TRUE, "reader16@me.com", "", "17.57.154.33",
    "550 5.1.1 <reader16@me.com>: user does not exist",
    "bounce-n12-reader15=icloud.com@news.example.com", "", "m0915.0a1b@mail1.example.com",
    "news.example.com" },
  { "opensmtpd", 0, 2, PKT_BOUNCED, NULL, AT, TRUE, "reader18@icloud.com", "", "",
    "550 5.7.1 [CS02] Message rejected due to local policy. Please visit "
    "https://support.apple.com/en-us/102322",
    "bounce-n12-reader18=icloud.com@news.example.com", "83fac6ad", "m0918.0a1b@mail1.example.com",
    "news.example.com" },
  { "opensmtpd", 1, 2, PKT_BOUNCED, NULL, AT, FALSE, "\"status: x 19\"@me.com", "", "",
    "Envelope expired", "bounce-n12-reader18=icloud.com@news.example.com", "83fac6ad",
    "m0918.0a1b@mail1.example.com", "news.example.com" },
  { "dma", 0, 1, PKT_BOUNCED, "end-of-data", AT, TRUE, "reader20@icloud.com",
    "mx02.mail.icloud.com", "17.42.251.62",
    "550-5.7.1 [CS01] Message rejected due to local policy. 550 5.7.1 Please visit "
    "https://support.apple.com/en-us/HT204137",
    "bounce-n12-reader20=icloud.com@news.example.com", "b1e517", "m0920.0a1b@mail1.example.com",
    "news.example.com" },
  { "haraka", 1, 2, PKT_BOUNCED, NULL, AT, TRUE, "reader22@me.com", "", "",
    "554 5.7.1 [HM08] Message rejected due to local policy.",
    "bounce-n12-reader21=icloud.com@news.example.com", "86E0DFC5-E00F-4F19-9150-43804D4E47A2.1",
    "m0921.0a1b@mail1.example.com", "news.example.com" },
  { "sendmail-plain", 1, 2, PKT_HOST_ERROR, "banner", AT, TRUE, "", "mx01.mail.icloud.com", "",
    "421 4.7.0 mx01.mail.icloud.com too many connections",
    "bounce-n12-reader23=icloud.com@news.example.com", "5BVFMoZm005464",
    "m0923.0a1b@mail1.example.com", "news.example.com" },
  { "sendmail-plain", 0, 2, PKT_BOUNCED, "mail", AT, TRUE, "reader23@icloud.com",
    "mx02.mail.icloud.com", "",
    "550-5.7.1 [CS01] Message rejected due to local policy. 550 5.7.1 Please visit "
    "https://support.apple.com/en-us/HT204137",
    "bounce-n12-reader23=icloud.com@news.example.com", "5BVFMoZm005464",
    "m0923.0a1b@mail1.example.com", "news.example.com" },
  { "exchange", 0, 2, PKT_BOUNCED, NULL, AT, TRUE, "reader24@icloud.com", MX1, "",
    "554 5.7.1 [CS01] Message rejected due to local policy", "news@example.com", "", "",
    "example.com" },
  { "exchange", 1, 2, PKT_BOUNCED, NULL, AT, TRUE, "reader25@me.com", "mx02.mail.icloud.com",
    "17.57.154.33", "550 5.7.1 [CS02] Message rejected due to local policy.", "news@example.com",
    "", "", "example.com" },
  { "apple-out-of-band", 0, 1, PKT_BOUNCED, NULL, AT, FALSE, "reader26@mac.com", "", "", "",
    "news@example.com", "", "m0926.0a1b@mail1.example.com", "example.com" },
  { "quoted", 0, 1, PKT_BOUNCED, "end-of-data", AT, TRUE, "reader27@icloud.com", MX1, "17.57.154.6",
    "550 5.7.1 [CS01] Refus\xc3\xa9", "bounce-n12-reader27=icloud.com@news.example.com",
    "4A776B225D6", "", "" },
};

static char *
sample (const char *name)
{
  return g_strdup_printf ("%s/../samples/bounce/%s.eml", g_test_get_dir (G_TEST_DIST), name);
}

static void
test_sample (gconstpointer data)
{
  const Case *c = data;
  g_autofree char *path = sample (c->file);
  PktDsnResult result;
  g_autoptr (GPtrArray) records = read_file (path, &result);
  g_assert_cmpint (result, ==, PKT_DSN_READ);
  g_assert_cmpuint (records->len, ==, c->of);
  const Record *r = g_ptr_array_index (records, c->index);
  g_autofree char *time = pkt_clock_rfc3339 (r->seconds * PKT_SECOND);
  g_assert_cmpint (r->outcome, ==, c->outcome);
  g_assert_cmpstr (pkt_stage_name (r->stage), ==, c->stage);
  g_assert_cmpstr (time, ==, c->time);
  g_assert_cmpint (r->remote, ==, c->remote);
  g_assert_cmpstr (r->recipient, ==, c->recipient);
  g_assert_cmpstr (r->host, ==, c->host);
  g_assert_cmpstr (r->ip, ==, c->ip);
  g_assert_cmpstr (r->reply, ==, c->reply);
  g_assert_cmpstr (r->sender, ==, c->sender);
  g_assert_cmpint (r->null_sender, ==, g_str_equal (c->file, "postfix-delayed"));
  g_assert_cmpstr (r->queue_id, ==, c->queue_id);
  g_assert_cmpstr (r->message_id, ==, c->message_id);
  g_assert_cmpstr (r->from_domain, ==, c->from_domain);
}

static void
count (const PktAttempt *a, gpointer data)
{
  (void)a;
  ++*(guint *)data;
}

static void
test_nothing (void)
{
  static const struct {
    const char *mail;
    PktDsnResult result;
  } texts[] = {
    { "", PKT_DSN_NOT_MAIL },
    { "\n\nhello", PKT_DSN_NOT_MAIL },
    { "hello there", PKT_DSN_NOT_MAIL },
    { "\x89PNG\r\n", PKT_DSN_NOT_MAIL },
    { "From: a@example.com\n\nhello", PKT_DSN_NOT_A_BOUNCE },
    { "Content-Type: multipart/report\n\nno boundary", PKT_DSN_NOT_A_BOUNCE },
    { "Content-Type: multipart/report; boundary=b\n\n--b\n", PKT_DSN_NOT_A_BOUNCE },
    { "Content-Type: multipart/report; boundary=b; "
      "report-type=feedback-report\n\n--b\nContent-Type: "
      "message/feedback-report\n\nFeedback-Type: abuse\n--b--\n",
      PKT_DSN_NOT_A_BOUNCE },
    { "Content-Type: multipart/report; boundary=b\n\n--b\nContent-Type: "
      "message/delivery-status\n\n",
      PKT_DSN_READ },
  };
  guint n = 0;
  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    g_assert_cmpint (pkt_dsn_read (pkt_slice_str (texts[i].mail), NULL, count, &n), ==,
                     texts[i].result);
  g_autofree char *forwarded = sample ("not-a-bounce"), *apple = sample ("apple-reports-sent-mail");
  PktDsnResult result;
  g_autoptr (GPtrArray) none = read_file (forwarded, &result);
  g_assert_cmpint (result, ==, PKT_DSN_NOT_A_BOUNCE);
  g_autoptr (GPtrArray) sent = read_file (apple, &result);
  g_assert_cmpint (result, ==, PKT_DSN_READ);
  g_assert_cmpuint (none->len + sent->len + n, ==, 0);
}

static const struct {
  const char *reason, *host, *ip, *stage, *reply;
} reasons[] = {
  { "host mx[192.0.2.1] said: 550 no (in reply to MAIL FROM command)", "mx", "192.0.2.1", "mail",
    "550 no" },
  { "host mx[192.0.2.1] said: 550 no", "mx", "192.0.2.1", NULL, "550 no" },
  { "delivery temporarily suspended: host mx[192.0.2.1] said: 451 x (in reply to DATA command)",
    "mx", "192.0.2.1", "data", "451 x" },
  { "lost connection with mx[192.0.2.1] while performing the EHLO handshake", "mx", "192.0.2.1",
    "helo", "" },
  { "conversation with mx[192.0.2.1] timed out while receiving the initial server greeting", "mx",
    "192.0.2.1", "banner", "" },
  { "lost connection with mx[192.0.2.1] while sending message body", "mx", "192.0.2.1", "data",
    "" },
  { "lost connection with mx[192.0.2.1] while sending RCPT TO", "mx", "192.0.2.1", "rcpt", "" },
  { "connect to mx[192.0.2.1]:25: Connection refused", "", "", "connect", "" },
  { "host mx.example.com said something [x]", "", "", NULL, "" },
  { "host mx[", "", "", NULL, "" },
  { "host ", "", "", NULL, "" },
  { "", "", "", NULL, "" },
};

static void
test_reasons (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (reasons); i++) {
    PktDsnReason r = pkt_dsn_reason_parse (pkt_slice_str (reasons[i].reason));
    g_autofree char *host = copy (r.host), *ip = copy (r.ip), *reply = copy (r.reply);
    g_test_message ("%s", reasons[i].reason);
    g_assert_cmpstr (host, ==, reasons[i].host);
    g_assert_cmpstr (ip, ==, reasons[i].ip);
    g_assert_cmpstr (pkt_stage_name (r.stage), ==, reasons[i].stage);
    g_assert_cmpstr (reply, ==, reasons[i].reply);
  }
}

/* Nested far beyond what mail is, and many blocks: done soon, and without a crash. */
static void
test_hostile (void)
{
  guint n = 0;
  GString *deep = g_string_new ("Content-Type: multipart/report; boundary=b\n\n--b\n");
  for (guint i = 0; i < 100000; i++)
    g_string_append_printf (deep, "Content-Type: multipart/mixed; boundary=b%u\n\n--b%u\n", i, i);
  g_assert_cmpint (pkt_dsn_read (pkt_slice (deep->str, deep->len), NULL, count, &n), ==,
                   PKT_DSN_NOT_A_BOUNCE);
  GString *many = g_string_new ("Content-Type: multipart/report; boundary=b\n\n--b\n\n");
  for (guint i = 0; i < 50000; i++)
    g_string_append_printf (many, "<a%u@me.com>: host x[192.0.2.1] said: 550 no\n\n", i);
  g_string_append (many, "--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; x\n\n");
  for (guint i = 0; i < 50000; i++)
    g_string_append_printf (many, "Final-Recipient: rfc822; a%u@me.com\nAction: failed\n\n", i);
  g_assert_cmpint (pkt_dsn_read (pkt_slice (many->str, many->len), NULL, count, &n), ==,
                   PKT_DSN_READ);
  g_assert_cmpuint (n, ==, PKT_DSN_MAX_RECIPIENTS);
  g_string_free (deep, TRUE);
  g_string_free (many, TRUE);
}

/* Each sample, cut after every byte. */
static void
test_cut (void)
{
  g_autofree char *folder = g_strdup_printf ("%s/../samples/bounce", g_test_get_dir (G_TEST_DIST));
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  guint seen = 0, files = 0;
  for (const char *name; (name = g_dir_read_name (dir)); files++) {
    g_autofree char *path = g_build_filename (folder, name, NULL), *bytes = NULL;
    gsize n;
    g_assert_true (g_file_get_contents (path, &bytes, &n, NULL));
    for (gsize i = 0; i < n; i++) {
      g_autofree char *cut = g_memdup2 (bytes, MAX (i, 1));
      pkt_dsn_read (pkt_slice (cut, i), NULL, count, &seen);
    }
  }
  g_assert_cmpuint (seen, >, files);
}

/* What is read from the mail's own bytes is what GMime finds in it. */
static void
test_two_ways (void)
{
  static const char *const names[] = { "exim",     "postfix-policy", "postfix-several",
                                       "sendmail", "qmail",          "dma" };
  for (gsize i = 0; i < G_N_ELEMENTS (names); i++) {
    g_autofree char *path = sample (names[i]), *bytes = NULL;
    gsize n;
    PktBounceParts a, b;
    g_assert_true (g_file_get_contents (path, &bytes, &n, NULL));
    pkt_bounce_parts_look (pkt_slice (bytes, n), &a);
    g_assert_true (pkt_bounce_parts_parse (pkt_slice (bytes, n), &b));
    g_assert_false (a.nested || a.hidden);
    g_assert_true (pkt_slice_equal (pkt_slice_trim (a.text), pkt_slice_trim (b.text)));
    g_assert_true (pkt_slice_equal (pkt_slice_trim (a.status), pkt_slice_trim (b.status)));
    g_assert_cmpint (a.returned.n > 0, ==, b.returned.n > 0);
    pkt_bounce_parts_clear (&a);
    pkt_bounce_parts_clear (&b);
  }
}

/* A report about another receiver: parts of it are cut in by the tests. */
#define REPORT_HEAD                                                                                \
  "From: MAILER-DAEMON@mx1.example.net\nDate: Mon, 02 Nov 2026 00:00:00 +0000\n"                   \
  "Content-Type: multipart/report; report-type=delivery-status; boundary=\"b\"\n\n--b\n\n"
#define REPORT_STATUS                                                                              \
  "\n--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx1.example.net\n"          \
  "X-Postfix-Queue-ID: 4gC00000000z\n\nFinal-Recipient: rfc822; reader@example.org\n"              \
  "Action: failed\nStatus: 5.1.1\n"
#define REPORT_TAIL                                                                                \
  "\n--b\nContent-Type: message/rfc822\n\nReturn-Path: <bounces@example.com>\n"                    \
  "Message-ID: <1@example.com>\nTo: user@icloud.com\n\nHello\n--b--\n"
#define REPORT_ANSWER                                                                              \
  "Remote-MTA: dns; mx.example.org\nDiagnostic-Code: smtp; 550 5.1.1 no such user\n"

static gboolean
keep_brief (const PktAttempt *records, guint n, gpointer data)
{
  for (guint i = 0; i < n; i++)
    keep (&records[i], data);
  return TRUE;
}

static void
test_folded_address (void)
{
  static const char *const folds[] = { "<reader@example.org>", "<rea\n der@example.org>",
                                       "<READER@exam\n\tple.org>" };
  for (gsize i = 0; i < G_N_ELEMENTS (folds); i++) {
    g_autofree char *mail = g_strdup_printf (
        REPORT_HEAD "Sorry." REPORT_STATUS "Remote-MTA: dns; mx.example.org\n"
                    "Diagnostic-Code: smtp; 550 5.1.1 a b %s no\n such user\n" REPORT_TAIL,
        folds[i]);
    g_autoptr (PktAppleLook) look = pkt_apple_look_new (NULL, NULL);
    g_autoptr (GPtrArray) told = g_ptr_array_new_with_free_func (record_free);
    g_assert_cmpint (pkt_dsn_read (pkt_slice_str (mail), look, keep, told), ==, PKT_DSN_READ);
    g_assert_cmpuint (told->len, ==, 1);
    const Record *record = told->pdata[0];
    g_autofree char *reply = g_ascii_strdown (record->reply, -1);
    g_assert_cmpstr (reply, ==, "550 5.1.1 a b <reader@example.org> no such user");
  }
}

static void
test_elsewhere (void)
{
  static const struct {
    const char *mail;
    gboolean elsewhere;
  } texts[] = {
    { REPORT_HEAD "Sorry." REPORT_STATUS REPORT_ANSWER REPORT_TAIL, TRUE },
    /* the text says that it was a filter here */
    { REPORT_HEAD
      "<reader@example.org>: host mx.example.org[127.0.0.1] said: 550 5.7.1 no" REPORT_STATUS
          REPORT_ANSWER REPORT_TAIL,
      FALSE },
    /* only the text says what was answered, and by whom */
    { REPORT_HEAD
      "<reader@example.org>: host mx.example.org[192.0.2.1] said: 550 5.7.1 no" REPORT_STATUS
          REPORT_TAIL,
      FALSE },
    { REPORT_HEAD "Apple's: mx01.mail.icloud.com" REPORT_STATUS REPORT_ANSWER REPORT_TAIL, FALSE },
    { REPORT_HEAD "Sorry." REPORT_STATUS "Remote-MTA: dns; 17.57.152.5\n"
                  "Diagnostic-Code: smtp; 550 5.1.1 no such user\n" REPORT_TAIL,
      FALSE },
  };
  g_autoptr (PktAppleLook) look = pkt_apple_look_new (NULL, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++) {
    const PktSlice mail = pkt_slice_str (texts[i].mail);
    g_autoptr (GPtrArray) whole = g_ptr_array_new_with_free_func (record_free),
                          brief = g_ptr_array_new_with_free_func (record_free);
    g_assert_cmpint (pkt_dsn_read (mail, look, keep, whole), ==, PKT_DSN_READ);
    g_assert_cmpint (pkt_dsn_read_unless_elsewhere (mail, look, keep_brief, keep, brief), ==,
                     texts[i].elsewhere ? PKT_DSN_ELSEWHERE : PKT_DSN_READ);
    g_assert_cmpuint (whole->len, ==, 1);
    g_assert_cmpuint (brief->len, ==, 1);
    const Record *a = g_ptr_array_index (whole, 0), *b = g_ptr_array_index (brief, 0);
    g_assert_cmpint (a->outcome, ==, b->outcome);
    g_assert_cmpint (a->seconds, ==, b->seconds);
    g_assert_cmpstr (a->recipient, ==, b->recipient);
    g_assert_cmpstr (a->host, ==, b->host);
    g_assert_cmpstr (a->reply, ==, b->reply);
    g_assert_cmpstr (a->queue_id, ==, b->queue_id);
  }
}

/* However little of a mail was read: what its begin tells is what all of it does. */
static void
test_begins (void)
{
  static const char mail[] = REPORT_HEAD
      "Sorry." REPORT_STATUS REPORT_ANSWER
      "\n--b\nContent-Type: message/rfc822\n\nMessage-ID: <1@example.com>\n\n"
      "Hello from user@example.com\n--b--\n";
  g_autoptr (PktAppleLook) look = pkt_apple_look_new (NULL, NULL);
  const gsize needed = (gsize)(strstr (mail, "Hello") - mail) + 1;
  for (gsize n = 1; n < strlen (mail); n++) {
    g_autofree char *begin = g_memdup2 (mail, n);
    g_autoptr (GPtrArray) records = g_ptr_array_new_with_free_func (record_free);
    const gboolean told = pkt_dsn_begins_elsewhere (pkt_slice (begin, n), look, keep_brief,
                                                    records);
    g_assert_cmpint (told, ==, n >= needed);
    g_assert_cmpuint (records->len, ==, told ? 1 : 0);
    if (!told)
      continue;
    const Record *r = g_ptr_array_index (records, 0);
    g_assert_cmpstr (r->recipient, ==, "reader@example.org");
    g_assert_cmpstr (r->reply, ==, "550 5.1.1 no such user");
    g_assert_cmpstr (r->queue_id, ==, "4gC00000000z");
  }
}

/* Which mails may be Apple's: by any of the names in any case, or an address. */
static void
test_look (void)
{
  static const struct {
    const char *text;
    gboolean apple;
  } texts[] = { { "Final-Recipient: rfc822; a@ICLOUD.com", TRUE },
                { "dns; MX01.mail.iCloud.com", TRUE },
                { "17.57.152.5 does not like recipient", TRUE },
                { "host x[17.57.152.5]", TRUE },
                { "x 117.57.152.5", FALSE },
                { "relay.appleid.com", TRUE },
                { "a@example.com 192.0.2.17.", FALSE },
                { "icloud,com", FALSE },
                { "a@family.example.org", FALSE },
                { ".com", FALSE },
                { "", FALSE } };
  static const char *const also[] = { "family.Example.org", NULL };
  g_autoptr (PktAppleLook) look = pkt_apple_look_new (NULL, NULL),
                           more = pkt_apple_look_new (also, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    for (int before = 0; before < 70; before++) { /* at every place of those looked at together */
      g_autofree char *text = g_strdup_printf ("%*s%s%*s", before, "", texts[i].text, before, "");
      if (pkt_apple_look (look, pkt_slice_str (text)) != texts[i].apple)
        g_error ("%s", text);
    }
  g_assert_true (pkt_apple_look (more, PKT_SLICE ("a@family.example.org")));
}

static void
test_look_or_links (void)
{
  g_autoptr (PktAppleLook) look = pkt_apple_look_new (NULL, NULL);
  for (int before = 0; before < 70; before++) {
    g_autofree char *link = g_strdup_printf ("%*ssupport.apple.com/HT204137", before, ""),
                    *host = g_strdup_printf ("%*ssupport.apple.com", before, ""),
                    *name = g_strdup_printf ("%*sa@icloud.com%*s", before, "", before, "");
    g_assert_true (pkt_apple_look_or_links (look, pkt_slice_str (link)));
    g_assert_false (pkt_apple_look (look, pkt_slice_str (link)));
    g_assert_false (pkt_apple_look_or_links (look, pkt_slice_str (host)));
    g_assert_true (pkt_apple_look_or_links (look, pkt_slice_str (name)));
  }
}

/* "recipient code" of all attempts that truth.json knows, lower case. */
static GHashTable *
read_truth (const char *folder)
{
  GHashTable *known = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autofree char *plain = g_build_filename (folder, "truth.json", NULL);
  g_autofree char *packed = g_build_filename (folder, "truth.json.gz", NULL);
  gzFile file = gzopen (g_file_test (plain, G_FILE_TEST_EXISTS) ? plain : packed, "rb");
  g_assert_nonnull (file);
  g_autoptr (GString) text = g_string_new (NULL);
  char chunk[65536];
  for (int n; (n = gzread (file, chunk, sizeof chunk)) > 0;)
    g_string_append_len (text, chunk, n);
  gzclose (file);
  g_autoptr (json_t) root = json_loadb (text->str, text->len, 0, NULL);
  g_assert_nonnull (root);
  gsize i;
  json_t *attempt;
  json_array_foreach (json_object_get (root, "attempts"), i, attempt)
  {
    g_autofree char *key = g_strdup_printf (
        "%s %d", json_string_value (json_object_get (attempt, "recipient")),
        (int)json_integer_value (json_object_get (attempt, "code")));
    g_hash_table_add (known, g_ascii_strdown (key, -1));
  }
  return known;
}

static guint
check_bounce (const char *path, GHashTable *known, gboolean postfix)
{
  PktDsnResult result;
  g_autoptr (GPtrArray) records = read_file (path, &result);
  if (result != PKT_DSN_READ || records->len == 0)
    g_error ("%s gives nothing", path);
  for (guint i = 0; i < records->len; i++) {
    const Record *r = g_ptr_array_index (records, i);
    int code = r->remote ? atoi (r->reply) : 0;
    g_autofree char *text = g_strdup_printf ("%s %d", r->recipient, code);
    g_autofree char *key = g_ascii_strdown (text, -1);
    if (code && !g_hash_table_contains (known, key))
      g_error ("%s: truth.json has no attempt '%s'", path, key);
    if (postfix && r->remote && (r->stage == PKT_STAGE_UNKNOWN || !*r->ip))
      g_error ("%s: no stage or IP", path);
    g_assert_cmpstr (r->message_id, !=, "");
    if (!postfix && !*r->sender && !r->null_sender)
      g_error ("%s: no sender", path);
    if (postfix)
      g_assert_cmpstr (r->queue_id, !=, "");
  }
  return records->len;
}

static void
test_lab (gconstpointer data)
{
  const char *lab = g_getenv ("POSTPACKET_LAB");
  if (!lab) {
    g_test_skip ("POSTPACKET_LAB does not name a folder of real bounces");
    return;
  }
  g_autofree char *folder = g_build_filename (lab, data, NULL);
  g_autofree char *bounces = g_build_filename (folder, "bounces", NULL);
  g_autoptr (GDir) dir = g_dir_open (bounces, 0, NULL);
  if (!dir) {
    g_test_skip ("this set has no bounces");
    return;
  }
  g_autoptr (GHashTable) known = read_truth (folder);
  guint n = 0;
  for (const char *name; (name = g_dir_read_name (dir));) {
    g_autofree char *path = g_build_filename (bounces, name, NULL);
    n += g_str_has_suffix (name, ".eml")
             ? check_bounce (path, known, strstr (data, "postfix") != NULL)
             : 0;
  }
  g_assert_cmpuint (n, >, 0);
}

int
main (int argc, char **argv)
{
  static const char *const sets[]
      = { "outage/postfix",     "outage/postfix-multi", "open/postfix",       "open/postfix-syslog",
          "open/postfix-multi", "open/postfix-notify",  "open/exim",          "open/exim-all",
          "open/sendmail",      "open/opensmtpd",       "open/courier",       "open/dma",
          "open/haraka",        "open/haraka-json",     "open/haraka-logfmt", "outage/exim-all",
          "outage/opensmtpd" };
  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *path = g_strdup_printf ("/dsn/sample/%s/%u", cases[i].file, cases[i].index);
    g_test_add_data_func (path, &cases[i], test_sample);
  }
  g_test_add_func ("/dsn/nothing", test_nothing);
  g_test_add_func ("/dsn/reasons", test_reasons);
  g_test_add_func ("/dsn/hostile", test_hostile);
  g_test_add_func ("/dsn/cut", test_cut);
  g_test_add_func ("/dsn/two-ways", test_two_ways);
  g_test_add_func ("/dsn/elsewhere", test_elsewhere);
  g_test_add_func ("/dsn/folded-address", test_folded_address);
  g_test_add_func ("/dsn/begins", test_begins);
  g_test_add_func ("/dsn/look", test_look);
  g_test_add_func ("/dsn/look-or-links", test_look_or_links);
  for (gsize i = 0; i < G_N_ELEMENTS (sets); i++) {
    g_autofree char *path = g_strconcat ("/dsn/lab/", sets[i], NULL);
    g_test_add_data_func (path, sets[i], test_lab);
  }
  return g_test_run ();
}
