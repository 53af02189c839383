#include "packet/page/remote.h"
#include <string.h>

void
pkt_remote_free (PktRemote *u)
{
  curl_url_cleanup (u->parts);
  g_free (u->text);
  g_free (u->host);
  g_free (u->path);
  g_free (u->query);
  g_free (u);
}

/* WHATWG URL 4.4: controls and blanks around go, tabs and line ends go, `\` is `/` up to the query.
 * Caller frees. */
static char *
as_browsers (const char *reference)
{
  while ((guchar)*reference && (guchar)*reference <= ' ')
    reference++;
  gsize n = strlen (reference);
  while (n > 0 && (guchar)reference[n - 1] <= ' ')
    n--;
  GString *out = g_string_sized_new (n);
  gboolean tail = FALSE;
  for (gsize i = 0; i < n; i++) {
    char c = reference[i];
    tail = tail || c == '?' || c == '#';
    if (c == '\\' && !tail)
      g_string_append_c (out, '/');
    else if (c != '\t' && c != '\n' && c != '\r')
      g_string_append_c (out, c);
  }
  return g_string_free (out, FALSE);
}

/* Caller frees; NULL when the part is not there. */
static char *
part_of (CURLU *u, CURLUPart part)
{
  char *text = NULL;
  if (curl_url_get (u, part, &text, 0) != CURLUE_OK || text == NULL)
    return NULL;
  char *copy = g_utf8_make_valid (text, -1);
  curl_free (text);
  return copy;
}

/* IDN is written as A-labels, so that what is compared is what is asked of DNS. */
static gboolean
set_host (PktRemote *u)
{
  g_autofree char *raw = part_of (u->parts, CURLUPART_HOST);
  g_autofree char *decoded = raw ? g_uri_unescape_string (raw, NULL) : NULL;
  if (decoded == NULL || *decoded == '\0')
    return FALSE;
  g_autofree char *ascii = *decoded == '[' ? g_strdup (decoded) : g_hostname_to_ascii (decoded);
  if (ascii == NULL)
    return FALSE;
  u->host = g_ascii_strdown (ascii, -1);
  gsize n = strlen (u->host);
  if (n > 1 && u->host[n - 1] == '.')
    u->host[n - 1] = '\0';
  return *u->host && curl_url_set (u->parts, CURLUPART_HOST, u->host, 0) == CURLUE_OK;
}

static gboolean
read_parts (PktRemote *u, const char **why)
{
  g_autofree char *scheme = part_of (u->parts, CURLUPART_SCHEME);
  g_autofree char *user = part_of (u->parts, CURLUPART_USER);
  g_autofree char *password = part_of (u->parts, CURLUPART_PASSWORD);
  *why = "it is no URL of http or https";
  if (g_strcmp0 (scheme, "http") != 0 && g_strcmp0 (scheme, "https") != 0)
    return FALSE;
  *why = "it names a user";
  if (user || password)
    return FALSE;
  *why = "its host cannot be read";
  if (!set_host (u))
    return FALSE;
  curl_url_set (u->parts, CURLUPART_FRAGMENT, NULL, 0);
  u->path = part_of (u->parts, CURLUPART_PATH);
  u->query = part_of (u->parts, CURLUPART_QUERY);
  u->text = part_of (u->parts, CURLUPART_URL);
  return u->path && u->text && strlen (u->text) <= PKT_REMOTE_MAX;
}

PktRemote *
pkt_remote_new (const char *reference, const PktRemote *base, const char **why)
{
  static const char *ignored;
  why = why ? why : &ignored;
  *why = "it is too long";
  if (strlen (reference) > PKT_REMOTE_MAX)
    return NULL;
  g_autofree char *text = as_browsers (reference);
  *why = "it cannot be read as a URL";
  g_autoptr (PktRemote) u = g_new0 (PktRemote, 1);
  u->parts = base ? curl_url_dup (base->parts) : curl_url ();
  if (u->parts == NULL || curl_url_set (u->parts, CURLUPART_URL, text, CURLU_URLENCODE))
    return NULL;
  return read_parts (u, why) ? g_steal_pointer (&u) : NULL;
}

gboolean
pkt_remote_host_in (const PktRemote *u, const char *const *hosts)
{
  for (; hosts && *hosts; hosts++)
    if (g_ascii_strcasecmp (u->host, *hosts) == 0)
      return TRUE;
  return FALSE;
}
