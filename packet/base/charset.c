#include "packet/base/charset.h"
#include <errno.h>

#define REPLACEMENT "\xef\xbf\xbd"

/* Names go to iconv, which reads "//" suffixes: only plain names may. */
static gboolean
name_valid (const char *name)
{
  gsize n = strlen (name);
  return n > 0 && n <= 40
         && strspn (name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._:-")
                == n;
}

static gboolean
is_one_of (const char *name, const char *const *list)
{
  for (; *list; list++)
    if (g_ascii_strcasecmp (name, *list) == 0)
      return TRUE;
  return FALSE;
}

static gboolean
is_utf8 (const char *name)
{
  static const char *const names[] = { "utf-8", "utf8", "unicode-1-1-utf-8", NULL };
  return is_one_of (name, names);
}

/* The labels that senders use for windows-1252, as browsers read them. */
static gboolean
is_latin (const char *name)
{
  static const char *const names[]
      = { "us-ascii", "ascii",      "ansi_x3.4-1968", "iso-8859-1",   "iso8859-1", "latin1",
          "l1",       "iso_8859-1", "cp1252",         "windows-1252", "x-cp1252",  NULL };
  return is_one_of (name, names);
}

/* Byte by byte past what does not convert, so that one bad byte costs one character. NULL when
 * iconv does not know the name. */
static char *
convert (PktSlice s, const char *from)
{
  GIConv cd = g_iconv_open ("UTF-8", from);
  if (cd == (GIConv)-1)
    return NULL;
  GString *out = g_string_sized_new (s.n + 16);
  char *in = (char *)s.p;
  gsize left = s.n;
  while (left > 0) {
    char buffer[4096];
    char *to = buffer;
    gsize room = sizeof buffer;
    gsize r = g_iconv (cd, &in, &left, &to, &room);
    int e = errno;
    g_string_append_len (out, buffer, to - buffer);
    if (r == (gsize)-1 && e != E2BIG) {
      g_string_append (out, REPLACEMENT);
      in++;
      left--;
    }
  }
  g_iconv_close (cd);
  for (gsize i = 0; i < out->len; i++) /* U+0000 of UTF-16 */
    if (out->str[i] == '\0')
      out->str[i] = ' ';
  return g_string_free (out, FALSE);
}

static char *
latin (PktSlice s)
{
  char *text = convert (s, "WINDOWS-1252");
  return text ? text : g_utf8_make_valid (s.p, (gssize)s.n);
}

/* Mostly UTF-8 keeps its good characters; bytes that only look so in passing are windows-1252. */
static gboolean
mostly_utf8 (PktSlice s)
{
  gsize good = 0, bad = 0;
  while (s.n > 0) {
    if ((guchar)s.p[0] < 0x80) {
      s = pkt_slice_skip (s, 1);
      continue;
    }
    gunichar c = g_utf8_get_char_validated (s.p, (gssize)s.n);
    gboolean ok = c != (gunichar)-1 && c != (gunichar)-2;
    good += ok;
    bad += !ok;
    s = pkt_slice_skip (s, ok ? (gsize)g_utf8_skip[(guchar)s.p[0]] : 1);
  }
  return good >= bad;
}

static char *
utf8_or_latin (PktSlice s)
{
  return mostly_utf8 (s) ? g_utf8_make_valid (s.p, (gssize)s.n) : latin (s);
}

static const char *
mark (PktSlice *s)
{
  static const struct {
    const char *bytes;
    gsize n;
    const char *charset;
  } marks[] = { { "\xef\xbb\xbf", 3, "utf-8" },
                { "\xff\xfe", 2, "UTF-16LE" },
                { "\xfe\xff", 2, "UTF-16BE" } };
  for (gsize i = 0; i < G_N_ELEMENTS (marks); i++)
    if (pkt_slice_starts (*s, pkt_slice (marks[i].bytes, marks[i].n))) {
      *s = pkt_slice_skip (*s, marks[i].n);
      return marks[i].charset;
    }
  return NULL;
}

/* `charset=windows-1252` in the first bytes, quoted or not; caller frees. */
static char *
meta (PktSlice s)
{
  s.n = MIN (s.n, PKT_CHARSET_SNIFF);
  g_autofree char *head = g_ascii_strdown (s.p, (gssize)s.n);
  PktSlice rest = pkt_slice_find (pkt_slice (head, s.n), PKT_SLICE ("<meta"));
  rest = pkt_slice_find (rest, PKT_SLICE ("charset"));
  if (rest.n == 0)
    return NULL;
  rest = pkt_slice_trim (pkt_slice_skip (rest, strlen ("charset")));
  if (rest.n == 0 || rest.p[0] != '=')
    return NULL;
  rest = pkt_slice_trim (pkt_slice_skip (rest, 1));
  if (rest.n > 0 && (rest.p[0] == '"' || rest.p[0] == '\''))
    rest = pkt_slice_skip (rest, 1);
  gsize n = 0;
  while (n < rest.n && rest.p[n] != '\0' && !strchr ("\"'>; \t\r\n/", rest.p[n]))
    n++;
  return n > 0 ? g_strndup (rest.p, n) : NULL;
}

static char *
without_nuls (PktSlice s)
{
  char *copy = g_malloc (s.n + 1);
  gsize n = 0;
  for (gsize i = 0; i < s.n; i++)
    if (s.p[i] != '\0')
      copy[n++] = s.p[i];
  copy[n] = '\0';
  return copy;
}

static char *
by_name (PktSlice s, const char *name)
{
  if (name == NULL || !name_valid (name) || is_utf8 (name))
    return utf8_or_latin (s);
  if (is_latin (name)) /* "us-ascii" over UTF-8 is the commonest lie */
    return g_utf8_validate (s.p, (gssize)s.n, NULL) ? g_strndup (s.p, s.n) : latin (s);
  char *text = convert (s, name);
  return text ? text : utf8_or_latin (s);
}

char *
pkt_charset_utf8 (PktSlice bytes, const char *charset, gboolean html)
{
  if (bytes.n == 0)
    return g_strdup ("");
  const char *marked = mark (&bytes);
  gboolean wide = marked ? g_str_has_prefix (marked, "UTF-16")
                         : charset && g_ascii_strncasecmp (charset, "utf-16", 6) == 0;
  g_autofree char *narrow = wide ? NULL : without_nuls (bytes);
  PktSlice s = narrow ? pkt_slice_str (narrow) : bytes;
  if (s.n == 0)
    return g_strdup ("");
  g_autofree char *sniffed = !marked && !charset && html ? meta (s) : NULL;
  /* A page that could be read as bytes to find the meta element is not UTF-16, whatever it says. */
  if (sniffed && g_str_has_prefix (sniffed, "utf-16"))
    g_clear_pointer (&sniffed, g_free);
  return by_name (s, marked ? marked : charset ? charset : sniffed);
}
