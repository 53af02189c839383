#include "packet/redact/privates.h"
#include <string.h>

#define MIN_PRIVATE 3

typedef struct {
  char *folded, *mark;
  char *exact; /* must stand as written; NULL: in any case */
} Entry;

static void
entry_free (gpointer p)
{
  Entry *e = p;
  g_free (e->folded);
  g_free (e->mark);
  g_free (e->exact);
  g_free (e);
}

void
pkt_privates_init (PktPrivates *p)
{
  p->by_word = g_hash_table_new_full (g_str_hash, g_str_equal, g_free,
                                      (GDestroyNotify)g_ptr_array_unref);
}

void
pkt_privates_clear (PktPrivates *p)
{
  g_clear_pointer (&p->by_word, g_hash_table_unref);
}

gboolean
pkt_privates_empty (const PktPrivates *p)
{
  return g_hash_table_size (p->by_word) == 0;
}

static gsize
word_length (const char *s)
{
  const char *p = s;
  while (*p && g_unichar_isalnum (g_utf8_get_char (p)))
    p = g_utf8_next_char (p);
  return (gsize)(p - s);
}

gboolean
pkt_privates_add (PktPrivates *p, const char *text, const char *mark)
{
  g_autofree char *valid = g_utf8_make_valid (text, -1);
  g_strstrip (valid);
  while (*valid && !g_unichar_isalnum (g_utf8_get_char (valid)))
    memmove (valid, g_utf8_next_char (valid), strlen (g_utf8_next_char (valid)) + 1);
  if (g_utf8_strlen (valid, -1) < MIN_PRIVATE)
    return FALSE;
  Entry *e = g_new0 (Entry, 1);
  e->folded = g_utf8_casefold (valid, -1);
  e->mark = g_strdup (mark);
  e->exact = valid[word_length (valid)] == '\0' ? g_strdup (valid) : NULL;
  g_autofree char *first = g_strndup (e->folded, word_length (e->folded));
  GPtrArray *list = g_hash_table_lookup (p->by_word, first);
  if (list == NULL) {
    list = g_ptr_array_new_with_free_func (entry_free);
    g_hash_table_insert (p->by_word, g_steal_pointer (&first), list);
  }
  g_ptr_array_add (list, e);
  return TRUE;
}

/* Folding may change lengths, so characters are compared folded; runs of blanks are one. 0: no. */
static gsize
match (const char *at, const Entry *e)
{
  const char *p = at, *folded = e->folded;
  if (e->exact && strncmp (at, e->exact, strlen (e->exact)) != 0)
    return 0;
  while (*folded && *p) {
    if (*folded == ' ' && g_unichar_isspace (g_utf8_get_char (p))) {
      while (*p && g_unichar_isspace (g_utf8_get_char (p)))
        p = g_utf8_next_char (p);
      folded++;
      continue;
    }
    g_autofree char *one = g_utf8_casefold (p, g_utf8_next_char (p) - p);
    gsize n = strlen (one);
    if (n == 0 || strncmp (folded, one, n) != 0)
      return 0;
    folded += n;
    p = g_utf8_next_char (p);
  }
  return *folded || g_unichar_isalnum (g_utf8_get_char (p)) ? 0 : (gsize)(p - at);
}

/* The longest entry that begins at this word; *n its length in the text. */
static const Entry *
entry_at (const PktPrivates *p, const char *at, gsize word, gsize *n)
{
  g_autofree char *folded = g_utf8_casefold (at, (gssize)word);
  const GPtrArray *list = g_hash_table_lookup (p->by_word, folded);
  const Entry *best = NULL;
  *n = 0;
  for (guint i = 0; list && i < list->len; i++) {
    gsize length = match (at, list->pdata[i]);
    if (length > *n) {
      *n = length;
      best = list->pdata[i];
    }
  }
  return best;
}

const char *
pkt_privates_find (const PktPrivates *p, const char *s)
{
  while (*s) {
    gsize word = word_length (s), n;
    const Entry *e = word ? entry_at (p, s, word, &n) : NULL;
    if (e)
      return e->mark;
    s += word;
    if (*s)
      s = g_utf8_next_char (s);
  }
  return NULL;
}

char *
pkt_privates_replace (const PktPrivates *p, const char *s, guint *count)
{
  GString *out = g_string_new (NULL);
  *count = 0;
  while (*s) {
    gsize word = word_length (s), n = 0;
    const Entry *e = word ? entry_at (p, s, word, &n) : NULL;
    if (e) {
      g_string_append (out, e->mark);
      (*count)++;
      s += n;
      continue;
    }
    const char *next = s + word;
    if (*next)
      next = g_utf8_next_char (next);
    g_string_append_len (out, s, next - s);
    s = next;
  }
  return g_string_free (out, *count == 0);
}
