#include "packet/redact/redactor-priv.h"

/* A word of a name, however short, as names are written: "Jo", not "jo" nor "de". */
static gsize
capital_at (const PktRedactor *r, const char *p)
{
  const char *end = p;
  if (!g_unichar_isupper (g_utf8_get_char (p)))
    return 0;
  while (*end && g_unichar_isalnum (g_utf8_get_char (end)))
    end = g_utf8_next_char (end);
  g_autofree char *folded = g_utf8_casefold (p, end - p);
  return g_utf8_strlen (p, end - p) >= 2 && g_hash_table_contains (r->every_word, folded)
             ? (gsize)(end - p)
             : 0;
}

/* Letters with their accents as one character, as the lists have them; NULL: so they are. */
static char *
composed (const char *utf8)
{
  for (const char *p = strpbrk (utf8, "\xcc\xcd"); p; p = strpbrk (p + 1, "\xcc\xcd"))
    if (g_unichar_ismark (g_utf8_get_char (p)))
      return g_utf8_normalize (utf8, -1, G_NORMALIZE_NFC);
  return NULL;
}

char *
pkt_redact_names (PktRedactor *r, const char *text, gboolean words)
{
  g_autofree char *whole = composed (text);
  const char *utf8 = whole ? whole : text;
  if (pkt_name_list_is_empty (r->names) && pkt_name_list_is_empty (r->words)
      && g_hash_table_size (r->every_word) == 0)
    return NULL;
  GString *out = g_string_new (NULL);
  gboolean boundary = TRUE, found = FALSE;
  for (const char *p = utf8; *p;) {
    gsize n = boundary ? pkt_name_list_at (r->names, p) : 0;
    if (n == 0 && boundary && words)
      n = MAX (pkt_name_list_at (r->words, p), capital_at (r, p));
    if (n) {
      g_string_append (out, "[name]");
      found = TRUE;
      p += n;
      continue;
    }
    boundary = !pkt_name_joins (g_utf8_get_char (p));
    const char *next = g_utf8_next_char (p);
    g_string_append_len (out, p, next - p);
    p = next;
  }
  return g_string_free (out, !found);
}
