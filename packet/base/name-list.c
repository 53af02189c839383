#include "packet/base/name-list.h"
#include <string.h>

struct PktNameList {
  GHashTable *names;   /* char* of all */
  GHashTable *by_word; /* first word -> GPtrArray of char*, borrowed */
  gboolean firsts[256];
};

PktNameList *
pkt_name_list_new (void)
{
  PktNameList *list = g_new0 (PktNameList, 1);
  list->names = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  list->by_word = g_hash_table_new_full (g_str_hash, g_str_equal, g_free,
                                         (GDestroyNotify)g_ptr_array_unref);
  return list;
}

void
pkt_name_list_free (PktNameList *list)
{
  g_hash_table_unref (list->by_word);
  g_hash_table_unref (list->names);
  g_free (list);
}

gboolean
pkt_name_list_is_empty (const PktNameList *list)
{
  return g_hash_table_size (list->names) == 0;
}

static gboolean
is_east_asian (gunichar c)
{
  return c >= 0x2e80 && c < 0xd7b0;
}

/* Thai and Lao set none, either. */
static gboolean
sets_no_blank (gunichar c)
{
  return is_east_asian (c) || (c >= 0xe00 && c < 0xf00);
}

gboolean
pkt_name_is_east_asian (const char *name)
{
  guint n = 0;
  for (; *name; name = g_utf8_next_char (name), n++)
    if (!is_east_asian (g_utf8_get_char (name)))
      return FALSE;
  return n > 1;
}

/* Whether a letter goes on behind it: Chinese, Japanese, Korean and Thai set no blank between a
 * name and what follows it ("Jane様"). */
static gboolean
joins (gunichar c)
{
  return g_unichar_isalnum (c) && !sets_no_blank (c);
}

static gboolean
is_apostrophe (gunichar c)
{
  return c == 0x2018 || c == 0x2019 || c == 0x2bc || c == 0xb4 || c == '`';
}

/* Full-width forms, and the bold and script ones that decorate subjects: the letters that they
 * show. */
static gunichar
letter_of (gunichar c)
{
  gunichar shown;
  const gboolean decorated = (c >= 0x1d400 && c <= 0x1d7ff) || (c >= 0x2102 && c <= 0x213c);
  if (is_apostrophe (c))
    return '\'';
  if (c >= 0xff01 && c <= 0xff5e)
    return c - 0xff01 + '!';
  return decorated && g_unichar_fully_decompose (c, TRUE, &shown, 1) == 1 ? shown : c;
}

/* Caller frees. */
static char *
folded_char (const char *p)
{
  char one[7] = "";
  g_unichar_to_utf8 (letter_of (g_utf8_get_char (p)), one);
  return g_utf8_casefold (one, -1);
}

/* What people write who lack the letter; others are what is left without their accents. */
static const struct {
  const char *letter, *plain[2];
} plain_letters[] = {
  { "\xc3\xa4", { "a", "ae" } },  { "\xc3\xb6", { "o", "oe" } },  { "\xc3\xbc", { "u", "ue" } },
  { "\xc3\xb8", { "o", "oe" } },  { "\xc3\xa5", { "a", "aa" } },  { "\xc3\xa6", { "ae", "ae" } },
  { "\xc5\x93", { "oe", "oe" } }, { "\xc5\x82", { "l", "l" } },   { "\xc4\x91", { "d", "d" } },
  { "\xc3\xb0", { "d", "d" } },   { "\xc3\xbe", { "th", "th" } }, { "\xc4\xb1", { "i", "i" } },
};

/* Of the character that p begins with. */
static void
append_plain (GString *out, const char *p, guint letters)
{
  gsize n = (gsize)(g_utf8_next_char (p) - p);
  for (gsize i = 0; i < G_N_ELEMENTS (plain_letters); i++)
    if (strncmp (p, plain_letters[i].letter, n) == 0 && plain_letters[i].letter[n] == '\0') {
      g_string_append (out, plain_letters[i].plain[letters - 1]);
      return;
    }
  g_autofree char *apart = g_utf8_normalize (p, (gssize)n, G_NORMALIZE_NFD);
  for (const char *q = apart ? apart : ""; *q; q = g_utf8_next_char (q))
    if (!g_unichar_ismark (g_utf8_get_char (q)))
      g_string_append_unichar (out, g_utf8_get_char (q));
}

char *
pkt_name_apostrophes (const char *utf8)
{
  GString *out = g_string_new (NULL);
  for (const char *p = utf8; *p; p = g_utf8_next_char (p))
    if (is_apostrophe (g_utf8_get_char (p)))
      g_string_append_c (out, '\'');
    else
      g_string_append_len (out, p, g_utf8_next_char (p) - p);
  return g_string_free (out, FALSE);
}

/* Unicode has capitals of Georgian, which no text writes. */
gboolean
pkt_name_may_begin (gunichar c)
{
  return g_unichar_isalpha (c) && (!g_unichar_islower (c) || (c >= 0x10d0 && c <= 0x10ff));
}

char *
pkt_name_plain (const char *folded, guint letters)
{
  GString *out = g_string_new (NULL);
  for (const char *p = folded; *p; p = g_utf8_next_char (p))
    if ((guint8)*p < 0x80)
      g_string_append_c (out, *p);
    else
      append_plain (out, p, letters);
  return g_string_free (out, !strcmp (out->str, folded));
}

static void
append_folded (GString *out, const char *p)
{
  if ((guint8)*p < 0x80 && *p != '`') {
    g_string_append_c (out, g_ascii_tolower (*p));
    return;
  }
  g_autofree char *one = folded_char (p);
  g_string_append (out, one);
}

/* The letters that p begins with, folded; one character where words are not parted, or it is none.
 */
static char *
first_word (const char *p)
{
  GString *word = g_string_new (NULL);
  const char *start = p;
  while (*p && g_unichar_isalpha (g_utf8_get_char (p)) && !sets_no_blank (g_utf8_get_char (p))) {
    append_folded (word, p);
    p = g_utf8_next_char (p);
  }
  if (p == start && *p)
    append_folded (word, p);
  return g_string_free (word, FALSE);
}

void
pkt_name_list_add (PktNameList *list, const char *folded)
{
  if (*folded == '\0' || g_hash_table_contains (list->names, folded))
    return;
  char *name = g_strdup (folded), *word = first_word (folded);
  GPtrArray *same = g_hash_table_lookup (list->by_word, word);
  g_hash_table_add (list->names, name);
  list->firsts[(guint8)*word] = TRUE;
  if (same == NULL) {
    same = g_ptr_array_new ();
    g_hash_table_insert (list->by_word, word, same);
  } else
    g_free (word);
  g_ptr_array_add (same, name);
}

void
pkt_name_list_drop (PktNameList *list, const char *folded)
{
  gpointer name;
  if (!g_hash_table_lookup_extended (list->names, folded, &name, NULL))
    return;
  g_autofree char *word = first_word (folded);
  g_ptr_array_remove (g_hash_table_lookup (list->by_word, word), name);
  g_hash_table_remove (list->names, folded);
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

/* Bytes of a folded name that the text's character stands for: "ü" is ü, ue and u; 0: it is
 * another. */
static gsize
letter_at (const char *text, const char *folded)
{
  g_autofree char *one = folded_char (text);
  gsize n = strlen (one);
  if (n && strncmp (folded, one, n) == 0)
    return n;
  for (guint letters = 2; letters > 0 && (guint8)*text >= 0x80; letters--) {
    g_autofree char *plain = pkt_name_plain (one, letters);
    n = plain ? strlen (plain) : 0;
    if (n && strncmp (folded, plain, n) == 0)
      return n;
  }
  return 0;
}

/* Case folding may change lengths, so the text is walked by characters and each start is compared
 * folded. */
static gsize
match_at (const char *p, const char *folded, gboolean possessive)
{
  const char *q = p;
  while (*folded && *q) {
    gsize gap = *folded == ' ' ? gap_at (q) : 0;
    if (gap) {
      q += gap;
      folded++;
      continue;
    }
    gsize n = letter_at (q, folded);
    if (n == 0)
      return 0;
    folded += n;
    q = g_utf8_next_char (q);
  }
  const char *end = q;
  if (possessive && *q == 's' && q > p && q[-1] != 's') /* "Quills Garten", "Janes post" */
    q++;
  if (*folded || (*q && joins (g_utf8_get_char (q))))
    return 0;
  return (gsize)(end - p);
}

static gboolean
may_begin (const PktNameList *list, const char *p)
{
  if ((guint8)*p < 0x80)
    return list->firsts[(guint8)g_ascii_tolower (*p)];
  g_autofree char *one = folded_char (p), *plain = pkt_name_plain (one, 1);
  return list->firsts[(guint8)*one] || (plain && list->firsts[(guint8)*plain]);
}

static gsize
longest_of (const PktNameList *list, const char *p, const char *first, gboolean possessive)
{
  const GPtrArray *same = g_hash_table_lookup (list->by_word, first);
  gsize longest = 0;
  for (guint i = 0; same && i < same->len; i++)
    longest = MAX (longest, match_at (p, same->pdata[i], possessive));
  return longest;
}

/* Also where the s ends the name's only word. */
static gsize
longest_by (const PktNameList *list, const char *p, char *first, gboolean possessive)
{
  gsize longest = longest_of (list, p, first, possessive);
  if (possessive && longest == 0 && g_str_has_suffix (first, "s")) {
    first[strlen (first) - 1] = '\0';
    longest = longest_of (list, p, first, TRUE);
  }
  return longest;
}

gsize
pkt_name_list_at (const PktNameList *list, const char *p, gboolean possessive)
{
  gsize longest = 0;
  if (!may_begin (list, p))
    return 0;
  g_autofree char *word = first_word (p), *one = pkt_name_plain (word, 1),
                  *two = pkt_name_plain (word, 2);
  longest = longest_by (list, p, word, possessive);
  longest = one ? MAX (longest, longest_by (list, p, one, possessive)) : longest;
  longest = two ? MAX (longest, longest_by (list, p, two, possessive)) : longest;
  return longest;
}

/* Letters with their accents as one character, as the lists have them; NULL: so they are. */
static char *
composed (const char *utf8)
{
  for (const char *p = strpbrk (utf8, "\xcc\xcd"); p; p = strpbrk (p + 1, "\xcc\xcd"))
    if (g_unichar_ismark (g_utf8_get_char (p)))
      return g_utf8_normalize (utf8, -1, G_NORMALIZE_NFC);
  return NULL;
}

char *
pkt_name_replace (const char *text, PktNameAt at, gconstpointer data)
{
  g_autofree char *whole = composed (text);
  GString *out = g_string_new (NULL);
  gboolean boundary = TRUE, found = FALSE;
  for (const char *p = whole ? whole : text; *p;) {
    gsize n = boundary ? at (p, data) : 0;
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

gboolean
pkt_name_letter_unseen (gunichar c)
{
  return c == 0x34f || c == 0x115f || c == 0x1160 || c == 0x2800 || c == 0x3164 || c == 0xffa0
         || g_unichar_type (c) == G_UNICODE_FORMAT;
}

char *
pkt_name_seen (const char *utf8)
{
  GString *out = NULL;
  const char *from = utf8;
  for (const char *p = utf8; *p; p = g_utf8_next_char (p)) {
    if ((guint8)*p < 0x80 || !pkt_name_letter_unseen (g_utf8_get_char (p)))
      continue;
    out = out ? out : g_string_new (NULL);
    g_string_append_len (out, from, p - from);
    from = g_utf8_next_char (p);
  }
  return out ? g_string_free (g_string_append (out, from), FALSE) : NULL;
}
