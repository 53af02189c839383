#include "packet/redact/redactor-priv.h"

/* Case folding may change lengths, so the text is walked by characters and each start is compared
 * folded. */
static gsize
match_at (const char *p, const char *folded)
{
  const char *q = p;
  while (*folded && *q) {
    if (*folded == ' ' && g_unichar_isspace (g_utf8_get_char (q))) {
      while (*q && g_unichar_isspace (g_utf8_get_char (q)))
        q = g_utf8_next_char (q);
      folded++;
      continue;
    }
    g_autofree char *one = g_utf8_casefold (q, g_utf8_next_char (q) - q);
    gsize n = strlen (one);
    if (n == 0 || strncmp (folded, one, n) != 0)
      return 0;
    folded += n;
    q = g_utf8_next_char (q);
  }
  if (*folded || (*q && g_unichar_isalnum (g_utf8_get_char (q))))
    return 0;
  return (gsize)(q - p);
}

static gsize
name_at (const GPtrArray *names, const char *p, gunichar first)
{
  gsize longest = 0;
  for (guint i = 0; i < names->len; i++)
    if (g_utf8_get_char (names->pdata[i]) == first)
      longest = MAX (longest, match_at (p, names->pdata[i]));
  return longest;
}

char *
pkt_redact_names (PktRedactor *r, const char *utf8, gboolean words)
{
  if (r->names->len == 0 && r->words->len == 0)
    return NULL;
  GString *out = g_string_new (NULL);
  gboolean boundary = TRUE, found = FALSE;
  for (const char *p = utf8; *p;) {
    gunichar first = g_unichar_tolower (g_utf8_get_char (p));
    gsize n = boundary ? name_at (r->names, p, first) : 0;
    if (n == 0 && boundary && words)
      n = name_at (r->words, p, first);
    if (n) {
      g_string_append (out, "[name]");
      found = TRUE;
      p += n;
      continue;
    }
    boundary = !g_unichar_isalnum (g_utf8_get_char (p));
    const char *next = g_utf8_next_char (p);
    g_string_append_len (out, p, next - p);
    p = next;
  }
  return g_string_free (out, !found);
}
