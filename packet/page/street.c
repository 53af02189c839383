#include "packet/page/street.h"
#include <string.h>
#include "packet/base/greeting.h"

/* Where a house stands. Each repeat is bounded, so that no text makes the matcher run long. */
static const char street_pattern[]
    = "\\b\\d{1,5}[A-Za-z]?,? (?:[\\p{Lu}\\d][\\p{L}\\d.'’-]{0,20} ){0,4}"
      "(?:Street|St|Road|Rd|Avenue|Ave|Lane|Ln|Drive|Dr|Boulevard|Blvd|Way|Court|Ct|Place|Pl|"
      "Square|Sq|Crescent|Cres|Gardens|Grove|Mews|Highway|Hwy|Parkway|Pkwy|Terrace|Close|Row|Quay|"
      "Broadway|Embankment|Plaza)\\b"
      "|[\\p{L}.-]{2,30}(?:stra(?:ß|ss)e|str\\.|gasse|weg|platz|allee|ring|ufer|damm|markt|straat|"
      "laan|"
      "plein|kade|gracht|gatan|gata|vägen|vej|gade|veien|katu|utca) ?\\d{1,4}"
      "|\\b(?:rue|avenue|av\\.|boulevard|bd|place|chemin|quai|via|viale|piazza|corso|calle|avenida|"
      "plaza|paseo|rua|praça|travessa|ul\\.|ulica|aleje) [\\p{L}\\d][\\p{L}\\d .'’-]{1,40}"
      "|\\bP\\. ?O\\. ?Box|\\bPO Box|\\bPostfach \\d|\\bApartado|\\bLocked Bag|\\bPostbus \\d";
static const char code_pattern[]
    = "\\b\\d{5}(?:-\\d{4})?\\b|\\b\\d{4} ?[A-Z]{2}\\b|\\b[A-Z]{1,2}\\d[A-Z\\d]? ?\\d[A-Z]{2}\\b"
      "|\\b[A-Z]\\d[A-Z] ?\\d[A-Z]\\d\\b|\\b(?!19|20)\\d{4} \\p{Lu}\\p{L}|\\p{L}{2} "
      "(?!19|20)\\d{4}\\b"
      "|\\b\\d{3}-\\d{4}\\b|\\b\\d{2}-\\d{3}\\b|\\b\\d{4}-\\d{3}\\b|\\b\\d{3} \\d{2}\\b";

#define MAX_LINE 60 /* characters of a line of an address */
#define MAX_MORE 4  /* lines below the street */

static gboolean
matches (GRegex **kept, gsize *once, const char *pattern, GRegexCompileFlags flags,
         const char *text)
{
  if (g_once_init_enter (once)) {
    *kept = g_regex_new (pattern, flags | G_REGEX_OPTIMIZE, 0, NULL);
    g_once_init_leave (once, 1);
  }
  return g_regex_match (*kept, text, 0, NULL);
}

gboolean
pkt_street_in (const char *text)
{
  static GRegex *kept;
  static gsize once;
  return matches (&kept, &once, street_pattern, G_REGEX_CASELESS, text);
}

gboolean
pkt_street_code_in (const char *text)
{
  static GRegex *kept;
  static gsize once;
  return matches (&kept, &once, code_pattern, 0, text);
}

gboolean
pkt_street_is_name (const char *masked)
{
  g_auto (GStrv) words = g_strsplit_set (masked, " \t\r\n.,/", -1);
  gboolean named = FALSE;
  for (char **w = words; *w; w++) {
    g_autofree char *lower = g_utf8_strdown (*w, -1);
    if (**w == '\0' || (g_utf8_strlen (*w, -1) == 1 && named)) /* "[name] Q" */
      continue;
    if (!g_str_equal (*w, "[name]") && !(pkt_greeting_is_title (lower) && !named))
      return FALSE;
    named |= g_str_equal (*w, "[name]");
  }
  return named;
}

/* Can it be one below the street: "Townsville", "75001 Townsville", "United Kingdom"? */
static gboolean
is_below (const char *line)
{
  const gsize n = strlen (line);
  return n && g_utf8_strlen (line, -1) <= MAX_LINE && strpbrk (line, ":|!?[") == NULL
         && line[n - 1] != '.' && line[n - 1] != ',';
}

/* "4 The Old Mill" above "AB1 2CD Townsville": a house without a word for its street. */
static gboolean
is_above_code (const char *line, const char *next)
{
  return next && strpbrk (line, "0123456789") && is_below (line)
         && g_utf8_strlen (next, -1) <= MAX_LINE && pkt_street_code_in (next)
         && strpbrk (next, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") && is_below (next);
}

/* Lines from `at` on, which are blank or an address below a name, to take out; 0: none. */
static guint
lines_of_address (GStrv lines, guint at)
{
  guint n = 0;
  if (lines[at] == NULL || g_utf8_strlen (lines[at], -1) > MAX_LINE)
    return 0;
  if (!pkt_street_in (lines[at]) && !is_above_code (lines[at], lines[at + 1])
      && !(lines[at + 1] && is_below (lines[at]) && pkt_street_in (lines[at + 1])))
    return 0; /* a company, or who lives with whom, may stand before the street */
  for (n = 1; n <= MAX_MORE && lines[at + n] && is_below (g_strstrip (lines[at + n])); n++)
    ;
  return n;
}

static char *
mask_lines (const char *masked)
{
  if (strchr (masked, '\n') == NULL)
    return g_strdup (masked);
  g_auto (GStrv) lines = g_strsplit (masked, "\n", -1);
  GString *out = g_string_new (NULL);
  for (guint i = 0; lines[i]; i++) {
    g_string_append_printf (out, "%s%s", i ? "\n" : "", lines[i]);
    const guint n = pkt_street_is_name (lines[i]) ? lines_of_address (lines, i + 1) : 0;
    if (n)
      g_string_append (out, "\n[field]");
    i += n;
  }
  return g_string_free (out, FALSE);
}

/* Up to the end of the line or the sentence: "ul. Sosnowa 4" is in one. */
static gsize
address_length (const char *rest)
{
  gsize n = strcspn (rest, "\n|;.:!?[");
  while (rest[n] == '.' && n >= 2 && (rest[n - 2] == ' ' || (n >= 3 && rest[n - 3] == ' ')))
    n += 1 + strcspn (rest + n + 1, "\n|;.:!?[");
  return n;
}

/* "[name], 12 Some Lane, Townsville, AB1 2CD" */
static char *
mask_behind (const char *text)
{
  const char *hit = strstr (text, "[name],");
  if (hit == NULL)
    return g_strdup (text);
  GString *out = g_string_new (NULL);
  for (; hit; hit = strstr (text, "[name],")) {
    const char *rest = hit + strlen ("[name],");
    const gsize part = strcspn (rest, ",\n|;"), all = address_length (rest);
    g_autofree char *first = g_strndup (rest, MIN (part, all));
    const gboolean street = part <= MAX_LINE && pkt_street_in (first);
    g_string_append_len (out, text, rest - text);
    g_string_append (out, street ? " [field]" : "");
    text = street ? rest + all : rest;
  }
  g_string_append (out, text);
  return g_string_free (out, FALSE);
}

char *
pkt_street_masked (const char *masked)
{
  if (strstr (masked, "[name]") == NULL)
    return g_strdup (masked);
  g_autofree char *lines = mask_lines (masked);
  return mask_behind (lines);
}
