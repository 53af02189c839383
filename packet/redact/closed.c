#include <string.h>
#include "packet/redact/redactor-priv.h"

#define MIN_TEXT 6 /* bytes: nothing shorter is an address */

static const struct {
  const char *name;
  char c;
} entities[]
    = { { "&amp;", '&' }, { "&lt;", '<' }, { "&gt;", '>' }, { "&quot;", '"' }, { "&#39;", '\'' } };

static char *
unescaped (PktSlice s)
{
  GString *out = g_string_sized_new (s.n);
  for (gsize i = 0; i < s.n;) {
    gsize k = 0;
    while (k < G_N_ELEMENTS (entities)
           && !pkt_slice_starts (pkt_slice_skip (s, i), pkt_slice_str (entities[k].name)))
      k++;
    g_string_append_c (out, k < G_N_ELEMENTS (entities) ? entities[k].c : s.p[i]);
    i += k < G_N_ELEMENTS (entities) ? strlen (entities[k].name) : 1;
  }
  return g_string_free (out, FALSE);
}

static void
append_escaped (GString *out, const char *text)
{
  for (; *text; text++) {
    gsize k = 0;
    while (k < G_N_ELEMENTS (entities) && entities[k].c != *text)
      k++;
    if (k < G_N_ELEMENTS (entities))
      g_string_append (out, entities[k].name);
    else
      g_string_append_c (out, *text);
  }
}

/* What redaction leaves as it is, is copied byte by byte. */
static void
append_text (PktRedactor *r, GString *out, PktSlice text)
{
  g_autofree char *plain = text.n < MIN_TEXT ? NULL : unescaped (text);
  g_autofree char *clean = plain ? pkt_redact_page (r, pkt_slice_str (plain)) : NULL;
  if (clean == NULL || g_str_equal (clean, plain))
    g_string_append_len (out, text.p, (gssize)text.n);
  else
    append_escaped (out, clean);
}

/* The values that a reader sees: alt="…" and its like. Others hold no words (page/policy.h). */
static gboolean
is_seen (PktSlice name)
{
  static const char *const seen[] = { "alt", "title", "summary", "abbr" };
  for (gsize i = 0; i < G_N_ELEMENTS (seen); i++)
    if (pkt_slice_equal (name, pkt_slice_str (seen[i])))
      return TRUE;
  return FALSE;
}

static void
append_tag (PktRedactor *r, GString *out, PktSlice tag)
{
  while (tag.n > 0) {
    PktSlice value = pkt_slice_find (tag, PKT_SLICE ("=\""));
    if (value.n == 0)
      break;
    PktSlice before = pkt_slice (tag.p, tag.n - value.n), name = before;
    for (gsize i = before.n; i > 0; i--)
      if (before.p[i - 1] == ' ') {
        name = pkt_slice_skip (before, i);
        break;
      }
    value = pkt_slice_until (pkt_slice_skip (value, 2), '"');
    g_string_append_len (out, tag.p, (gssize)(before.n + 2));
    if (is_seen (name))
      append_text (r, out, value);
    else
      g_string_append_len (out, value.p, (gssize)value.n);
    tag = pkt_slice_skip (tag, before.n + 2 + value.n);
  }
  g_string_append_len (out, tag.p, (gssize)tag.n);
}

char *
pkt_redact_closed_page (PktRedactor *r, PktSlice html)
{
  GString *out = g_string_sized_new (html.n);
  while (html.n > 0) {
    PktSlice text = pkt_slice_until (html, '<');
    append_text (r, out, text);
    html = pkt_slice_skip (html, text.n);
    gboolean sheet = pkt_slice_starts (html, PKT_SLICE ("<style>"));
    PktSlice end = pkt_slice_find (html, sheet ? PKT_SLICE ("</style>") : PKT_SLICE (">"));
    gsize n = end.n == 0 ? html.n : html.n - end.n + !sheet;
    append_tag (r, out, sheet ? pkt_slice (html.p, 0) : pkt_slice (html.p, n));
    if (sheet)
      g_string_append_len (out, html.p, (gssize)n);
    html = pkt_slice_skip (html, n);
  }
  return g_string_free (out, FALSE);
}
