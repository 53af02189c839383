#include "packet/base/greeting.h"
#include <string.h>
#include "packet/base/greeting-words.h"

#define MAX_TEXT (256 * 1024)
#define MAX_LINES 4000
#define MAX_HONOURED 40 /* bytes before an honorific */
#define MAX_FOUND 16

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
  const char *weak = pkt_greeting_behind (p, "weak"),
             *rest = pkt_greeting_behind (p, "salutations"), *end;
  gboolean is_weak = weak && (rest == NULL || weak > rest);
  if (is_weak)
    rest = weak;
  if (rest == NULL)
    return;
  rest = pkt_greeting_skip_gaps (rest);
  gboolean comma = *rest == ',';
  if (comma)
    rest = pkt_greeting_skip_gaps (rest + 1);
  const char *there = pkt_greeting_behind (rest, "fillers"), /* "Hi there Zebulon," */
      *again = pkt_greeting_behind (rest, "salutations");    /* "Guten Morgen, liebe Frau …" */
  rest = pkt_greeting_skip_gaps (again ? again : there ? there : rest);
  g_autofree char *name = pkt_greeting_name (rest, &end);
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
    const char *told = begins ? pkt_greeting_behind (p, "told") : NULL,
               *not = begins && !told ? pkt_greeting_behind (p, "not") : NULL, *end;
    begins = pkt_greeting_is_gap (g_utf8_get_char (p));
    if (told == NULL && not == NULL)
      continue;
    g_autofree char *name = pkt_greeting_name (pkt_greeting_skip_gaps (told ? told : not ), &end);
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
  json_array_foreach (pkt_greeting_list ("honorifics"), i, row)
  {
    const char *honorific = json_string_value (row),
               *hit = g_strstr_len (line, (gssize)n, honorific);
    if (hit == NULL || hit == line || hit - line > MAX_HONOURED
        || g_unichar_isalnum (g_utf8_get_char (hit + strlen (honorific))))
      continue;
    g_autofree char *name = g_strndup (line, (gsize)(hit - line));
    g_strstrip (name);
    const char *end;
    g_autofree char *read = pkt_greeting_name (name, &end);
    if (read && *end == '\0')
      add (text, g_steal_pointer (&read), names);
  }
}

/* Pictures, dashes, quotes and bullets that may stand before what is said; no bracket of a field.
 */
static gboolean
is_ornament (gunichar c)
{
  switch (g_unichar_type (c)) {
  case G_UNICODE_OTHER_SYMBOL:
  case G_UNICODE_MATH_SYMBOL:
  case G_UNICODE_MODIFIER_SYMBOL:
  case G_UNICODE_DASH_PUNCTUATION:
  case G_UNICODE_INITIAL_PUNCTUATION:
  case G_UNICODE_FINAL_PUNCTUATION:
  case G_UNICODE_NON_SPACING_MARK: /* which picture it is */
  case G_UNICODE_ENCLOSING_MARK:
    return TRUE;
  case G_UNICODE_OPEN_PUNCTUATION:
    return c != '[' && c != '{';
  default:
    return c == '"' || c == '*' || c == 0x2022 || c == 0xb7;
  }
}

/* Where somebody begins to speak, in this line. */
static const char *
said_from (const char *p)
{
  for (p = pkt_greeting_skip_gaps (p); is_ornament (g_utf8_get_char (p));)
    p = pkt_greeting_skip_gaps (g_utf8_next_char (p));
  return p;
}

/* Behind the end of a sentence another may begin in the same line; NULL: none does. */
static const char *
next_sentence (const char *p)
{
  for (; *p && *p != '\n'; p++)
    if (strchr (".!?", *p) && p[1] == ' ')
      return said_from (p + 1);
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
  g_autofree char *next = pkt_greeting_word (p, &after), *lower = g_utf8_strdown (next, -1);
  if (pkt_greeting_listed ("you", lower) || pkt_greeting_behind (p, "weak")
      || pkt_greeting_behind (p, "you_glued"))
    return TRUE;
  if (!pkt_greeting_listed ("articles", lower))
    return FALSE;
  g_autofree char *second = pkt_greeting_word (pkt_greeting_skip_gaps (after), &after),
                  *small = g_utf8_strdown (second, -1);
  return pkt_greeting_listed ("you", small);
}

/* "Jane, your order", "Jane, welcome back": who is spoken to stands before. `one`: in one word. */
static void
take_spoken (const char *text, const char *line, gboolean one, GPtrArray *names)
{
  const char *end, *after;
  g_autofree char *name = pkt_greeting_name (pkt_greeting_skip_gaps (line), &end);
  const char *rest_at = name ? behind_comma (end) : NULL;
  if (rest_at == NULL || (one && strchr (name, ' '))
      || pkt_greeting_begins (pkt_greeting_skip_gaps (rest_at), "your way")) /* "Soup, your way" */
    return;
  g_autofree char *next = pkt_greeting_word (pkt_greeting_skip_gaps (rest_at), &after),
                  *lower = g_utf8_strdown (next, -1), *rest = g_strndup (end, strcspn (end, "\n"));
  g_auto (GStrv) words = g_strsplit_set (rest, " ,.!?", -1);
  gboolean spoken = speaks (pkt_greeting_skip_gaps (rest_at));
  for (char **w = words; *w && !spoken; w++) {
    g_autofree char *small = g_utf8_strdown (*w, -1);
    spoken = g_str_equal (lower, "we") && pkt_greeting_listed ("you", small);
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
                    *thing = pkt_greeting_word (hit + strlen (marks[i]), &after),
                    *lower = g_utf8_strdown (thing, -1), *name = pkt_greeting_name (before, &end);
    if (name && *end == '\0' && pkt_greeting_listed ("owned", lower))
      add (text, g_steal_pointer (&name), names);
  }
}

/* Signs that open an exclamation, and a blank that closes one: "¡Hola Jane!", "Merci Jane !" */
static gboolean
is_around_exclamation (const char *p)
{
  const gunichar c = g_utf8_get_char (p);
  return c == 0xa1 || c == 0xbf
         || (c != '\n' && pkt_greeting_is_gap (c) && *g_utf8_next_char (p)
             && strchr ("!?", *g_utf8_next_char (p)));
}

/* As a reader sees it: full-width letters are letters, those of no width nothing. Caller frees. */
static char *
seen_text (const char *utf8)
{
  GString *out = g_string_new (NULL);
  for (const char *p = utf8; *p; p = g_utf8_next_char (p))
    if (g_unichar_type (g_utf8_get_char (p)) != G_UNICODE_FORMAT && !is_around_exclamation (p))
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
    const char *p = said_from (line);
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
  g_autofree char *name = pkt_greeting_name (pkt_greeting_skip_gaps (comma + 1), &end);
  gboolean last = name && strpbrk (end, "abcdefghijklmnopqrstuvwxyz0123456789") == NULL;
  g_autofree char *before = g_strndup (subject, (gsize)(comma - subject)),
                  *lower = g_utf8_strdown (before, -1);
  g_auto (GStrv) words = g_strsplit_set (lower, " .!?:", -1);
  for (char **w = words; last && *w; w++)
    if (**w && pkt_greeting_listed ("you", *w)) {
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
  take_spoken (seen, said_from (seen), FALSE, names);
  take_trailing (seen, names);
}
