#include "packet/base/domain.h"
#include <string.h>
#include "packet/base/psl.h"

static const psl_ctx_t *
list (void)
{
  static gsize once;
  static psl_ctx_t *loaded; /* of the process */
  if (g_once_init_enter (&once)) {
    loaded = psl_latest (NULL);
    g_once_init_leave (&once, 1);
  }
  return loaded;
}

char *
pkt_domain_registered (const char *host)
{
  gboolean address = *host == '[' || g_hostname_is_ip_address (host);
  const char *org = list () && !address ? psl_registrable_domain (list (), host) : NULL;
  return g_strdup (org ? org : host);
}

gboolean
pkt_domain_same (const char *a, const char *b)
{
  if (a == NULL || b == NULL)
    return FALSE;
  g_autofree char *x = pkt_domain_registered (a), *y = pkt_domain_registered (b);
  return g_ascii_strcasecmp (x, y) == 0;
}

gboolean
pkt_domain_within (const char *host, const char *domain)
{
  gsize n = host ? strlen (host) : 0, m = domain ? strlen (domain) : 0;
  return m > 0 && n >= m && g_ascii_strcasecmp (host + n - m, domain) == 0
         && (n == m || host[n - m - 1] == '.');
}

/* What parts words is all the same. */
static char
alike (char c)
{
  return c == '.' || c == '_' ? '-' : c;
}

/* `words` stand in `text`, each of them whole. Asked for each recipient and domain: nothing is
 * copied. */
static gboolean
stand_in (const char *text, const char *words)
{
  for (const char *p = text; *p && *words; p++) {
    gsize n = 0;
    if (p > text && alike (p[-1]) != '-')
      continue;
    while (words[n] && alike (p[n]) == alike (words[n]))
      n++;
    if (words[n] == '\0' && (p[n] == '\0' || alike (p[n]) == '-'))
      return TRUE;
  }
  return FALSE;
}

gboolean
pkt_domain_named_by (const char *domain, const char *local)
{
  return stand_in (domain, local) || stand_in (local, domain);
}

gboolean
pkt_domain_listed (const char *host)
{
  const char *dot = strrchr (host, '.');
  return dot && dot > host && list ()
         && psl_is_public_suffix2 (list (), dot + 1, PSL_TYPE_ICANN | PSL_TYPE_NO_STAR_RULE);
}

gboolean
pkt_domain_shared (const char *host)
{
  if (list () == NULL)
    return FALSE;
  for (const char *p = host; p; p = strchr (p, '.') ? strchr (p, '.') + 1 : NULL)
    if (psl_is_public_suffix2 (list (), p, PSL_TYPE_PRIVATE | PSL_TYPE_NO_STAR_RULE))
      return TRUE;
  return FALSE;
}
