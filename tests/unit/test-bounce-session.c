/* Recorded sessions of samples/transcript: who was answered what at which stage. */
#include "packet/bounce/session.h"
#include "tests/unit/cpu-time.h"

static void
add_record (const PktAttempt *a, PktSession *session, guint64 line, gpointer data)
{
  GString *out = data;
  g_autofree char *to = pkt_slice_utf8 (a->recipient), *host = pkt_slice_utf8 (a->remote_host),
                  *ip = pkt_slice_utf8 (a->remote_ip), *reply = pkt_slice_utf8 (a->reply),
                  *sender = pkt_slice_utf8 (a->sender), *id = pkt_slice_utf8 (a->message_id);
  g_assert_true (a->smtp && session);
  g_string_append_printf (out, "%" G_GUINT64_FORMAT " %s %s <%s> <%s> %s [%s] %s | %s\n", line,
                          pkt_outcome_name (a->outcome),
                          pkt_stage_name (a->stage) ? pkt_stage_name (a->stage) : "-",
                          sender ? sender : "", to ? to : "", host ? host : "", ip ? ip : "",
                          id ? id : "-", reply ? reply : "");
}

static char *
read_text (const char *text, gsize n, guint *connections)
{
  const PktStamp none = { 0, PKT_STAMP_NONE };
  GString *out = g_string_new (NULL);
  *connections = g_str_has_prefix (text, "Return-Path") /* a mail */
                     ? pkt_session_read_mail (pkt_slice (text, n), add_record, out)
                     : pkt_session_read (pkt_slice (text, n), none, add_record, out);
  return g_string_free (out, FALSE);
}

static const struct {
  const char *file;
  guint connections;
  const char *records;
} cases[] = {
  { "swaks.txt", 1,
    "35 bounced end-of-data <b-probe@bounce.example.com> <probe@icloud.com> mx01.mail.icloud.com "
    "[] "
    "260520084102.00002@mta2.example.com | 550-5.7.1 [CS02] Message rejected due to local policy. "
    "550 5.7.1 Please visit https://support.apple.com/en-us/HT204137\n" },
  { "swaks-refused.txt", 2,
    "4 deferred connect <> <> mx01.mail.icloud.com [] - | Error connecting to "
    "mx01.mail.icloud.com:25:\n"
    "6 bounced banner <> <>  [17.57.154.33] - | 554 5.7.1 mx02.mail.icloud.com ESMTP not accepting "
    "connections\n" },
  { "curl.txt", 1,
    "16 delivered end-of-data <b-probe@bounce.example.com> <probe@icloud.com> mx02.mail.icloud.com "
    "[17.57.154.33] - | 250 2.0.0 Ok: queued as 4F6B93C0008B\n"
    "12 bounced rcpt <b-probe@bounce.example.com> <reader31@me.com> mx02.mail.icloud.com "
    "[17.57.154.33] - | 550 5.1.1 <reader31@me.com>: user does not exist\n" },
  { "msmtp-pipelining.txt", 1,
    "11 bounced mail <b-probe@bounce.example.com> <reader32@me.com> mx02.mail.icloud.com [] - | "
    "553 "
    "5.1.8 Sender address rejected: Domain not found\n"
    "11 bounced mail <b-probe@bounce.example.com> <reader33@icloud.com> mx02.mail.icloud.com [] - "
    "| "
    "553 5.1.8 Sender address rejected: Domain not found\n"
    "22 deferred data <news@example.com> <reader34@icloud.com> mx02.mail.icloud.com [] - | 451 "
    "4.7.1 "
    "Service unavailable - try again later\n" },
  { "openssl.txt", 1,
    "24 bounced end-of-data <b-probe@bounce.example.com> <probe@icloud.com> mx01.mail.icloud.com "
    "[] "
    "- | 554 5.7.1 [HM08] Message rejected due to local policy. Txn ID "
    "5d2c7e10-8b34-4f6a-9a51-0c3f7e9d1b20\n" },
  { "telnet.txt", 1,
    "8 bounced mail <b-probe@bounce.example.com> <> mx01.mail.icloud.com [17.57.154.33] - | 550 "
    "5.7.1 [CS01] Message rejected due to local policy.\n" },
  { "postfix-notice.eml", 1,
    "13 bounced rcpt <b-n12-reader35=icloud.com@bounce.example.com> <reader35@icloud.com> "
    "mx02.mail.icloud.com [17.57.154.33] - | 501 5.1.3 <reader35@icloud.com>: Bad recipient "
    "address "
    "syntax\n" },
  { "smtp-v.log", 2,
    "19 bounced end-of-data <news@example.com> <reader36@icloud.com> mx01.mail.icloud.com "
    "[17.57.154.33] - | 554 5.7.1 [CS01] Message rejected due to local policy.\n"
    "18 bounced rcpt <news@example.com> <reader37@me.com> mx02.mail.icloud.com [17.42.251.62] - | "
    "552 5.2.2 <reader37@me.com>: user is over quota\n" },
  { "sendmail.txt", 2,
    "3 bounced banner <> <> mx1.mail.icloud.com [] - | 554 st11p00im-smtpin005.me.com ESMTP not "
    "accepting connections\n"
    "8 bounced rcpt <> <reader38@icloud.com> mx2.mail.icloud.com [] - | 550 5.1.1 "
    "<reader38@icloud.com>: user does not exist\n" },
  { "reacher.txt", 1,
    "7 bounced rcpt <probe@example.com> <reader39@icloud.com> p00-iscream-smtp-d759469dd-ss5bd [] "
    "- "
    "| 550 5.1.1 <reader39@icloud.com>: inactive email address\n" },
};

static char *
load (const char *name, gsize *n)
{
  g_autofree char *path = g_strdup_printf ("%s/../samples/transcript/%s",
                                           g_test_get_dir (G_TEST_DIST), name);
  char *text = NULL;
  g_autoptr (GError) error = NULL;
  g_file_get_contents (path, &text, n, &error);
  g_assert_no_error (error);
  return text;
}

static void
test_samples (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    gsize n;
    guint connections;
    g_autofree char *text = load (cases[i].file, &n);
    g_autofree char *got = read_text (text, n, &connections);
    g_test_message ("%s", cases[i].file);
    g_assert_cmpstr (got, ==, cases[i].records);
    g_assert_cmpuint (connections, ==, cases[i].connections);
    if (!g_str_has_suffix (cases[i].file, ".eml"))
      g_assert_true (pkt_session_is (pkt_slice (text, n), TRUE));
  }
}

/* Each sample, cut after every byte, and without any one line. */
static void
test_damaged (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    gsize n;
    guint connections;
    g_autofree char *text = load (cases[i].file, &n);
    for (gsize k = 0; k < n; k++) {
      g_autofree char *cut = g_malloc0 (k + 1), *got = NULL;
      memcpy (cut, text, k);
      got = read_text (cut, k, &connections);
    }
    g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
    for (gsize k = 0; lines[k]; k++) {
      g_autoptr (GString) without = g_string_new (NULL);
      for (gsize j = 0; lines[j]; j++)
        g_string_append_printf (without, "%s\n", j == k ? "" : lines[j]);
      g_autofree char *got = read_text (without->str, without->len, &connections);
      g_assert_true (connections || !*got);
    }
  }
}

/* All commands before the first reply. */
static void
test_pipelined (void)
{
  g_autoptr (GString) text = g_string_new (
      "=== Connected to mx01.mail.icloud.com.\n<-  220 mx01.mail.icloud.com ESMTP\n");
  const guint n = 600000;
  guint connections;
  double begin = cpu_time ();
  for (guint i = 0; i < n; i++)
    g_string_append (text, " -> NOOP\n");
  for (guint i = 0; i < n; i++)
    g_string_append (text, "<-  250 ok\n");
  g_string_append (text, " -> MAIL FROM:<b@news.example.com>\n -> RCPT TO:<a@icloud.com>\n"
                         "<-  250 ok\n<-  550 5.1.1 no such user\n");
  g_autofree char *got = read_text (text->str, text->len, &connections);
  g_assert_cmpuint (connections, ==, 1);
  g_assert_nonnull (strstr (got, "bounced rcpt <b@news.example.com> <a@icloud.com>"));
  g_assert_cmpfloat (cpu_time () - begin, <, 5);
}

/* What was said, for the packet: from MAIL on, the message by its size alone. */
static void
keep_session (const PktAttempt *a, PktSession *session, guint64 line, gpointer data)
{
  (void)a, (void)line;
  g_clear_pointer ((PktSession **)data, pkt_session_unref);
  *(PktSession **)data = pkt_session_ref (session);
}

static void
test_turns (void)
{
  static const PktTurnKind kinds[] = { PKT_TURN_MAIL,    PKT_TURN_REPLY,   PKT_TURN_RCPT,
                                       PKT_TURN_REPLY,   PKT_TURN_COMMAND, PKT_TURN_REPLY,
                                       PKT_TURN_MESSAGE, PKT_TURN_REPLY,   PKT_TURN_REPLY };
  const PktStamp none = { 0, PKT_STAMP_NONE };
  gsize n;
  PktSession *s = NULL;
  g_autofree char *text = load ("swaks.txt", &n);
  pkt_session_read (pkt_slice (text, n), none, keep_session, &s);
  g_assert_true (s->tls && s->signed_);
  g_assert_cmpint (s->bytes, ==, 301);
  g_assert_cmpuint (s->turns->len, ==, G_N_ELEMENTS (kinds));
  for (guint i = 0; i < s->turns->len; i++)
    g_assert_cmpint (((PktTurn *)g_ptr_array_index (s->turns, i))->kind, ==, kinds[i]);
  const PktTurn *mail = g_ptr_array_index (s->turns, 0), *last = g_ptr_array_index (s->turns, 8);
  g_assert_cmpstr (mail->text, ==, "b-probe@bounce.example.com");
  g_assert_cmpstr (last->text, ==,
                   "550 5.7.1 Please visit https://support.apple.com/en-us/HT204137");
  pkt_session_unref (s);
}

static void
test_none (void)
{
  static const char *const texts[] = {
    "",
    "hello\n",
    "250 apples\n301 pears\n",
    "> quoted\n> 550 by a person\n< not a reply\n",
    "* Connected to www.example.com (192.0.2.1) port 443\n> GET / HTTP/1.1\n< HTTP/1.1 200 OK\n",
    "host = example.com\nport = 25\n",
    "May 20 08:41:18 mta1 postfix/smtp[5]: A1: to=<a@me.com>, status=deferred (x)\n",
    "{\"response\":\"550 5.7.1\"}\n",
  };
  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++) {
    guint connections;
    g_autofree char *got = read_text (texts[i], strlen (texts[i]), &connections);
    if (connections || *got || pkt_session_is (pkt_slice_str (texts[i]), TRUE))
      g_error ("%s", texts[i]);
  }
  /* A server's own notice tells what we answered to others. */
  static const char server[]
      = "Transcript of session follows.\n\n Out: 220 mx.example.com ESMTP\n In:  "
        "EHLO x\n Out: 250 mx\n In:  MAIL FROM:<a@example.net>\n Out: 550 no\n";
  guint connections;
  g_autofree char *got = read_text (server, sizeof server - 1, &connections);
  g_assert_cmpuint (connections, ==, 0);
  g_assert_cmpstr (got, ==, "");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/session/samples", test_samples);
  g_test_add_func ("/session/damaged", test_damaged);
  g_test_add_func ("/session/pipelined", test_pipelined);
  g_test_add_func ("/session/turns", test_turns);
  g_test_add_func ("/session/none", test_none);
  return g_test_run ();
}
