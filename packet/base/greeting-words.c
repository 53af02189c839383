#include "packet/base/greeting-words.h"
#include <string.h>
#include "packet/base/greeting.h"

#define MAX_WORDS 4    /* of a name */
#define MAX_LETTERS 24 /* of one of its words */

const json_t *
pkt_greeting_list (const char *name)
{
  static const json_t *all = NULL;
  return json_object_get (pkt_json_table (&all, "greetings.json"), name);
}

gboolean
pkt_greeting_listed (const char *list, const char *lower)
{
  gsize i;
  json_t *row;
  json_array_foreach (pkt_greeting_list (list), i,
                      row) if (g_str_equal (json_string_value (row), lower)) return TRUE;
  return FALSE;
}

gboolean
pkt_greeting_is_gap (gunichar c)
{
  return g_unichar_isspace (c) || c == 0xa0 || c == 0x200c || c == 0x200b;
}

const char *
pkt_greeting_skip_gaps (const char *p)
{
  while (*p && *p != '\n' && pkt_greeting_is_gap (g_utf8_get_char (p)))
    p = g_utf8_next_char (p);
  return p;
}

gsize
pkt_greeting_begins (const char *p, const char *lower)
{
  const char *q = p;
  for (; *lower && *q; lower = g_utf8_next_char (lower), q = g_utf8_next_char (q))
    if (g_unichar_tolower (g_utf8_get_char (q)) != g_utf8_get_char (lower))
      return 0;
  return *lower ? 0 : (gsize)(q - p);
}

/* Chinese, Japanese and Thai set no blank between greeting and name. */
static gboolean
needs_gap (const char *greeting)
{
  const gunichar c = g_utf8_get_char (greeting);
  return c < 0x3000 && !(c >= 0xe00 && c < 0xe80);
}

const char *
pkt_greeting_behind (const char *p, const char *list)
{
  gsize i, longest = 0;
  json_t *row;
  json_array_foreach (pkt_greeting_list (list), i, row)
  {
    const char *greeting = json_string_value (row);
    gsize n = pkt_greeting_begins (p, greeting);
    if (n > longest && !(needs_gap (greeting) && g_unichar_isalnum (g_utf8_get_char (p + n))))
      longest = n;
  }
  return longest ? p + longest : NULL;
}

static gboolean
is_name_char (const char *p)
{
  gunichar c = g_utf8_get_char (p);
  gboolean joins = (c == '-' || c == '\'' || c == 0x2019) && p[1]
                   && g_unichar_isalpha (g_utf8_get_char (g_utf8_next_char (p)));
  return g_unichar_isalpha (c) || g_unichar_ismark (c) || joins;
}

char *
pkt_greeting_word (const char *p, const char **end)
{
  const char *q = p;
  while (*q && is_name_char (q) && (q > p || g_unichar_isalpha (g_utf8_get_char (q))))
    q = g_utf8_next_char (q);
  *end = q;
  return g_strndup (p, (gsize)(q - p));
}

/* "Jane", "JANE", and in scripts that know no case any word. */
static gboolean
may_name (const char *word)
{
  gunichar first = g_utf8_get_char (word);
  glong n = g_utf8_strlen (word, -1);
  return n >= 1 && n <= MAX_LETTERS && !g_unichar_islower (first);
}

/* Where a name ends so that nothing of it is missing: not "Jane@", "Hello example.com", "{{…". */
static gboolean
ends_name (const char *p)
{
  gunichar c = g_utf8_get_char (p);
  if (c == '\0' || c == '\n')
    return TRUE;
  if (c == '.')
    return !g_unichar_isalnum (g_utf8_get_char (p + 1));
  return !g_unichar_isalnum (c) && (c >= 0x80 || !strchr ("@/_{[%$*|#", (int)c));
}

gboolean
pkt_greeting_is_nobody (const char *lower)
{
  return pkt_greeting_listed ("nobody", lower) || pkt_greeting_listed ("titles", lower)
         || pkt_greeting_behind (lower, "weak") || pkt_greeting_listed ("you", lower);
}

gboolean
pkt_greeting_is_title (const char *lower)
{
  return pkt_greeting_listed ("titles", lower);
}

typedef struct {
  GString *name;
  const char *end; /* in the text */
  guint words;
} Name;

/* A word more; FALSE where the name ends before it. */
static gboolean
take_word (Name *n, const char *p, gboolean *nobody)
{
  const char *end;
  g_autofree char *word = pkt_greeting_word (p, &end), *lower = g_utf8_strdown (word, -1);
  if (*word == '\0' || n->words == MAX_WORDS)
    return FALSE;
  if (n->words == 0 && pkt_greeting_listed ("titles", lower)) {
    n->end = *end == '.' ? end + 1 : end;
    while (n->end > end && g_unichar_islower (g_utf8_get_char (n->end))) /* "Sig.ra" */
      n->end = g_utf8_next_char (n->end);
    return TRUE;
  }
  gboolean particle = n->words && pkt_greeting_listed ("particles", lower);
  if (!particle && !may_name (word))
    return FALSE;
  *nobody |= !particle && pkt_greeting_is_nobody (lower);
  g_string_append_printf (n->name, "%s%s", n->name->len ? " " : "", word);
  n->words++;
  n->end = *end == '.' && g_utf8_strlen (word, -1) == 1 ? end + 1 : end; /* "J." */
  return TRUE;
}

/* Only small words at its end: they are of the sentence. */
static void
drop_particles (Name *n)
{
  for (char *blank; (blank = strrchr (n->name->str, ' '));) {
    g_autofree char *lower = g_utf8_strdown (blank + 1, -1);
    if (!pkt_greeting_listed ("particles", lower) || may_name (blank + 1))
      return;
    g_string_truncate (n->name, (gsize)(blank - n->name->str));
  }
}

char *
pkt_greeting_name (const char *p, const char **end)
{
  Name n = { g_string_new (NULL), p, 0 };
  gboolean nobody = FALSE;
  while (take_word (&n, pkt_greeting_skip_gaps (n.end), &nobody))
    ;
  drop_particles (&n);
  const char *next = pkt_greeting_skip_gaps (n.end), *after;
  g_autofree char *following = pkt_greeting_word (next, &after),
                  *lower = g_utf8_strdown (following, -1);
  *end = n.end;
  gboolean good = n.words && !nobody && n.name->len > 1 && ends_name (n.end)
                  && (ends_name (next) || pkt_greeting_listed ("you", lower));
  return g_string_free (n.name, !good);
}
