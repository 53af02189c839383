#include "packet/redact/privates.h"
#include <string.h>

#define MIN_PRIVATE 3
#define MIN_JOINED 8 /* letters of several words that are nobody else's without what parts them */
#define MAX_GAP 3    /* characters between two words, blanks apart */
#define MAX_REACH 64 /* bytes of an identifier that are looked at on each side */

typedef struct {
  GStrv words; /* folded */
  char *joined, *mark;
  char *exact;     /* a single word as it is written; NULL */
  char *signs;     /* that stand between words where it was told: "&" */
  gboolean blanks; /* may part the words, as they do there */
} Entry;

/* Where it is looked for. */
typedef struct {
  const char *text, *at;
  gsize word; /* bytes of the word at `at` */
  gboolean identifiers;
} Place;

static void
entry_free (gpointer p)
{
  Entry *e = p;
  g_strfreev (e->words);
  g_free (e->joined);
  g_free (e->mark);
  g_free (e->exact);
  g_free (e->signs);
  g_free (e);
}

void
pkt_privates_init (PktPrivates *p)
{
  p->by_word = g_hash_table_new_full (g_str_hash, g_str_equal, g_free,
                                      (GDestroyNotify)g_ptr_array_unref);
}

void
pkt_privates_clear (PktPrivates *p)
{
  g_clear_pointer (&p->by_word, g_hash_table_unref);
}

gboolean
pkt_privates_empty (const PktPrivates *p)
{
  return g_hash_table_size (p->by_word) == 0;
}

static gboolean
is_word (const char *p)
{
  return *p && g_unichar_isalnum (g_utf8_get_char (p));
}

static gsize
word_length (const char *s)
{
  const char *p = s;
  while (is_word (p))
    p = g_utf8_next_char (p);
  return (gsize)(p - s);
}

/* ---- what is known ---- */

static GStrv
folded_words (const char *valid)
{
  GPtrArray *words = g_ptr_array_new ();
  for (const char *p = valid; *p;) {
    gsize n = word_length (p);
    if (n)
      g_ptr_array_add (words, g_utf8_casefold (p, (gssize)n));
    p += n;
    p = *p ? g_utf8_next_char (p) : p;
  }
  g_ptr_array_add (words, NULL);
  return (GStrv)g_ptr_array_free (words, FALSE);
}

static void
keep (PktPrivates *p, const char *key, Entry *e)
{
  GPtrArray *list = g_hash_table_lookup (p->by_word, key);
  if (list == NULL) {
    list = g_ptr_array_new_with_free_func (entry_free);
    g_hash_table_insert (p->by_word, g_strdup (key), list);
  }
  g_ptr_array_add (list, e);
}

static char *
signs_of (const char *valid)
{
  GString *signs = g_string_new (NULL);
  for (const char *p = valid; *p; p = g_utf8_next_char (p))
    if (!is_word (p) && !g_unichar_isspace (g_utf8_get_char (p)))
      g_string_append_unichar (signs, g_utf8_get_char (p));
  return g_string_free (signs, FALSE);
}

static Entry *
entry_new (const char *valid, const char *mark, gboolean label)
{
  Entry *e = g_new0 (Entry, 1);
  e->words = folded_words (valid);
  e->joined = g_strjoinv ("", e->words);
  e->mark = g_strdup (mark);
  e->blanks = strpbrk (valid, " \t\r\n") != NULL;
  e->signs = signs_of (valid);
  if (!label && valid[word_length (valid)] == '\0')
    e->exact = g_strdup (valid);
  return e;
}

static gboolean
add (PktPrivates *p, const char *text, const char *mark, gboolean label)
{
  g_autofree char *made = g_utf8_make_valid (text, -1);
  const char *valid = g_strstrip (made);
  while (*valid && !is_word (valid))
    valid = g_utf8_next_char (valid);
  if (g_utf8_strlen (valid, -1) < MIN_PRIVATE)
    return FALSE;
  Entry *e = entry_new (valid, mark, label);
  keep (p, e->words[0], e);
  if (e->words[1]) /* another entry of the same: each list owns its own */
    keep (p, e->joined, entry_new (valid, mark, label));
  return TRUE;
}

gboolean
pkt_privates_add (PktPrivates *p, const char *text, const char *mark)
{
  return add (p, text, mark, FALSE);
}

gboolean
pkt_privates_add_label (PktPrivates *p, const char *label, const char *mark)
{
  return add (p, label, mark, TRUE);
}

/* ---- where it stands ---- */

/* The bytes of `at` that are `folded`; 0. Folding may change lengths, so characters are compared
 * folded. */
static gsize
match_word (const char *at, const char *folded)
{
  const char *p = at;
  while (*folded && *p) {
    g_autofree char *one = g_utf8_casefold (p, g_utf8_next_char (p) - p);
    gsize n = strlen (one);
    if (n == 0 || strncmp (folded, one, n) != 0)
      return 0;
    folded += n;
    p = g_utf8_next_char (p);
  }
  return *folded ? 0 : (gsize)(p - at);
}

/* A name ends before a number that is not its own: "harbourlights2027". */
static gboolean
ends_word (const char *start, const char *end)
{
  return !is_word (end)
         || (g_ascii_isdigit (*end) && end > start && !g_ascii_isdigit (end[-1])
             && !is_word (end + strspn (end, "0123456789")));
}

static const char *
skip_blanks (const char *p)
{
  while (*p && g_unichar_isspace (g_utf8_get_char (p)))
    p = g_utf8_next_char (p);
  return p;
}

/* "and " at p, of "Harbour and Lights" for "Harbour & Lights". */
static gsize
conjunction_at (const char *p)
{
  static const char *const words[] = { "and", "und", "et", "og", "och", "y", "e", "en", "i" };
  for (gsize i = 0; i < G_N_ELEMENTS (words); i++)
    if (g_ascii_strncasecmp (p, words[i], strlen (words[i])) == 0
        && g_ascii_isspace (p[strlen (words[i])]))
      return strlen (words[i]);
  return 0;
}

/* " & " where it was told with one, " and ", or blanks alone; *end is behind it. */
static gboolean
is_told_gap (const Entry *e, const char *at, const char **end)
{
  const char *p = skip_blanks (at);
  for (guint n = 0; n < MAX_GAP && *p && g_utf8_strchr (e->signs, -1, g_utf8_get_char (p)); n++)
    p = skip_blanks (g_utf8_next_char (p));
  if (p > at && strpbrk (e->signs, "&+") && g_ascii_isspace (p[-1]))
    p = skip_blanks (p + conjunction_at (p));
  *end = p;
  return p > at && is_word (p);
}

/* That, or a few signs: "harbour-lights", "harbour%lights", not "harbour. Lights". */
static gsize
gap_length (const Entry *e, const char *at)
{
  const char *p = at;
  if (e->blanks && is_told_gap (e, at, &p))
    return (gsize)(p - at);
  p = at;
  for (guint n = 0; n < MAX_GAP && *p && !is_word (p); n++) {
    if (g_unichar_isspace (g_utf8_get_char (p)))
      return 0;
    p = g_utf8_next_char (p);
  }
  return is_word (p) ? (gsize)(p - at) : 0;
}

static gsize
match_parted (const Entry *e, const char *at)
{
  const char *p = at;
  for (guint i = 0; e->words[i]; i++) {
    gsize gap = i ? gap_length (e, p) : 0;
    gsize n = i && gap == 0 ? 0 : match_word (p + gap, e->words[i]);
    if (n == 0)
      return 0;
    p += gap + n;
  }
  return ends_word (at, p) ? (gsize)(p - at) : 0;
}

static gboolean
in_identifier_char (char c)
{
  return g_ascii_isalnum (c) || (guint8)c >= 0x80 || (c && strchr ("-_./@+=#~%:", c));
}

/* "mta.quayside.example", "/quayside/", "quayside_2", "pool-quayside-a"; not "Target-group". */
static gboolean
is_identifier (const char *start, const char *end)
{
  guint dashes = 0, strokes = 0;
  for (const char *p = start; p < end; p++) {
    gboolean inside = p > start && p + 1 < end && !strchr (".:", p[-1]) && !strchr (".:", p[1]);
    if (g_ascii_isdigit (*p) || strchr ("_@=", *p) || (strchr (".:", *p) && inside))
      return TRUE;
    dashes += *p == '-';
    strokes += *p == '/';
  }
  return dashes > 1 || strokes > 1 || (strokes && (*start == '/' || end[-1] == '/'));
}

static gboolean
within_identifier (const Place *p, gsize n)
{
  const char *start = p->at, *end = p->at + n;
  while (start > p->text && p->at - start < MAX_REACH && in_identifier_char (start[-1]))
    start--;
  while (*end && end - p->at < MAX_REACH && in_identifier_char (*end))
    end++;
  return p->identifiers && is_identifier (start, end);
}

/* The bytes that are the entry; 0. */
static gsize
match (const Place *p, const Entry *e)
{
  gsize n = e->exact ? strlen (e->exact) : 0;
  if (n == p->word && strncmp (p->at, e->exact, n) == 0)
    return n;
  if (e->words[1] && (n = match_parted (e, p->at)) > 0)
    return n;
  n = match_word (p->at, e->joined);
  if (n == 0 || !ends_word (p->at, p->at + n))
    return 0;
  return (e->words[1] && strlen (e->joined) >= MIN_JOINED) || within_identifier (p, n) ? n : 0;
}

/* The longest entry that begins at this word under this key; *n its length in the text. */
static const Entry *
entry_of (const PktPrivates *privates, const char *folded, const Place *p, gsize *n)
{
  const GPtrArray *list = g_hash_table_lookup (privates->by_word, folded);
  const Entry *best = NULL;
  for (guint i = 0; list && i < list->len; i++) {
    gsize length = match (p, list->pdata[i]);
    if (length > *n) {
      *n = length;
      best = list->pdata[i];
    }
  }
  return best;
}

static const Entry *
entry_at (const PktPrivates *privates, const Place *p, gsize *n)
{
  g_autofree char *folded = g_utf8_casefold (p->at, (gssize)p->word);
  *n = 0;
  const Entry *e = entry_of (privates, folded, p, n);
  gsize letters = strlen (folded);
  while (letters && g_ascii_isdigit (folded[letters - 1]))
    letters--;
  if (e || letters == 0 || folded[letters] == '\0')
    return e;
  folded[letters] = '\0';
  return entry_of (privates, folded, p, n);
}

const char *
pkt_privates_find (const PktPrivates *privates, const char *utf8, gboolean identifiers)
{
  for (const char *s = utf8; *s;) {
    const Place p = { utf8, s, word_length (s), identifiers };
    gsize n;
    const Entry *e = p.word ? entry_at (privates, &p, &n) : NULL;
    if (e)
      return e->mark;
    s += p.word;
    s = *s ? g_utf8_next_char (s) : s;
  }
  return NULL;
}

char *
pkt_privates_replace (const PktPrivates *privates, const char *utf8, guint *count)
{
  GString *out = g_string_new (NULL);
  *count = 0;
  for (const char *s = utf8; *s;) {
    const Place p = { utf8, s, word_length (s), TRUE };
    gsize n = 0;
    const Entry *e = p.word ? entry_at (privates, &p, &n) : NULL;
    if (e) {
      g_string_append (out, e->mark);
      (*count)++;
      s += n;
      continue;
    }
    const char *next = s + p.word;
    next = *next ? g_utf8_next_char (next) : next;
    g_string_append_len (out, s, next - s);
    s = next;
  }
  return g_string_free (out, *count == 0);
}
