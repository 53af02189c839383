#include "packet/log/exim-fields.h"
#include "packet/log/text-parse.h"

/* Words without a value among the fields of a delivery. */
static gboolean
is_flag (PktSlice word)
{
  static const char *const flags[] = { "L", "L*", "K", "DS", "PRDR", "TFO", "TFO*", "DKIM", "M8S" };
  for (gsize i = 0; i < G_N_ELEMENTS (flags); i++)
    if (pkt_slice_equal (word, pkt_slice_str (flags[i])))
      return TRUE;
  return FALSE;
}

/* Of one in quotes: with both of them; `\"` ends none. */
static gsize
quoted_length (PktSlice s)
{
  const char *limit = s.p + s.n;
  for (const char *p = s.p + 1; (p = pkt_find_byte (p, limit, '"')); p++) {
    const char *slash = p;
    while (slash > s.p + 1 && slash[-1] == '\\')
      slash--;
    if ((p - slash) % 2 == 0)
      return (gsize)(p - s.p) + 1;
  }
  return s.n;
}

/* A plain one ends at a blank, or at the colon before it. */
static gsize
value_length (PktSlice s)
{
  PktSlice address, after = s;
  if (s.n && s.p[0] == '"')
    return quoted_length (s);
  if (s.n && s.p[0] == '<')
    return pkt_take_bracketed (&after, &address) ? s.n - after.n : 1;
  PktSlice word = pkt_slice_until (s, ' ');
  return word.n && word.n < s.n && word.p[word.n - 1] == ':' ? word.n - 1 : word.n;
}

/* " KEY=VALUE" or " WORD" at the start of s, of a key that nobody asks for: TRUE and s behind it.
 */
static gboolean
skip_field (PktSlice *s)
{
  if (s->n < 2 || s->p[0] != ' ' || !g_ascii_isupper (s->p[1]))
    return FALSE;
  PktSlice rest = pkt_slice_skip (*s, 1);
  gsize i = 0;
  while (i < rest.n && (g_ascii_isalnum (rest.p[i]) || rest.p[i] == '*'))
    i++;
  const PktSlice key = pkt_slice (rest.p, i);
  rest = pkt_slice_skip (rest, i);
  if (rest.n && rest.p[0] == '=') {
    rest = pkt_slice_skip (rest, 1);
    rest = pkt_slice_skip (rest, value_length (rest));
  } else if (!is_flag (key))
    return FALSE;
  *s = rest;
  return TRUE;
}

static PktSlice
unbracket (PktSlice v)
{
  return v.n >= 2 && v.p[0] == '<' ? pkt_slice (v.p + 1, v.n - 2) : v;
}

/* "[192.0.2.25]:37996". */
static PktSlice
bare_ip (PktSlice v)
{
  return v.n && v.p[0] == '[' ? pkt_slice_until (pkt_slice_skip (v, 1), ']') : v;
}

static void
set_field (PktEximLine *l, char key, PktSlice value)
{
  switch (key) {
  case 'R':
    l->router = value;
    break;
  case 'T':
    l->transport = value;
    break;
  case 'F':
    if (l->sender.p == NULL)
      l->sender = unbracket (value);
    break;
  case 'P':
    if (value.n && value.p[0] == '<')
      l->sender = unbracket (value);
    break;
  case 'I':
    l->local_ip = bare_ip (value);
    break;
  case 'S':
    if (!pkt_slice_number (value, &l->size))
      l->size = -1;
    break;
  case 'C':
    if (value.n >= 2)
      l->message = pkt_slice (value.p + 1, value.n - 1 - (value.p[value.n - 1] == '"'));
    break;
  default:
    break;
  }
}

gboolean
pkt_exim_host (PktSlice *s, PktEximLine *l)
{
  PktSlice rest = *s;
  if (l->host.p || !pkt_take (&rest, " H="))
    return FALSE;
  PktSlice name = pkt_slice_until (rest, ' '), after = pkt_slice_skip (rest, name.n);
  pkt_take (&after, " DS"); /* DNSSEC */
  pkt_take (&after, " ");
  PktSlice ignored;
  if (!pkt_take_host_ip (&after, &ignored, &l->ip))
    return FALSE;
  l->host = name;
  if (after.n > 1 && after.p[0] == ':' && after.p[1] != ' ') /* "PORT_S": put in a port's place */
    after = pkt_slice_skip (after, pkt_slice_until (after, ' ').n);
  pkt_take (&after, "*");
  *s = after;
  return TRUE;
}

/* " R=dnslookup": what is asked for has keys of a letter. A value in quotes is taken whole. */
static gboolean
take_field (PktSlice *s, PktEximLine *l)
{
  if (s->n < 3 || s->p[0] != ' ' || s->p[2] != '=' || !g_ascii_isupper (s->p[1]))
    return FALSE;
  const PktSlice rest = pkt_slice_skip (*s, 3);
  const gsize n = value_length (rest);
  set_field (l, s->p[1], pkt_slice (rest.p, n));
  *s = pkt_slice_skip (rest, n);
  return TRUE;
}

void
pkt_exim_fields (PktSlice *s, PktEximLine *l)
{
  while (s->n)
    if (!(s->n > 1 && s->p[1] == 'H' && pkt_exim_host (s, l)) && !take_field (s, l)
        && !skip_field (s))
      return;
}
