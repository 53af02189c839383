#include "packet/page/css-read.h"

/* Comments, and the marks with which old pages hide a sheet, become a blank; caller frees. */
char *
pkt_css_without_comments (const char *css)
{
  GString *out = g_string_sized_new (strlen (css));
  const char *p = css;
  while (*p) {
    if (p[0] == '/' && p[1] == '*') {
      for (p += 2; *p && (p[0] != '*' || p[1] != '/'); p++)
        ;
      p += *p ? 2 : 0;
      g_string_append_c (out, ' ');
    } else if (strncmp (p, "<!--", 4) == 0) {
      p += 4;
    } else if (strncmp (p, "-->", 3) == 0) {
      p += 3;
    } else {
      g_string_append_c (out, *p++);
    }
  }
  return g_string_free (out, FALSE);
}

/* Up to the ';' that is in no quotes and no brackets. */
static gsize
declaration_length (PktSlice s)
{
  char quote = '\0';
  int brackets = 0;
  for (gsize i = 0; i < s.n; i++) {
    char c = s.p[i];
    if (quote)
      quote = c == quote ? '\0' : quote;
    else if (c == '"' || c == '\'')
      quote = c;
    else if (c == '(')
      brackets++;
    else if (c == ')' && brackets > 0)
      brackets--;
    else if (c == ';' && brackets == 0)
      return i;
  }
  return s.n;
}

/* FALSE at the end; `d->name` is empty where no colon stood. */
gboolean
pkt_css_next (PktSlice *rest, PktCssDeclaration *d)
{
  *rest = pkt_slice_trim (*rest);
  while (rest->n > 0 && rest->p[0] == ';')
    *rest = pkt_slice_trim (pkt_slice_skip (*rest, 1));
  if (rest->n == 0)
    return FALSE;
  PktSlice whole = pkt_slice (rest->p, declaration_length (*rest));
  *rest = pkt_slice_skip (*rest, whole.n + 1);
  d->name = pkt_slice_until (whole, ':');
  d->value = pkt_slice_trim (pkt_slice_skip (whole, d->name.n + 1));
  d->name = pkt_slice_trim (d->name);
  return TRUE;
}

gboolean
pkt_css_is (PktSlice name, const char *property)
{
  return pkt_slice_equal_nocase (name, pkt_slice_str (property));
}

gboolean
pkt_css_begins (PktSlice v, const char *word)
{
  return pkt_slice_starts_nocase (v, pkt_slice_str (word));
}

/* The text between `{`, where `rest` stands, and its `}`. */
PktSlice
pkt_css_take_block (PktSlice *rest)
{
  gsize n = 0;
  for (int depth = 0; n < rest->n; n++) {
    depth += rest->p[n] == '{' ? 1 : rest->p[n] == '}' ? -1 : 0;
    if (depth == 0)
      break;
  }
  PktSlice block = pkt_slice (rest->p + 1, n > 0 ? n - 1 : 0);
  *rest = pkt_slice_skip (*rest, n + 1);
  return block;
}

gboolean
pkt_css_listed (PktSlice s, const char *const *list)
{
  for (; *list; list++)
    if (pkt_slice_equal_nocase (s, pkt_slice_str (*list)))
      return TRUE;
  return FALSE;
}
