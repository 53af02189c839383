#include <stdio.h>
#include <string.h>
#include "cmd/cmd.h"
#include "packet/base/error.h"
#include "packet/base/file.h"
#include "packet/base/json.h"
#include "packet/base/text.h"
#include "packet/run/send.h"

#define MAX_SHOWN 1000

/* What the command line gave. */
typedef struct {
  PktSendOptions o;
  char *smtp, *sendmail, *draft;
  gboolean by_sendmail, json, quiet;
  int timeout;
} Args;

/* GLib gives a callback of the main group no data. */
static Args *being_parsed;

static gboolean
take_sendmail (const char *name, const char *value, gpointer data, GError **error)
{
  (void)name, (void)data, (void)error;
  being_parsed->by_sendmail = TRUE;
  g_free (being_parsed->sendmail);
  being_parsed->sendmail = g_strdup (value);
  return TRUE;
}

static gboolean
usage (GError **error, const char *text)
{
  g_set_error (error, PKT_ERROR, PKT_ERROR_USAGE, "send: %s", text);
  return FALSE;
}

/* `--sendmail PACKET`: the path may be left out, and then the next word is not it. */
static gboolean
take_packet (Args *a, int argc, char **argv, GError **error)
{
  if (argc == 2)
    a->o.packet = argv[1];
  else if (argc == 1 && a->sendmail != NULL && g_file_test (a->sendmail, G_FILE_TEST_IS_DIR)) {
    a->o.packet = a->sendmail;
    a->o.target = NULL;
  } else
    return usage (error, "name one packet folder");
  return TRUE;
}

static gboolean
take_way (Args *a, GError **error)
{
  if ((a->smtp != NULL) + (a->draft != NULL) + a->by_sendmail > 1)
    return usage (error, "one of --smtp, --sendmail and --draft is enough");
  a->o.way = a->smtp          ? PKT_SEND_SMTP
             : a->draft       ? PKT_SEND_DRAFT
             : a->by_sendmail ? PKT_SEND_SENDMAIL
                              : PKT_SEND_ASK;
  a->o.target = a->smtp ? a->smtp : a->draft ? a->draft : a->sendmail;
  if (a->timeout < 0)
    return usage (error, "--timeout takes a number of seconds");
  a->o.timeout = (guint)a->timeout;
  return TRUE;
}

static void
add_line (GString *s, const char *name, const char *value)
{
  if (value == NULL || *value == '\0')
    return;
  g_autofree char *shown = pkt_text_quote (pkt_slice_str (value), MAX_SHOWN); /* a server said it */
  g_string_append_printf (s, "  %-9s %s\n", name, shown);
}

static char *
receipt_text (const char *packet, const json_t *r)
{
  GString *s = g_string_new (NULL);
  const char *mailbox = pkt_json_text (r, "mailbox"), *server = pkt_json_text (r, "server");
  g_autofree char *box = mailbox ? pkt_text_quote (pkt_slice_str (mailbox), MAX_SHOWN) : NULL;
  if (box != NULL)
    g_string_append_printf (s, "The draft lies in %s at %s since %s.\n", box, server,
                            pkt_json_text (r, "time"));
  else
    g_string_append_printf (s, "Sent to %s through %s at %s.\n", pkt_json_text (r, "to"), server,
                            pkt_json_text (r, "time"));
  add_line (s, "reply", pkt_json_text (r, "reply"));
  add_line (s, mailbox ? "UID" : "queue id", pkt_json_text (r, "queue_id"));
  add_line (s, "SHA-256", pkt_json_text (r, "sha256"));
  if (json_is_true (json_object_get (r, "notices")))
    add_line (s, "notices", "of failure and delay were asked for");
  g_string_append_printf (s, "The receipt is in %s/packet.json.\n", packet);
  return g_string_free (s, FALSE);
}

static char *
as_json (const Args *a, const PktSendResult *r)
{
  g_autoptr (json_t) o = json_object ();
  g_auto (GStrv) lines = g_strsplit (r->dialogue ? r->dialogue : "", "\n", -1);
  json_t *said = r->dialogue ? json_array () : json_null ();
  for (char **line = lines; *line != NULL; line++)
    if (**line != '\0')
      json_array_append_new (said, pkt_json_string (*line));
  json_object_set_new (o, "version", json_integer (1));
  json_object_set_new (o, "packet", pkt_json_string (a->o.packet));
  json_object_set_new (o, "dialogue", said);
  json_object_set_new (o, "receipt", r->receipt ? json_incref (r->receipt) : json_null ());
  return pkt_json_dump (o);
}

static gboolean
print_result (const Args *a, const PktSendResult *r, GError **error)
{
  g_autofree char *text = a->json       ? as_json (a, r)
                          : r->dialogue ? g_strdup (r->dialogue)
                          : a->quiet    ? g_strdup ("")
                                        : receipt_text (a->o.packet, r->receipt);
  return pkt_file_print (text, strlen (text), error);
}

static int
run (Args *a, GError **error)
{
  g_auto (PktSendResult) r = { 0 };
  if (pkt_send_run (&a->o, &r, error))
    return print_result (a, &r, error) ? 0 : -1;
  if (r.receipt != NULL && a->json)
    print_result (a, &r, NULL);
  if (r.signal == 0)
    return -1;
  fputs ("postpacket: interrupted; nothing was sent\n", stderr);
  g_clear_error (error);
  return 128 + r.signal;
}

int
cmd_run_send (int argc, char **argv, GError **error)
{
  Args a = { 0 };
  g_autofree char *user = NULL, *password = NULL, *token = NULL, *netrc = NULL, *ca = NULL,
                  *mailbox = NULL;
  const GOptionEntry entries[] = {
    { "smtp", 0, 0, G_OPTION_ARG_STRING, &a.smtp, "Submit by SMTP: smtp(s)://HOST[:PORT]", "URL" },
    { "sendmail", 0, G_OPTION_FLAG_OPTIONAL_ARG, G_OPTION_ARG_CALLBACK, take_sendmail,
      "Give it to the local sendmail; =PATH may be left out", "PATH" },
    { "draft", 0, 0, G_OPTION_ARG_STRING, &a.draft,
      "Put it into your Drafts: imap(s)://HOST[:PORT]", "URL" },
    { "to-self", 0, 0, G_OPTION_ARG_NONE, &a.o.to_self, "The same bytes, to your own address",
      NULL },
    { "dry-run", 0, 0, G_OPTION_ARG_NONE, &a.o.dry_run, "Show what would be said; no network",
      NULL },
    { "again", 0, 0, G_OPTION_ARG_NONE, &a.o.again, "Although it was sent, or may have been",
      NULL },
    { "user", 0, 0, G_OPTION_ARG_STRING, &user, "Log in as", "NAME" },
    { "password-command", 0, 0, G_OPTION_ARG_STRING, &password, "Its first line is the password",
      "COMMAND" },
    { "token-command", 0, 0, G_OPTION_ARG_STRING, &token,
      "Its first line is an OAuth 2 access token", "COMMAND" },
    { "netrc-file", 0, 0, G_OPTION_ARG_FILENAME, &netrc, "Where user and password stand", "FILE" },
    { "cacert", 0, 0, G_OPTION_ARG_FILENAME, &ca, "Trust these CAs, and no others", "FILE" },
    { "mailbox", 0, 0, G_OPTION_ARG_STRING, &mailbox,
      "Where the draft goes, if not where the server says", "NAME" },
    { "timeout", 0, 0, G_OPTION_ARG_INT, &a.timeout,
      "Wait so long for one answer (60 until the login, then 600)", "SECONDS" },
    { "json", 0, 0, G_OPTION_ARG_NONE, &a.json, "Print one JSON object", NULL },
    { "quiet", 0, 0, G_OPTION_ARG_NONE, &a.quiet, "Only errors", NULL },
    G_OPTION_ENTRY_NULL,
  };
  int status = -1;
  being_parsed = &a;
  if (cmd_parse (&argc, &argv, entries, "PACKET",
                 "Sends the sealed packet: by SMTP, by sendmail, or as a draft.", error)
      && take_way (&a, error) && take_packet (&a, argc, argv, error)) {
    a.o.user = user;
    a.o.password_command = password;
    a.o.token_command = token;
    a.o.netrc_file = netrc;
    a.o.ca_file = ca;
    a.o.mailbox = mailbox;
    status = run (&a, error);
  }
  g_free (a.smtp);
  g_free (a.sendmail);
  g_free (a.draft);
  return status;
}
