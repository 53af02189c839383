#include "packet/log/text-parse.h"

gboolean
pkt_take_host_ip (PktSlice *s, PktSlice *host, PktSlice *ip)
{
  gsize i = 0;
  while (i < s->n && s->p[i] != '[' && s->p[i] != ' ')
    i++;
  PktSlice name = pkt_slice (s->p, i), rest = pkt_slice_skip (*s, i);
  if (rest.n && rest.p[0] == ' ')
    rest = pkt_slice_skip (rest, 1);
  if (rest.n == 0 || rest.p[0] != '[')
    return FALSE;
  rest = pkt_slice_skip (rest, 1);
  PktSlice inner = pkt_slice_until (rest, ']');
  if (inner.n == rest.n || inner.n == 0)
    return FALSE;
  rest = pkt_slice_skip (rest, inner.n + 1);
  pkt_take (&inner, "IPv6:");
  if (rest.n > 1 && rest.p[0] == ':' && g_ascii_isdigit (rest.p[1])) {
    rest = pkt_slice_skip (rest, 1);
    while (rest.n && g_ascii_isdigit (rest.p[0]))
      rest = pkt_slice_skip (rest, 1);
  }
  if (name.n && name.p[name.n - 1] == '.')
    name.n--;
  *host = name.n ? name : inner;
  *ip = inner;
  *s = rest;
  return TRUE;
}

gboolean
pkt_take_bracketed (PktSlice *s, PktSlice *address)
{
  gsize i = 1;
  if (s->n < 2 || s->p[0] != '<')
    return FALSE;
  if (s->p[1] == '"') {
    for (i = 2; i < s->n && s->p[i] != '"'; i++)
      if (s->p[i] == '\\')
        i++;
    if (i >= s->n)
      i = 1;
  }
  while (i < s->n && s->p[i] != '>')
    i++;
  if (i >= s->n)
    return FALSE;
  *address = pkt_slice (s->p + 1, i - 1);
  *s = pkt_slice_skip (*s, i + 1);
  return TRUE;
}

PktSlice
pkt_word_after (PktSlice s, const char *key)
{
  PktSlice at = pkt_slice_find (s, pkt_slice_str (key));
  if (at.p == NULL)
    return at;
  at = pkt_slice_skip (at, strlen (key));
  gsize i = 0;
  while (i < at.n && at.p[i] != ' ' && at.p[i] != ',')
    i++;
  return pkt_slice (at.p, i);
}

gboolean
pkt_same_address (PktSlice a, PktSlice b)
{
  gsize i = 0, k = 0;
  for (;;) {
    while (i < a.n && (a.p[i] == '"' || a.p[i] == '\\'))
      i++;
    while (k < b.n && (b.p[k] == '"' || b.p[k] == '\\'))
      k++;
    if (i == a.n || k == b.n)
      return i == a.n && k == b.n;
    if (pkt_ascii_lower (a.p[i++]) != pkt_ascii_lower (b.p[k++]))
      return FALSE;
  }
}

PktStage
pkt_stage_of_own_words (PktSlice words)
{
  static const char *const connect[]
      = { "Connection refused", "Connection timed out", "Operation timed out", "Network is ",
          "No route to host",   "Host is down",         "Connection aborted" };
  for (gsize i = 0; i < G_N_ELEMENTS (connect); i++)
    if (pkt_slice_starts (words, pkt_slice_str (connect[i])))
      return PKT_STAGE_CONNECT;
  return PKT_STAGE_UNKNOWN;
}
