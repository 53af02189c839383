#include "packet/outbox/server.h"
#include <string.h>
#include "packet/base/error.h"
#include "packet/outbox/secret.h"

typedef struct {
  const char *scheme;
  PktServerKind kind;
  gboolean tls;
  guint port; /* RFC 6409, RFC 8314 */
} Scheme;

static const Scheme schemes[] = {
  { "smtp", PKT_SERVER_SMTP, FALSE, 587 },
  { "smtps", PKT_SERVER_SMTP, TRUE, 465 },
  { "imap", PKT_SERVER_IMAP, FALSE, 143 },
  { "imaps", PKT_SERVER_IMAP, TRUE, 993 },
};

void
pkt_server_free (PktServer *s)
{
  g_free (s->host);
  g_free (s->name);
  g_free (s->ca_file);
  g_free (s->netrc_file);
  g_free (s->user);
  g_free (s->helo);
  pkt_secret_free (s->password);
  pkt_secret_free (s->token);
  pkt_secret_forms_free (s->secrets);
  g_free (s);
}

static const Scheme *
find_scheme (const char *scheme, PktServerKind kind)
{
  for (gsize i = 0; scheme != NULL && i < G_N_ELEMENTS (schemes); i++)
    if (schemes[i].kind == kind && g_str_equal (schemes[i].scheme, scheme))
      return &schemes[i];
  return NULL;
}

/* A text that is no URL may hold a password: it is not repeated. */
static void
no_url (PktServerKind kind, const char *why, GError **error)
{
  g_set_error (error, PKT_ERROR, PKT_ERROR_USAGE, "send: %s: %s", why,
               kind == PKT_SERVER_SMTP ? "--smtp takes smtp://host[:port] or smtps://host[:port]"
                                       : "--draft takes imaps://host[:port] or imap://host[:port]");
}

static gboolean
is_host (const char *host)
{
  for (const char *p = host; p != NULL && *p != '\0'; p++)
    if (!g_ascii_isalnum (*p) && strchr (".-_:", *p) == NULL)
      return FALSE;
  return host != NULL && *host != '\0';
}

PktServer *
pkt_server_parse (const char *url, PktServerKind kind, GError **error)
{
  g_autoptr (GUri) u = g_uri_parse (url, G_URI_FLAGS_NONE, NULL);
  const Scheme *scheme = u != NULL ? find_scheme (g_uri_get_scheme (u), kind) : NULL;
  if (scheme == NULL || !is_host (g_uri_get_host (u))) {
    no_url (kind, "that is no server", error);
    return NULL;
  }
  const char *path = g_uri_get_path (u);
  if (g_uri_get_userinfo (u) != NULL || (*path != '\0' && !g_str_equal (path, "/"))
      || g_uri_get_query (u) != NULL || g_uri_get_fragment (u) != NULL) {
    no_url (kind,
            g_uri_get_userinfo (u) != NULL
                ? "no user stands in the URL, where others would see a password; use --user"
                : "nothing follows the port",
            error);
    return NULL;
  }
  PktServer *s = g_new0 (PktServer, 1);
  s->kind = kind;
  s->tls = scheme->tls;
  s->host = g_strdup (g_uri_get_host (u));
  s->port = g_uri_get_port (u) > 0 ? (guint)g_uri_get_port (u) : scheme->port;
  s->name = g_strdup_printf (strchr (s->host, ':') != NULL ? "[%s]:%u" : "%s:%u", s->host, s->port);
  return s;
}
