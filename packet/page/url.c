#include "packet/page/url.h"

#define MAX_HOST 253

void
pkt_url_clear (PktUrl *url)
{
  g_free (url->host);
  g_free (url->path);
  *url = (PktUrl){ 0 };
}

static gboolean
host_valid (const char *host)
{
  if (host[0] == '[')
    return strspn (host, "[]0123456789abcdef:.") == strlen (host) && g_str_has_suffix (host, "]");
  gsize n = strlen (host);
  return n > 0 && n <= MAX_HOST && strspn (host, "abcdefghijklmnopqrstuvwxyz0123456789-_.") == n
         && host[0] != '.' && strstr (host, "..") == NULL;
}

/* "0x7f", "0177", "127": a number of an IPv4 address; FALSE when it is none. */
static gboolean
read_number (const char *text, guint64 *out)
{
  gboolean hex = text[0] == '0' && (text[1] | 0x20) == 'x';
  const char *digits = text + (hex ? 2 : 0);
  int base = hex ? 16 : text[0] == '0' && text[1] ? 8 : 10;
  const char *known = base == 16 ? "0123456789abcdefABCDEF" : base == 8 ? "01234567" : "0123456789";
  if (*text == '\0' || strlen (digits) > 12 || strspn (digits, known) != strlen (digits))
    return FALSE;
  *out = *digits ? g_ascii_strtoull (digits, NULL, base) : 0;
  return TRUE;
}

/* A host that ends in a number is an address, or no host at all. NULL: not such a host. */
static char *
ipv4_of (const char *host)
{
  g_auto (GStrv) parts = g_strsplit (host, ".", 6);
  guint n = g_strv_length (parts);
  guint64 numbers[5] = { 0 }, address = 0;
  if (n == 0 || n > 4)
    return NULL;
  for (guint i = 0; i < n; i++)
    if (!read_number (parts[i], &numbers[i]) || (i + 1 < n && numbers[i] > 255))
      return NULL;
  if (numbers[n - 1] >= (G_GUINT64_CONSTANT (1) << (8 * (5 - n))))
    return NULL;
  for (guint i = 0; i + 1 < n; i++)
    address |= numbers[i] << (8 * (3 - i));
  address |= numbers[n - 1];
  return g_strdup_printf ("%u.%u.%u.%u", (guint)(address >> 24), (guint)(address >> 16 & 255),
                          (guint)(address >> 8 & 255), (guint)(address & 255));
}

static char *
host_of (const char *raw)
{
  g_autofree char *decoded = g_uri_unescape_string (raw, NULL);
  g_autofree char *ascii = NULL;
  if (decoded && g_utf8_validate (decoded, -1, NULL))
    ascii = *decoded == '[' ? g_strdup (decoded) : g_hostname_to_ascii (decoded);
  g_autofree char *host = g_ascii_strdown (ascii ? ascii : raw, -1);
  if (g_str_has_suffix (host, "."))
    host[strlen (host) - 1] = '\0';
  if (!host_valid (host))
    return NULL;
  char *address = ipv4_of (host);
  return address ? address : g_steal_pointer (&host);
}

/* Authority of RFC 3986 3.2. */
static gboolean
read_authority (const char *authority, PktUrl *out)
{
  const char *at = strrchr (authority, '@');
  const char *start = at ? at + 1 : authority;
  gsize n = *start == '[' ? strcspn (start, "]") + 1 : strcspn (start, ":");
  g_autofree char *raw = g_strndup (start, n);
  gint64 port = 0;
  gsize length = strlen (start);
  if (n < length && start[n] == ':' && pkt_slice_number (pkt_slice_str (start + n + 1), &port)
      && port <= 65535 && port != (out->tls ? 443 : 80))
    out->port = (int)port;
  out->user = at != NULL;
  out->host = host_of (raw);
  return out->host != NULL;
}

/* As browsers do: tabs and line ends vanish, controls and blanks at the ends too, `\` is `/`. */
static char *
browser_text (PktSlice url)
{
  url.n = MIN (url.n, PKT_URL_MAX);
  while (url.n > 0 && (guchar)url.p[0] <= 32)
    url = pkt_slice_skip (url, 1);
  while (url.n > 0 && (guchar)url.p[url.n - 1] <= 32)
    url.n--;
  GString *out = g_string_sized_new (url.n);
  for (gsize i = 0; i < url.n; i++)
    if (url.p[i] != '\t' && url.p[i] != '\r' && url.p[i] != '\n')
      g_string_append_c (out, url.p[i] == '\\' ? '/' : url.p[i]);
  return g_string_free (out, FALSE);
}

gboolean
pkt_url_read (PktSlice text, PktUrl *out)
{
  g_autofree char *url = browser_text (text);
  const char *rest = url;
  *out = (PktUrl){ .tls = TRUE };
  if (g_ascii_strncasecmp (rest, "https:", 6) == 0)
    rest += 6;
  else if (g_ascii_strncasecmp (rest, "http:", 5) == 0)
    out->tls = FALSE, rest += 5;
  else if (!g_str_has_prefix (rest, "//"))
    return FALSE;
  gsize slashes = strspn (rest, "/");
  if (slashes < 2)
    return FALSE;
  rest += slashes;
  g_autofree char *authority = g_strndup (rest, strcspn (rest, "/?#"));
  if (!read_authority (authority, out)) {
    pkt_url_clear (out);
    return FALSE;
  }
  rest += strlen (authority);
  out->path = g_strndup (rest, strcspn (rest, "#"));
  return TRUE;
}
