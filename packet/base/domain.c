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

/* `words` stand in `text`, each of them whole. */
static gboolean
stand_in (const char *text, const char *words)
{
  const gsize n = strlen (words);
  for (const char *p = strstr (text, words); n && p; p = strstr (p + 1, words))
    if ((p == text || p[-1] == '-') && (p[n] == '-' || p[n] == '\0'))
      return TRUE;
  return FALSE;
}

gboolean
pkt_domain_named_by (const char *domain, const char *local)
{
  g_autofree char *a = g_strdelimit (g_strdup (domain), "._", '-'),
                  *b = g_strdelimit (g_strdup (local), "._", '-');
  return stand_in (a, b) || stand_in (b, a);
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
