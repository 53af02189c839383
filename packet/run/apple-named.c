#include "packet/run/apple-named.h"
#include <string.h>
#include "packet/apple/names.h"
#include "packet/apple/relay.h"
#include "packet/log/reader.h"

/* Bytes of the domain that begins at p. */
static gsize
domain_length (const char *p, const char *limit)
{
  gsize n = 0;
  while (p + n < limit && (g_ascii_isalnum (p[n]) || p[n] == '-' || p[n] == '.'))
    n++;
  while (n > 0 && p[n - 1] == '.')
    n--;
  return n;
}

/* "from=<reader@icloud.com>", "<= reader@icloud.com": mail of such a reader, not to him. */
static gboolean
is_sender (PktSlice line, const char *at)
{
  static const PktSlice before[] = { PKT_SLICE ("from=<"), PKT_SLICE ("from="), PKT_SLICE ("<= "),
                                     PKT_SLICE ("F=<") };
  const char *p = at;
  while (p > line.p && !strchr (" <=\"'", p[-1]))
    p--;
  const gsize n = (gsize)(p - line.p);
  for (gsize i = 0; i < G_N_ELEMENTS (before); i++)
    if (n >= before[i].n && memcmp (p - before[i].n, before[i].p, before[i].n) == 0)
      return TRUE;
  return FALSE;
}

static gboolean
names_recipient (PktSlice line)
{
  const char *limit = line.p + line.n;
  for (const char *at = line.p; (at = pkt_find_byte (at, limit, '@')); at++) {
    const PktSlice domain = pkt_slice (at + 1, domain_length (at + 1, limit));
    if (domain.n && strcmp (pkt_relay_domain_class (domain), "custom") != 0
        && !is_sender (line, at))
      return TRUE;
  }
  return FALSE;
}

gboolean
pkt_source_names_apple (const char *path, gint64 *budget, guint64 *line)
{
  PktSlice text;
  g_autoptr (PktReader) r = strcmp (path, "-") != 0 && *budget > 0 ? pkt_reader_open (path, 1, NULL)
                                                                   : NULL;
  if (r == NULL)
    return FALSE;
  const PktReaderStats *stats = pkt_reader_stats (r);
  gboolean named = FALSE;
  while (!named && (gint64)stats->bytes <= *budget && pkt_reader_next (r, &text))
    named = pkt_line_names_apple (text) && names_recipient (text);
  *budget -= (gint64)stats->bytes;
  *line = stats->lines;
  return named;
}
