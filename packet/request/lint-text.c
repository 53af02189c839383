#include "packet/request/lint-text.h"

/* Postmasters answer questions; they do not answer demands (facts/ideal-texts.md). A word that a
 * company's name may hold is a note only. */
const PktLintDemand pkt_lint_demands[] = {
  { "whitelist", PKT_FINDING_LACKING },
  { "whitelisting", PKT_FINDING_LACKING },
  { "whitelisted", PKT_FINDING_LACKING },
  { "white-list", PKT_FINDING_LACKING },
  { "white list", PKT_FINDING_LACKING },
  { "allowlist", PKT_FINDING_LACKING },
  { "allowlisting", PKT_FINDING_LACKING },
  { "allow-list", PKT_FINDING_LACKING },
  { "allow-listing", PKT_FINDING_LACKING },
  { "allow list", PKT_FINDING_LACKING },
  { "safelist", PKT_FINDING_LACKING },
  { "safe-list", PKT_FINDING_LACKING },
  { "safe list", PKT_FINDING_LACKING },
  { "white-listing", PKT_FINDING_LACKING },
  { "white listing", PKT_FINDING_LACKING },
  { "white-listed", PKT_FINDING_LACKING },
  { "allow listing", PKT_FINDING_LACKING },
  { "allow-listed", PKT_FINDING_LACKING },
  { "allowlisted", PKT_FINDING_LACKING },
  { "safe sender", PKT_FINDING_LACKING },
  { "safe senders", PKT_FINDING_LACKING },
  { "trusted sender", PKT_FINDING_LACKING },
  { "please unblock", PKT_FINDING_LACKING },
  { "must unblock", PKT_FINDING_LACKING },
  { "unblock us", PKT_FINDING_LACKING },
  { "unblock our", PKT_FINDING_LACKING },
  { "unblock these", PKT_FINDING_LACKING },
  { "remove the block", PKT_FINDING_LACKING },
  { "lift the block", PKT_FINDING_LACKING },
  { "remove us from", PKT_FINDING_LACKING },
  { "remove our ip", PKT_FINDING_LACKING },
  { "remove our ips", PKT_FINDING_LACKING },
  { "let our mail through", PKT_FINDING_LACKING },
  { "let our emails through", PKT_FINDING_LACKING },
  { "make an exception", PKT_FINDING_LACKING },
  { "grant us an exception", PKT_FINDING_LACKING },
  { "exempt us", PKT_FINDING_LACKING },
  { "exempt our", PKT_FINDING_LACKING },
  { "stop blocking", PKT_FINDING_LACKING },
  { "unacceptable", PKT_FINDING_LACKING },
  { "we demand", PKT_FINDING_LACKING },
  { "legal action", PKT_FINDING_LACKING },
  { "our lawyers", PKT_FINDING_LACKING },
  { "our attorney", PKT_FINDING_LACKING },
  { "our attorneys", PKT_FINDING_LACKING },
  { "lawsuit", PKT_FINDING_LACKING },
  { "we insist", PKT_FINDING_LACKING },
  { "bypass", PKT_FINDING_NOTE },
  { "urgent", PKT_FINDING_NOTE },
  { "urgently", PKT_FINDING_NOTE },
  { "asap", PKT_FINDING_NOTE },
  { "as soon as possible", PKT_FINDING_NOTE },
  { NULL, PKT_FINDING_NOTE },
};

/* What makes a request worse at the desk (what postmasters say of requests): Apple's own scores as
 * an argument, and that others see no fault. */
const PktLintDemand pkt_lint_arguments[] = {
  { "X-ICL-Score", PKT_FINDING_LACKING },
  { "X-ICL-Info", PKT_FINDING_LACKING },
  { "X-CLX-Score", PKT_FINDING_LACKING },
  { "mlxlogscore", PKT_FINDING_LACKING },
  { "mlxscore", PKT_FINDING_LACKING },
  { "clean on all", PKT_FINDING_NOTE },
  { "on no blocklist", PKT_FINDING_NOTE },
  { "everyone else accepts", PKT_FINDING_NOTE },
  { "everybody else accepts", PKT_FINDING_NOTE },
  { "all other providers accept", PKT_FINDING_NOTE },
  { "open rate", PKT_FINDING_NOTE },
  { "open rates", PKT_FINDING_NOTE },
  { NULL, PKT_FINDING_NOTE },
};

static char *
fold_blanks (const char *text)
{
  GString *out = g_string_sized_new (strlen (text));
  for (const char *p = text; *p != '\0'; p++) {
    gboolean blank = g_ascii_isspace (*p);
    if (!blank)
      g_string_append_c (out, *p);
    else if (out->len > 0 && out->str[out->len - 1] != ' ')
      g_string_append_c (out, ' ');
  }
  if (out->len > 0 && out->str[out->len - 1] == ' ')
    g_string_truncate (out, out->len - 1);
  return g_string_free (out, FALSE);
}

char *
pkt_lint_fold (const char *text, const char *const *verbatim)
{
  g_autofree char *folded = fold_blanks (text);
  GString *out = g_string_new (folded);
  for (guint i = 0; verbatim != NULL && verbatim[i] != NULL; i++) {
    g_autofree char *reply = fold_blanks (verbatim[i]);
    if (*reply != '\0')
      g_string_replace (out, reply, "|", 0); /* a stop: what is around does not become one text */
  }
  return g_string_free (out, FALSE);
}

gboolean
pkt_lint_is_quoted (const char *line, const char *const *verbatim)
{
  g_autofree char *text = fold_blanks (line);
  const char *label = strstr (text, ": ");
  for (guint i = 0; verbatim != NULL && verbatim[i] != NULL; i++) {
    g_autofree char *reply = fold_blanks (verbatim[i]);
    if (strstr (reply, text) != NULL || (label != NULL && strstr (reply, label + 2) != NULL))
      return TRUE;
  }
  return FALSE;
}

/* g_ascii_strncasecmp stops at the end of the text, so this never reads beyond it. */
static const char *
find_nocase (const char *text, const char *needle)
{
  gsize n = strlen (needle);
  for (; *text != '\0'; text++)
    if (g_ascii_strncasecmp (text, needle, n) == 0)
      return text;
  return NULL;
}

static gboolean
is_one_of (char c, const char *letters)
{
  return c != '\0' && strchr (letters, c) != NULL;
}

gboolean
pkt_lint_has_word (const char *text, const char *word, const char *letters)
{
  gsize n = strlen (word);
  for (const char *at = text; n > 0 && (at = find_nocase (at, word)) != NULL; at++)
    if (!(at > text && is_one_of (at[-1], letters)) && !is_one_of (at[n], letters))
      return TRUE;
  return FALSE;
}

char *
pkt_lint_sentence (const char *body, const char *start)
{
  const char *at = body;
  while (at != NULL && !g_str_has_prefix (at, start)) {
    at = strchr (at, '\n');
    at = at != NULL ? at + 1 : NULL;
  }
  if (at == NULL)
    return g_strdup ("");
  const char *end = at;
  while (*end != '\0' && !(end[0] == '.' && (g_ascii_isspace (end[1]) || end[1] == '\0'))
         && !(end[0] == '\n' && end[1] == '\n'))
    end++;
  g_autofree char *sentence = g_strndup (at, (gsize)(end - at));
  return fold_blanks (sentence);
}

const char *
pkt_lint_next_link (const char *text, gsize *out_n)
{
  const char *colon = strstr (text, "://");
  if (colon == NULL)
    return NULL;
  const char *start = colon;
  while (start > text && (g_ascii_isalnum (start[-1]) || strchr ("+.-", start[-1]) != NULL))
    start--;
  const char *end = colon + strcspn (colon, " \t\n<>\"|");
  while (end > colon + 3 && strchr (".,;:!?)'", end[-1]) != NULL)
    end--;
  *out_n = (gsize)(end - start);
  return start;
}

/* "www.example.com/u?id=4711", which mail clients make a link of as well. */
const char *
pkt_lint_next_bare_link (const char *text, gsize *out_n)
{
  for (const char *mark = strchr (text, '?'); mark; mark = strchr (mark + 1, '?')) {
    const char *start = mark;
    while (start > text && strchr (" \t\n<>\"|(", start[-1]) == NULL)
      start--;
    const char *slash = memchr (start, '/', (gsize)(mark - start)),
               *dot = slash ? memchr (start, '.', (gsize)(slash - start)) : NULL;
    gsize n = (gsize)(mark - start) + strcspn (mark, " \t\n<>\"|)");
    if (dot == NULL || dot == start || mark + 1 == start + n
        || g_strstr_len (start, (gssize)n, "://") || g_strstr_len (start, (gssize)n, "[.]"))
      continue;
    *out_n = n;
    return start;
  }
  return NULL;
}

#define LOUD_LETTERS 4 /* of a word; SPF and the like are shorter */
#define LOUD_WORDS 3

gboolean
pkt_lint_is_loud (const char *folded)
{
  g_auto (GStrv) words = g_strsplit (folded, " ", -1);
  guint run = 0;
  for (char **w = words; *w; w++) {
    gsize n = strspn (*w, "ABCDEFGHIJKLMNOPQRSTUVWXYZ");
    run = n >= LOUD_LETTERS && (*w)[n + strspn (*w + n, ".,;:!?")] == '\0' ? run + 1 : 0;
    if (run == LOUD_WORDS)
      return TRUE;
  }
  return strstr (folded, "!!") != NULL;
}
