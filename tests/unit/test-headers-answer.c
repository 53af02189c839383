#include "packet/base/error.h"
#include "packet/base/file.h"
#include "packet/base/json.h"
#include "packet/run/answer.h"
#include "tests/unit/cpu-time.h"

static PktAnswerMail *
read_text (const char *text)
{
  g_autoptr (GError) error = NULL;
  PktAnswerMail *m = pkt_answer_read ("a.eml", pkt_slice_str (text), &error);
  g_assert_no_error (error);
  return m;
}

static void
test_standard (void)
{
  gsize n;
  g_autofree char *path = g_test_build_filename (G_TEST_DIST, "..", "samples", "answer",
                                                 "changed.eml", NULL),
                  *bytes = pkt_file_read (path, PKT_ANSWER_MAX_BYTES, &n, NULL);
  g_assert_nonnull (bytes);
  g_autoptr (PktAnswerMail) m = read_text (bytes);
  g_assert_cmpstr (m->from_domain, ==, "apple.com");
  g_assert_cmpstr (m->message_id, ==, "A1B2C3D4-0000-4000-8000-000000000001@apple.com");
  g_assert_cmpint (m->time, ==, G_GINT64_CONSTANT (1780074000) * PKT_SECOND);
  g_assert_false (m->automatic || m->report);
  g_assert_null (m->html);
  g_autofree char *own = pkt_answer_own_text (m->text);
  g_assert_true (g_str_has_prefix (own, "Hello,\n\nWe have investigated"));
  g_assert_true (g_str_has_suffix (own, "iCloud Mail"));
  g_assert_null (strstr (own, "reader040"));
}

static void
test_kinds (void)
{
  static const struct {
    const char *text, *kind;
  } cases[] = {
    { "We have investigated your report and made appropriate changes. Please try resending and let "
      "us know if you still encounter the issue.",
      "changed" },
    { "made\n  appropriate\nchanges", "changed" },
    { "The block has been removed.", "changed" },
    { "Could you please provide the full headers of a rejected message?", "question" },
    { "We need additional information.", "question" },
    { "The IP is listed. Please see Spamhaus.", "elsewhere" },
    { "These are refused because of your DMARC policy.", "declined" },
    { "We are unable to assist with this.", "declined" },
    { "Once you have made the necessary changes, please try resending.", "declined" },
    { "Please correct your SPF record, then try sending again.", "declined" },
    { "We have not made the necessary changes yet.", "other" },
    { "We haven't removed the block. Please try resending next week.", "other" },
    { "We have made the necessary changes. If you have any issues, write again.", "changed" },
    { "We do not maintain an allow list.", "declined" },
    { "Your message has been received.", "received" },
    { "Thank you for contacting us. A member of the team will review it.", "received" },
    { "Hello there.", "other" },
    { "", "other" },
  };
  g_autoptr (PktAnswerMail) m = read_text ("From: a@apple.com\nSubject: x\n\nx\n");
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (GError) error = NULL;
    g_autoptr (json_t) kind = pkt_answer_kind (m, cases[i].text, &error);
    g_assert_no_error (error);
    g_test_message ("%s", cases[i].text);
    g_assert_cmpstr (pkt_json_text (kind, "id"), ==, cases[i].kind);
    g_assert_nonnull (pkt_json_text (kind, "meaning"));
    g_assert_cmpuint (json_array_size (json_object_get (kind, "next")), >, 0);
  }
}

static void
test_own_text (void)
{
  static const struct {
    const char *text, *own;
  } cases[] = {
    { "Yes.\n\n> No.\nBut.\n", "Yes.\n\nBut." },
    { "A\nOn 1 May 2026, at 10:00, D <d@example.com> wrote:\nB\n", "A" },
    { "A\nOn 1 May 2026, at 10:00, Dana\n<d@example.com> wrote:\nB\n", "A" },
    { "On Monday we looked.\nB\n", "On Monday we looked.\nB" },
    { "A\n-----Original Message-----\nB", "A" },
    { "  \n", "" },
    { "> all quoted\n> of it\n", "" },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *own = pkt_answer_own_text (cases[i].text);
    g_assert_cmpstr (own, ==, cases[i].own);
  }
}

static void
test_tokens (void)
{
  static const char ours[] = "iCloud Mail delivery issue for example.com";
  static const struct {
    const char *theirs, *token;
  } cases[] = {
    { "Re: iCloud Mail delivery issue for example.com", NULL },
    { "Re: Follow-up: 123456 iCloud Mail delivery issue for example.com", "Follow-up: 123456" },
    { "AW: Re: iCloud Mail delivery issue for example.com [ref:0042]", "[ref:0042]" },
    { "RE: (12) iCloud Mail delivery issue for example.com [x 1]", NULL },
    { "Re: urgent iCloud Mail delivery issue for example.com", NULL }, /* no number in it */
    { "Re: 7 d.sample@example.net iCloud Mail delivery issue for example.com", NULL },
    { "Follow-up: 123456", NULL },
    { "", NULL },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *token = pkt_answer_subject_token (cases[i].theirs, ours);
    g_assert_cmpstr (token, ==, cases[i].token);
  }
  g_autofree char *none = pkt_answer_subject_token (NULL, ours);
  g_assert_null (none);
}

static void
test_ids (void)
{
  static const char *const good[] = { "a@b", "A1-2.3@mail.example.com" };
  static const char *const bad[] = { "",      "a",    "@b",    "a@",  "a b@c",
                                     "a@b@c", "a<@b", "a@b\n", "ä@b", "a,b@c" };
  for (gsize i = 0; i < G_N_ELEMENTS (good); i++)
    g_assert_true (pkt_answer_is_id (pkt_slice_str (good[i])));
  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    g_assert_false (pkt_answer_is_id (pkt_slice_str (bad[i])));
  g_autoptr (PktAnswerMail) m = read_text (
      "From: a@apple.com\nMessage-ID: <x\n\ty@z>\nIn-Reply-To: <a@b> <bad id@c>\nReferences: "
      "<c@d><e@f>\n <g@h\n\nx\n");
  g_assert_null (m->message_id);
  g_assert_cmpuint (m->refers_to->len, ==, 3);
}

/* Who wrote it. */
static void
test_automatic (void)
{
  static const struct {
    const char *field;
    gboolean automatic;
  } cases[] = {
    { "Auto-Submitted: auto-replied", TRUE },
    { "Auto-Submitted: auto-generated", TRUE },
    { "Auto-Submitted: no", FALSE },
    { "X-Auto-Response-Suppress: All", FALSE },
    { "Precedence: auto_reply", TRUE },
    { "Precedence: bulk", FALSE },
    { "X-Autoreply: yes", TRUE },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *text = g_strdup_printf ("From: a@apple.com\n%s\n\nx\n", cases[i].field);
    g_autoptr (PktAnswerMail) m = read_text (text);
    g_test_message ("%s", cases[i].field);
    g_assert_cmpint (m->automatic, ==, cases[i].automatic);
  }
  g_autoptr (PktAnswerMail) m = read_text (
      "From: MAILER-DAEMON@mx.example.com\nContent-Type: multipart/report; boundary=b\n\n--b\n\nx\n"
      "--b--\n");
  g_assert_true (m->report && m->automatic);
}

static void
refused (const char *name, GString *mail, const char *why)
{
  g_autoptr (GError) error = NULL;
  double begin = cpu_time ();
  g_autoptr (PktAnswerMail) m = pkt_answer_read ("a.eml", pkt_slice (mail->str, mail->len), &error);
  g_test_message ("%s: %s, %d ms", name, error ? error->message : "read",
                  (int)((cpu_time () - begin) * 1000));
  g_assert_null (m);
  g_assert_error (error, PKT_ERROR, PKT_ERROR_DATA);
  g_assert_nonnull (strstr (error->message, why));
  g_assert_cmpfloat (cpu_time () - begin, <, 5);
  g_string_free (mail, TRUE);
}

static void
test_hostile (void)
{
  GString *nested = g_string_new ("From: a@apple.com\n");
  for (guint i = 0; i < 20000; i++)
    g_string_append_printf (nested, "Content-Type: multipart/mixed; boundary=b%u\n\n--b%u\n", i, i);
  refused ("nested", nested, "parts within parts");
  GString *folded = g_string_new ("From: a@apple.com\n");
  for (guint i = 0; i < 40; i++)
    g_string_append_printf (folded, "Content-Type: multipart/mixed; boundary=b%u\n\n--b%u\n", i, i);
  refused ("forty deep", folded, "parts within parts");
  GString *wide = g_string_new ("From: a@apple.com\nContent-Type: multipart/mixed; boundary=b\n\n");
  for (guint i = 0; i < 5000; i++)
    g_string_append (wide, "--b\n\nx\n");
  refused ("wide", wide, "parts within parts");
  refused ("huge",
           g_string_set_size (g_string_new ("From: a@apple.com\n\n"), PKT_ANSWER_MAX_BYTES + 1),
           "longer than");
  refused ("empty", g_string_new (""), "no mail");
  refused ("no mail", g_string_new ("\x89PNG\r\n\x1a\n whatever it is"), "no mail");
  refused ("a note", g_string_new ("They said yes.\n"), "no mail");
}

/* One of these is what a mail program would show; none of them may do harm. */
static void
test_odd (void)
{
  g_autoptr (PktAnswerMail) m = read_text (
      "From: =?utf-8?B?4oCu?= <a@apple.com>, b@example.net\n"
      "Subject: =?utf-8?B?SGVsbG8NCkJjYzogYUBiLmM=?=\nDate: yesterday\nContent-Type: text/plain; "
      "charset=x-none\n\n\xff\xfe bytes\n");
  g_assert_cmpstr (m->from_domain, ==, "apple.com");
  g_assert_null (strpbrk (m->subject, "\r\n"));
  g_assert_true (g_utf8_validate (m->text, -1, NULL));
  g_autoptr (PktAnswerMail) html = read_text (
      "From: a@apple.com\nContent-Type: text/html\n\n<p>Made appropriate changes.</p>\n");
  g_assert_null (html->text);
  g_assert_nonnull (html->html);
  g_autoptr (PktAnswerMail) attached = read_text (
      "From: a@apple.com\nContent-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: "
      "message/rfc822\n\nFrom: x@example.net\n\nmade appropriate changes\n--b--\n");
  g_assert_null (attached->text);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/headers/answer/standard", test_standard);
  g_test_add_func ("/headers/answer/kinds", test_kinds);
  g_test_add_func ("/headers/answer/own-text", test_own_text);
  g_test_add_func ("/headers/answer/tokens", test_tokens);
  g_test_add_func ("/headers/answer/ids", test_ids);
  g_test_add_func ("/headers/answer/automatic", test_automatic);
  g_test_add_func ("/headers/answer/hostile", test_hostile);
  g_test_add_func ("/headers/answer/odd", test_odd);
  return g_test_run ();
}
