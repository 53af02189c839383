#include "packet/redact/suspect-priv.h"

static const char *const mailbox_domains[] = { "icloud.com", "me.com", "mac.com",
                                               "privaterelay.appleid.com", "private.icloud.com" };

static gboolean
is_own (const PktSuspects *s, const char *domain)
{
  for (guint i = 0; i < s->own->len; i++) {
    const char *own = s->own->pdata[i];
    gsize n = strlen (domain), m = strlen (own);
    if (n >= m && g_str_equal (domain + n - m, own) && (n == m || domain[n - m - 1] == '.'))
      return TRUE;
  }
  return FALSE;
}

/* "xdana@…" and "anna.dana@…" are somebody else, "%20dana@…" and "=3Ddana@…" are not; a decoder may
 * have put any sign there. */
static gboolean
goes_on_before (const char *address, gsize i, gboolean derived)
{
  char c = address[i - 1];
  if (i > 2 && strchr ("%=", address[i - 3]) && g_ascii_isxdigit (address[i - 2])
      && g_ascii_isxdigit (c))
    return FALSE;
  return g_ascii_isalnum (c) || (!derived && strchr (".-_+", c));
}

gboolean
pkt_suspect_ends_in_allowed (const PktJudge *j, const char *address, gboolean any_cut)
{
  GHashTableIter it;
  gpointer key;
  const char *cut = address;
  for (const char *p = address; *p; p++)
    cut = (guint8)*p >= 0x80 ? p + 1 : cut;
  g_hash_table_iter_init (&it, j->s->allowed);
  while (g_hash_table_iter_next (&it, &key, NULL)) {
    gsize n = strlen (address), m = strlen (key);
    if (n > m && g_str_has_suffix (address, key) && !goes_on_before (address, n - m, any_cut))
      return TRUE; /* "mailfrom=dana@…" */
    if (any_cut && g_str_has_suffix (key, cut))
      return TRUE; /* a decoder took "=da" of "=dana@…" for a byte */
  }
  return FALSE;
}

/* Roles that RFC 2142 has at every domain. */
static gboolean
is_role (const char *address)
{
  return g_str_has_prefix (address, "postmaster@") || g_str_has_prefix (address, "abuse@")
         || g_str_has_prefix (address, "mailer-daemon@");
}

/* "smtp.mailfrom=news.letter@…" is a name and its value. */
static const char *
behind_key (const char *address)
{
  static const char *const keys[] = {
    "smtp.mailfrom=", "smtp.mail=",     "smtp.rcptto=", "smtp.auth=", "envelope-from=", "header.i=",
    "header.from=",   "header.sender=", "mailfrom=",    "from=",      "sender=",        "i="
  };
  for (gsize i = 0; i < G_N_ELEMENTS (keys); i++)
    if (g_str_has_prefix (address, keys[i]))
      return address + strlen (keys[i]);
  return address;
}

/* "header.i=@example.net" is a domain, with whatever a decoder joined before it; as
 * quoted-printable "header.i=3D@…". */
static gboolean
is_domain_alone (const char *address, gboolean derived)
{
  g_autofree char *local = g_strndup (address, (gsize)(strrchr (address, '@') - address));
  return g_str_has_suffix (local, "header.i=") || g_str_equal (local, "i=")
         || (derived && g_str_has_suffix (local, "header.i=3d"));
}

gboolean
pkt_suspect_is_fine (const PktJudge *j, const char *address)
{
  const char *domain = strrchr (address, '@') + 1;
  gboolean derived = j->view->depth > 0 || j->surface == PKT_SURFACE_RAW;
  if (g_hash_table_contains (j->s->allowed, address) || is_role (address)
      || is_domain_alone (address, derived) || pkt_suspect_ends_in_allowed (j, address, derived))
    return TRUE;
  return is_own (j->s, domain) || g_str_equal (domain, "apple.com")
         || g_str_has_suffix (domain, ".apple.com");
}

gboolean
pkt_suspect_is_mailbox_domain (const char *domain)
{
  for (gsize i = 0; i < G_N_ELEMENTS (mailbox_domains); i++)
    if (g_str_equal (domain, mailbox_domains[i]))
      return TRUE;
  return FALSE;
}

static gboolean
looks_like_domain (const char *d)
{
  const char *dot = strrchr (d, '.');
  return dot && dot > d && strlen (dot + 1) >= 2 && !g_ascii_isdigit (dot[1]);
}

/* "b-user-icloud.com@bounce.example.com", whatever the sign. */
static gboolean
holds_mailbox (const char *address, const char *at)
{
  for (gsize i = 0; i < G_N_ELEMENTS (mailbox_domains); i++) {
    gsize n = strlen (mailbox_domains[i]);
    const char *hit = g_strstr_len (address, at - address, mailbox_domains[i]);
    if (hit && hit > address + 1 && !g_ascii_isalnum (hit[-1]) && hit[-1] != '.'
        && !g_ascii_isalnum (hit[n]))
      return TRUE;
  }
  return FALSE;
}

gboolean
pkt_suspect_names_another (const char *whole)
{
  const char *address = behind_key (whole);
  const char *at = strrchr (address, '@');
  for (const char *eq = strchr (address, '='); eq && eq < at; eq = strchr (eq + 1, '=')) {
    gsize n = strspn (eq + 1, "abcdefghijklmnopqrstuvwxyz0123456789-.");
    g_autofree char *domain = g_strndup (eq + 1, n);
    if (eq > address && looks_like_domain (domain))
      return TRUE;
  }
  return holds_mailbox (address, at);
}
