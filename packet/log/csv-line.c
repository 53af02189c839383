#include "packet/log/csv-line.h"

/* A quoted field at s: its end, and whether quotes in it are doubled. */
static gsize
quoted_length (PktSlice s, gboolean *doubled)
{
  gsize i = 1;
  *doubled = FALSE;
  for (; i < s.n; i++) {
    if (s.p[i] != '"')
      continue;
    if (i + 1 == s.n || s.p[i + 1] != '"')
      break;
    *doubled = TRUE;
    i++;
  }
  return i;
}

static PktSlice
undouble (PktSlice s, GString *buffer)
{
  gsize begin = buffer->len;
  for (gsize i = 0; i < s.n; i++) {
    g_string_append_c (buffer, s.p[i]);
    if (s.p[i] == '"')
      i++;
  }
  return pkt_slice (buffer->str + begin, buffer->len - begin);
}

guint
pkt_csv_line (PktSlice line, char separator, GString *buffer, PktSlice *fields, guint max)
{
  guint n = 0;
  g_string_set_size (buffer, line.n); /* so that it does not move while fields point into it */
  g_string_truncate (buffer, 0);
  while (n < max) {
    gboolean doubled = FALSE;
    gsize end;
    if (line.n && line.p[0] == '"') {
      end = quoted_length (line, &doubled);
      PktSlice inner = pkt_slice (line.p + 1, end - 1);
      fields[n++] = doubled ? undouble (inner, buffer) : inner;
      while (end < line.n && line.p[end] != separator)
        end++;
    } else {
      end = pkt_slice_until (line, separator).n;
      fields[n++] = pkt_slice (line.p, end);
    }
    if (end >= line.n)
      break;
    line = pkt_slice_skip (line, end + 1);
  }
  return n;
}
