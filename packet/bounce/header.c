#include "packet/bounce/header.h"

PktSlice
pkt_header_split (PktSlice mail, PktSlice *body)
{
  PktSlice rest = mail;
  while (rest.n) {
    PktSlice line = pkt_slice_until (rest, '\n');
    gsize whole = MIN (line.n + 1, rest.n);
    if (line.n == 0 || (line.n == 1 && line.p[0] == '\r')) {
      *body = pkt_slice_skip (rest, whole);
      return pkt_slice (mail.p, (gsize)(rest.p - mail.p));
    }
    rest = pkt_slice_skip (rest, whole);
  }
  *body = pkt_slice_skip (mail, mail.n);
  return mail;
}

gboolean
pkt_header_begins (PktSlice bytes)
{
  gsize n = 0;
  while (n < bytes.n && bytes.p[n] > ' ' && bytes.p[n] < 0x7f && bytes.p[n] != ':')
    n++;
  return n > 0 && n < bytes.n && bytes.p[n] == ':';
}

/* Its first line; *end is where its last one ends. */
static inline PktSlice
take_field (PktSlice *rest, const char **end)
{
  PktSlice line = pkt_slice_until (*rest, '\n');
  *end = line.p + line.n;
  *rest = pkt_slice_skip (*rest, line.n + 1);
  while (rest->n && (*rest->p == ' ' || *rest->p == '\t')) { /* folded */
    PktSlice more = pkt_slice_until (*rest, '\n');
    *end = more.p + more.n;
    *rest = pkt_slice_skip (*rest, more.n + 1);
  }
  return line;
}

gboolean
pkt_header_next (PktSlice *rest, PktSlice *name, PktSlice *value)
{
  while (rest->n) {
    const char *end;
    PktSlice line = take_field (rest, &end);
    *name = pkt_slice_until (line, ':');
    if (name->n == line.n)
      continue;
    *value = pkt_slice (name->p + name->n + 1, (gsize)(end - name->p) - name->n - 1);
    *name = pkt_slice_trim (*name);
    return TRUE;
  }
  return FALSE;
}

PktSlice
pkt_header_find (PktSlice header, PktSlice name)
{
  PktSlice each, value;
  const char *end, first = name.n ? pkt_ascii_lower (*name.p) : '\0';
  while (header.n) {
    if (g_ascii_isalpha (*header.p) && pkt_ascii_lower (*header.p) != first)
      take_field (&header, &end); /* most are told by their first letter */
    else if (!pkt_header_next (&header, &each, &value))
      break;
    else if (each.n == name.n && pkt_slice_equal_nocase (each, name))
      return value;
  }
  return pkt_slice (NULL, 0);
}

PktSlice
pkt_header_unfold (PktSlice value, GStringChunk *chunk)
{
  value = pkt_slice_trim (value);
  if (value.n == 0 || !memchr (value.p, '\n', value.n))
    return value;
  g_autoptr (GString) out = g_string_sized_new (value.n);
  while (value.n) {
    PktSlice line = pkt_slice_until (value, '\n');
    value = pkt_slice_skip (value, line.n + 1);
    line = pkt_slice_trim (line);
    if (out->len)
      g_string_append_c (out, ' ');
    if (line.n)
      g_string_append_len (out, line.p, (gssize)line.n);
  }
  return pkt_slice (g_string_chunk_insert_len (chunk, out->str, (gssize)out->len), out->len);
}

PktSlice
pkt_header_token (PktSlice value)
{
  gsize n = 0;
  value = pkt_slice_trim (value);
  while (n < value.n && value.p[n] > ' ' && value.p[n] != ';')
    n++;
  return pkt_slice (value.p, n);
}

/* `"x"`, `x`; an escaped quote is left to GMime. */
static PktSlice
parameter_value (PktSlice s)
{
  if (s.n == 0 || s.p[0] != '"')
    return pkt_header_token (s);
  PktSlice inside = pkt_slice_until (pkt_slice_skip (s, 1), '"');
  gboolean closed = inside.n + 1 < s.n;
  return closed && !memchr (inside.p, '\\', inside.n) ? inside : pkt_slice (NULL, 0);
}

PktSlice
pkt_header_parameter (PktSlice value, PktSlice name)
{
  gboolean quoted = FALSE;
  for (gsize i = 0; i < value.n; i++) {
    if (value.p[i] == '"')
      quoted = !quoted;
    if (quoted || value.p[i] != ';')
      continue;
    PktSlice part = pkt_slice_trim (pkt_slice_skip (value, i + 1));
    if (part.n <= name.n || !pkt_slice_equal_nocase (pkt_slice (part.p, name.n), name))
      continue;
    part = pkt_slice_trim (pkt_slice_skip (part, name.n));
    if (part.n && part.p[0] == '=')
      return parameter_value (pkt_slice_trim (pkt_slice_skip (part, 1)));
  }
  return pkt_slice (NULL, 0);
}
