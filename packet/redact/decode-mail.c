#include "packet/base/encoded-words.h"
#include "packet/redact/decode-class.h"

#define MAX_COMMENT 200

static int
hex_pair (PktSlice s, gsize at)
{
  if (at + 2 > s.n)
    return -1;
  int high = pkt_decode_hex[(guint8)s.p[at]], low = pkt_decode_hex[(guint8)s.p[at + 1]];
  return high < 0 || low < 0 ? -1 : high << 4 | low;
}

static gboolean
is_blank (char c)
{
  return pkt_decode_is (c, PKT_DECODE_BLANK);
}

gboolean
pkt_decode_xtext (PktSlice in, GString *out)
{
  gboolean found = FALSE;
  for (gsize i = 0, done = 0;; i++) {
    if (!pkt_decode_seek (in, &i, '+'))
      return pkt_decode_end (in, done, found, out);
    int byte = hex_pair (in, i + 1);
    if (byte < 0)
      continue;
    pkt_decode_keep (in, &done, i, out);
    g_string_append_c (out, (char)byte);
    found = TRUE;
    i += 2;
    done = i + 1;
  }
}

/* Length of a soft line break ("=", blanks, line end) at `at`; 0 when there is none. */
static gsize
soft_break (PktSlice in, gsize at)
{
  gsize i = at + 1;
  while (i < in.n && (in.p[i] == ' ' || in.p[i] == '\t'))
    i++;
  if (i < in.n && in.p[i] == '\r')
    i++;
  return i < in.n && in.p[i] == '\n' ? i + 1 - at : 0;
}

gboolean
pkt_decode_qp (PktSlice in, GString *out)
{
  gboolean found = FALSE;
  for (gsize i = 0, done = 0;; i++) {
    if (!pkt_decode_seek (in, &i, '='))
      return pkt_decode_end (in, done, found, out);
    int byte = hex_pair (in, i + 1);
    gsize skip = byte < 0 ? soft_break (in, i) : 3;
    if (skip == 0)
      continue;
    pkt_decode_keep (in, &done, i, out);
    if (byte >= 0)
      g_string_append_c (out, (char)byte);
    found = TRUE;
    i += skip - 1;
    done = i + 1;
  }
}

/* ---- RFC 2047 ---- */

gboolean
pkt_decode_rfc2047 (PktSlice in, GString *out)
{
  gboolean found = FALSE;
  for (gsize i = 0, done = 0;; i++) {
    if (!pkt_decode_seek (in, &i, '='))
      return pkt_decode_end (in, done, found, out);
    if (!pkt_slice_starts (pkt_slice_skip (in, i), PKT_SLICE ("=?")))
      continue;
    g_autoptr (GString) words = g_string_new (NULL);
    gsize n = pkt_encoded_words_at (in, i, words);
    if (n == 0)
      continue;
    pkt_decode_keep (in, &done, i, out);
    g_string_append_len (out, words->str, (gssize)words->len);
    found = TRUE;
    i += n - 1;
    done = i + 1;
  }
}

/* ---- folds and parameters ---- */

/* `"; name*1*="` at `at` (the semicolon); 0: none, or the first one. */
static gsize
continuation_at (PktSlice in, gsize at)
{
  gsize i = at + 1;
  guint number = 0;
  while (i < in.n && g_ascii_isspace (in.p[i]))
    i++;
  while (i < in.n && (g_ascii_isalnum (in.p[i]) || in.p[i] == '-') && i - at < 64)
    i++;
  if (i >= in.n || in.p[i++] != '*')
    return 0;
  for (; i < in.n && g_ascii_isdigit (in.p[i]) && number < 1000; i++)
    number = number * 10 + (guint)g_ascii_digit_value (in.p[i]);
  if (i < in.n && in.p[i] == '*')
    i++;
  if (i >= in.n || in.p[i++] != '=')
    return 0;
  if (i < in.n && in.p[i] == '"')
    i++;
  return number ? i - at : 0;
}

gboolean
pkt_decode_rfc2231 (PktSlice in, GString *out)
{
  gboolean found = FALSE;
  for (gsize i = 0, done = 0;; i++) {
    if (!pkt_decode_seek (in, &i, ';'))
      return pkt_decode_end (in, done, found, out);
    gsize n = continuation_at (in, i);
    if (n == 0)
      continue;
    pkt_decode_keep (in, &done, i, out);
    if (out->len && out->str[out->len - 1] == '"')
      g_string_truncate (out, out->len - 1);
    found = TRUE;
    i += n - 1;
    done = i + 1;
  }
}

/* Behind the end of a sentence a blank stays: "… Smith.\nJane …" is nobody's address. */
gboolean
pkt_decode_unfold (PktSlice in, GString *out)
{
  gboolean found = FALSE;
  for (gsize i = 0, done = 0;; i++) {
    if (!pkt_decode_seek_either (in, &i, '\r', '\n'))
      return pkt_decode_end (in, done, found, out);
    pkt_decode_keep (in, &done, i, out);
    found = TRUE;
    if (out->len && strchr (".,;:!?", out->str[out->len - 1]))
      g_string_append_c (out, ' ');
    while (i + 1 < in.n && (in.p[i + 1] == ' ' || in.p[i + 1] == '\t' || in.p[i + 1] == '\n'))
      i++;
    done = i + 1;
  }
}

/* ---- what RFC 5322 allows between the parts of an address ---- */

/* Length of "(…)" at `at`; 0: none. */
static gsize
comment_at (PktSlice in, gsize at)
{
  guint depth = 0;
  for (gsize i = at; i < in.n && i - at < MAX_COMMENT; i++) {
    depth += in.p[i] == '(';
    if (in.p[i] == ')' && --depth == 0)
      return i + 1 - at;
    if (depth == 0)
      return 0;
  }
  return 0;
}

/* `user (x) @ (y) example . (z) net` without comments; they count only where an address may go on,
 * before and behind its '@' and its dots. */
gboolean
pkt_decode_comments (PktSlice in, GString *out)
{
  gboolean found = FALSE;
  if (in.n == 0 || memchr (in.p, '@', in.n) == NULL)
    return FALSE;
  for (gsize i = 0, done = 0;; i++) {
    if (!pkt_decode_seek (in, &i, '('))
      return pkt_decode_end (in, done, found, out);
    gsize n = comment_at (in, i);
    if (n == 0)
      continue;
    pkt_decode_keep (in, &done, i, out);
    gsize next = i + n, before = out->len;
    while (next < in.n && is_blank (in.p[next]))
      next++;
    while (before && is_blank (out->str[before - 1]))
      before--;
    gboolean inside = (next < in.n && strchr ("@.", in.p[next]) && in.p[next])
                      || (before && strchr ("@.", out->str[before - 1]));
    if (!inside)
      continue;
    g_string_truncate (out, before);
    found = TRUE;
    i = next - 1;
    done = i + 1;
  }
}

static gboolean
in_atom (char c)
{
  return pkt_decode_is (c, PKT_DECODE_ATOM);
}

static gsize
skip_blanks (PktSlice in, gsize i)
{
  while (i < in.n && is_blank (in.p[i]))
    i++;
  return i;
}

/* Where the local part begins, blanks before the '@' at `at` and around dots skipped. */
static gsize
before_sign (PktSlice in, gsize at)
{
  gsize start = at;
  for (gsize i = at; i > 0 && at - i < MAX_COMMENT;) {
    while (i > 0 && is_blank (in.p[i - 1]))
      i--;
    if (i == 0 || (in.p[i - 1] != '.' && in.p[start] != '.' && start < at))
      break;
    while (i > 0 && at - i < MAX_COMMENT && (in_atom (in.p[i - 1]) || in.p[i - 1] == '.'))
      i--;
    if (i == start)
      break;
    start = i;
  }
  return start;
}

/* `jane . quill @ example . net`, `user@[example.net]`: what stands around each '@', and nothing
 * else, as words of a text must not be joined. */
gboolean
pkt_decode_blanks (PktSlice in, GString *out)
{
  gboolean found = FALSE;
  for (gsize at = 1; pkt_decode_seek (in, &at, '@') && at + 1 < in.n; at++) {
    for (gsize i = before_sign (in, at); i < at; i++)
      if (!is_blank (in.p[i]))
        g_string_append_c (out, in.p[i]);
    g_string_append_c (out, '@');
    gsize i = skip_blanks (in, at + 1);
    i += i < in.n && in.p[i] == '[';
    for (i = skip_blanks (in, i); i < in.n && i - at < MAX_COMMENT; i++) {
      if (!in_atom (in.p[i]))
        break;
      while (i < in.n && in_atom (in.p[i]))
        g_string_append_c (out, in.p[i++]);
      i = skip_blanks (in, i);
      if (i >= in.n || in.p[i] != '.')
        break;
      g_string_append_c (out, '.');
      i = skip_blanks (in, i + 1) - 1;
    }
    g_string_append_c (out, '\n');
    found = TRUE;
  }
  return found;
}

/* ---- uuencode ---- */

/* A line whose first character says its length, with just as much behind it; where that is not
 * whole groups of three bytes, the blanks at its end may be cut off. */
static gboolean
append_uu_line (PktSlice line, GString *out)
{
  if (line.n < 5 || line.p[0] <= ' ' || line.p[0] > '`')
    return FALSE;
  guint n = ((guint)line.p[0] - ' ') & 63;
  const gsize full = 1 + (gsize)(n + 2) / 3 * 4, padding = (3 - n % 3) % 3;
  if (n == 0 || line.n > full || line.n + padding < full)
    return FALSE;
  for (gsize i = 1; i < line.n; i++)
    if (line.p[i] < ' ' || line.p[i] > '`')
      return FALSE;
  for (guint i = 0; i < n; i++) {
    const char *four = line.p + 1 + i / 3 * 4;
    guint32 bits = 0;
    for (int k = 0; k < 4; k++)
      bits = bits << 6 | (four + k < line.p + line.n ? ((guint)four[k] - ' ') & 63 : 0);
    g_string_append_c (out, (char)(bits >> (16 - i % 3 * 8) & 0xff));
  }
  return TRUE;
}

gboolean
pkt_decode_uu (PktSlice in, GString *out)
{
  gboolean found = FALSE;
  while (in.n) {
    PktSlice line = pkt_slice_until (in, '\n');
    in = pkt_slice_skip (in, line.n + 1);
    if (line.n && line.p[line.n - 1] == '\r')
      line.n--;
    found |= append_uu_line (line, out);
  }
  return found;
}
