#include "packet/base/greeting.h"
#include <string.h>
#include "packet/base/json.h"

#define MAX_TEXT (256 * 1024)
#define MAX_LINES 4000
#define MAX_WORDS 4     /* of a name */
#define MAX_LETTERS 24  /* of one of its words */
#define MAX_HONOURED 40 /* bytes before an honorific */
#define MAX_FOUND 16

static const json_t *
list_of (const char *name)
{
  static const json_t *all = NULL;
  return json_object_get (pkt_json_table (&all, "greetings.json"), name);
}

static gboolean
listed (const char *list, const char *lower)
{
  gsize i;
  json_t *row;
  json_array_foreach (list_of (list), i,
                      row) if (g_str_equal (json_string_value (row), lower)) return TRUE;
  return FALSE;
}

static gboolean
is_gap (gunichar c)
{
  return g_unichar_isspace (c) || c == 0xa0 || c == 0x200c || c == 0x200b;
}

static const char *
skip_gaps (const char *p)
{
  while (*p && *p != '\n' && is_gap (g_utf8_get_char (p)))
    p = g_utf8_next_char (p);
  return p;
}

/* The bytes of `p` that are `lower`, in any case; 0. */
static gsize
begins_with (const char *p, const char *lower)
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

/* Behind the longest greeting of the list that begins at `p`; NULL. */
static const char *
behind_greeting (const char *p, const char *list)
{
  gsize i, longest = 0;
  json_t *row;
  json_array_foreach (list_of (list), i, row)
  {
    const char *greeting = json_string_value (row);
    gsize n = begins_with (p, greeting);
    if (n > longest && !(needs_gap (greeting) && g_unichar_isalnum (g_utf8_get_char (p + n))))
      longest = n;
  }
  return longest ? p + longest : NULL;
}

/* ---- a name ---- */

static gboolean
is_name_char (const char *p)
{
  gunichar c = g_utf8_get_char (p);
  gboolean joins = (c == '-' || c == '\'' || c == 0x2019) && p[1]
                   && g_unichar_isalpha (g_utf8_get_char (g_utf8_next_char (p)));
  return g_unichar_isalpha (c) || g_unichar_ismark (c) || joins;
}

static char *
word_at (const char *p, const char **end)
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
  return listed ("nobody", lower) || listed ("titles", lower) || behind_greeting (lower, "weak")
         || listed ("you", lower);
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
  g_autofree char *word = word_at (p, &end), *lower = g_utf8_strdown (word, -1);
  if (*word == '\0' || n->words == MAX_WORDS)
    return FALSE;
  if (n->words == 0 && listed ("titles", lower)) {
    n->end = *end == '.' ? end + 1 : end;
    while (n->end > end && g_unichar_islower (g_utf8_get_char (n->end))) /* "Sig.ra" */
      n->end = g_utf8_next_char (n->end);
    return TRUE;
  }
  gboolean particle = n->words && listed ("particles", lower);
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
    if (!listed ("particles", lower) || may_name (blank + 1))
      return;
    g_string_truncate (n->name, (gsize)(blank - n->name->str));
  }
}

/* The name that begins at `p`, and where it ends; NULL. */
static char *
name_at (const char *p, const char **end)
{
  Name n = { g_string_new (NULL), p, 0 };
  gboolean nobody = FALSE;
  while (take_word (&n, skip_gaps (n.end), &nobody))
    ;
  drop_particles (&n);
  const char *next = skip_gaps (n.end), *after;
  g_autofree char *following = word_at (next, &after), *lower = g_utf8_strdown (following, -1);
  *end = n.end;
  gboolean good = n.words && !nobody && n.name->len > 1 && ends_name (n.end)
                  && (ends_name (next) || listed ("you", lower));
  return g_string_free (n.name, !good);
}

/* ---- lines ---- */

/* A common noun stands somewhere in small letters. */
static gboolean
is_common (const char *text, const char *name)
{
  g_autofree char *lower = g_utf8_strdown (name, -1);
  gsize n = strlen (lower);
  if (g_str_equal (lower, name))
    return FALSE;
  for (const char *p = text; (p = strstr (p, lower)); p += n) {
    const char *before = p > text ? g_utf8_prev_char (p) : NULL;
    if (!(before && g_unichar_isalnum (g_utf8_get_char (before)))
        && !g_unichar_isalnum (g_utf8_get_char (p + n)) && !(before && strchr ("@./=_-", *before))
        && !strchr ("@=_-", p[n]))
      return TRUE;
  }
  return FALSE;
}

static void
add (const char *text, char *taken, GPtrArray *names)
{
  g_autofree char *name = taken;
  if (name && names->len < MAX_FOUND && !is_common (text, name)
      && !g_ptr_array_find_with_equal_func (names, name, g_str_equal, NULL))
    g_ptr_array_add (names, g_steal_pointer (&name));
}

static void
take_greeting (const char *text, const char *p, GPtrArray *names)
{
  const char *weak = behind_greeting (p, "weak"), *rest = behind_greeting (p, "salutations"), *end;
  gboolean is_weak = weak && (rest == NULL || weak > rest);
  if (is_weak)
    rest = weak;
  if (rest == NULL)
    return;
  rest = skip_gaps (rest);
  gboolean comma = *rest == ',';
  if (comma)
    rest = skip_gaps (rest + 1);
  const char *there = behind_greeting (rest, "fillers"), /* "Hi there Zebulon," */
      *again = behind_greeting (rest, "salutations");    /* "Guten Morgen, liebe Frau …" */
  g_autofree char *name = name_at (skip_gaps (again ? again : there ? there : rest), &end);
  /* "Welcome Desk" is no Mrs Desk, and "Welcome back Zebulon" has nothing behind it */
  gboolean alone = weak && memchr (p, ' ', (gsize)(weak - p)) && strchr (".\n", *end) && name
                   && strchr (name, ' ') == NULL;
  if (name && (comma || !is_weak || strchr (",!", *end) || alone))
    add (text, g_steal_pointer (&name), names);
}

/* "This mail was sent to Zebulon Q.", "Not Zebulon?" */
static void
take_told (const char *text, const char *line, GPtrArray *names)
{
  gboolean begins = TRUE;
  for (const char *p = line; *p && *p != '\n'; p = g_utf8_next_char (p)) {
    const char *told = begins ? behind_greeting (p, "told") : NULL,
               *not = begins && !told ? behind_greeting (p, "not") : NULL, *end;
    begins = is_gap (g_utf8_get_char (p));
    if (told == NULL && not == NULL)
      continue;
    g_autofree char *name = name_at (skip_gaps (told ? told : not ), &end);
    if (name && (told || *end == '?'))
      add (text, g_steal_pointer (&name), names);
  }
}

/* "山田様、" */
static void
take_honoured (const char *text, const char *line, GPtrArray *names)
{
  gsize i, n = strcspn (line, "\n");
  json_t *row;
  json_array_foreach (list_of ("honorifics"), i, row)
  {
    const char *honorific = json_string_value (row),
               *hit = g_strstr_len (line, (gssize)n, honorific);
    if (hit == NULL || hit == line || hit - line > MAX_HONOURED
        || g_unichar_isalnum (g_utf8_get_char (hit + strlen (honorific))))
      continue;
    g_autofree char *name = g_strndup (line, (gsize)(hit - line));
    g_strstrip (name);
    const char *end;
    g_autofree char *read = name_at (name, &end);
    if (read && *end == '\0')
      add (text, g_steal_pointer (&read), names);
  }
}

/* Behind the end of a sentence another may begin in the same line; NULL: none does. */
static const char *
next_sentence (const char *p)
{
  for (; *p && *p != '\n'; p++)
    if (strchr (".!?", *p) && p[1] == ' ')
      return skip_gaps (p + 1);
  return NULL;
}

/* Behind a comma of any script; NULL: there is none. */
static const char *
behind_comma (const char *p)
{
  const gunichar c = g_utf8_get_char (p);
  return c == ',' || c == 0x60c || c == 0x3001 || c == 0xff0c ? g_utf8_next_char (p) : NULL;
}

/* Is the reader spoken to from `p` on: "your order", "il tuo ordine", "welcome back"? */
static gboolean
speaks (const char *p)
{
  const char *after;
  g_autofree char *next = word_at (p, &after), *lower = g_utf8_strdown (next, -1);
  if (listed ("you", lower) || behind_greeting (p, "weak") || behind_greeting (p, "you_glued"))
    return TRUE;
  if (!listed ("articles", lower))
    return FALSE;
  g_autofree char *second = word_at (skip_gaps (after), &after),
                  *small = g_utf8_strdown (second, -1);
  return listed ("you", small);
}

/* "Jane, your order", "Jane, welcome back": who is spoken to stands before. `one`: in one word. */
static void
take_spoken (const char *text, const char *line, gboolean one, GPtrArray *names)
{
  const char *end, *after;
  g_autofree char *name = name_at (skip_gaps (line), &end);
  const char *rest_at = name ? behind_comma (end) : NULL;
  if (rest_at == NULL || (one && strchr (name, ' '))
      || begins_with (skip_gaps (rest_at), "your way")) /* "Soup, your way" */
    return;
  g_autofree char *next = word_at (skip_gaps (rest_at), &after), *lower = g_utf8_strdown (next, -1),
                  *rest = g_strndup (end, strcspn (end, "\n"));
  g_auto (GStrv) words = g_strsplit_set (rest, " ,.!?", -1);
  gboolean spoken = speaks (skip_gaps (rest_at));
  for (char **w = words; *w && !spoken; w++) {
    g_autofree char *small = g_utf8_strdown (*w, -1);
    spoken = g_str_equal (lower, "we") && listed ("you", small);
  }
  if (spoken)
    add (text, g_steal_pointer (&name), names);
}

/* "Zebulon's order has shipped" */
static void
take_owner (const char *text, const char *line, GPtrArray *names)
{
  static const char *const marks[] = { "'s ", "\xe2\x80\x99s " };
  const char *end, *after;
  for (gsize i = 0; i < G_N_ELEMENTS (marks); i++) {
    const char *hit = g_strstr_len (line, (gssize)strcspn (line, "\n"), marks[i]);
    if (hit == NULL || hit - line > MAX_HONOURED)
      continue;
    g_autofree char *before = g_strndup (line, (gsize)(hit - line)),
                    *thing = word_at (hit + strlen (marks[i]), &after),
                    *lower = g_utf8_strdown (thing, -1), *name = name_at (before, &end);
    if (name && *end == '\0' && listed ("owned", lower))
      add (text, g_steal_pointer (&name), names);
  }
}

/* As a reader sees it: full-width letters are letters, those of no width nothing. Caller frees. */
static char *
seen_text (const char *utf8)
{
  GString *out = g_string_new (NULL);
  for (const char *p = utf8; *p; p = g_utf8_next_char (p))
    if (g_unichar_type (g_utf8_get_char (p)) != G_UNICODE_FORMAT)
      g_string_append_unichar (out, g_utf8_get_char (p));
  g_autofree char *seen = g_string_free (out, FALSE);
  return g_utf8_normalize (seen, -1, G_NORMALIZE_NFKC);
}

void
pkt_greeting_text (const char *raw, GPtrArray *names)
{
  g_autofree char *start = g_strndup (raw, MAX_TEXT);
  const char *valid_end;
  if (!g_utf8_validate (start, -1, &valid_end))
    start[valid_end - start] = '\0';
  g_autofree char *text = seen_text (start);
  guint lines = 0;
  for (const char *line = text; line && *line && lines < MAX_LINES; lines++) {
    const char *p = skip_gaps (line);
    take_honoured (text, p, names);
    take_told (text, p, names);
    take_spoken (text, p, TRUE, names);
    take_owner (text, p, names);
    for (; p && *p; p = next_sentence (p))
      take_greeting (text, p, names);
    line = strchr (line, '\n');
    line = line ? line + 1 : NULL;
  }
}

/* ---- subjects ---- */

/* "Your order is here, Jane!" */
static void
take_trailing (const char *subject, GPtrArray *names)
{
  const char *comma = strrchr (subject, ','), *end;
  if (comma == NULL || strchr (subject, ',') != comma)
    return;
  g_autofree char *name = name_at (skip_gaps (comma + 1), &end);
  gboolean last = name && strpbrk (end, "abcdefghijklmnopqrstuvwxyz0123456789") == NULL;
  g_autofree char *before = g_strndup (subject, (gsize)(comma - subject)),
                  *lower = g_utf8_strdown (before, -1);
  g_auto (GStrv) words = g_strsplit_set (lower, " .!?:", -1);
  for (char **w = words; last && *w; w++)
    if (**w && listed ("you", *w)) {
      add (subject, g_steal_pointer (&name), names);
      return;
    }
}

void
pkt_greeting_subject (const char *subject, GPtrArray *names)
{
  if (!g_utf8_validate (subject, -1, NULL))
    return;
  g_autofree char *seen = seen_text (subject);
  pkt_greeting_text (seen, names);
  take_spoken (seen, seen, FALSE, names);
  take_trailing (seen, names);
}
