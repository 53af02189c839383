#include "packet/redact/token.h"
#include "packet/redact/redactor-priv.h"

#define MAX_PLAIN 15     /* "long" begins with 16 characters */
#define MAX_WORD 12      /* letters of one word */
#define MAX_RUN 4        /* consonants in a row */
#define MAX_CHANGES 3    /* between letters and digits in a host label: x7f2q9 has five */
#define MAX_HOST_WORD 30 /* letters of a host label that is a name */
#define MAX_HOST_DIGITS 4

typedef struct {
  gsize digits, hex, letters, url, base64, dots, other;
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
    a.dots += c == '.';
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
  if (a.digits == s.n && s.n)
    return "digits";
  if (is_uuid (s))
    return "uuid";
  if (a.hex == s.n && s.n >= 8)
    return "hex";
  if (a.dots == 2 && a.other == 2 && pkt_slice_starts (s, PKT_SLICE ("eyJ"))) /* {" in base64 */
    return "jwt";
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

/* Letters that can be spoken, in one case or with a capital: "Weekly", not "kQwRt". */
static gboolean
is_spoken (PktSlice w)
{
  gsize vowels = 0, run = 0;
  for (gsize i = 0; i < w.n; i++) {
    if (!g_ascii_isalpha (w.p[i])
        || (i > 0 && g_ascii_isupper (w.p[i]) != g_ascii_isupper (w.p[w.n - 1])))
      return FALSE;
    gboolean vowel = strchr ("aeiouyAEIOUY", w.p[i]) != NULL;
    vowels += vowel;
    run = vowel ? 0 : run + 1;
    if (run > MAX_RUN)
      return FALSE;
  }
  return w.n <= 2 || vowels * 5 >= w.n;
}

static gboolean
is_known_word (PktSlice w)
{
  static const char *const words[] = { "html", "htm", "php",  "aspx",  "jsp", "gif",
                                       "png",  "jpg", "http", "https", "utm", NULL };
  for (gsize i = 0; words[i]; i++)
    if (pkt_slice_equal_nocase (w, pkt_slice_str (words[i])))
      return TRUE;
  return pkt_place_role_word (w);
}

/* A number that counts readers or orders must not pass, however short; a year may, and behind it
 * month, day or week: weekly-2026-53. */
static gboolean
is_date_number (PktSlice w, gboolean *year)
{
  gint64 number;
  if (!pkt_slice_number (w, &number))
    return FALSE;
  if (w.n == 4 && number >= 1990 && number < 2100) {
    *year = TRUE;
    return TRUE;
  }
  return *year && w.n <= 2;
}

static gboolean
is_plain_word (const PktRedactor *r, PktSlice w, gboolean *year)
{
  if (g_ascii_isdigit (w.p[0]))
    return is_date_number (w, year);
  if (w.n <= 3 && (w.p[0] | 0x20) == 'v' && w.n > 1) /* /v1/, /v12/ */
    return g_ascii_isdigit (w.p[w.n - 1]) && g_ascii_isdigit (w.p[1]);
  return is_known_word (w) || (w.n <= MAX_WORD && is_spoken (w) && !pkt_redactor_is_person (r, w));
}

static gboolean
is_plain (const PktRedactor *r, PktSlice s, gboolean *year)
{
  if (s.n > MAX_PLAIN && !pkt_place_role_words (s))
    return FALSE;
  for (gsize at = 0; at < s.n;) {
    gsize n = 0;
    while (at + n < s.n && !strchr ("-_.", s.p[at + n]))
      n++;
    if (n && !is_plain_word (r, pkt_slice (s.p + at, n), year))
      return FALSE;
    at += n + 1;
  }
  return s.n > 0 && !pkt_redactor_is_person (r, s);
}

gboolean
pkt_token_plain (const PktRedactor *r, PktSlice s)
{
  gboolean year = FALSE;
  return is_plain (r, s, &year);
}

void
pkt_token_append_words (const PktRedactor *r, GString *out, PktSlice value, const char *separators)
{
  gboolean year = FALSE; /* in /2026/05/ it stands in the part before */
  while (TRUE) {
    gsize n = 0;
    while (n < value.n && !strchr (separators, value.p[n]))
      n++;
    PktSlice part = pkt_slice (value.p, n);
    if (n == 0 || is_plain (r, part, &year))
      g_string_append_len (out, part.p, (gssize)n);
    else
      pkt_token_append (out, part);
    if (n == value.n)
      return;
    g_string_append_c (out, value.p[n]);
    value = pkt_slice_skip (value, n + 1);
  }
}

/* ---- ids in free text ---- */

#define MIN_ID_DIGITS 5
#define MIN_ID 6
#define MIN_LONG_ID 16

static gsize
changes_of (PktSlice s)
{
  gsize changes = 0;
  for (gsize i = 1; i < s.n; i++)
    changes += !g_ascii_isdigit (s.p[i]) != !g_ascii_isdigit (s.p[i - 1]);
  return changes;
}

/* 20261231 */
static gboolean
is_day (PktSlice s)
{
  gint64 n;
  if (s.n != 8 || !pkt_slice_number (s, &n))
    return FALSE;
  gint64 year = n / 10000, month = n / 100 % 100, day = n % 100;
  return year >= 1990 && year < 2100 && month >= 1 && month <= 12 && day >= 1 && day <= 31;
}

static gboolean
has_both_cases (PktSlice s)
{
  gboolean upper = FALSE, lower = FALSE;
  for (gsize i = 0; i < s.n; i++) {
    upper |= g_ascii_isupper (s.p[i]);
    lower |= g_ascii_islower (s.p[i]);
  }
  return upper && lower;
}

gboolean
pkt_token_like (PktSlice w)
{
  Alphabet a = alphabet_of (w);
  gsize changes = changes_of (w);
  if (a.other || a.base64 || a.url)
    return FALSE;
  if (a.digits == w.n)
    return w.n >= MIN_ID_DIGITS && !is_day (w);
  if (a.digits == 0)
    return w.n > MIN_LONG_ID && !is_spoken (w);
  return w.n >= MIN_LONG_ID || (a.digits >= MIN_ID_DIGITS && w.n >= MIN_ID_DIGITS + 1)
         || (w.n >= MIN_ID && changes > 1 && has_both_cases (w)) || (w.n >= 8 && changes > 2);
}

static gboolean
text_char (char c)
{
  return g_ascii_isalnum (c) || (guint8)c >= 0x80;
}

/* 16.0.14827, 1,299.00: a part of a longer number is no id. */
static gboolean
in_number (PktSlice text, gsize start, gsize end)
{
  gboolean before = start > 1 && strchr (".,", text.p[start - 1])
                    && g_ascii_isdigit (text.p[start - 2]);
  return before
         || (end + 1 < text.n && strchr (".,", text.p[end]) && g_ascii_isdigit (text.p[end + 1]));
}

void
pkt_token_append_text (GString *out, PktSlice text)
{
  for (gsize i = 0; i < text.n;) {
    gsize start = i;
    while (i < text.n && text_char (text.p[i]))
      i++;
    PktSlice word = pkt_slice (text.p + start, i - start);
    if (word.n && pkt_token_like (word) && !in_number (text, start, i))
      pkt_token_append (out, word);
    else
      g_string_append_len (out, word.p, (gssize)word.n);
    if (i < text.n)
      g_string_append_c (out, text.p[i++]);
  }
}

/* ---- hosts ---- */

static gboolean
is_made_label (const PktRedactor *r, PktSlice label)
{
  Alphabet a = alphabet_of (label);
  if (a.digits > MAX_HOST_DIGITS || changes_of (label) > MAX_CHANGES || a.other || a.base64
      || (pkt_redactor_is_person (r, label) && !pkt_slice_equal_nocase (label, PKT_SLICE ("www"))))
    return TRUE;
  return label.n > MAX_PLAIN && (label.n > MAX_HOST_WORD || a.digits || !is_spoken (label));
}

static gsize
count_labels (PktSlice host)
{
  gsize n = 1;
  for (gsize i = 0; i < host.n; i++)
    n += host.p[i] == '.';
  return n;
}

/* Wildcard names (7fq2mx9kd3.click.example.com) tell readers apart, below the sender's own domains
 * as well; the last two labels, an address and those domains do not. */
void
pkt_token_append_host (const PktRedactor *r, GString *out, PktSlice host)
{
  gsize ipv6 = host.n && host.p[0] == '[' ? pkt_slice_until (host, ']').n : 0;
  PktSlice port = pkt_slice_skip (host,
                                  ipv6 + pkt_slice_until (pkt_slice_skip (host, ipv6), ':').n);
  PktSlice name = pkt_slice (host.p, host.n - port.n);
  gboolean address = ipv6 || (host.n && g_ascii_isdigit (host.p[host.n - 1]));
  while (name.n && !address && count_labels (name) > 2 && !pkt_redactor_names_own (r, name)) {
    PktSlice label = pkt_slice_until (name, '.');
    if (is_made_label (r, label))
      pkt_token_append (out, label);
    else
      g_string_append_len (out, label.p, (gssize)label.n);
    g_string_append_c (out, '.');
    name = pkt_slice_skip (name, label.n + 1);
  }
  g_string_append_len (out, name.p, (gssize)name.n);
  if (port.n <= 6)
    g_string_append_len (out, port.p, (gssize)port.n);
}

/* ---- the rest of a URL ---- */

/* "e=abc&utm_source=x" -> "e=[token:3,letters]&utm_source=[token:1,letters]". */
static void
append_query (const PktRedactor *r, GString *out, PktSlice query)
{
  while (TRUE) {
    PktSlice pair = pkt_slice_until_any (query, "&;"), name = pkt_slice_until (pair, '=');
    PktSlice value = pkt_slice_skip (pair, name.n + 1);
    gboolean named = name.n < pair.n && pkt_token_plain (r, name);
    if (named)
      g_string_append_printf (out, "%.*s=", (int)name.n, name.p);
    if (!named && pair.n)
      pkt_token_append (out, pair);
    else if (value.n)
      pkt_token_append (out, value);
    if (pair.n == query.n)
      return;
    g_string_append_c (out, query.p[pair.n]);
    query = pkt_slice_skip (query, pair.n + 1);
  }
}

static void
append_tail (const PktRedactor *r, GString *out, PktSlice rest)
{
  PktSlice query = pkt_slice_until (rest, '#'), fragment = pkt_slice_skip (rest, query.n + 1);
  if (query.n) {
    g_string_append_c (out, '?');
    append_query (r, out, pkt_slice_skip (query, 1));
  }
  if (query.n < rest.n) {
    g_string_append_c (out, '#');
    pkt_token_append (out, fragment);
  }
}

static void
append_web (const PktRedactor *r, GString *out, PktSlice url, gsize scheme)
{
  PktSlice rest = pkt_slice_skip (url, scheme);
  PktSlice host = pkt_slice_until_any (rest, "/?#");
  const char *at = host.n ? memrchr (host.p, '@', host.n) : NULL; /* user:password@host */
  rest = pkt_slice_skip (rest, host.n);
  if (at)
    host = pkt_slice_skip (host, (gsize)(at + 1 - host.p));
  g_string_append_len (out, url.p, (gssize)scheme);
  pkt_token_append_host (r, out, host);
  PktSlice path = pkt_slice_until_any (rest, "?#");
  pkt_token_append_words (r, out, path, "/");
  append_tail (r, out, pkt_slice_skip (rest, path.n));
}

/* "unsubscribe+w53-9Qk2@news.example.com?subject=9Qk2": the words in front and the domain stay. */
static void
append_mailto (const PktRedactor *r, GString *out, PktSlice url)
{
  PktSlice rest = pkt_slice_skip (url, 7);
  PktSlice address = pkt_slice_until_any (rest, "?#");
  PktSlice local = pkt_slice_until (address, '@'), domain = pkt_slice_skip (address, local.n + 1);
  g_string_append_len (out, url.p, 7);
  if (pkt_redactor_is_own (r, domain))
    pkt_token_append_words (r, out, local, "+=");
  else /* a word at a stranger's domain is an address like any other */
    pkt_token_append (out, local);
  if (local.n < address.n) {
    g_string_append_c (out, '@');
    pkt_token_append_host (r, out, domain);
  }
  append_tail (r, out, pkt_slice_skip (rest, address.n));
}

void
pkt_token_append_url (const PktRedactor *r, GString *out, PktSlice folded)
{
  static const char *const schemes[] = { "https://", "http://" };
  g_autofree char *text = g_strndup (folded.p ? folded.p : "", folded.n);
  gsize n = 0;
  for (gsize i = 0; text[i]; i++) /* RFC 2369: blanks inside are of the folding */
    if (!g_ascii_isspace (text[i]))
      text[n++] = text[i];
  PktSlice url = pkt_slice (text, n);
  for (gsize i = 0; i < G_N_ELEMENTS (schemes); i++)
    if (url.n > strlen (schemes[i])
        && g_ascii_strncasecmp (url.p, schemes[i], strlen (schemes[i])) == 0) {
      append_web (r, out, url, strlen (schemes[i]));
      return;
    }
  if (url.n > 7 && g_ascii_strncasecmp (url.p, "mailto:", 7) == 0)
    append_mailto (r, out, url);
  else
    pkt_token_append (out, url);
}
