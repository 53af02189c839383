#include <string.h>
#include "packet/base/clock.h"
#include "packet/base/error.h"
#include "packet/outbox/draft.h"
#include "packet/outbox/imap.h"
#include "packet/outbox/secret.h"
#include "packet/outbox/server.h"
#include "packet/outbox/smtp.h"

/* A server that says what a test wrote, a few bytes at a time, and keeps what it hears. */
typedef struct {
  const char *says;
  gsize step;
  GString *heard;
} Fake;

static gssize
fake_read (gpointer data, char *bytes, gsize n, GError **error)
{
  (void)error;
  Fake *f = data;
  gsize left = strlen (f->says), got = MIN (MIN (n, left), f->step);
  memcpy (bytes, f->says, got);
  f->says += got;
  return (gssize)got;
}

static gboolean
fake_write (gpointer data, const char *bytes, gsize n, GError **error)
{
  (void)error;
  g_string_append_len (((Fake *)data)->heard, bytes, (gssize)n);
  return TRUE;
}

static PktWire *
wire_of (Fake *f)
{
  static const PktWireFuncs funcs = { fake_read, fake_write, NULL };
  return pkt_wire_new (&funcs, f);
}

static GBytes *
bytes_of (const char *text)
{
  return g_bytes_new (text, strlen (text));
}

static void
test_reply (void)
{
  static const struct {
    const char *says, *text, *id;
  } rows[] = {
    { "250 2.0.0 Ok: queued as 4F00DB12AA7\r\n", "250 2.0.0 Ok: queued as 4F00DB12AA7",
      "4F00DB12AA7" },
    { "250 OK id=1tX2aB-0000Ab-1c\r\n", "250 OK id=1tX2aB-0000Ab-1c", "1tX2aB-0000Ab-1c" },
    { "250-one\r\n250 two\r\n", "250 one two", NULL },
    { "250 2.0.0 5eef0baa Message accepted for delivery\n",
      "250 2.0.0 5eef0baa Message accepted for delivery", "5eef0baa" },
    { "250 ok 1798830000 qp 4711\r\n", "250 ok 1798830000 qp 4711", "4711" },
    { "250 2.0.0 Ok: queued as C0FFEE.\r\n", "250 2.0.0 Ok: queued as C0FFEE.", "C0FFEE" },
    { "250\r\n", "250", NULL },
    { "250-one\r\n251 two\r\n", NULL, NULL },
    { "hello\r\n", NULL, NULL },
    { "99 x\r\n", NULL, NULL },
    { "250x\r\n", NULL, NULL },
    { "250-never ends\r\n", NULL, NULL },
    { "", NULL, NULL },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    for (gsize step = 1; step < 40; step += 13) {
      g_autoptr (GError) error = NULL;
      Fake f = { rows[i].says, step, NULL };
      g_autoptr (PktWire) w = wire_of (&f);
      g_autoptr (PktSmtpReply) r = pkt_smtp_reply_read (w, &error);
      g_assert_cmpstr (r ? r->text : NULL, ==, rows[i].text);
      g_autofree char *id = r ? pkt_smtp_reply_queue_id (r) : NULL;
      g_assert_cmpstr (id, ==, rows[i].id);
      if (r == NULL)
        g_assert_error (error, PKT_ERROR, PKT_ERROR_AGAIN);
    }
}

static void
test_long (void)
{
  g_autofree char *line = g_strnfill (PKT_WIRE_MAX_LINE + 10, 'x');
  g_autofree char *says = g_strconcat ("250 ", line, "\r\n", NULL);
  Fake f = { says, 1000, NULL };
  g_autoptr (PktWire) w = wire_of (&f);
  g_autoptr (GError) error = NULL;
  g_assert_null (pkt_smtp_reply_read (w, &error));
  g_assert_error (error, PKT_ERROR, PKT_ERROR_AGAIN);
}

#define EHLO "250-mx\r\n250-SIZE 1000\r\n250-8BITMIME\r\n250-SMTPUTF8\r\n250 DSN\r\n"

static char *
submit (const char *says, const char *message, const char *to, PktOutcome *out, GError **error)
{
  Fake f = { says, 7, g_string_new (NULL) };
  g_autoptr (PktWire) w = wire_of (&f);
  g_autoptr (GBytes) bytes = bytes_of (message);
  PktSubmission s = { "a@example.com", to, "mail.example.com", NULL, bytes, "request.eml" };
  pkt_smtp_submit (w, &s, out, error);
  return g_string_free (f.heard, FALSE);
}

static void
test_submit (void)
{
  static const struct {
    const char *message, *to, *heard;
  } rows[] = {
    { "A: b\r\n\r\n.dot\r\n..\r\nend\r\n", "b@example.net",
      "EHLO mail.example.com\r\nMAIL FROM:<a@example.com> SIZE=23 RET=HDRS\r\n"
      "RCPT TO:<b@example.net> NOTIFY=FAILURE,DELAY\r\nDATA\r\n"
      "A: b\r\n\r\n..dot\r\n...\r\nend\r\n.\r\nQUIT\r\n" },
    { "A: b\r\n\r\n\303\266\r\n", "b@example.net",
      "EHLO mail.example.com\r\nMAIL FROM:<a@example.com> SIZE=12 BODY=8BITMIME RET=HDRS\r\n"
      "RCPT TO:<b@example.net> NOTIFY=FAILURE,DELAY\r\nDATA\r\n"
      "A: b\r\n\r\n\303\266\r\n.\r\nQUIT\r\n" },
    { "A: b\r\n\r\nc\r\n", "\303\266@example.net",
      "EHLO mail.example.com\r\nMAIL FROM:<a@example.com> SIZE=11 SMTPUTF8 RET=HDRS\r\n"
      "RCPT TO:<\303\266@example.net> NOTIFY=FAILURE,DELAY\r\nDATA\r\n"
      "A: b\r\n\r\nc\r\n.\r\nQUIT\r\n" },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autoptr (GError) error = NULL;
    g_auto (PktOutcome) out = { 0 };
    g_autofree char *heard = submit (EHLO
                                     "250 ok\r\n250 ok\r\n354 go\r\n250 ok id=x1\r\n221 bye\r\n",
                                     rows[i].message, rows[i].to, &out, &error);
    g_assert_no_error (error);
    g_assert_cmpstr (heard, ==, rows[i].heard);
    g_assert_cmpint (out.state, ==, PKT_OUTCOME_SENT);
    g_assert_cmpstr (out.queue_id, ==, "x1");
    g_assert_true (out.dsn);
  }
}

/* What a server lacks, and what SMTP cannot carry, is said before MAIL. */
static void
test_unfit (void)
{
  static const struct {
    const char *ehlo, *message, *to;
    PktErrorCode code;
    const char *words;
  } rows[] = {
    { "250 mx\r\n", "A: b\r\n\r\n\303\266\r\n", "b@example.net", PKT_ERROR_UNAVAILABLE,
      "offers no 8BITMIME" },
    { "250-mx\r\n250 8BITMIME\r\n", "A: \303\266\r\n\r\nc\r\n", "b@example.net",
      PKT_ERROR_UNAVAILABLE, "offers no SMTPUTF8" },
    { "250 mx\r\n", "A: b\r\n\r\nc\r\n", "\303\266@example.net", PKT_ERROR_UNAVAILABLE,
      "offers no SMTPUTF8" },
    { "250-mx\r\n250 size 10\r\n", "A: b\r\n\r\nc\r\n", "b@example.net", PKT_ERROR_UNAVAILABLE,
      "messages of 10 bytes at most, request.eml has 11" },
    { "250 mx\r\n", "A: b\n\nc\r\n", "b@example.net", PKT_ERROR_DATA, "request.eml:1: a line" },
    { "250 mx\r\n", "A: b\r\n\r\nc", "b@example.net", PKT_ERROR_DATA, "request.eml:3: a line" },
    { "250 mx\r\n", "A: b\r\n\r\nc\rd\r\n", "b@example.net", PKT_ERROR_DATA, "a CR within" },
    { "250 mx\r\n", "", "b@example.net", PKT_ERROR_DATA, "no message" },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autoptr (GError) error = NULL;
    g_auto (PktOutcome) out = { 0 };
    g_autofree char *heard = submit (rows[i].ehlo, rows[i].message, rows[i].to, &out, &error);
    g_assert_error (error, PKT_ERROR, (int)rows[i].code);
    g_assert_nonnull (strstr (error->message, rows[i].words));
    g_assert_null (strstr (heard, "MAIL"));
    g_assert_cmpint (out.state, ==, PKT_OUTCOME_NOT);
  }
}

/* Only what is not answered after the lone dot is unsure. */
static void
test_states (void)
{
  static const struct {
    const char *says;
    PktOutcomeState state;
    int code;
  } rows[] = {
    { "", PKT_OUTCOME_NOT, PKT_ERROR_AGAIN },
    { EHLO "250 ok\r\n", PKT_OUTCOME_NOT, PKT_ERROR_AGAIN },
    { EHLO "250 ok\r\n250 ok\r\n", PKT_OUTCOME_NOT, PKT_ERROR_AGAIN },
    { EHLO "250 ok\r\n250 ok\r\n250 what\r\n", PKT_OUTCOME_NOT, PKT_ERROR_AGAIN },
    { EHLO "250 ok\r\n250 ok\r\n354 go\r\n", PKT_OUTCOME_UNSURE, PKT_ERROR_IO },
    { EHLO "250 ok\r\n250 ok\r\n354 go\r\n25", PKT_OUTCOME_UNSURE, PKT_ERROR_IO },
    { EHLO "250 ok\r\n250 ok\r\n354 go\r\n354 go\r\n", PKT_OUTCOME_UNSURE, PKT_ERROR_IO },
    { EHLO "250 ok\r\n250 ok\r\n354 go\r\n421 bye\r\n", PKT_OUTCOME_NOT, PKT_ERROR_AGAIN },
    { EHLO "250 ok\r\n250 ok\r\n354 go\r\n552 big\r\n", PKT_OUTCOME_NOT, PKT_ERROR_UNAVAILABLE },
    { EHLO "250 ok\r\n250 ok\r\n354 go\r\n250 ok\r\n", PKT_OUTCOME_SENT, 0 },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autoptr (GError) error = NULL;
    g_auto (PktOutcome) out = { 0 };
    g_autofree char *heard = submit (rows[i].says, "A: b\r\n\r\nc\r\n", "b@example.net", &out,
                                     &error);
    g_assert_cmpint (out.state, ==, rows[i].state);
    g_assert_cmpint (error ? error->code : 0, ==, rows[i].code);
    gboolean unsure = out.state == PKT_OUTCOME_UNSURE;
    if (error)
      g_assert_true ((strcasestr (error->message, "nothing was sent") != NULL) != unsure);
    g_assert_true (!unsure || g_str_has_suffix (heard, "\r\n.\r\n"));
  }
}

static void
test_list (void)
{
  static const struct {
    const char *line, *name;
    gboolean drafts;
  } rows[] = {
    { "* LIST (\\HasNoChildren \\Drafts) \"/\" Drafts", "Drafts", TRUE },
    { "* list (\\drafts) NIL \"[Gmail]/Entw&APw-rfe\"", "[Gmail]/Entw&APw-rfe", TRUE },
    { "* LIST () \".\" {5}\na \"b\\", "a \"b\\", FALSE },
    { "* LIST (\\Drafts) \"\\\\\" \"a\\\"b\"", "a\"b", TRUE },
    { "* LIST (\\Drafts \\Noselect) \"/\" x", "x", FALSE },
    { "* LIST (\\DraftsX) \"/\" x", "x", FALSE },
    { "* LIST (\\Drafts \"/\" x", NULL, FALSE },
    { "* LIST (\\Drafts) \"/\" {9}\nx", NULL, FALSE },
    { "* LIST (\\Drafts) \"/ x", NULL, FALSE },
    { "* LIST (\\Drafts) \"/\" \"x", NULL, FALSE },
    { "* LIST (\\Drafts) \"/\" \"x\\", NULL, FALSE },
    { "* LIST (\\Drafts)", NULL, FALSE },
    { "* LIST ", NULL, FALSE },
    { "* OK x", NULL, FALSE },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++) {
    gboolean drafts = FALSE;
    g_autofree char *name = NULL;
    g_assert_true (pkt_imap_list_entry (rows[i].line, &drafts, &name) == (rows[i].name != NULL));
    g_assert_cmpstr (name, ==, rows[i].name);
    g_assert_true (drafts == rows[i].drafts);
  }
}

static void
test_append (void)
{
  static const struct {
    const char *says;
    PktOutcomeState state;
    int code;
  } rows[] = {
    { "P1 OK\r\n* LIST (\\Drafts) \"/\" D\r\nP2 OK\r\n+ go\r\nP3 OK [APPENDUID 1 42] x\r\n",
      PKT_OUTCOME_SENT, 0 },
    { "P1 OK\r\n* LIST (\\Drafts) \"/\" D\r\nP2 OK\r\n+ go\r\n", PKT_OUTCOME_UNSURE, PKT_ERROR_IO },
    { "P1 OK\r\n* LIST (\\Drafts) \"/\" D\r\nP2 OK\r\n+ go\r\n* BYE x\r\n", PKT_OUTCOME_UNSURE,
      PKT_ERROR_IO },
    { "P1 OK\r\n* LIST (\\Drafts) \"/\" D\r\nP2 OK\r\n+ go\r\nP3 NO x\r\n", PKT_OUTCOME_NOT,
      PKT_ERROR_UNAVAILABLE },
    { "P1 OK\r\n* LIST () \"/\" D\r\nP2 OK\r\n", PKT_OUTCOME_NOT, PKT_ERROR_UNAVAILABLE },
    { "* CAPABILITY APPENDLIMIT=5\r\nP1 OK\r\n* LIST (\\Drafts) \"/\" D\r\nP2 OK\r\n",
      PKT_OUTCOME_NOT, PKT_ERROR_UNAVAILABLE },
    { "P1 OK\r\n* LIST (\\Drafts) \"/\" {99999999}\r\n", PKT_OUTCOME_NOT, PKT_ERROR_AGAIN },
    { "P1 OK\r\n* LIST (\\Drafts) \"/\" {18446744073709551610}\r\nxx", PKT_OUTCOME_NOT,
      PKT_ERROR_AGAIN },
    { "P1 OK\r\n", PKT_OUTCOME_NOT, PKT_ERROR_AGAIN },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++) {
    Fake f = { rows[i].says, 5, g_string_new (NULL) };
    g_autoptr (PktWire) w = wire_of (&f);
    g_autoptr (GBytes) bytes = bytes_of ("A: b\r\n\r\nc\r\n");
    g_autoptr (GError) error = NULL;
    g_auto (PktOutcome) out = { 0 };
    PktDraftUpload d = { NULL, NULL, bytes };
    pkt_imap_append (w, &d, &out, &error);
    g_assert_cmpint (out.state, ==, rows[i].state);
    g_assert_cmpint (error ? error->code : 0, ==, rows[i].code);
    if (strstr (rows[i].says, "99999999}") || strstr (rows[i].says, "551610}"))
      g_assert_nonnull (strstr (error->message, "has no end")); /* none of it was waited for */
    if (out.state == PKT_OUTCOME_SENT) {
      g_assert_cmpstr (out.queue_id, ==, "42");
      g_assert_nonnull (
          strstr (f.heard->str, "APPEND \"D\" (\\Draft \\Seen) {11}\r\nA: b\r\n\r\nc\r\n\r\n"));
    }
    g_string_free (f.heard, TRUE);
  }
}

static void
test_draft (void)
{
  g_autoptr (GBytes) draft = bytes_of ("From: a@example.com\r\nX-Unsent: 1\r\n folded\r\n"
                                       "To: b@example.net\r\n\r\nX-Unsent: 1\r\n");
  gint64 now;
  g_assert_true (pkt_clock_parse_user ("2026-05-08T14:00:41Z", NULL, FALSE, &now));
  g_autoptr (GBytes) dated = pkt_draft_dated (draft, now);
  gsize n;
  const char *p = g_bytes_get_data (dated, &n);
  g_autofree char *text = g_strndup (p, n);
  g_assert_cmpstr (text, ==,
                   "Date: Fri, 08 May 2026 14:00:41 +0000\r\nFrom: a@example.com\r\n"
                   "To: b@example.net\r\n\r\nX-Unsent: 1\r\n");
}

static void
test_envelope (void)
{
  static const struct {
    const char *message, *from, *to;
  } rows[] = {
    { "From: \"A, B\" <a@example.com>\r\nTo: b@example.net\r\n\r\n", "a@example.com",
      "b@example.net" },
    { "From: a@example.com\r\nTo: b@example.net, c@example.net\r\n\r\n", NULL, NULL },
    { "From: a@example.com\r\nTo: b@example.net\r\nCc: c@example.net\r\n\r\n", NULL, NULL },
    { "From: a@example.com\r\n\r\n", NULL, NULL },
    { "From: a@example.com\r\nTo: \"b> SIZE=1\"@example.net\r\n\r\n", NULL, NULL },
    { "From: -oQ@example.com\r\nTo: b@example.net\r\n\r\n", NULL, NULL },
    { "", NULL, NULL },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autoptr (GBytes) bytes = bytes_of (rows[i].message);
    g_autoptr (GError) error = NULL;
    g_autoptr (PktEnvelope) e = pkt_envelope_read (bytes, "request.eml", &error);
    g_assert_cmpstr (e ? e->from : NULL, ==, rows[i].from);
    g_assert_cmpstr (e ? e->to : NULL, ==, rows[i].to);
    if (e == NULL)
      g_assert_error (error, PKT_ERROR, PKT_ERROR_DATA);
  }
}

static void
test_secret (void)
{
  char **forms = pkt_secret_forms ("s3cret.word",
                                   "machine x login me password \"qu.ted1\"\n"
                                   "machine y\n\tlogin \"a password b\"\n\tpassword \"two words\"\n"
                                   "machine z password \"sl\\\"a\\nsh\" machine w password op\"en\n"
                                   "machine v password \"ba\\\\nck\"");
  const struct {
    const char *text, *scrubbed;
  } rows[] = {
    { "535 s3cret.word no", "535 [removed] no" },
    { "535 AHMzY3JldC53b3Jk.", "535 [removed]." },
    { "535 AHMzY3JldC53b3Jl.", "535 AHMzY3JldC53b3Jl." }, /* another word */
    { "535 bixhPW9wcywBaG9zdD14AXBvcnQ9MQFhdXRoPUJlYXJlciBzM2NyZXQud29yZAEB no",
      "535 [removed] no" }, /* RFC 7628 */
    { "= == abcd 5.7.8", "= == abcd 5.7.8" },
    { "", "" },
    { "AG9wcwBzM2NyZXQud29yZA==", "[removed]" },
    { "czNjcmV0LndvcmQ=", "[removed]" },
    { "x qu.ted1 AG1lAHF1LnRlZDE=", "x [removed] [removed]" },
    { "x two words, dHdvIHdvcmRz", "x [removed], [removed]" },
    { "x sl\"a\nsh op\"en", "x [removed] [removed]" },
    { "x ba\\nck", "x [removed]" }, /* a backslash that is escaped itself */
  };
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autofree char *s = pkt_secret_scrub (rows[i].text, (const char *const *)forms);
    g_assert_cmpstr (s, ==, rows[i].scrubbed);
  }
  pkt_secret_forms_free (forms);
}

static void
test_server (void)
{
  static const struct {
    const char *url;
    PktServerKind kind;
    const char *name;
    gboolean tls;
  } rows[] = {
    { "smtp://mail.example.com", PKT_SERVER_SMTP, "mail.example.com:587", FALSE },
    { "smtps://mail.example.com/", PKT_SERVER_SMTP, "mail.example.com:465", TRUE },
    { "smtp://[2001:db8::1]:25", PKT_SERVER_SMTP, "[2001:db8::1]:25", FALSE },
    { "imaps://mail.example.com", PKT_SERVER_IMAP, "mail.example.com:993", TRUE },
    { "imap://mail.example.com:1143", PKT_SERVER_IMAP, "mail.example.com:1143", FALSE },
    { "imap://mail.example.com", PKT_SERVER_SMTP, NULL, FALSE },
    { "smtp://user:secret@mail.example.com", PKT_SERVER_SMTP, NULL, FALSE },
    { "smtp://mail.example.com/x", PKT_SERVER_SMTP, NULL, FALSE },
    { "smtp://mail.example.com?x", PKT_SERVER_SMTP, NULL, FALSE },
    { "smtp://", PKT_SERVER_SMTP, NULL, FALSE },
    { "mail.example.com", PKT_SERVER_SMTP, NULL, FALSE },
    { "smtp://mail example.com", PKT_SERVER_SMTP, NULL, FALSE },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autoptr (GError) error = NULL;
    g_autoptr (PktServer) s = pkt_server_parse (rows[i].url, rows[i].kind, &error);
    g_assert_cmpstr (s ? s->name : NULL, ==, rows[i].name);
    if (s)
      g_assert_true (s->tls == rows[i].tls);
    else {
      g_assert_error (error, PKT_ERROR, PKT_ERROR_USAGE);
      g_assert_null (strstr (error->message, "secret"));
    }
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/outbox/reply", test_reply);
  g_test_add_func ("/outbox/long-line", test_long);
  g_test_add_func ("/outbox/submit", test_submit);
  g_test_add_func ("/outbox/unfit", test_unfit);
  g_test_add_func ("/outbox/states", test_states);
  g_test_add_func ("/outbox/list", test_list);
  g_test_add_func ("/outbox/append", test_append);
  g_test_add_func ("/outbox/draft", test_draft);
  g_test_add_func ("/outbox/envelope", test_envelope);
  g_test_add_func ("/outbox/secret", test_secret);
  g_test_add_func ("/outbox/server", test_server);
  return g_test_run ();
}
