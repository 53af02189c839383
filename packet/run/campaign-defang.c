#include <string.h>
#include "packet/base/domain.h"
#include "packet/run/campaign.h"

#define MAX_HOST 253

/* "http" of "https://" at `p`, whatever stands before it: the bytes of the whole scheme; 0: none.
 */
static gsize
scheme_length (const char *p)
{
  return g_ascii_strncasecmp (p, "https://", 8) == 0  ? 8
         : g_ascii_strncasecmp (p, "http://", 7) == 0 ? 7
                                                      : 0;
}

static gsize
host_length (const char *p)
{
  gsize n = 0;
  while ((g_ascii_isalnum (p[n]) || p[n] == '-' || p[n] == '.') && scheme_length (p + n) == 0)
    n++;
  while (n > 0 && (p[n - 1] == '.' || p[n - 1] == '-')) /* of the sentence */
    n--;
  return n;
}

static void
append_bracketed (GString *out, const char *host, gsize n)
{
  for (gsize i = 0; i < n; i++)
    if (host[i] == '.')
      g_string_append (out, "[.]");
    else
      g_string_append_c (out, host[i]);
}

static gboolean
is_strange (const char *word, gsize n, const char *const *own)
{
  if (n > MAX_HOST || memchr (word, '.', n) == NULL)
    return FALSE;
  g_autofree char *host = g_ascii_strdown (word, (gssize)n);
  if (g_hostname_is_ip_address (host) || !pkt_domain_listed (host))
    return FALSE;
  for (gsize i = 0; own && own[i]; i++)
    if (pkt_domain_same (host, own[i]))
      return FALSE;
  return TRUE;
}

/* " at ", "(ät) ": with brackets behind it the host would read as a hidden address. */
static gboolean
after_at (const char *text, const char *p)
{
  static const char *const words[] = { "at", "ät", "arroba", "arobase", "sign" };
  if (p > text && (p[-1] & 0x80)) /* in the midst of a name in other letters */
    while (p > text && ((p[-1] & 0x80) || g_ascii_isalnum (p[-1]) || strchr ("-.", p[-1])))
      p--;
  while (p > text && (g_ascii_isspace (p[-1]) || strchr ("()[]{}<>*_-.", p[-1])))
    p--;
  for (gsize i = 0; i < G_N_ELEMENTS (words); i++) {
    gsize n = strlen (words[i]);
    if ((gsize)(p - text) >= n && g_ascii_strncasecmp (p - n, words[i], n) == 0)
      return TRUE;
  }
  return FALSE;
}

char *
pkt_campaign_defang (const char *text, const char *const *own)
{
  GString *out = g_string_sized_new (strlen (text) + 64);
  for (const char *p = text; *p;) {
    gboolean begins = p == text || !(g_ascii_isalnum (p[-1]) || strchr ("-._", p[-1]));
    gsize scheme = scheme_length (p);
    if (scheme) {
      g_string_append (out, scheme == 8 ? "hxxps://" : "hxxp://");
      gsize n = host_length (p += scheme);
      append_bracketed (out, p, n);
      p += n;
      continue;
    }
    gsize n = begins && p > text && p[-1] == '@' ? 0 : begins ? host_length (p) : 0;
    if (n && p[n] != '@' && is_strange (p, n, own) && !after_at (text, p)) {
      append_bracketed (out, p, n);
      p += n;
    } else {
      n = MAX (n, 1);
      g_string_append_len (out, p, (gssize)n);
      p += n;
    }
  }
  return g_string_free (out, FALSE);
}
