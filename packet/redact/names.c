#include "packet/redact/redactor-priv.h"

/* Chinese, Japanese and Korean set no blank between a name and what follows it: "Jane様". */
static gboolean
joins (gunichar c)
{
  return g_unichar_isalnum (c) && !(c >= 0x2e80 && c < 0xd7b0);
}

/* Full-width forms are the letters that they show. */
static gunichar
letter_of (gunichar c)
{
  return c >= 0xff01 && c <= 0xff5e ? c - 0xff01 + '!' : c;
}

static char *
folded_char (const char *p)
{
  char one[7] = "";
  g_unichar_to_utf8 (letter_of (g_utf8_get_char (p)), one);
  return g_utf8_casefold (one, -1);
}

#define MAX_GAP                                                                                    \
  3 /* bytes that are no letters, between two words of a name, as the verifier has it */

/* "Jane  Sample", "jane.sample", "Jane/Sample": blanks, or a few signs. */
static gsize
gap_at (const char *p)
{
  const char *q = p;
  while (*q && g_unichar_isspace (g_utf8_get_char (q)))
    q = g_utf8_next_char (q);
  if (q > p && (*q == '\0' || joins (g_utf8_get_char (q))))
    return (gsize)(q - p);
  for (q = p; *q && !g_unichar_isalpha (g_utf8_get_char (q)); q = g_utf8_next_char (q))
    if (q - p >= MAX_GAP)
      return 0;
  return (gsize)(q - p) > MAX_GAP ? 0 : (gsize)(q - p);
}

/* Case folding may change lengths, so the text is walked by characters and each start is compared
 * folded. */
static gsize
match_at (const char *p, const char *folded)
{
  const char *q = p;
  while (*folded && *q) {
    gsize gap = *folded == ' ' ? gap_at (q) : 0;
    if (gap) {
      q += gap;
      folded++;
      continue;
    }
    g_autofree char *one = folded_char (q);
    gsize n = strlen (one);
    if (n == 0 || strncmp (folded, one, n) != 0)
      return 0;
    folded += n;
    q = g_utf8_next_char (q);
  }
  if (*folded || (*q && joins (g_utf8_get_char (q))))
    return 0;
  return (gsize)(q - p);
}

static gsize
name_at (const GPtrArray *names, const char *p, gunichar first)
{
  gsize longest = 0;
  for (guint i = 0; i < names->len; i++)
    if (g_utf8_get_char (names->pdata[i]) == first)
      longest = MAX (longest, match_at (p, names->pdata[i]));
  return longest;
}

/* A word of a name, however short, as names are written: "Jo", not "jo" nor "de". */
static gsize
capital_at (const PktRedactor *r, const char *p)
{
  const char *end = p;
  if (!g_unichar_isupper (g_utf8_get_char (p)))
    return 0;
  while (*end && g_unichar_isalnum (g_utf8_get_char (end)))
    end = g_utf8_next_char (end);
  g_autofree char *folded = g_utf8_casefold (p, end - p);
  return g_utf8_strlen (p, end - p) >= 2 && g_hash_table_contains (r->every_word, folded)
             ? (gsize)(end - p)
             : 0;
}

char *
pkt_redact_names (PktRedactor *r, const char *utf8, gboolean words)
{
  if (r->names->len == 0 && r->words->len == 0 && g_hash_table_size (r->every_word) == 0)
    return NULL;
  GString *out = g_string_new (NULL);
  gboolean boundary = TRUE, found = FALSE;
  for (const char *p = utf8; *p;) {
    gunichar first = g_unichar_tolower (letter_of (g_utf8_get_char (p)));
    gsize n = boundary ? name_at (r->names, p, first) : 0;
    if (n == 0 && boundary && words)
      n = MAX (name_at (r->words, p, first), capital_at (r, p));
    if (n) {
      g_string_append (out, "[name]");
      found = TRUE;
      p += n;
      continue;
    }
    boundary = !joins (g_utf8_get_char (p));
    const char *next = g_utf8_next_char (p);
    g_string_append_len (out, p, next - p);
    p = next;
  }
  return g_string_free (out, !found);
}
