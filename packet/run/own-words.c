#include "packet/run/own-words.h"
#include <string.h>
#include "packet/model/event.h"
#include "packet/redact/shifted.h"

#define MIN_NAME 5  /* letters of a word of a local part */
#define MIN_WHOLE 6 /* letters of a word that is within one of a local part */
#define MAX_PART 128

/* The part before the '@', in lower case; "" where it is none or too long. */
static void
lower_left (const char *address, char out[MAX_PART])
{
  const char *at = address ? strrchr (address, '@') : NULL;
  gsize n = at ? (gsize)(at - address) : 0;
  n = n < MAX_PART ? n : 0;
  for (gsize i = 0; i < n; i++)
    out[i] = g_ascii_tolower (address[i]);
  out[n] = '\0';
}

/* The next word of letters and digits from *p on, which is moved behind it; its bytes, or 0. */
static gsize
next_word (const char **p)
{
  while (**p && !g_ascii_isalnum (**p))
    (*p)++;
  gsize n = 0;
  while (g_ascii_isalnum ((*p)[n]))
    n++;
  *p += n;
  return n;
}

/* "kloosterboer" of vanderkloosterboer@ */
static gboolean
is_within (const char *word, gsize n, PktSlice own)
{
  for (gsize i = 0; i < n; i++)
    if (!g_ascii_isalpha (word[i]))
      return FALSE;
  return n >= MIN_WHOLE && pkt_slice_find (own, pkt_slice (word, n)).p != NULL;
}

/* "joaoquiterio" of joao.o'quiterio@: its letters, whatever parts them. */
static gboolean
is_within_joined (const char *word, gsize n, const char *local)
{
  char joined[MAX_PART];
  gsize letters = 0;
  for (; *local; local++)
    if (g_ascii_isalpha (*local))
      joined[letters++] = *local;
  return is_within (word, n, pkt_slice (joined, letters));
}

/* Has the word one of the local part's in it, in whatever alphabet, or is it in one? */
static gboolean
is_own (const char *word, gsize n, const char *local)
{
  for (const char *p = local; *p;) {
    gsize letters = 0;
    while (g_ascii_isalpha (p[letters]))
      letters++;
    const PktSlice own = pkt_slice (p, letters);
    if (letters >= MIN_NAME
        && (pkt_slice_find (pkt_slice (word, n), own).p != NULL || is_within (word, n, own)
            || pkt_shifted_holds (pkt_slice (word, n), own)))
      return TRUE;
    p += letters ? letters : 1;
  }
  return is_within_joined (word, n, local);
}

typedef void (*OnWord) (GHashTable *words, const char *word, gsize n, const char *local);

static void
take_own (GHashTable *words, const char *word, gsize n, const char *local)
{
  if (is_own (word, n, local))
    g_hash_table_add (words, g_strndup (word, n));
}

static void
drop_common (GHashTable *words, const char *word, gsize n, const char *local)
{
  g_autofree char *known = g_strndup (word, n);
  if (g_hash_table_contains (words, known) && !is_own (word, n, local))
    g_hash_table_remove (words, known);
}

/* Where the whole local part stands in a sender it is found as such; in a Message-ID only one that
 * is no word, which "theodora" may be. */
static void
each_word (const PktEvent *e, GHashTable *words, OnWord f)
{
  const char *const places[] = { e->sender, e->message_id };
  char local[MAX_PART], left[MAX_PART];
  lower_left (e->recipient, local);
  for (gsize i = 0; i < G_N_ELEMENTS (places) && *local; i++) {
    lower_left (places[i], left);
    if (places[i] == e->sender && strstr (left, local))
      continue;
    const char *p = left;
    for (gsize n; (n = next_word (&p)) > 0;)
      if (n >= MIN_NAME)
        f (words, p - n, n, local);
  }
}

GPtrArray *
pkt_own_words (const GPtrArray *events)
{
  g_autoptr (GHashTable) words = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  for (guint i = 0; i < events->len; i++)
    each_word (events->pdata[i], words, take_own);
  for (guint i = 0; i < events->len && g_hash_table_size (words); i++)
    each_word (events->pdata[i], words, drop_common);
  GPtrArray *out = g_ptr_array_new_with_free_func (g_free);
  GHashTableIter it;
  gpointer word;
  g_hash_table_iter_init (&it, words);
  while (g_hash_table_iter_next (&it, &word, NULL))
    g_ptr_array_add (out, g_strdup (word));
  return out;
}
