#include <string.h>
#include "packet/base/greeting.h"
#include "packet/base/slice.h"

#define MAX_HTML (512 * 1024)

/* Elements inside a line; every other begins one. */
static gboolean
is_inline (PktSlice name)
{
  static const char *const names[] = { "a",    "b",   "strong", "i",   "em",   "u", "span",
                                       "font", "o:p", "small",  "big", "mark", NULL };
  for (gsize i = 0; names[i]; i++)
    if (pkt_slice_equal_nocase (name, pkt_slice_str (names[i])))
      return TRUE;
  return FALSE;
}

/* Style sheets and scripts are no text: the bytes up to the end tag; 0: another element. */
static gsize
skip_element (PktSlice s, const char *name)
{
  gsize n = strlen (name);
  if (s.n < n + 1 || g_ascii_strncasecmp (s.p + 1, name, n) != 0 || g_ascii_isalnum (s.p[n + 1]))
    return 0;
  for (gsize i = n; i + n + 2 < s.n; i++)
    if (s.p[i] == '<' && s.p[i + 1] == '/' && g_ascii_strncasecmp (s.p + i + 2, name, n) == 0)
      return i;
  return s.n;
}

/* `s` begins with '<'; appends what it parts. */
static gsize
tag_length (GString *out, PktSlice s)
{
  if (pkt_slice_starts (s, PKT_SLICE ("<!--"))) {
    PktSlice end = pkt_slice_find (s, PKT_SLICE ("-->"));
    return end.p ? (gsize)(end.p - s.p) + 3 : s.n;
  }
  gsize n = skip_element (s, "style") + skip_element (s, "script");
  if (n)
    return n;
  gsize start = 1 + (s.n > 1 && s.p[1] == '/'), end = start;
  while (end < s.n && !g_ascii_isspace (s.p[end]) && !strchr ("/>", s.p[end]))
    end++;
  if (!is_inline (pkt_slice (s.p + start, end - start)))
    g_string_append_c (out, '\n');
  gsize close = pkt_slice_until (s, '>').n;
  PktSlice alt = pkt_slice_find (pkt_slice (s.p, close), PKT_SLICE (" alt=\""));
  if (alt.p) { /* what stands for a picture with the greeting in it */
    PktSlice text = pkt_slice_until (pkt_slice_skip (alt, 6), '"');
    g_string_append_printf (out, "%.*s\n", (int)text.n, text.p);
  }
  return MIN (close + 1, s.n);
}

/* "eacute" is e and an acute accent, "szlig" a letter of its own; 0: unknown. */
static gboolean
append_letter (GString *out, PktSlice name)
{
  static const struct {
    const char *name, *text;
  } words[] = { { "nbsp", " " },
                { "amp", "&" },
                { "lt", "<" },
                { "gt", ">" },
                { "quot", "\"" },
                { "apos", "'" },
                { "rsquo", "\xe2\x80\x99" },
                { "szlig", "\xc3\x9f" },
                { "oslash", "\xc3\xb8" },
                { "Oslash", "\xc3\x98" },
                { "aelig", "\xc3\xa6" },
                { "AElig", "\xc3\x86" },
                { "zwnj", "" },
                { "zwj", "" },
                { "shy", "" } },
    accents[] = { { "acute", "\xcc\x81" }, { "grave", "\xcc\x80" }, { "circ", "\xcc\x82" },
                  { "tilde", "\xcc\x83" }, { "uml", "\xcc\x88" },   { "ring", "\xcc\x8a" },
                  { "cedil", "\xcc\xa7" }, { "caron", "\xcc\x8c" } };
  for (gsize i = 0; i < G_N_ELEMENTS (words); i++)
    if (pkt_slice_equal (name, pkt_slice_str (words[i].name))) {
      g_string_append (out, words[i].text);
      return TRUE;
    }
  for (gsize i = 0; i < G_N_ELEMENTS (accents) && name.n > 1; i++)
    if (pkt_slice_equal (pkt_slice_skip (name, 1), pkt_slice_str (accents[i].name))) {
      g_string_append_c (out, name.p[0]);
      g_string_append (out, accents[i].text);
      return TRUE;
    }
  return FALSE;
}

#define MAX_ENTITY 12

/* `s` begins with '&'; its bytes, or 1 when it is no entity. */
static gsize
entity_length (GString *out, PktSlice s)
{
  PktSlice name = pkt_slice_until (pkt_slice (s.p + 1, MIN (s.n - 1, MAX_ENTITY)), ';');
  if (name.n == 0 || name.n + 1 >= s.n || s.p[name.n + 1] != ';')
    return 1;
  if (name.p[0] == '#') {
    gboolean hex = name.n > 1 && (name.p[1] | 0x20) == 'x';
    guint64 c = g_ascii_strtoull (name.p + 1 + hex, NULL, hex ? 16 : 10);
    if (c >= 0x20 && c < 0x110000 && g_unichar_validate ((gunichar)c))
      g_string_append_unichar (out, (gunichar)c);
    return name.n + 2;
  }
  return append_letter (out, name) ? name.n + 2 : 1;
}

void
pkt_greeting_html (const char *html, GPtrArray *names)
{
  PktSlice s = pkt_slice (html, strnlen (html, MAX_HTML));
  GString *out = g_string_new (NULL);
  while (s.n) {
    gsize n = 1;
    if (s.p[0] == '<')
      n = tag_length (out, s);
    else if (s.p[0] == '&')
      n = entity_length (out, s);
    else
      g_string_append_c (out, strchr ("\r\n\t", s.p[0]) ? ' ' : s.p[0]);
    s = pkt_slice_skip (s, n);
  }
  g_autofree char *valid = g_utf8_make_valid (out->str, (gssize)out->len);
  g_autofree char *text = g_utf8_normalize (valid, -1, G_NORMALIZE_NFC);
  g_string_free (out, TRUE);
  pkt_greeting_text (text ? text : valid, names);
  pkt_greeting_marked (pkt_slice (html, strnlen (html, MAX_HTML)), names);
}
