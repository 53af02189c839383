#include "packet/redact/redactor-priv.h"

static gboolean
in_domain (char c)
{
  return g_ascii_isalnum (c) || c == '.' || c == '-';
}

static PktSlice
domain_from (PktSlice s, gsize at)
{
  gsize end = at;
  while (end < s.n && in_domain (s.p[end]))
    end++;
  return pkt_slice (s.p + at, end - at);
}

static gboolean
is_domain (PktSlice s)
{
  const char *dot = s.n ? memrchr (s.p, '.', s.n) : NULL;
  const gsize last = dot ? s.n - (gsize)(dot + 1 - s.p) : 0;
  return dot > s.p && last >= 2 && !g_ascii_isdigit (dot[1]);
}

/* "icloud.com", "icloud.com-7" */
static gboolean
begins_with_mailboxes (PktSlice s)
{
  for (gsize n = 1; n <= s.n; n++)
    if ((n == s.n || !g_ascii_isalnum (s.p[n])) && pkt_place_apple_domain (pkt_slice (s.p, n)))
      return TRUE;
  return FALSE;
}

gboolean
pkt_redactor_names_another (PktSlice local)
{
  for (gsize i = 1; i + 1 < local.n; i++) {
    if (g_ascii_isalnum (local.p[i]) || local.p[i] == '.')
      continue;
    const PktSlice domain = domain_from (local, i + 1);
    if ((local.p[i] == '=' && is_domain (domain)) || begins_with_mailboxes (domain))
      return TRUE;
  }
  return FALSE;
}
