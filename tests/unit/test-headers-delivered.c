/* What the samples of samples/delivered say, and what a file must be to be read as a mail. */
#include "packet/base/error.h"
#include "packet/base/file.h"
#include "packet/base/json.h"
#include "packet/headers/delivered.h"
#include "packet/headers/facts.h"
#include "packet/headers/icl.h"

static PktSample *
load (const char *name)
{
  g_autofree char *path = g_build_filename (g_getenv ("TOP_SRCDIR"), "samples/delivered", name,
                                            NULL);
  gsize n = 0;
  g_autoptr (GError) error = NULL;
  g_autofree char *bytes = pkt_file_read (path, PKT_DELIVERED_MAX_BYTES, &n, &error);
  g_assert_no_error (error);
  PktSample *s = pkt_delivered_read (path, pkt_slice (bytes, n), &error);
  g_assert_no_error (error);
  return s;
}

static PktSample *
read_text (const char *mail)
{
  g_autoptr (GError) error = NULL;
  PktSample *s = pkt_delivered_read ("x.eml", pkt_slice_str (mail), &error);
  g_assert_no_error (error);
  return s;
}

static void
test_newsletter (void)
{
  g_autoptr (PktSample) s = load ("newsletter.eml");
  g_assert_true (s->at_apple);
  g_assert_false (s->allow_listed);
  const char *const pairs[][2] = {
    { s->client_ip, "192.0.2.10" },
    { s->helo, "mta1.example.com" },
    { s->ptr, "mta1.example.com" },
    { s->apple_queue_id, "EC1AC39C0207" },
    { s->tls, "yes" },
    { s->folder, "INBOX" },
    { s->from_address, "letter@news.example.com" },
    { s->from_name, "Example Company" },
    { s->from_domain, "news.example.com" },
    { s->return_path, "bounce+7fQ2mX9@news.example.com" },
    { s->return_path_domain, "news.example.com" },
    { s->message_id, "20261231031021.nl2701.4c1f@news.example.com" },
    { s->subject, "The January letter: café evenings and broad beans" },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (pairs); i++)
    g_assert_cmpstr (pairs[i][0], ==, pairs[i][1]);
  g_assert_true (g_str_has_prefix (s->apple_host, "p00-icloudmta-smtpin-us-west-2a-"));
  g_autofree char *time = pkt_clock_rfc3339 (s->received);
  g_assert_cmpstr (time, ==, "2026-12-31T03:10:22Z");
  g_assert_true (s->has_unsubscribe);
  g_assert_true (s->one_click);
  g_assert_cmpuint (s->recipients->len, ==, 1);
  g_assert_cmpstr (g_ptr_array_index (s->recipients, 0), ==, "jo.reader@icloud.com");
  g_assert_cmpuint (s->names->len, ==, 1);
  g_assert_cmpstr (g_ptr_array_index (s->names, 0), ==, "Jo Reader");
  g_assert_nonnull (strstr (s->html, "Café evenings"));
  g_assert_nonnull (strstr (s->text, "Hi Jo Reader"));
  const PktDkimSignature *d = g_ptr_array_index (s->dkim, 0);
  g_assert_cmpstr (d->domain, ==, "example.com");
  g_assert_cmpstr (d->selector, ==, "nl25");
}

static void
test_results (void)
{
  g_autoptr (PktSample) s = load ("newsletter.eml");
  static const struct {
    const char *method, *result, *domain;
    int bits;
  } rows[] = {
    { "spf", "pass", "news.example.com", 0 },
    { "dkim", "pass", "example.com", 2048 },
    { "dmarc", "pass", "news.example.com", 0 },
    { "arc", "none", NULL, 0 },
    { "bimi", "none", NULL, 0 },
  };
  g_assert_cmpuint (s->auth->len, ==, G_N_ELEMENTS (rows));
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++) {
    const PktAuthResult *a = pkt_sample_auth (s, rows[i].method);
    g_assert_nonnull (a);
    g_assert_cmpstr (a->result, ==, rows[i].result);
    g_assert_cmpstr (a->domain, ==, rows[i].domain);
    g_assert_cmpint (a->key_bits, ==, rows[i].bits);
  }
}

static void
test_fields_raw (void)
{
  g_autoptr (PktSample) s = read_text (
      "Return-path: <a@example.com>\r\nContent-Type: text/plain\r\n"
      "Subject: one\r\n\ttwo \r\nX-Bytes: \xe9\xff\r\nFrom: a@example.com\r\n\r\nHi\r\n");
  static const char *const want[][2] = { { "Return-path", " <a@example.com>" },
                                         { "Content-Type", " text/plain" },
                                         { "Subject", " one\n\ttwo " },
                                         { "X-Bytes", " \xe9\xff" },
                                         { "From", " a@example.com" } };
  g_assert_cmpuint (s->fields->len, ==, G_N_ELEMENTS (want));
  for (gsize i = 0; i < G_N_ELEMENTS (want); i++) {
    const PktHeaderField *f = g_ptr_array_index (s->fields, i);
    g_assert_cmpstr (f->name, ==, want[i][0]);
    g_assert_cmpstr (f->value, ==, want[i][1]);
  }
  g_assert_cmpstr (s->text, ==, "Hi\n");
}

static void
test_allow_listed (void)
{
  g_autoptr (PktSample) s = load ("allow-listed.eml");
  g_assert_true (s->allow_listed);
  g_autofree char *table = pkt_delivered_table (s);
  g_assert_nonnull (strstr (table, "proves nothing about the sender"));
  g_autoptr (PktSample) other = load ("transactional.eml");
  g_autofree char *plain = pkt_delivered_table (other);
  g_assert_null (strstr (plain, "Warning"));
  g_assert_cmpstr (other->apple_host, ==, "st43p00im-qukt05021701.me.com");
  g_assert_nonnull (strstr (other->html, "Café cup")); /* iso-8859-1 */
  g_assert_false (other->has_unsubscribe);
}

/* A window's text lost the blanks in front of folded lines. */
static void
test_broken_off (void)
{
  static const struct {
    const char *mail;
    guint line;
  } cases[] = {
    { "From: a@example.com\nReceived: from a.example.com\nby b.example.com\nSubject: s\n\nHi\n",
      3 },
    { "\r\nFrom: a@example.com\r\nby b.example.com\r\nX: y\r\nSubject: s\r\n\r\nHi\r\n", 3 },
    { "From: a@example.com\nReceived: from a.example.com\n\tby b.example.com\n\nHi\n", 0 },
    { "From: a@example.com\nHi\n\nSubject: of the text\n", 0 },
    { "From: a@example.com\nno field", 0 },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (PktSample) s = read_text (cases[i].mail);
    g_autofree char *table = pkt_delivered_table (s),
                    *said = g_strdup_printf ("line %u is no header field", cases[i].line);
    g_assert_cmpuint (s->broken_line, ==, cases[i].line);
    g_assert_cmpint (strstr (table, said) != NULL, ==, cases[i].line > 0);
  }
}

/* Who is greeted by name though To has none. */
static void
test_spelled_names (void)
{
  static const char *const cases[][2] = {
    { "jane.quill@icloud.com", "Jane Quill" }, { "anna_maria-keller@me.com", "Anna Maria Keller" },
    { "our.reader@icloud.com", NULL },         { "jq.quill@icloud.com", NULL },
    { "jane.quill2@icloud.com", NULL },        { "quill@icloud.com", NULL },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *mail = g_strdup_printf ("To: %s\r\nFrom: a@example.com\r\n\r\nHi\r\n",
                                             cases[i][0]);
    g_autoptr (PktSample) s = read_text (mail);
    g_assert_cmpuint (s->names->len, ==, cases[i][1] ? 1 : 0);
    if (cases[i][1])
      g_assert_cmpstr (g_ptr_array_index (s->names, 0), ==, cases[i][1]);
  }
}

/* Mail is often signed by the platform too. */
static void
test_two_signatures (void)
{
  static const struct {
    const char *results, *domain, *result;
  } cases[] = {
    { "dkim=fail header.d=mailer.example.net; dkim=pass header.d=news.example.com",
      "news.example.com", "pass" },
    { "dkim=pass header.d=mailer.example.net; dkim=pass header.d=example.com", "example.com",
      "pass" },
    { "dkim=fail header.d=example.com; dkim=pass header.d=mailer.example.net", "mailer.example.net",
      "pass" },
    { "dkim=fail header.d=example.com; dkim=temperror header.d=mailer.example.net", "example.com",
      "fail" },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *mail = g_strdup_printf (
        "Received: from mta1.example.com (mta1.example.com [192.0.2.10])\r\n"
        "\tby st43p00im-qukt05021701.me.com (Postfix) with ESMTPS id 9A41C7D0E3B2;\r\n"
        "\tWed, 20 May 2026 12:00:07 +0000\r\n"
        "Authentication-Results: dkim-verifier.icloud.com; %s\r\n"
        "From: letter@news.example.com\r\n\r\nHi\r\n",
        cases[i].results);
    g_autoptr (PktSample) s = read_text (mail);
    const PktAuthResult *a = pkt_sample_auth (s, "dkim");
    g_assert_nonnull (a);
    g_assert_cmpstr (a->domain, ==, cases[i].domain);
    g_assert_cmpstr (a->result, ==, cases[i].result);
  }
}

#define SIGNED                                                                                     \
  "DKIM-Signature: v=1; d=example.com; s=k; "                                                      \
  "h=From:To:Reply-To:Subject:Date:Message-ID:List-Id:\r\n"                                        \
  " In-Reply-To:References:MIME-Version:Content-Type:Content-Transfer-Encoding:Feedback-ID:\r\n"   \
  " X-Campaign:X-Mailer:Sender:Cc:Resent-From:Resent-To:Resent-Date:X-Feedback:X-Report-Abuse:"    \
  "\r\n"                                                                                           \
  " List-Unsubscribe : List-Unsubscribe-POST; b=x\r\n"

/* RFC 8058 3.1, 4: with an https link and a signature over both, or it is none. */
static void
test_one_click (void)
{
  static const struct {
    const char *links;
    gboolean unsubscribe, one_click, unsigned_;
  } cases[] = {
    { SIGNED
      "List-Unsubscribe: <mailto:leave@example.com>,\r\n <\r\n HTTPS://www.example.com/u/1>\r\n",
      TRUE, TRUE, FALSE },
    { SIGNED "List-Unsubscribe: <mailto:leave@example.com>\r\n", TRUE, FALSE, FALSE },
    { "List-Unsubscribe: <http://www.example.com/u/1>\r\n", TRUE, FALSE, FALSE },
    { "DKIM-Signature: v=1; d=example.com; s=k; h=From:List-Unsubscribe; b=x\r\n"
      "List-Unsubscribe: <https://www.example.com/u/1>\r\n",
      TRUE, FALSE, TRUE },
    { "List-Unsubscribe: <https://www.example.com/u/1>\r\n", TRUE, FALSE, TRUE },
    { SIGNED, FALSE, FALSE, FALSE },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *mail = g_strdup_printf ("From: a@example.com\r\n%sList-Unsubscribe-Post: "
                                             "List-Unsubscribe=One-Click\r\n\r\nHi\r\n",
                                             cases[i].links);
    g_autoptr (PktSample) s = read_text (mail);
    g_assert_cmpint (s->has_unsubscribe, ==, cases[i].unsubscribe);
    g_assert_cmpint (s->one_click, ==, cases[i].one_click);
    g_assert_cmpint (s->one_click_unsigned, ==, cases[i].unsigned_);
  }
}

static void
test_facts (void)
{
  g_autoptr (PktSample) s = load ("newsletter.eml");
  g_autoptr (json_t) facts = pkt_delivered_facts (s);
  json_t *dkim = json_array_get (json_object_get (json_object_get (facts, "auth"), "dkim"), 0);
  g_assert_cmpint (json_integer_value (json_object_get (dkim, "key_bits")), ==, 2048);
  g_assert_cmpstr (json_string_value (json_object_get (facts, "received")), ==,
                   "2026-12-31T03:10:22Z");
  g_assert_true (json_is_true (json_object_get (facts, "one_click")));
  g_autofree char *text = pkt_json_line (facts);
  g_assert_null (strstr (text, "jo.reader")); /* recipients are no fact */
}

static const struct {
  const char *name, *before, *after; /* of a plain mail */
} wrappings[] = {
  { "plain", "", "" },
  { "bom", "\xef\xbb\xbf", "" },
  { "mbox", "From bounce@example.com Thu Dec 31 03:10:22 2026\n", "" },
  { "bom and mbox",
    "\xef\xbb\xbf"
    "From a@example.com Thu Dec 31 03:10:22 2026\r\n",
    "" },
  { "empty lines", "\n\r\n\n", "" },
  { "quoted From", ">From a@example.com Thu Dec 31 03:10:22 2026\n", "" },
  { "emlx", "63        \n", "<?xml version=\"1.0\"?><plist/>" },
};

static void
test_wrapping (gconstpointer data)
{
  gsize i = GPOINTER_TO_SIZE (data);
  static const char mail[] = "From: a@example.com\nTo: b@example.net\nSubject: s\n\nA body text.\n";
  g_assert_cmpuint (strlen (mail), ==, 63);
  g_autofree char *text = g_strconcat (wrappings[i].before, mail, wrappings[i].after, NULL);
  g_autoptr (PktSample) s = read_text (text);
  g_assert_cmpstr (s->from_address, ==, "a@example.com");
  g_assert_cmpstr (s->text, ==, "A body text.\n");
  g_assert_cmpuint (s->fields->len, ==, 3);
}

static const char *const no_mails[] = {
  "\n\n\n",
  "<html><body>From: me</body></html>",
  "{\"from\": \"a@example.com\"}",
  "Dec 31 03:10:22 mta1 postfix/smtp[1]: 4Synth: to=<a@icloud.com>\n",
  "Reporting: text\nSomething: else\n\nbody\n",
  "From a@example.com Thu Dec 31 03:10:22 2026\n",
};

static void
test_empty (void)
{
  g_autoptr (GError) error = NULL;
  g_assert_null (pkt_delivered_read ("/tmp/x", pkt_slice (NULL, 0), &error));
  g_assert_error (error, PKT_ERROR, PKT_ERROR_NOINPUT);
  g_assert_cmpstr (error->message, ==, "/tmp/x: is empty; save the message's source");
}

static void
test_no_mail (gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_assert_null (pkt_delivered_read ("/tmp/x", pkt_slice_str (data), &error));
  g_assert_error (error, PKT_ERROR, PKT_ERROR_DATA);
  g_assert_cmpstr (
      error->message, ==,
      "/tmp/x: is no mail: no header fields in the first 20 lines; save the message's source");
}

static void
test_recipients (void)
{
  g_autoptr (PktSample) s = read_text (
      "Original-recipient: rfc822;final@icloud.com\n"
      "Received: from a by b (x) with SMTP id 1\n\tfor <route@me.com>; Thu, 31 Dec 2026 03:10:22 "
      "+0000\n"
      "X-ICLOUD-HME: p=alias@icloud.com; d=; f=owner@example.net; r=to; s=noreply@example.com\n"
      "Delivered-To: Final@iCloud.com\nTo: =?utf-8?B?SsO2IA==?= =?utf-8?B?UmVhZGVy?= "
      "<jo@example.net>, team: "
      "a@example.org,\n"
      " \"Doe, Jane\" <jane@example.org>;\nCc: broken <<x@example.net>\nResent-To: r@example.org\n"
      "X-ICL-INFO: "
      "GAtbVUseBVFHSVVESAMGUkFKRFcUWUIPAApbVRYSFhEAREQZF15TQFUcAkpaUlkXGxoDNxVRXw5bHB4WFUBaB1saCRpa"
      "EF\n"
      " AGSFsDDxldRg4QVwUYFRIWERwJW1VJCQRMRVdUWUkAFEIdHAoYRRJbFhRISBIAUVsSGRxIFBddFEIFDRRKWl1CA0RXA"
      "w8ZXUYOEFcFGBUSFg\n"
      " YRREQSAFFbEhkcSBQXXRRCGBACSloMBFJHT1ZCSQgHVkVJVkdWAXYHDRgLBxRVGAEaFFhVWEJVX1cMFRIKcF8BGRYTE"
      "1ZTWQ9X\n"
      "From: Sender <noreply@example.com>\n\n");
  static const char *const want[] = { "final@icloud.com",  "route@me.com",   "alias@icloud.com",
                                      "owner@example.net", "jo@example.net", "a@example.org",
                                      "jane@example.org",  "x@example.net",  "r@example.org",
                                      "user@icloud.com" };
  g_assert_cmpuint (s->recipients->len, ==, G_N_ELEMENTS (want));
  for (gsize i = 0; i < G_N_ELEMENTS (want); i++)
    g_assert_cmpstr (g_ptr_array_index (s->recipients, i), ==, want[i]);
  g_assert_cmpstr (g_ptr_array_index (s->names, 0), ==, "Jö Reader");
  g_assert_cmpstr (g_ptr_array_index (s->names, 1), ==, "Doe, Jane");
}

static void
test_icl (void)
{
  g_assert_null (pkt_icl_decode ("AAAA"));
  g_assert_null (pkt_icl_decode (""));
  g_assert_null (pkt_icl_decode ("\xff\xff not base64"));
  g_autofree char *clear = pkt_icl_decode ("GAtb\n VUseBVFHSVVESAMGUkFKRFcU");
  g_assert_nonnull (clear);
  g_autofree char *score = pkt_icl_field (clear, "mr");
  g_assert_true (g_str_has_prefix (score, "3.33203303004"));
  g_assert_null (pkt_icl_field (clear, "rc"));
}

static void
test_hostile (void)
{
  GString *m = g_string_new (
      "Received: from h (h [192.0.2.1]) by st43p00im-a.me.com with ESMTP id 1; x\n"
      "Authentication-Results: spf.icloud.com; spf=pass (");
  for (int i = 0; i < 1024 * 1024; i++)
    g_string_append_c (m, "(a;=\"\\ "[i % 7]);
  g_string_append (m, "\nFrom: a@example.com\nFrom: b@example.org\nSubject: \xff\xfe\n\n\xe9\n");
  g_autoptr (PktSample) s = read_text (m->str);
  g_assert_cmpstr (s->from_address, ==, "a@example.com");
  g_assert_true (g_utf8_validate (s->subject, -1, NULL));
  g_assert_cmpstr (s->text, ==, "é\n");
  g_assert_cmpint (s->received, ==, PKT_NO_TIME);
  g_autofree char *table = pkt_delivered_table (s);
  g_assert_nonnull (strstr (table, "more than one From"));
  g_string_truncate (m, 0);
  for (int i = 0; i < 50000; i++)
    g_string_append (m, "To: a@example.com\n");
  g_string_append (m, "\n");
  g_autoptr (PktSample) many = NULL;
  g_autoptr (GError) error = NULL;
  g_assert_null (
      pkt_delivered_read ("x", pkt_slice (m->str, m->len), &error)); /* no field of a mail */
  g_string_prepend (m, "From: a@example.com\n");
  many = read_text (m->str);
  g_assert_cmpuint (many->fields->len, ==, PKT_DELIVERED_MAX_FIELDS);
  g_string_free (m, TRUE);
}

/* A picture that a mail names twice is kept once: two of 9 MiB are too much, two of 7 are not. */
static void
test_pictures (void)
{
  for (guint mib = 7; mib <= 9; mib += 2) {
    GString *m = g_string_new (
        "From: a@example.com\nMIME-Version: 1.0\nContent-Type: multipart/related; boundary=b\n");
    for (guint i = 0; i < 3; i++) {
      g_string_append_printf (m,
                              "\n--b\nContent-Type: image/png\nContent-ID: <%u@x>\n"
                              "Content-Location: http://example.com/%u.png\n\n",
                              i, i);
      for (guint k = 0; k < mib * 16384; k++)
        g_string_append (m, "123456789 123456789 123456789 123456789 123456789 123456789 123\n");
    }
    g_string_append (m, "\n--b--\n");
    g_autoptr (PktSample) s = read_text (m->str);
    g_assert_cmpuint (g_hash_table_size (s->pictures), ==, mib == 7 ? 4 : 2);
    g_string_free (m, TRUE);
  }
}

static void
test_nested (void)
{
  GString *m = g_string_new ("From: a@example.com\nMIME-Version: 1.0\n");
  for (int i = 0; i < 2000; i++)
    g_string_append_printf (m, "Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n", i, i);
  g_string_append (m, "Content-Type: text/html\n\n<p>deep\n");
  g_autoptr (PktSample) s = read_text (m->str);
  g_assert_null (s->html);
  g_string_free (m, TRUE);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/headers/delivered/newsletter", test_newsletter);
  g_test_add_func ("/headers/delivered/results", test_results);
  g_test_add_func ("/headers/delivered/fields-raw", test_fields_raw);
  g_test_add_func ("/headers/delivered/allow-listed", test_allow_listed);
  g_test_add_func ("/headers/delivered/broken-off", test_broken_off);
  g_test_add_func ("/headers/delivered/one-click", test_one_click);
  g_test_add_func ("/headers/delivered/spelled-names", test_spelled_names);
  g_test_add_func ("/headers/delivered/two-signatures", test_two_signatures);
  g_test_add_func ("/headers/delivered/facts", test_facts);
  g_test_add_func ("/headers/delivered/recipients", test_recipients);
  g_test_add_func ("/headers/delivered/icl", test_icl);
  g_test_add_func ("/headers/delivered/hostile", test_hostile);
  g_test_add_func ("/headers/delivered/pictures", test_pictures);
  g_test_add_func ("/headers/delivered/nested", test_nested);
  for (gsize i = 0; i < G_N_ELEMENTS (wrappings); i++) {
    g_autofree char *name = g_strdup_printf ("/headers/wrapping/%s", wrappings[i].name);
    g_test_add_data_func (name, GSIZE_TO_POINTER (i), test_wrapping);
  }
  g_test_add_func ("/headers/empty", test_empty);
  for (gsize i = 0; i < G_N_ELEMENTS (no_mails); i++) {
    g_autofree char *name = g_strdup_printf ("/headers/no-mail/%" G_GSIZE_FORMAT, i);
    g_test_add_data_func (name, no_mails[i], test_no_mail);
  }
  return g_test_run ();
}
