#include "packet/run/send-server.h"
#include <glib/gstdio.h>
#include <string.h>
#include "packet/base/error.h"
#include "packet/base/file.h"
#include "packet/outbox/secret.h"

#define MAX_NETRC (64 * 1024)

static gboolean
usage (GError **error, const char *text)
{
  g_set_error (error, PKT_ERROR, PKT_ERROR_USAGE, "send: %s", text);
  return FALSE;
}

/* What an IMAP command takes between quotes (RFC 3501 9); names in other letters have a form of
 * their own there. */
static gboolean
is_mailbox (const char *name)
{
  for (const char *p = name; *p; p++)
    if (!g_ascii_isprint (*p))
      return FALSE;
  return *name != '\0';
}

gboolean
pkt_send_check_options (const PktSendOptions *o, GError **error)
{
  guint secrets = (o->password_command != NULL) + (o->token_command != NULL)
                  + (o->netrc_file != NULL);
  gboolean login = secrets > 0 || o->user != NULL;
  if (o->way == PKT_SEND_SENDMAIL && (login || o->ca_file != NULL))
    return usage (error, "--sendmail logs in by its own settings; leave out --user, "
                         "--password-command, --token-command, --netrc-file and --cacert");
  if (o->way == PKT_SEND_DRAFT && o->to_self)
    return usage (error, "--draft goes to your own mailbox anyway; leave out --to-self");
  if (o->way != PKT_SEND_DRAFT && o->mailbox != NULL)
    return usage (error, "--mailbox is for --draft");
  if (o->mailbox != NULL && !is_mailbox (o->mailbox))
    return usage (error, "--mailbox: write the name in ASCII, as the server lists it: "
                         "Entw&APw-rfe for Entw\303\274rfe");
  if (secrets > 1)
    return usage (error, "one of --password-command, --token-command and --netrc-file is enough");
  if (o->user != NULL && secrets == 0)
    return usage (error, "--user needs --password-command, --token-command or --netrc-file");
  if (o->user == NULL && (o->password_command != NULL || o->token_command != NULL))
    return usage (error, "--password-command and --token-command need --user");
  if (o->way == PKT_SEND_DRAFT && !login)
    return usage (error, "--draft needs a login: --user with --password-command or "
                         "--token-command, or --netrc-file");
  return TRUE;
}

/* What EHLO says: the machine's name where that is a whole one, else an address literal, which says
 * nothing and is valid everywhere (RFC 5321 4.1.3). */
static char *
helo_name (void)
{
  const char *name = g_get_host_name ();
  gboolean whole = strchr (name, '.') != NULL && strlen (name) < 256;
  for (const char *p = name; *p != '\0'; p++)
    whole = whole && (g_ascii_isalnum (*p) || *p == '.' || *p == '-');
  return g_strdup (whole ? name : "[127.0.0.1]");
}

PktServer *
pkt_send_server (const PktSendOptions *o, GError **error)
{
  PktServer *s = pkt_server_parse (
      o->target, o->way == PKT_SEND_SMTP ? PKT_SERVER_SMTP : PKT_SERVER_IMAP, error);
  if (s == NULL)
    return NULL;
  s->ca_file = g_strdup (o->ca_file);
  s->netrc_file = g_strdup (o->netrc_file);
  s->user = g_strdup (o->user);
  s->timeout = o->timeout;
  s->helo = helo_name ();
  return s;
}

/* Whoever else can read it has the password already. */
static char *
read_netrc (const char *path, GError **error)
{
  GStatBuf st;
  gsize n;
  char *text = pkt_file_read (path, MAX_NETRC, &n, error);
  if (text == NULL || (g_stat (path, &st) == 0 && (st.st_mode & 077) == 0))
    return text;
  pkt_secret_free (text);
  g_set_error (error, PKT_ERROR, PKT_ERROR_CONFIG,
               "%s: others can read it, and passwords stand in it; chmod 600 it. Nothing was sent",
               path);
  return NULL;
}

gboolean
pkt_send_login (PktServer *s, const PktSendOptions *o, GError **error)
{
  char *netrc = NULL;
  if (o->password_command != NULL
      && (s->password = pkt_secret_ask (o->password_command, "--password-command", error)) == NULL)
    return FALSE;
  if (o->token_command != NULL
      && (s->token = pkt_secret_ask (o->token_command, "--token-command", error)) == NULL)
    return FALSE;
  if (o->netrc_file != NULL && (netrc = read_netrc (o->netrc_file, error)) == NULL)
    return FALSE;
  s->secrets = pkt_secret_forms (s->password != NULL ? s->password : s->token, netrc);
  pkt_secret_free (netrc);
  return TRUE;
}

char *
pkt_send_login_text (const PktServer *s, const PktSendOptions *o)
{
  GString *t = g_string_new (NULL);
  gboolean smtp = s->kind == PKT_SERVER_SMTP;
  if (!s->tls)
    g_string_append (t, "C: STARTTLS\n");
  g_string_append_printf (t, "   (TLS; the certificate has to be of %s)\n", s->host);
  if (!s->tls && smtp)
    g_string_append_printf (t, "C: EHLO %s\n", s->helo);
  const char *by = o->password_command != NULL ? "by --password-command, which is not run now"
                   : o->token_command != NULL  ? "by --token-command, which is not run now"
                                               : "by --netrc-file";
  if (s->user != NULL || s->netrc_file != NULL)
    g_string_append_printf (t, "C: %s (%s%s%s)\n", smtp ? "AUTH" : "AUTHENTICATE",
                            s->user != NULL ? s->user : "", s->user != NULL ? ", " : "", by);
  return g_string_free (t, FALSE);
}
