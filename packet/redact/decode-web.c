#include "packet/redact/decode-class.h"
#include "packet/base/xml.h"

#define MAX_ENTITY 32 /* "&#00000000064;" is one too */
#define MAX_TAG 4096

static void
append_code (GString *out, gint64 code)
{
  if (code > 0 && g_unichar_validate ((gunichar)code))
    g_string_append_unichar (out, (gunichar)code);
}

/* `digits` digits of a base at `at`; -1 when there are fewer. */
static gint64
number_at (PktSlice in, gsize at, guint digits, guint base)
{
  gint64 v = 0;
  if (at + digits > in.n)
    return -1;
  for (guint k = 0; k < digits; k++) {
    int digit = pkt_decode_hex[(guint8)in.p[at + k]];
    if (digit < 0 || (guint)digit >= base)
      return -1;
    v = v * base + digit;
  }
  return v;
}

gboolean
pkt_decode_percent (PktSlice in, GString *out)
{
  gboolean found = FALSE;
  for (gsize i = 0, done = 0;; i++) {
    if (!pkt_decode_seek (in, &i, '%'))
      return pkt_decode_end (in, done, found, out);
    gboolean wide = i + 1 < in.n && (in.p[i + 1] == 'u' || in.p[i + 1] == 'U');
    gint64 code = number_at (in, i + 1 + wide, wide ? 4 : 2, 16);
    if (code < 0)
      continue;
    pkt_decode_keep (in, &done, i, out);
    if (wide)
      append_code (out, code);
    else
      g_string_append_c (out, (char)code);
    found = TRUE;
    i += wide ? 5 : 2;
    done = i + 1;
  }
}

/* ---- HTML ---- */

/* Names that HTML 4, which libxml2 knows, has not. '\0': not seen at all. */
static const struct {
  const char *name;
  char c;
} entity_names[] = {
  { "commat", '@' },
  { "period", '.' },
  { "lowbar", '_' },
  { "UnderBar", '_' },
  { "plus", '+' },
  { "equals", '=' },
  { "hyphen", '-' },
  { "dash", '-' },
  { "percnt", '%' },
  { "num", '#' },
  { "colon", ':' },
  { "sol", '/' },
  { "apos", '\'' },
  { "semi", ';' },
  { "Tab", '\t' },
  { "NewLine", '\n' },
  { "bsol", '\\' },
  { "excl", '!' },
  { "lpar", '(' },
  { "rpar", ')' },
  { "ZeroWidthSpace", '\0' },
  { "NoBreak", '\0' },
  { "shy", '\0' },
  { "zwnj", '\0' },
  { "zwj", '\0' },
  { "InvisibleTimes", '\0' },
};

/* What browsers read without the semicolon. */
static const char *const loose_names[] = { "commat", "amp", "lt", "gt", "quot", "nbsp", "shy" };

static gint64
named_entity (PktSlice name)
{
  for (gsize i = 0; i < G_N_ELEMENTS (entity_names); i++)
    if (pkt_slice_equal (name, pkt_slice_str (entity_names[i].name)))
      return entity_names[i].c;
  g_autofree char *text = g_strndup (name.p, name.n);
  const htmlEntityDesc *known = htmlEntityLookup ((const xmlChar *)text);
  return known ? (gint64)known->value : -1;
}

/* "#64", "#x40" at `at`: their length, the value in *code; 0: none. */
static gsize
numeric_entity (PktSlice in, gsize at, gint64 *code)
{
  gboolean hex = at + 1 < in.n && (in.p[at + 1] | 0x20) == 'x';
  gsize i = at + 1 + hex, start = i;
  gint64 v = 0;
  for (; i < in.n && i - start < MAX_ENTITY; i++) {
    int digit = hex ? g_ascii_xdigit_value (in.p[i]) : g_ascii_digit_value (in.p[i]);
    if (digit < 0)
      break;
    v = MIN (v * (hex ? 16 : 10) + digit, 0x110000);
  }
  *code = v;
  return i > start ? i - at : 0;
}

/* The entity behind the '&' before `at`: its length without ';', 0: none. */
static gsize
entity_at (PktSlice in, gsize at, gint64 *code)
{
  gsize n = 0;
  if (at < in.n && in.p[at] == '#')
    return numeric_entity (in, at, code);
  while (at + n < in.n && n < MAX_ENTITY && g_ascii_isalnum (in.p[at + n]))
    n++;
  *code = n ? named_entity (pkt_slice (in.p + at, n)) : -1;
  if (*code >= 0)
    return n;
  for (gsize i = 0; i < G_N_ELEMENTS (loose_names); i++) {
    PktSlice name = pkt_slice_str (loose_names[i]);
    if (name.n < n && memcmp (in.p + at, name.p, name.n) == 0) {
      *code = named_entity (name);
      return name.n;
    }
  }
  return 0;
}

gboolean
pkt_decode_entities (PktSlice in, GString *out)
{
  gboolean found = FALSE;
  for (gsize i = 0, done = 0;; i++) {
    gint64 code = -1;
    if (!pkt_decode_seek (in, &i, '&'))
      return pkt_decode_end (in, done, found, out);
    gsize n = entity_at (in, i + 1, &code);
    if (n == 0)
      continue;
    pkt_decode_keep (in, &done, i, out);
    append_code (out, code);
    found = TRUE;
    i += n;
    if (i + 1 < in.n && in.p[i + 1] == ';')
      i++;
    done = i + 1;
  }
}

/* Tags that end a word where they stand; all others are only looks: `user<b></b>@example.net`. */
static gboolean
ends_word (PktSlice name)
{
  static const char *const blocks[] = {
    "address", "blockquote", "br", "body", "center", "dd",    "div", "dl", "dt",    "form", "h1",
    "h2",      "h3",         "h4", "h5",   "h6",     "head",  "hr",  "li", "ol",    "p",    "pre",
    "script",  "style",      "tr", "td",   "table",  "tbody", "th",  "ul", "title",
  };
  for (gsize i = 0; i < G_N_ELEMENTS (blocks); i++)
    if (name.n && pkt_ascii_lower (name.p[0]) == blocks[i][0]
        && pkt_slice_equal_nocase (name, pkt_slice_str (blocks[i])))
      return TRUE;
  return FALSE;
}

static gboolean
in_tag_name (char c)
{
  return pkt_decode_is (c, PKT_DECODE_ALNUM) || c == ':' || c == '-' || c == '!' || c == '?';
}

/* Length of the tag or comment at `at` (a '<'), its name in *name; 0: none. */
static gsize
tag_at (PktSlice in, gsize at, PktSlice *name)
{
  PktSlice rest = pkt_slice_skip (in, at);
  rest.n = MIN (rest.n, MAX_TAG);
  *name = pkt_slice (NULL, 0);
  if (pkt_slice_starts (rest, PKT_SLICE ("<!--"))) {
    PktSlice end = pkt_slice_find (rest, PKT_SLICE ("-->"));
    return end.p ? (gsize)(end.p - rest.p) + 3 : 0;
  }
  gsize i = 1 + (rest.n > 1 && rest.p[1] == '/'), start = i;
  while (i < rest.n && in_tag_name (rest.p[i]))
    i++;
  if (i == start || g_ascii_isdigit (rest.p[start]))
    return 0;
  *name = pkt_slice (rest.p + start, i - start);
  while (i < rest.n && rest.p[i] != '>' && rest.p[i] != '<')
    i++;
  return i < rest.n && rest.p[i] == '>' ? i + 1 : 0;
}

gboolean
pkt_decode_tags (PktSlice in, GString *out)
{
  gboolean found = FALSE;
  for (gsize i = 0, done = 0;; i++) {
    PktSlice name;
    if (!pkt_decode_seek (in, &i, '<'))
      return pkt_decode_end (in, done, found, out);
    gsize n = tag_at (in, i, &name);
    if (n == 0)
      continue;
    pkt_decode_keep (in, &done, i, out);
    if (ends_word (name))
      g_string_append_c (out, ' ');
    found = TRUE;
    i += n - 1;
    done = i + 1;
  }
}

/* ---- scripts and style sheets ---- */

/* Bytes that the escape at `at` (a backslash) takes, its value in *code; 0: none. */
static gsize
escape_at (PktSlice in, gsize at, gint64 *code)
{
  static const struct {
    char letter;
    guint digits, base;
  } forms[] = { { 'u', 4, 16 }, { 'U', 8, 16 }, { 'x', 2, 16 }, { '\0', 3, 8 } };
  static const char letters[] = "/\"'\\nrtbf@.-+_=", values[] = "/\"'\\\n\r\t\b\f@.-+_=";
  if (at + 1 >= in.n)
    return 0;
  const char *plain = strchr (letters, in.p[at + 1]);
  if (plain && *plain) {
    *code = values[plain - letters];
    return 2;
  }
  if (at + 3 < in.n && in.p[at + 1] == 'u' && in.p[at + 2] == '{') {
    gsize i = at + 3;
    for (*code = 0; i < in.n && i < at + 9 && g_ascii_isxdigit (in.p[i]); i++)
      *code = *code * 16 + g_ascii_xdigit_value (in.p[i]);
    return i < in.n && in.p[i] == '}' ? i + 1 - at : 0;
  }
  for (gsize f = 0; f < G_N_ELEMENTS (forms); f++) {
    gsize skip = forms[f].letter ? 2 : 1;
    if (forms[f].letter && in.p[at + 1] != forms[f].letter)
      continue;
    *code = number_at (in, at + skip, forms[f].digits, forms[f].base);
    if (*code >= 0)
      return skip + forms[f].digits;
  }
  return 0;
}

gboolean
pkt_decode_escapes (PktSlice in, GString *out)
{
  gboolean found = FALSE;
  for (gsize i = 0, done = 0;; i++) {
    gint64 code = -1;
    if (!pkt_decode_seek (in, &i, '\\'))
      return pkt_decode_end (in, done, found, out);
    gsize n = escape_at (in, i, &code);
    if (n == 0)
      continue;
    pkt_decode_keep (in, &done, i, out);
    append_code (out, code);
    found = TRUE;
    i += n - 1;
    done = i + 1;
  }
}

/* CSS 2.1, 4.1.3: up to six hex digits and one blank that ends them. */
gboolean
pkt_decode_css (PktSlice in, GString *out)
{
  gboolean found = FALSE;
  for (gsize i = 0, done = 0;; i++) {
    gint64 code = 0;
    gsize n = 0;
    if (!pkt_decode_seek (in, &i, '\\'))
      return pkt_decode_end (in, done, found, out);
    while (n < 6 && i + 1 + n < in.n && pkt_decode_is (in.p[i + 1 + n], PKT_DECODE_XDIGIT))
      code = code * 16 + pkt_decode_hex[(guint8)in.p[i + 1 + n++]];
    if (n == 0)
      continue;
    pkt_decode_keep (in, &done, i, out);
    append_code (out, code);
    found = TRUE;
    i += n;
    if (i + 1 < in.n && in.p[i + 1] == ' ')
      i++;
    done = i + 1;
  }
}

/* ---- Unicode ---- */

/* Soft hyphens, joiners, marks of direction, variation selectors, tags. */
static gboolean
is_unseen (gunichar c)
{
  return g_unichar_type (c) == G_UNICODE_FORMAT || c == 0x34f || (c >= 0xfe00 && c <= 0xfe0f)
         || (c >= 0xe0000 && c <= 0xe0fff) || c == 0x115f || c == 0x1160 || c == 0x3164;
}

/* Where the letters beyond ASCII begin, from p on; the end when there are none. */
static const char *
skip_ascii (const char *p, const char *end)
{
  guint64 eight;
  for (; end - p >= 8; p += 8) {
    memcpy (&eight, p, 8);
    if (eight & G_GUINT64_CONSTANT (0x8080808080808080))
      break;
  }
  while (p < end && (guint8)*p < 0x80)
    p++;
  return p;
}

static void
append_lower (GString *out, const char *p, const char *end)
{
  gsize at = out->len;
  g_string_append_len (out, p, end - p);
  for (; at < out->len; at++)
    out->str[at] = pkt_ascii_lower (out->str[at]);
}

/* From p to end: letters beyond ASCII, and the one before that they may combine with. No ASCII
 * letter combines with what stands before it, so such stretches can be taken by themselves. */
static void
append_normal (GString *out, const char *p, const char *end)
{
  GString *seen = g_string_new (NULL);
  for (; p < end; p = g_utf8_next_char (p)) {
    gunichar c = g_utf8_get_char (p);
    if (c == 0x3002
        || c == 0xff61) /* ideographic full stops: dots of a host name (RFC 3490, 3.1) */
      g_string_append_c (seen, '.');
    else if (!is_unseen (c))
      g_string_append_unichar (seen, c);
  }
  g_autofree char *folded = g_utf8_casefold (seen->str, (gssize)seen->len);
  g_autofree char *normal = g_utf8_normalize (folded, -1, G_NORMALIZE_NFKC);
  g_string_append (out, normal ? normal : folded);
  g_string_free (seen, TRUE);
}

/* NFKC of the case folded: a letter before others is taken with them. */
static void
append_folded (GString *out, const char *p, const char *limit)
{
  while (p < limit) {
    const char *end = skip_ascii (p, limit), *last = end < limit && end > p ? end - 1 : end;
    append_lower (out, p, last);
    while (end < limit && (guint8)*end >= 0x80)
      end++;
    append_normal (out, last, end);
    p = end;
  }
}

gboolean
pkt_decode_unicode (PktSlice in, GString *out)
{
  if (in.n == 0 || skip_ascii (in.p, in.p + in.n) == in.p + in.n)
    return FALSE;
  if (g_utf8_validate (in.p, (gssize)in.n, NULL))
    append_folded (out, in.p, in.p + in.n);
  else {
    g_autofree char *valid = g_utf8_make_valid (in.p, (gssize)in.n);
    append_folded (out, valid, valid + strlen (valid));
  }
  if (pkt_slice_equal (pkt_slice (out->str, out->len), in)) {
    g_string_truncate (out, 0);
    return FALSE;
  }
  return TRUE;
}
