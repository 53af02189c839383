#include "packet/log/journal-flat.h"

#define EACH(byte) (0x0101010101010101u * (guint8)(byte))

/* The highest bit of each of eight bytes that is no ASCII, or is a control character. */
static guint64
odd_bytes (guint64 w)
{
  return (w | ((w - EACH (' ')) & ~w)) & EACH (0x80);
}

/* All of it may stand in a JSON text (RFC 8259 7). */
static gboolean
is_plain (PktSlice s)
{
  guint64 w, odd = 0;
  gsize i = 0;
  for (; i + sizeof w <= s.n; i += sizeof w) {
    memcpy (&w, s.p + i, sizeof w);
    odd |= odd_bytes (w);
  }
  w = EACH (' ');
  memcpy (&w, s.p + i, s.n - i);
  if ((odd | odd_bytes (w)) == 0)
    return TRUE;
  for (i = 0; i < s.n; i++)
    if ((guchar)s.p[i] < ' ')
      return FALSE;
  return g_utf8_validate_len (s.p, s.n, NULL);
}

static const char *
skip_blanks (const char *p, const char *limit)
{
  while (p < limit && *p == ' ')
    p++;
  return p;
}

/* The text at *p, which moves behind it and the blanks there. "unconfined\n" of SELinux has an
 * escape; those by number are not told. */
static gboolean
take_text (const char **p, const char *limit, PktSlice *out, gboolean *escaped)
{
  const char *open = *p, *close;
  *escaped = FALSE;
  if (open == limit || *open != '"')
    return FALSE;
  for (close = open + 1; (close = pkt_find_either (close, limit, '"', '\\')) && *close == '\\';
       close += 2) {
    if (limit - close < 2 || strchr ("\"\\/bfnrt", close[1]) == NULL)
      return FALSE;
    *escaped = TRUE;
  }
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
  gboolean escaped;
  memset (values, 0, n * sizeof *values);
  if (!take_sign (&p, limit, '{') || !is_plain (line))
    return FALSE;
  do {
    if (!take_text (&p, limit, &name, &escaped) || escaped || !take_sign (&p, limit, ':')
        || !take_text (&p, limit, &value, &escaped))
      return FALSE;
    for (guint i = 0; i < n; i++)
      if (names[i].n == name.n && pkt_bytes_same (names[i].p, name.p, name.n)) {
        if (escaped)
          return FALSE;
        values[i] = value;
      }
  } while (take_sign (&p, limit, ','));
  return take_sign (&p, limit, '}') && p == limit;
}
