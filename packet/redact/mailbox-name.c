/* Names that mailboxes are called by. Whether "Black Friday" is black.friday@ a person has to say.
 */
#include <string.h>
#include "packet/redact/redactor-priv.h"

#define MIN_WORD 3 /* letters; "The New" is nobody */
#define REACH 2    /* words: a middle name may stand between */

typedef struct {
  char *lower[REACH]; /* the newest last; NULL: none, or no name's */
} Before;

/* Letters with apostrophes and hyphens between, or an initial with its stop; the next one, behind
 * blanks and one comma at the most. Anything else ends a name. NULL at the end; "" where a name
 * ends. */
static char *
next_word (const char **p)
{
  const char *from = *p;
  while (g_unichar_isspace (g_utf8_get_char (from)) || (*from == ',' && from == *p))
    from = g_utf8_next_char (from);
  const char *to = from;
  while (g_unichar_isalpha (g_utf8_get_char (to)) || (to > from && (*to == '-' || *to == '\'')))
    to = g_utf8_next_char (to);
  if (to == from && *to == '\0')
    return NULL;
  const gboolean initial = to > from && g_utf8_next_char (from) == to && *to == '.';
  *p = to > from ? to + initial : g_utf8_next_char (to);
  return g_strndup (from, (gsize)(to - from));
}

static gboolean
is_nobodys (const PktRedactor *r, const char *word, const char *lower)
{
  return !g_unichar_isupper (g_utf8_get_char (word)) || g_utf8_strlen (lower, -1) < MIN_WORD
         || g_hash_table_contains (r->allowed_names, lower);
}

static void
move_on (Before *b, char *lower)
{
  g_free (b->lower[0]);
  memmove (b->lower, b->lower + 1, (REACH - 1) * sizeof *b->lower);
  b->lower[REACH - 1] = lower;
}

gboolean
pkt_redactor_names_mailbox (const PktRedactor *r, const char *utf8)
{
  Before b = { { NULL } };
  gboolean found = FALSE;
  char *word;
  for (const char *p = utf8; !found && (word = next_word (&p)) != NULL; g_free (word)) {
    g_autofree char *lower = g_utf8_strdown (word, -1);
    const gboolean named = !is_nobodys (r, word, lower);
    for (guint i = 0; named && i < REACH && !found; i++)
      found = b.lower[i] && pkt_needles_spell (&r->needles, b.lower[i], lower);
    move_on (&b, named ? g_steal_pointer (&lower) : NULL);
  }
  for (guint i = 0; i < REACH; i++)
    g_free (b.lower[i]);
  return found;
}
