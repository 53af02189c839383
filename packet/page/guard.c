#include "packet/page/guard.h"

static gboolean
is_name (char c)
{
  return g_ascii_isalnum (c) || c == ':' || c == '-' || c == '_' || c == '.' || (guchar)c >= 0x80;
}

static void
skip_blanks (PktSlice *s)
{
  while (s->n > 0 && pkt_ascii_is_blank (s->p[0]))
    *s = pkt_slice_skip (*s, 1);
}

static void
skip_name (PktSlice *s)
{
  while (s->n > 0 && is_name (s->p[0]))
    *s = pkt_slice_skip (*s, 1);
}

static void
skip_value (PktSlice *s)
{
  if (s->n > 0 && (s->p[0] == '"' || s->p[0] == '\'')) {
    PktSlice body = pkt_slice_skip (*s, 1);
    *s = pkt_slice_skip (body, pkt_slice_until (body, s->p[0]).n + 1);
    return;
  }
  while (s->n > 0 && !pkt_ascii_is_blank (s->p[0]) && s->p[0] != '>')
    *s = pkt_slice_skip (*s, 1);
}

/* What libxml2 takes for no attribute is skipped to the next blank. */
static void
skip_attribute (PktSlice *s)
{
  gsize before = s->n;
  skip_name (s);
  if (s->n == before) {
    while (s->n > 0 && !pkt_ascii_is_blank (s->p[0]) && s->p[0] != '>')
      *s = pkt_slice_skip (*s, 1);
    return;
  }
  skip_blanks (s);
  if (s->n > 0 && s->p[0] == '=') {
    *s = pkt_slice_skip (*s, 1);
    skip_blanks (s);
    skip_value (s);
  }
}

/* After the name of a start tag. The number of attributes; the tag's end is taken too. */
static guint
skip_tag (PktSlice *s, guint max)
{
  guint n = 0;
  for (skip_blanks (s); s->n > 0 && n <= max; skip_blanks (s)) {
    if (s->p[0] == '>' || pkt_slice_starts (*s, PKT_SLICE ("/>")))
      break;
    skip_attribute (s);
    n++;
  }
  *s = pkt_slice_skip (*s, 1);
  return n;
}

static void
skip_past (PktSlice *s, PktSlice end)
{
  PktSlice hit = pkt_slice_find (*s, end);
  *s = hit.n > 0 ? pkt_slice_skip (hit, end.n) : pkt_slice (s->p + s->n, 0);
}

/* The text of script and style is no markup up to its own end tag. */
static void
skip_raw (PktSlice *s, PktSlice name)
{
  PktSlice hit;
  while ((hit = pkt_slice_find (*s, PKT_SLICE ("</"))).n > 0) {
    *s = pkt_slice_skip (hit, 2);
    if (s->n >= name.n && pkt_slice_equal_nocase (pkt_slice (s->p, name.n), name))
      return;
  }
  *s = pkt_slice (s->p + s->n, 0);
}

gboolean
pkt_guard_attributes (PktSlice s, guint max)
{
  PktSlice hit;
  while ((hit = pkt_slice_find (s, PKT_SLICE ("<"))).n > 1) {
    s = pkt_slice_skip (hit, 1);
    if (pkt_slice_starts (s, PKT_SLICE ("!--"))) {
      skip_past (&s, PKT_SLICE ("-->"));
      continue;
    }
    if (!g_ascii_isalpha (s.p[0]))
      continue;
    PktSlice name = s;
    skip_name (&s);
    name.n -= s.n;
    if (skip_tag (&s, max) > max)
      return FALSE;
    if (pkt_slice_equal_nocase (name, PKT_SLICE ("script"))
        || pkt_slice_equal_nocase (name, PKT_SLICE ("style")))
      skip_raw (&s, name);
  }
  return TRUE;
}
