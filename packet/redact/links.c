#include "packet/redact/redactor-priv.h"
#include "packet/redact/token.h"

/* The link that begins at `at`, up to what cannot be in one; 0: none. */
static gsize
link_at (PktSlice s, gsize at)
{
  static const char *const schemes[] = { "https://", "http://", "mailto:" };
  PktSlice rest = pkt_slice_skip (s, at);
  for (gsize i = 0; i < G_N_ELEMENTS (schemes); i++) {
    gsize n = strlen (schemes[i]);
    if (rest.n <= n || g_ascii_strncasecmp (rest.p, schemes[i], n) != 0)
      continue;
    while (n < rest.n && (guint8)rest.p[n] > ' ' && !strchr ("<>\"'()|", rest.p[n]))
      n++;
    while (n && strchr (".,;:!", rest.p[n - 1])) /* of the sentence */
      n--;
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
    gsize before = out->len;
    if (n == 0) {
      g_string_append_c (out, s.p[i++]);
      continue;
    }
    pkt_token_append_url (r, out, pkt_slice (s.p + i, n));
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
