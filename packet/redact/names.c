#include "packet/redact/redactor-priv.h"

#define MIN_CASELESS 3 /* characters of a word in a script without capitals */

/* A word of a name, however short, as names are written: "Jo", not "jo" nor "de". */
static gsize
capital_at (const PktRedactor *r, const char *p)
{
  const char *end = p;
  const gunichar first = g_utf8_get_char (p);
  if (!pkt_name_may_begin (first))
    return 0;
  while (*end && g_unichar_isalnum (g_utf8_get_char (end)))
    end = g_utf8_next_char (end);
  g_autofree char *folded = g_utf8_casefold (p, end - p);
  return g_utf8_strlen (p, end - p) >= (g_unichar_isupper (first) ? 2 : MIN_CASELESS)
                 && g_hash_table_contains (r->every_word, folded)
             ? (gsize)(end - p)
             : 0;
}

static gsize
whole_at (const char *p, gconstpointer data)
{
  const PktRedactor *r = data;
  return pkt_name_list_at (r->names, p, TRUE);
}

static gsize
word_at (const char *p, gconstpointer data)
{
  const PktRedactor *r = data;
  gsize n = whole_at (p, data);
  return n ? n : MAX (pkt_name_list_at (r->words, p, TRUE), capital_at (r, p));
}

char *
pkt_redact_names (PktRedactor *r, const char *utf8, gboolean words)
{
  if (pkt_name_list_is_empty (r->names) && pkt_name_list_is_empty (r->words)
      && g_hash_table_size (r->every_word) == 0)
    return NULL;
  g_autofree char *seen = pkt_name_seen (utf8);
  char *named = seen ? pkt_name_replace (seen, words ? word_at : whole_at, r) : NULL;
  return named ? named : pkt_name_replace (utf8, words ? word_at : whole_at, r);
}
