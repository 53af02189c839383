#include "packet/redact/token.h"

#define MAX_LABEL 15 /* longer, or with more than 4 digits: made for one reader */
#define MAX_DIGITS 4

typedef struct {
  gsize digits, hex, letters, url, base64, marks, other;
} Alphabet;

static Alphabet
alphabet_of (PktSlice s)
{
  Alphabet a = { 0 };
  for (gsize i = 0; i < s.n; i++) {
    char c = s.p[i];
    a.digits += g_ascii_isdigit (c);
    a.hex += g_ascii_isxdigit (c);
    a.letters += g_ascii_isalpha (c);
    a.url += c == '-' || c == '_';
    a.base64 += c == '+' || c == '/' || c == '=';
  }
  a.other = s.n - a.digits - a.letters - a.url - a.base64;
  return a;
}

static gboolean
is_uuid (PktSlice s)
{
  if (s.n != 36)
    return FALSE;
  for (gsize i = 0; i < s.n; i++) {
    gboolean dash = i == 8 || i == 13 || i == 18 || i == 23;
    if (dash ? s.p[i] != '-' : !g_ascii_isxdigit (s.p[i]))
      return FALSE;
  }
  return TRUE;
}

static const char *
class_of (PktSlice s)
{
  Alphabet a = alphabet_of (s);
  if (a.digits == s.n)
    return "digits";
  if (is_uuid (s))
    return "uuid";
  if (a.hex == s.n && s.n >= 8)
    return "hex";
  if (a.other)
    return "text";
  if (a.letters == s.n && s.n < 16)
    return "letters";
  return a.base64 == 0 ? "base64url" : a.url == 0 ? "base64" : "text";
}

void
pkt_token_append (GString *out, PktSlice value)
{
  value = pkt_slice_trim (value);
  g_string_append_printf (out, "[token:%" G_GSIZE_FORMAT ",%s]", value.n, class_of (value));
}

gboolean
pkt_token_like (PktSlice s)
{
  return s.n > MAX_LABEL || alphabet_of (s).digits > MAX_DIGITS;
}

static void
append_host (GString *out, PktSlice host)
{
  while (host.n) {
    PktSlice label = pkt_slice_until (host, '.');
    if (pkt_token_like (label) && label.n < host.n)
      pkt_token_append (out, label);
    else
      g_string_append_len (out, label.p, (gssize)label.n);
    host = pkt_slice_skip (host, label.n);
    if (host.n) {
      g_string_append_c (out, '.');
      host = pkt_slice_skip (host, 1);
    }
  }
}

static void
append_web (GString *out, PktSlice url, gsize scheme)
{
  PktSlice rest = pkt_slice_skip (url, scheme);
  gsize n = 0;
  while (n < rest.n && !strchr ("/?#", rest.p[n]))
    n++;
  PktSlice host = pkt_slice (rest.p, n);
  const char *at = n ? memrchr (rest.p, '@', n) : NULL; /* user:password@host */
  if (at)
    host = pkt_slice (at + 1, (gsize)(rest.p + n - at - 1));
  g_string_append_len (out, url.p, (gssize)scheme);
  append_host (out, host);
  rest = pkt_slice_skip (rest, n);
  if (rest.n) {
    g_string_append_c (out, '/');
    if (rest.p[0] == '/')
      rest = pkt_slice_skip (rest, 1);
    if (rest.n)
      pkt_token_append (out, rest);
  }
}

static void
append_mailto (GString *out, PktSlice url)
{
  PktSlice rest = pkt_slice_skip (url, 7), address = pkt_slice_until (rest, '?');
  PktSlice local = pkt_slice_until (address, '@');
  g_string_append_len (out, url.p, 7);
  pkt_token_append (out, local);
  if (local.n < address.n) {
    g_string_append_c (out, '@');
    append_host (out, pkt_slice_skip (address, local.n + 1));
  }
  if (address.n < rest.n) {
    g_string_append_c (out, '?');
    pkt_token_append (out, pkt_slice_skip (rest, address.n + 1));
  }
}

void
pkt_token_append_url (GString *out, PktSlice url)
{
  static const char *const schemes[] = { "https://", "http://" };
  url = pkt_slice_trim (url);
  for (gsize i = 0; i < G_N_ELEMENTS (schemes); i++)
    if (url.n > strlen (schemes[i])
        && g_ascii_strncasecmp (url.p, schemes[i], strlen (schemes[i])) == 0) {
      append_web (out, url, strlen (schemes[i]));
      return;
    }
  if (url.n > 7 && g_ascii_strncasecmp (url.p, "mailto:", 7) == 0)
    append_mailto (out, url);
  else
    pkt_token_append (out, url);
}
