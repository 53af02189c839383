#include "packet/log/journal-flat.h"

#define EACH(byte) (0x0101010101010101u * (guint8)(byte))

/* Whether one of eight bytes is no ASCII, a control character, or a backslash. */
static guint64
has_odd_byte (guint64 w)
{
  const guint64 x = w ^ EACH ('\\');
  return (w | ((w - EACH (' ')) & ~w) | ((x - EACH (1)) & ~x)) & EACH (0x80);
}

static gboolean
is_plain (PktSlice s)
{
  guint64 w, odd = 0;
  gsize i = 0;
  for (; i + sizeof w <= s.n; i += sizeof w) {
    memcpy (&w, s.p + i, sizeof w);
    odd |= has_odd_byte (w);
  }
  w = EACH (' ');
  memcpy (&w, s.p + i, s.n - i);
  return (odd | has_odd_byte (w)) == 0;
}

static const char *
skip_blanks (const char *p, const char *limit)
{
  while (p < limit && *p == ' ')
    p++;
  return p;
}

/* The text at *p, which moves behind it and the blanks there. */
static gboolean
take_text (const char **p, const char *limit, PktSlice *out)
{
  const char *open = *p,
             *close = open < limit && *open == '"' ? pkt_find_byte (open + 1, limit, '"') : NULL;
  if (close == NULL)
    return FALSE;
  *out = pkt_slice (open + 1, (gsize)(close - open) - 1);
  *p = skip_blanks (close + 1, limit);
  return TRUE;
}

/* The byte c at *p, which moves behind it and the blanks there. */
static gboolean
take_sign (const char **p, const char *limit, char c)
{
  if (*p == limit || **p != c)
    return FALSE;
  *p = skip_blanks (*p + 1, limit);
  return TRUE;
}

gboolean
pkt_journal_flat (PktSlice line, const PktSlice *names, guint n, PktSlice *values)
{
  const char *limit = line.p + line.n, *p = skip_blanks (line.p, limit);
  PktSlice name, value;
  memset (values, 0, n * sizeof *values);
  if (!take_sign (&p, limit, '{') || !is_plain (line))
    return FALSE;
  do {
    if (!take_text (&p, limit, &name) || !take_sign (&p, limit, ':')
        || !take_text (&p, limit, &value))
      return FALSE;
    for (guint i = 0; i < n; i++)
      if (names[i].n == name.n && pkt_bytes_same (names[i].p, name.p, name.n))
        values[i] = value;
  } while (take_sign (&p, limit, ','));
  return take_sign (&p, limit, '}') && p == limit;
}
