#include "packet/redact/decode-table.h"
#define PKT_WITH_GMIME
#include "packet/base/autoptr.h"

static int
hex_pair (PktSlice s, gsize at)
{
  if (at + 2 > s.n)
    return -1;
  int high = g_ascii_xdigit_value (s.p[at]), low = g_ascii_xdigit_value (s.p[at + 1]);
  return high < 0 || low < 0 ? -1 : high << 4 | low;
}

/* `c` and two hex digits become a byte. */
static gboolean
decode_pairs (PktSlice in, char c, GString *out)
{
  gboolean found = FALSE;
  for (gsize i = 0; i < in.n; i++) {
    int byte = in.p[i] == c ? hex_pair (in, i + 1) : -1;
    g_string_append_c (out, byte < 0 ? in.p[i] : (char)byte);
    if (byte >= 0) {
      found = TRUE;
      i += 2;
    }
  }
  return found;
}

gboolean
pkt_decode_percent (PktSlice in, GString *out)
{
  return decode_pairs (in, '%', out);
}

gboolean
pkt_decode_xtext (PktSlice in, GString *out)
{
  return decode_pairs (in, '+', out);
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
  for (gsize i = 0; i < in.n; i++) {
    if (in.p[i] != '=') {
      g_string_append_c (out, in.p[i]);
      continue;
    }
    int byte = hex_pair (in, i + 1);
    gsize skip = byte < 0 ? soft_break (in, i) : 3;
    if (skip == 0) {
      g_string_append_c (out, '=');
      continue;
    }
    if (byte >= 0)
      g_string_append_c (out, (char)byte);
    found = TRUE;
    i += skip - 1;
  }
  return found;
}

static const struct {
  const char *name;
  char c;
} entity_names[] = {
  { "commat", '@' }, { "period", '.' }, { "lowbar", '_' }, { "plus", '+' },     { "equals", '=' },
  { "hyphen", '-' }, { "dash", '-' },   { "percnt", '%' }, { "amp", '&' },      { "lt", '<' },
  { "gt", '>' },     { "quot", '"' },   { "num", '#' },    { "colon", ':' },    { "sol", '/' },
  { "nbsp", ' ' },   { "apos", '\'' },  { "semi", ';' },   { "Tab", '\t' },     { "NewLine", '\n' },
  { "bsol", '\\' },  { "shy", '\0' },   { "zwnj", '\0' },  { "UnderBar", '_' },
};

/* Value of the entity between '&' and ';'; -1: none. */
static gint64
entity_value (PktSlice name)
{
  if (name.n >= 2 && name.p[0] == '#') {
    gboolean hex = name.p[1] == 'x' || name.p[1] == 'X';
    g_autofree char *digits = g_strndup (name.p + (hex ? 2 : 1), name.n - (hex ? 2 : 1));
    char *end = NULL;
    guint64 v = g_ascii_strtoull (digits, &end, hex ? 16 : 10);
    return *digits && *end == '\0' && v <= 0x10ffff ? (gint64)v : -1;
  }
  for (gsize i = 0; i < G_N_ELEMENTS (entity_names); i++)
    if (pkt_slice_equal (name, pkt_slice_str (entity_names[i].name)))
      return entity_names[i].c;
  return -1;
}

static gsize
entity_length (PktSlice in, gsize at)
{
  gsize i = at + 1;
  while (i < in.n && i - at < 12 && (g_ascii_isalnum (in.p[i]) || in.p[i] == '#'))
    i++;
  return i - at - 1;
}

static void
append_code (GString *out, gint64 code)
{
  if (code > 0 && g_unichar_validate ((gunichar)code))
    g_string_append_unichar (out, (gunichar)code);
}

gboolean
pkt_decode_entities (PktSlice in, GString *out)
{
  gboolean found = FALSE;
  for (gsize i = 0; i < in.n; i++) {
    gsize n = in.p[i] == '&' ? entity_length (in, i) : 0;
    gint64 code = n ? entity_value (pkt_slice (in.p + i + 1, n)) : -1;
    if (code < 0) {
      g_string_append_c (out, in.p[i]);
      continue;
    }
    append_code (out, code);
    found = TRUE;
    i += n;
    if (i + 1 < in.n && in.p[i + 1] == ';') /* browsers forgive a missing one */
      i++;
  }
  return found;
}

/* Bytes that the escape at `at` (a backslash) takes, its value in *code; 0: none. */
static gsize
escape_at (PktSlice in, gsize at, gint64 *code)
{
  static const struct {
    char letter;
    guint digits, base;
  } forms[] = { { 'u', 4, 16 }, { 'U', 8, 16 }, { 'x', 2, 16 }, { '\0', 3, 8 } };
  if (at + 1 < in.n && strchr ("/\"\\", in.p[at + 1]) && in.p[at + 1]) {
    *code = in.p[at + 1];
    return 2;
  }
  for (gsize f = 0; f < G_N_ELEMENTS (forms); f++) {
    gsize i = at + (forms[f].letter ? 2 : 1);
    if (forms[f].letter && (at + 1 >= in.n || in.p[at + 1] != forms[f].letter))
      continue;
    gint64 v = 0;
    guint k = 0;
    for (; k < forms[f].digits && i + k < in.n; k++) {
      int digit = g_ascii_xdigit_value (in.p[i + k]);
      if (digit < 0 || (guint)digit >= forms[f].base)
        break;
      v = v * forms[f].base + digit;
    }
    if (k == forms[f].digits) {
      *code = v;
      return i + k - at;
    }
  }
  return 0;
}

gboolean
pkt_decode_escapes (PktSlice in, GString *out)
{
  gboolean found = FALSE;
  for (gsize i = 0; i < in.n; i++) {
    gint64 code = -1;
    gsize n = in.p[i] == '\\' ? escape_at (in, i, &code) : 0;
    if (n == 0) {
      g_string_append_c (out, in.p[i]);
      continue;
    }
    append_code (out, code);
    found = TRUE;
    i += n - 1;
  }
  return found;
}

gboolean
pkt_decode_rfc2047 (PktSlice in, GString *out)
{
  if (pkt_slice_find (in, PKT_SLICE ("=?")).p == NULL)
    return FALSE;
  g_autofree char *text = g_strndup (in.p, in.n);
  g_mime_init ();
  g_autofree char *decoded = g_mime_utils_header_decode_text (NULL, text);
  if (decoded == NULL || g_str_equal (decoded, text))
    return FALSE;
  g_string_append (out, decoded);
  return TRUE;
}

/* `"; name*1*="` at `at` (the semicolon); 0: none. */
static gsize
continuation_at (PktSlice in, gsize at)
{
  gsize i = at + 1, digits = 0;
  while (i < in.n && g_ascii_isspace (in.p[i]))
    i++;
  while (i < in.n && (g_ascii_isalnum (in.p[i]) || in.p[i] == '-') && i - at < 64)
    i++;
  if (i >= in.n || in.p[i++] != '*')
    return 0;
  for (; i < in.n && g_ascii_isdigit (in.p[i]); i++)
    digits++;
  if (i < in.n && in.p[i] == '*')
    i++;
  if (i >= in.n || in.p[i++] != '=')
    return 0;
  if (i < in.n && in.p[i] == '"')
    i++;
  return digits ? i - at : 0;
}

gboolean
pkt_decode_rfc2231 (PktSlice in, GString *out)
{
  gboolean found = FALSE;
  for (gsize i = 0; i < in.n; i++) {
    gsize n = in.p[i] == ';' ? continuation_at (in, i) : 0;
    if (n == 0) {
      g_string_append_c (out, in.p[i]);
      continue;
    }
    if (out->len && out->str[out->len - 1] == '"')
      g_string_truncate (out, out->len - 1);
    found = TRUE;
    i += n - 1;
  }
  return found;
}

gboolean
pkt_decode_unfold (PktSlice in, GString *out)
{
  gboolean found = FALSE;
  for (gsize i = 0; i < in.n; i++) {
    if (in.p[i] != '\r' && in.p[i] != '\n') {
      g_string_append_c (out, in.p[i]);
      continue;
    }
    found = TRUE;
    while (i + 1 < in.n && (in.p[i + 1] == ' ' || in.p[i + 1] == '\t' || in.p[i + 1] == '\n'))
      i++;
  }
  return found;
}

gboolean
pkt_decode_rot13 (PktSlice in, GString *out)
{
  gboolean found = FALSE;
  for (gsize i = 0; i < in.n; i++) {
    char c = in.p[i];
    found |= c == '@' || c == '=';
    if (g_ascii_isalpha (c)) {
      char a = g_ascii_islower (c) ? 'a' : 'A';
      c = (char)(a + (c - a + 13) % 26);
    }
    g_string_append_c (out, c);
  }
  return found;
}

gboolean
pkt_decode_reversed (PktSlice in, GString *out)
{
  if (memchr (in.p, '@', in.n) == NULL)
    return FALSE;
  g_string_append_len (out, in.p, (gssize)in.n);
  for (gsize i = 0; i < in.n; i++)
    out->str[out->len - 1 - i] = in.p[i];
  return TRUE;
}

/* " at ", "(at)", "[ at ]" and the same with "dot": bytes taken, 0: none. */
static gsize
spelled_at (PktSlice in, gsize at, PktSlice word)
{
  gsize i = at;
  while (i < in.n && i - at < 4 && strchr (" ([{<", in.p[i]) && in.p[i])
    i++;
  if (i == at || !pkt_slice_equal_nocase (pkt_slice (in.p + i, MIN (word.n, in.n - i)), word))
    return 0;
  gsize end = i += word.n;
  while (i < in.n && i - end < 4 && strchr (" )]}>", in.p[i]) && in.p[i])
    i++;
  return i == end ? 0 : i - at;
}

gboolean
pkt_decode_spelled (PktSlice in, GString *out)
{
  gboolean found = FALSE;
  for (gsize i = 0; i < in.n; i++) {
    gboolean opens = in.p[i] == ' ' || in.p[i] == '(' || in.p[i] == '[' || in.p[i] == '{';
    gsize n = opens ? spelled_at (in, i, PKT_SLICE ("at")) : 0;
    char c = '@';
    if (opens && n == 0) {
      n = spelled_at (in, i, PKT_SLICE ("dot"));
      c = '.';
    }
    found |= n > 0 && c == '@';
    g_string_append_c (out, n ? c : in.p[i]);
    i += n ? n - 1 : 0;
  }
  return found;
}
