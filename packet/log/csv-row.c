#include "packet/log/csv-row.h"

/* The same where a quote in it is doubled; `room` holds as many bytes as the line has, so that it
 * never moves. */
static int
doubled_field (PktSlice line, gsize *i, GString *room, PktSlice *out)
{
  gsize from = room->len;
  for (;;) {
    const char *quote = *i < line.n ? memchr (line.p + *i, '"', line.n - *i) : NULL;
    if (quote == NULL)
      return PKT_CSV_OPEN;
    gsize n = (gsize)(quote - line.p) - *i;
    g_string_append_len (room, line.p + *i, (gssize)n);
    *i += n + 1;
    if (*i >= line.n || line.p[*i] != '"')
      break;
    g_string_append_c (room, '"');
    ++*i;
  }
  *out = pkt_slice (room->str + from, room->len - from);
  return 0;
}

/* A quoted field at line.p[*i], behind its first quote. */
static inline int
quoted_field (PktSlice line, gsize *i, GString *room, PktSlice *out)
{
  const char *limit = line.p + line.n, *quote = pkt_find_byte (line.p + *i, limit, '"');
  if (quote == NULL)
    return PKT_CSV_OPEN;
  if (quote + 1 < limit && quote[1] == '"')
    return doubled_field (line, i, room, out);
  *out = pkt_slice (line.p + *i, (gsize)(quote - line.p) - *i);
  *i = (gsize)(quote - line.p) + 1;
  return 0;
}

int
pkt_csv_row (PktSlice line, char separator, GString *room, PktSlice fields[PKT_CSV_MAX_FIELDS])
{
  int n = 0;
  if (line.p == NULL)
    line = PKT_SLICE ("");
  if (room->allocated_len <= line.n)
    g_string_set_size (room, line.n + 1);
  g_string_truncate (room, 0);
  for (gsize i = 0;; i++) {
    if (n == PKT_CSV_MAX_FIELDS)
      return PKT_CSV_BROKEN;
    if (i < line.n && line.p[i] == '"') {
      i++;
      if (quoted_field (line, &i, room, &fields[n]) != 0)
        return PKT_CSV_OPEN;
      if (i < line.n && line.p[i] != separator)
        return PKT_CSV_BROKEN;
    } else {
      const char *from = line.p + i, *limit = line.p + line.n;
      const char *end = i < line.n ? pkt_find_byte (from, limit, separator) : NULL;
      fields[n] = pkt_slice (from, (gsize)((end ? end : limit) - from));
      i += fields[n].n;
    }
    n++;
    if (i >= line.n)
      return n;
  }
}
