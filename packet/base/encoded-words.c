#include "packet/base/encoded-words.h"

#define MAX_CHARSET 40
#define MAX_WORD 2000 /* RFC 2047 has 75 */

typedef struct {
  PktSlice charset, text;
  char encoding; /* 'b' or 'q' */
  gsize n;       /* of all */
} Word;

/* `=?charset*lang?B?text?=` at `at`. */
static gboolean
word_at (PktSlice in, gsize at, Word *w)
{
  PktSlice rest = pkt_slice_skip (in, at);
  rest.n = MIN (rest.n, MAX_WORD);
  if (!pkt_slice_starts (rest, PKT_SLICE ("=?")))
    return FALSE;
  PktSlice charset = pkt_slice_until (pkt_slice_skip (rest, 2), '?');
  PktSlice body = pkt_slice_skip (rest, 2 + charset.n + 1);
  if (charset.n == 0 || charset.n > MAX_CHARSET || body.n < 2 || body.p[1] != '?')
    return FALSE;
  PktSlice text = pkt_slice_skip (body, 2), end = pkt_slice_find (text, PKT_SLICE ("?="));
  w->encoding = g_ascii_tolower (body.p[0]);
  if (end.p == NULL || (w->encoding != 'b' && w->encoding != 'q'))
    return FALSE;
  w->charset = pkt_slice_until (charset, '*');
  w->text = pkt_slice (text.p, (gsize)(end.p - text.p));
  w->n = (gsize)(end.p + 2 - rest.p);
  return TRUE;
}

static void
append_q (PktSlice text, GString *bytes)
{
  for (gsize i = 0; i < text.n; i++) {
    int high = text.p[i] == '=' && i + 2 < text.n ? g_ascii_xdigit_value (text.p[i + 1]) : -1,
        low = high < 0 ? -1 : g_ascii_xdigit_value (text.p[i + 2]);
    g_string_append_c (bytes, low >= 0           ? (char)(high << 4 | low)
                              : text.p[i] == '_' ? ' '
                                                 : text.p[i]);
    i += low >= 0 ? 2 : 0;
  }
}

/* Bytes of all words so far; base64 that was cut within four characters goes on in the next, or
 * lacks its padding (`apart`). */
static void
append_word (const Word *w, gboolean apart, GString *bytes, GString *base64)
{
  if (w->encoding == 'q') {
    append_q (w->text, bytes);
    return;
  }
  g_string_append_len (base64, w->text.p, (gssize)w->text.n);
  if (apart)
    g_string_append (base64, "===");
  else if (base64->len % 4 && w->text.n && w->text.p[w->text.n - 1] != '=')
    return;
  gsize n = 0;
  g_autofree guchar *decoded = g_base64_decode (base64->str, &n);
  g_string_append_len (bytes, (const char *)decoded, (gssize)n);
  g_string_truncate (base64, 0);
}

/* Base64 that was taken for one from the wrong place has some. */
static gboolean
has_controls (const char *utf8, gsize n)
{
  for (gsize i = 0; i < n; i++)
    if (g_ascii_iscntrl (utf8[i]) && !strchr ("\t\r\n", utf8[i]))
      return TRUE;
  return FALSE;
}

/* Bytes to UTF-8, and all three strings are empty again. FALSE: they are not of that charset, or no
 * text. */
static gboolean
flush (PktSlice charset, GString *bytes, GString *base64, GString *out)
{
  gsize n = 0;
  if (base64->len) { /* cut off: what is there */
    g_string_append (base64, "===");
    g_autofree guchar *decoded = g_base64_decode (base64->str, &n);
    g_string_append_len (bytes, (const char *)decoded, (gssize)n);
  }
  g_autofree char *name = g_strndup (charset.p, charset.n),
                  *utf8 = g_convert (bytes->str, (gssize)bytes->len, "UTF-8", name, NULL, &n, NULL);
  g_string_append_len (out, utf8 ? utf8 : bytes->str, (gssize)(utf8 ? n : bytes->len));
  g_string_truncate (bytes, 0);
  g_string_truncate (base64, 0);
  return utf8 && !has_controls (utf8, n);
}

/* The length of the words that begin at `at`; 0: there is none. */
static gsize
words_at (PktSlice in, gsize at, gboolean apart, GString *out, gboolean *good)
{
  Word w;
  *good = TRUE;
  if (!word_at (in, at, &w))
    return 0;
  GString *bytes = g_string_new (NULL), *base64 = g_string_new (NULL);
  PktSlice charset = w.charset;
  gsize end, next = at;
  do {
    if (!pkt_slice_equal_nocase (w.charset, charset)) {
      *good &= flush (charset, bytes, base64, out);
      charset = w.charset;
    }
    append_word (&w, apart, bytes, base64);
    end = next += w.n;
    while (next < in.n && pkt_ascii_is_blank (in.p[next]))
      next++;
  } while (word_at (in, next, &w));
  *good &= flush (charset, bytes, base64, out);
  g_string_free (bytes, TRUE);
  g_string_free (base64, TRUE);
  return end - at;
}

gsize
pkt_encoded_words_at (PktSlice in, gsize at, GString *out)
{
  const gsize before = out->len;
  gboolean good;
  gsize n = words_at (in, at, FALSE, out, &good);
  if (n && !good) {
    g_autoptr (GString) apart = g_string_new (NULL);
    n = words_at (in, at, TRUE, apart, &good);
    if (good) {
      g_string_truncate (out, before);
      g_string_append_len (out, apart->str, (gssize)apart->len);
    }
  }
  return n;
}

char *
pkt_encoded_words_join (const char *value)
{
  PktSlice in = pkt_slice_str (value);
  GString *joined = g_string_new (NULL), *utf8 = g_string_new (NULL);
  for (gsize i = 0; i < in.n;) {
    gsize n = in.p[i] == '=' ? pkt_encoded_words_at (in, i, utf8) : 0;
    if (n && g_utf8_validate (utf8->str, (gssize)utf8->len, NULL)) {
      g_autofree char *base64 = g_base64_encode ((const guchar *)utf8->str, utf8->len);
      g_string_append_printf (joined, "=?utf-8?B?%s?=", base64);
    } else {
      n = MAX (n, 1);
      g_string_append_len (joined, in.p + i, (gssize)n);
    }
    g_string_truncate (utf8, 0);
    i += n;
  }
  g_string_free (utf8, TRUE);
  return g_string_free (joined, FALSE);
}
