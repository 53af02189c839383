#include <glib.h>
#include "packet/request/lint.h"

#define REPLY                                                                                      \
  "554 5.7.1 [CS01] Message rejected due to local policy. Please visit "                           \
  "https://support.apple.com/en-us/HT204137. Urgent whitelist."
#define LONG_REPLY                                                                                 \
  "550 5.7.0 Blocked - see "                                                                       \
  "https://ipcheck.example.net/?ip=192.0.2.10&something=that-makes-this-a-very-long-line-indeed"

static const char good[]
    = "Company:           Example Company\n"
      "Sending domain:    example.com\n"
      "Sending IPs:       192.0.2.10\n"
      "                   2001:db8::1\n"
      "Error:             554 5.7.1 [CS01] Message rejected due to local policy.\n"
      "                   Please visit https://support.apple.com/en-us/HT204137.\n"
      "                   Urgent whitelist.\n"
      "Started:           2026-05-18 14:00 UTC\n"
      "\n"
      "We ask for no exception.\n"
      "Mail with hxxps://t[.]example[.]net/ is refused.\n"
      "\n"
      "Attached: SMTP errors, Apple-only\n"
      "trend by date. Redacted: headers.\n"
      "View in browser: https://www.example.com/weekly/2026-05-18\n";

static const char *const verbatim[] = { REPLY, LONG_REPLY, NULL };
static const char *const ips[] = { "192.0.2.10", "2001:db8::1", NULL };
static const char *const links[] = { "https://www.example.com/weekly/2026-05-18", NULL };
static const PktLintAttachment attachments[] = {
  { "apple-smtp-errors.txt", "SMTP errors", TRUE },
  { "apple-bounce-trend.csv", "Apple-only trend", TRUE },
  { "delivered-headers.txt", "headers", FALSE },
};
static const PktLintOptions options = { .verbatim = verbatim,
                                        .sending_ips = ips,
                                        .links = links,
                                        .attachments = attachments,
                                        .n_attachments = G_N_ELEMENTS (attachments) };

/* The ids found, in order, with blanks between. */
static char *
ids (GPtrArray *findings)
{
  GString *s = g_string_new (NULL);
  for (guint i = 0; i < findings->len; i++) {
    const PktFinding *f = g_ptr_array_index (findings, i);
    g_assert_true (g_str_has_suffix (f->text, "."));
    g_string_append_printf (s, "%s%s", i > 0 ? " " : "", f->id);
  }
  g_ptr_array_unref (findings);
  return g_string_free (s, FALSE);
}

static char *
lint (const char *body)
{
  return ids (pkt_lint_body (body, &options));
}

typedef struct {
  const char *from, *to; /* a change to the good body */
  const char *want;
} Case;

static const Case cases[] = {
  { "We ask", "We ask", "" },
  { "Company:           Example Company", "Company: ", "item-missing" },
  { "Company:", "Firm:", "item-missing" },
  { "Sending domain:", "Domain:", "item-missing" },
  { "Started:           2026-05-18 14:00 UTC\n", "", "item-missing" },
  { "Company:           Example Company\n", "Dear all,\nCompany: Example Company\n", "item-order" },
  { "Company:           Example Company\nSending domain:    example.com\n",
    "Sending domain: example.com\nCompany: Example Company\n", "item-order item-order" },
  { "We ask", "Error: again\nWe ask", "item-twice" },
  { "192.0.2.10", "192.0.2.101", "body-ips" },
  { "192.0.2.10", "1192.0.2.10", "body-ips" },
  { "2001:db8::1", "2001:db8::1:2", "body-ips" },
  { "192.0.2.10", "192.0.2.10.", "" },
  { "no exception", "you to whitelist us", "body-demand" },
  { "no exception", "an Allow-List entry", "body-demand" },
  { "no exception", "you to remove\nthe block", "body-demand" },
  { "no exception", "help; this is URGENT", "body-demand" },
  { "no exception", "the detergent, insurgents", "" },
  { "no exception", "an entry among your trusted\nsenders; please unblock", "body-demand" },
  { "no exception", "you to make an exception", "body-demand" },
  { "no exception", "a look at X-ICL-SCORE: 3.3", "body-argument" },
  { "no exception", "help; we are clean on all lists", "body-argument" },
  { "no exception", "help!! now", "body-loud" },
  { "no exception", "HELP from AOL, SPF", "" },
  { "no exception", "PLEASE READ THESE LINES", "body-loud" },
  { "no exception", "DKIM, DMARC, SPF and MAIL", "" },
  { "no exception", "what Postpacket found", "tool-name" },
  { "no exception", "www.example.com/u?id=4711", "body-link" },
  { "no exception", "(t.example.net/c/1?r=x)", "body-link" },
  { "no exception", "www[.]example[.]com/u?id=4711", "" },
  { "no exception", "an answer: is it example.com/weekly? No", "" },
  { "hxxps://t[.]example[.]net/", "https://t.example.net/", "body-link" },
  { "hxxps://t[.]example[.]net/", "http://t.example.net", "body-link" },
  { "2026-05-18\n", "2026-05-18).\n", "" },
  { "2026-05-18\n", "2026-05-18?r=x\n", "body-link" },
  { "SMTP errors, ", "", "attachment-not-mentioned" },
  { "Apple-only\ntrend", "Apple-only\ntrends", "attachment-not-mentioned" },
  { "SMTP errors, ", "SMTP errors, headers, ", "attachment-not-there" },
  { "Attached:", "Enclosed:", "attachment-not-mentioned attachment-not-mentioned" },
  { "We ask for no exception.",
    "We ask for no exception, but we do use a line that is so long that it goes on.",
    "body-columns" },
  { "We ask for no exception.",
    "\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4"
    "\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4",
    "" },
  { "We ask for no exception.", LONG_REPLY "\n", "" },
  { "We ask for no exception.", "Second error:   " LONG_REPLY "\n", "" },
  { "We ask for no exception.", LONG_REPLY "x\n", "body-columns" },
};

static void
test_cases (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (GString) body = g_string_new (good);
    g_assert_cmpuint (g_string_replace (body, cases[i].from, cases[i].to, 1), ==, 1);
    g_autofree char *got = lint (body->str);
    if (!g_str_equal (got, cases[i].want))
      g_error ("\"%s\" -> \"%s\": wanted \"%s\", got \"%s\"", cases[i].from, cases[i].to,
               cases[i].want, got);
  }
}

static void
test_lines (void)
{
  g_autoptr (GString) body = g_string_new (good);
  for (int i = 15; i < PKT_LINT_MAX_LINES; i++)
    g_string_append (body, "x\n");
  g_autofree char *full = lint (body->str);
  g_assert_cmpstr (full, ==, "");
  g_string_append (body, "x\n");
  g_autofree char *over = lint (body->str);
  g_assert_cmpstr (over, ==, "body-lines");
  g_string_assign (body, good);
  for (int i = 0; i < PKT_LINT_IP_LINES - 2; i++)
    g_string_insert (body, (gssize)(strstr (body->str, "Sending IPs:") - body->str), " x\n");
  g_autofree char *late = lint (body->str);
  g_assert_cmpstr (late, ==, "body-ips body-ips");
}

static void
test_follow_up (void)
{
  static const PktLintOptions none = { 0 }, follow_up = { .short_follow_up = TRUE };
  const char *body = "Thank you. The refusals have ended.\n";
  g_autofree char *first = ids (pkt_lint_body (body, &none));
  g_assert_cmpstr (first, ==,
                   "item-missing item-missing item-missing item-missing item-missing body-ips");
  g_autofree char *later = ids (pkt_lint_body (body, &follow_up));
  g_assert_cmpstr (later, ==, "");
  g_autofree char *empty = ids (pkt_lint_body ("", &follow_up));
  g_assert_cmpstr (empty, ==, "");
  g_autofree char *any_ip = ids (pkt_lint_body (good, &none));
  g_assert_cmpstr (any_ip, ==, "body-demand body-demand body-link body-link");
}

static void
test_names (void)
{
  static const PktLintAttachment bad[] = {
    { "caf\xc3\xa9.txt", "SMTP errors", TRUE },
    { "a b.txt", "SMTP errors", TRUE },
  };
  PktLintOptions o = options;
  o.attachments = bad;
  o.n_attachments = G_N_ELEMENTS (bad);
  g_autofree char *got = ids (pkt_lint_body (good, &o));
  g_assert_cmpstr (got, ==, "attachment-name attachment-name");
}

static char *
lint_message (const char *text, gsize n)
{
  g_autoptr (GBytes) bytes = g_bytes_new (text, n);
  return ids (pkt_lint_message (bytes));
}

static void
test_message (void)
{
  static const struct {
    const char *text, *want;
  } messages[] = {
    { "Subject: x\r\n\r\nbody\r\n", "" },
    { "", "" },
    { "Subject: x\n\nbody\n", "bare-line-end" },
    { "Subject: x\r\n\r\nbo\rdy\r\n", "bare-line-end" },
    { "Subject: x\r\n\r\nbody", "bare-line-end" },
    { "X-MAILER: x\r\n\r\nbody\r\n", "tool-name" },
    { "Subject: x\r\n\r\nX-Mailer: quoted\r\n", "" },
    { "References: "
      "<0123456789012345678901234567890123456789012345678901234567890123456789@x>\r\n\r\n",
      "" },
    { "Subject: 0123456789 "
      "0123456789012345678901234567890123456789012345678901234567890123456789\r\n\r\n",
      "header-line" },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (messages); i++) {
    g_autofree char *got = lint_message (messages[i].text, strlen (messages[i].text));
    g_assert_cmpstr (got, ==, messages[i].want);
  }
  gsize n = PKT_LINT_MAX_MESSAGE + 2;
  g_autofree char *large = g_malloc (n);
  for (gsize i = 0; i < n; i += 2)
    memcpy (large + i, "\r\n", 2);
  g_autofree char *got = lint_message (large, n);
  g_assert_cmpstr (got, ==, "message-size");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/request/lint/cases", test_cases);
  g_test_add_func ("/request/lint/lines", test_lines);
  g_test_add_func ("/request/lint/follow-up", test_follow_up);
  g_test_add_func ("/request/lint/names", test_names);
  g_test_add_func ("/request/lint/message", test_message);
  return g_test_run ();
}
