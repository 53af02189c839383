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

/* Where separators stand among the 16 bytes at `at`: a bit each, the first the lowest. */
typedef struct {
  const char *at, *limit;
  guint bits;
  char separator;
} Marks;

static inline void
load (Marks *m, const char *p)
{
  m->at = p;
  if (m->limit - p >= 16) {
    m->bits = pkt_mask_16 (p, m->separator);
    return;
  }
  m->bits = 0;
  for (guint i = 0; i < 16 && p + i < m->limit; i++)
    m->bits |= (guint)(p[i] == m->separator) << i;
}

/* The first separator from p on, which never goes back; the end of the line when there is none. */
static inline const char *
next_separator (Marks *m, const char *p)
{
  if (p - m->at >= 16)
    load (m, p);
  else
    m->bits &= ~0U << (p - m->at);
  while (m->bits == 0) {
    if (m->limit - m->at <= 16)
      return m->limit;
    load (m, m->at + 16);
  }
  return m->at + __builtin_ctz (m->bits);
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
  const char *p = line.p, *limit = line.p + line.n;
  Marks marks = { .limit = limit, .separator = separator };
  load (&marks, p);
  for (;; p++) {
    if (n == PKT_CSV_MAX_FIELDS)
      return PKT_CSV_BROKEN;
    if (p < limit && *p == '"') {
      gsize i = (gsize)(p - line.p) + 1;
      if (quoted_field (line, &i, room, &fields[n]) != 0)
        return PKT_CSV_OPEN;
      p = line.p + i;
      if (p < limit && *p != separator)
        return PKT_CSV_BROKEN;
    } else {
      const char *end = next_separator (&marks, p);
      fields[n] = pkt_slice (p, (gsize)(end - p));
      p = end;
    }
    n++;
    if (p >= limit)
      return n;
  }
}
