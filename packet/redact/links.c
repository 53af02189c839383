#include "packet/base/domain.h"
#include "packet/redact/redactor-priv.h"
#include "packet/redact/token.h"

/* Of the link that begins with n bytes: up to what cannot be in one. */
static gsize
link_length (PktSlice rest, gsize n)
{
  while (n < rest.n && (guint8)rest.p[n] > ' ' && !strchr ("<>\"'()|", rest.p[n]))
    n++;
  while (n && strchr (".,;:!", rest.p[n - 1])) /* of the sentence */
    n--;
  return n;
}

/* "www.example.com/u/jane", "jane.example.com", as people write it; 0: none, or one's own host. */
static gsize
bare_link_at (PktSlice s, gsize at)
{
  PktSlice rest = pkt_slice_skip (s, at);
  gsize n = 0;
  if (at > 0 && strchr ("@/.-_", s.p[at - 1]))
    return 0;
  while (n < rest.n && (g_ascii_isalnum (rest.p[n]) || rest.p[n] == '.' || rest.p[n] == '-'))
    n++;
  const gboolean more = n + 1 < rest.n && strchr ("/?", rest.p[n]);
  while (!more && n && strchr (".-", rest.p[n - 1])) /* of the sentence */
    n--;
  g_autofree char *host = g_ascii_strdown (rest.p, (gssize)n);
  const char *dot = strchr (host, '.');
  if (dot == NULL || (!more && (strchr (dot + 1, '.') == NULL || (n < rest.n && rest.p[n] == '@'))))
    return 0;
  return !pkt_domain_listed (host) ? 0 : more ? link_length (rest, n) : n;
}

#define ASSUMED "https://"

static void
append_bare (const PktRedactor *r, GString *out, PktSlice link)
{
  g_autofree char *url = g_strdup_printf (ASSUMED "%.*s", (int)link.n, link.p);
  GString *made = g_string_new (NULL);
  pkt_token_append_url (r, made, pkt_slice_str (url));
  g_string_append (out, made->str + strlen (ASSUMED));
  g_string_free (made, TRUE);
}

/* The link that begins at `at`; 0: none. */
static gsize
link_at (PktSlice s, gsize at)
{
  static const char *const schemes[] = { "https://", "http://", "mailto:" };
  PktSlice rest = pkt_slice_skip (s, at);
  for (gsize i = 0; i < G_N_ELEMENTS (schemes); i++) {
    gsize n = strlen (schemes[i]);
    if (rest.n <= n || g_ascii_strncasecmp (rest.p, schemes[i], n) != 0)
      continue;
    n = link_length (rest, n);
    return n > strlen (schemes[i]) ? n : 0;
  }
  return 0;
}

gboolean
pkt_redactor_names_own (const PktRedactor *r, PktSlice host)
{
  for (guint i = 0; i < r->own_domains->len; i++)
    if (pkt_slice_equal_nocase (host, pkt_slice_str (r->own_domains->pdata[i])))
      return TRUE;
  return FALSE;
}

char *
pkt_redact_page (PktRedactor *r, PktSlice outline)
{
  g_autofree char *valid = g_utf8_make_valid (outline.p ? outline.p : "", (gssize)outline.n);
  PktSlice s = pkt_slice_str (valid);
  GString *out = g_string_new (NULL);
  for (gsize i = 0; i < s.n;) {
    gboolean word = i == 0 || !g_ascii_isalnum (s.p[i - 1]);
    gsize n = word && strchr ("hHmM", s.p[i]) ? link_at (s, i) : 0;
    const gsize before = out->len, bare = word && n == 0 ? bare_link_at (s, i) : 0;
    if (n == 0 && bare == 0) {
      g_string_append_c (out, s.p[i++]);
      continue;
    }
    if (n)
      pkt_token_append_url (r, out, pkt_slice (s.p + i, n));
    else
      append_bare (r, out, pkt_slice (s.p + i, n = bare));
    if (strstr (out->str + before, "[token:"))
      pkt_redactor_count (r, "token");
    i += n;
  }
  g_autofree char *text = g_string_free (out, FALSE);
  return pkt_redact_text (r, pkt_slice_str (text));
}

gboolean
pkt_redact_link_is_neutral (PktSlice url)
{
  PktSlice rest = pkt_slice_find (url, PKT_SLICE ("://"));
  rest = pkt_slice_skip (rest, rest.n ? 3 : 0);
  rest = pkt_slice_skip (rest, pkt_slice_until (rest, '/').n);
  GString *out = g_string_new (NULL);
  pkt_token_append_text (out, rest);
  gboolean neutral = strstr (out->str, "[token:") == NULL;
  g_string_free (out, TRUE);
  return neutral;
}
