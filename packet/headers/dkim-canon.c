#include "packet/headers/dkim-canon.h"

static gboolean
is_blank (char c)
{
  return c == ' ' || c == '\t';
}

/* With CRLF for every line end, also a bare LF. */
static void
append_lines (GString *out, PktSlice s)
{
  for (gsize i = 0; i < s.n; i++) {
    if (s.p[i] == '\n' && (i == 0 || s.p[i - 1] != '\r'))
      g_string_append_c (out, '\r');
    g_string_append_c (out, s.p[i]);
  }
}

/* 3.4.2: unfolded, blanks as one, none at both ends. */
static void
append_unfolded (GString *out, PktSlice value)
{
  gboolean blank = FALSE, begun = FALSE;
  for (gsize i = 0; i < value.n; i++) {
    char c = value.p[i];
    if (is_blank (c) || c == '\r' || c == '\n') {
      blank = TRUE;
      continue;
    }
    if (blank && begun)
      g_string_append_c (out, ' ');
    g_string_append_c (out, c);
    blank = FALSE;
    begun = TRUE;
  }
}

void
pkt_dkim_canon_field (GString *out, PktSlice name, PktSlice value, gboolean relaxed)
{
  if (!relaxed) {
    g_string_append_len (out, name.p, (gssize)name.n);
    g_string_append_c (out, ':');
    append_lines (out, value);
  } else {
    while (name.n > 0 && is_blank (name.p[name.n - 1]))
      name.n--;
    for (gsize i = 0; i < name.n; i++)
      g_string_append_c (out, g_ascii_tolower (name.p[i]));
    g_string_append_c (out, ':');
    append_unfolded (out, value);
  }
  g_string_append (out, "\r\n");
}

static void
append_relaxed_line (GString *out, PktSlice line)
{
  gboolean blank = FALSE;
  for (gsize i = 0; i < line.n; i++) {
    if (is_blank (line.p[i])) {
      blank = TRUE;
      continue;
    }
    if (blank)
      g_string_append_c (out, ' ');
    g_string_append_c (out, line.p[i]);
    blank = FALSE;
  }
}

void
pkt_dkim_canon_body (GString *out, PktSlice body, gboolean relaxed)
{
  gsize begin = out->len, kept = out->len; /* what follows the last line that is not empty goes */
  while (body.n > 0) {
    PktSlice line = pkt_slice_until (body, '\n');
    body = pkt_slice_skip (body, line.n + 1);
    if (line.n > 0 && line.p[line.n - 1] == '\r')
      line.n--;
    gsize before = out->len;
    if (relaxed)
      append_relaxed_line (out, line);
    else
      g_string_append_len (out, line.p, (gssize)line.n);
    gboolean empty = out->len == before;
    g_string_append (out, "\r\n");
    if (!empty)
      kept = out->len;
  }
  g_string_truncate (out, kept);
  if (!relaxed && kept == begin)
    g_string_append (out, "\r\n");
}

char *
pkt_dkim_canon_unsigned (PktSlice value, gsize *n)
{
  GString *out = g_string_new (NULL);
  gsize i = 0;
  while (i < value.n) {
    gsize name = i, end = i;
    while (name < value.n && g_ascii_isspace (value.p[name]))
      name++;
    while (end < value.n && value.p[end] != ';')
      end++;
    gsize equals = name + 1;
    while (equals < end && g_ascii_isspace (value.p[equals]))
      equals++;
    gboolean is_b = name < end && value.p[name] == 'b' && equals < end && value.p[equals] == '=';
    g_string_append_len (out, value.p + i, (gssize)((is_b ? equals + 1 : end) - i));
    if (end < value.n)
      g_string_append_c (out, ';');
    i = end + 1;
  }
  *n = out->len;
  return g_string_free (out, FALSE);
}
