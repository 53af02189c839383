#include "packet/base/greeting.h"
#include <string.h>
#include "packet/base/greeting-words.h"

#define MAX_BEFORE 32 /* bytes of a greeting */

#define MAX_TAG 200

/* Where the tags begin that stand before `word`: "<b>" in "hi <b>janequill". */
static const char *
before_tags (const char *text, const char *word)
{
  while (word > text && word[-1] == '>') {
    const char *tag = g_strrstr_len (text, word - text, "<");
    if (tag == NULL || word - tag > MAX_TAG)
      break;
    word = tag;
  }
  return word;
}

/* Does a greeting end at `word`? No line need begin with it. */
static gboolean
is_greeted (const char *text, const char *word)
{
  static const char *const lists[] = { "salutations", "weak" };
  for (const char *p = word; p > text && word - p < MAX_BEFORE;) {
    p = g_utf8_prev_char (p);
    if (*p == '\n' || *p == '<' || *p == '>')
      return FALSE;
    if (p > text && g_unichar_isalnum (g_utf8_get_char (g_utf8_prev_char (p))))
      continue;
    for (gsize i = 0; i < G_N_ELEMENTS (lists); i++) {
      const char *behind = pkt_greeting_behind (p, lists[i]);
      if (behind && pkt_greeting_skip_gaps (behind + (*behind == ',')) == word)
        return TRUE;
    }
  }
  return FALSE;
}

gboolean
pkt_greeting_speaks_to (const char *text, const char *lower)
{
  const gsize n = strlen (lower);
  for (const char *p = text; n && (p = strstr (p, lower)); p += n) {
    if (g_unichar_isalnum (g_utf8_get_char (p + n))
        || (p > text && g_unichar_isalnum (g_utf8_get_char (g_utf8_prev_char (p)))))
      continue;
    if ((p == text && p[n] == ',') || is_greeted (text, before_tags (text, p)))
      return TRUE;
  }
  return FALSE;
}

gboolean
pkt_greeting_is_local_part (const char *name)
{
  return strchr (name, '.') && strpbrk (name, "0123456789") && !strchr (name, ' ');
}
