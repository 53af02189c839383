#include "packet/redact/header-values.h"
#define PKT_WITH_GMIME
#include "packet/base/autoptr.h"
#include "packet/redact/redactor-priv.h"
#include "packet/redact/token.h"

static char *
without_ids (const char *text)
{
  GString *out = g_string_new (NULL);
  pkt_token_append_text (out, pkt_slice_str (text));
  return g_string_free (out, FALSE);
}

char *
pkt_header_subject (PktRedactor *r, const char *value)
{
  g_autofree char *decoded = g_mime_utils_header_decode_text (NULL, value);
  g_autofree char *named = pkt_redact_names (r, decoded, TRUE);
  g_autofree char *clean = without_ids (named ? named : decoded);
  if (g_str_equal (clean, decoded))
    return g_strdup (value);
  if (named)
    pkt_redactor_count (r, "name");
  return clean[0] == ' ' ? g_steal_pointer (&clean) : g_strconcat (" ", clean, NULL);
}

char *
pkt_header_words (PktSlice value)
{
  GString *out = g_string_new (NULL);
  pkt_token_append_text (out, value);
  return g_string_free (out, FALSE);
}

/* `; name="…"`, `; filename*0*=utf-8''…` */
static gboolean
names_file (PktSlice parameter, gsize *value_at)
{
  gsize blank = 0, eq = pkt_slice_until (parameter, '=').n;
  while (blank < eq && g_ascii_isspace (parameter.p[blank]))
    blank++;
  PktSlice name = pkt_slice_until (pkt_slice (parameter.p + blank, eq - blank), '*');
  *value_at = eq + 1;
  return eq < parameter.n
         && (pkt_slice_equal_nocase (name, PKT_SLICE ("name"))
             || pkt_slice_equal_nocase (name, PKT_SLICE ("filename")));
}

static gsize
parameter_length (PktSlice s)
{
  gboolean quoted = FALSE;
  gsize n = 0;
  for (; n < s.n && (quoted || s.p[n] != ';'); n++)
    if (s.p[n] == '"')
      quoted = !quoted;
    else if (s.p[n] == '\\')
      n++;
  return MIN (n, s.n);
}

char *
pkt_header_content (PktSlice value)
{
  GString *out = g_string_new (NULL);
  while (TRUE) {
    gsize n = parameter_length (value), at;
    PktSlice parameter = pkt_slice (value.p, n);
    if (names_file (parameter, &at)) {
      g_string_append_len (out, parameter.p, (gssize)at);
      pkt_token_append (out, pkt_slice_skip (parameter, at));
    } else
      g_string_append_len (out, parameter.p, (gssize)n);
    if (n == value.n)
      return g_string_free (out, FALSE);
    g_string_append_c (out, ';');
    value = pkt_slice_skip (value, n + 1);
  }
}
