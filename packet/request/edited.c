#include "packet/request/edited.h"
#include <string.h>
#include "packet/base/text.h"

#define QUOTED 100
#define OPENING "([{<\"'"
#define CLOSING ")]}>\"'.,;:!?"

/* Words that say that something was looked at. */
static const char *const checking[] = {
  "verified",  "verify",        "verifies",  "confirmed",  "confirms",    "proven",    "proves",
  "proved",    "tested",        "checked",   "validated",  "pass",        "passes",    "passed",
  "aligned",   "authenticated", "compliant", "guarantee",  "guaranteed",  "certified", "comply",
  "complies",  "valid",         "published", "enforced",   "signed",      "listed",    "delisted",
  "blocklist", "blocklists",    "blacklist", "blacklists", "blacklisted", NULL
};

/* Figures in letters; "one" is none. */
static const char *const numbers[]
    = { "two",      "three",     "four",     "five",     "six",      "seven",    "eight",
        "nine",     "ten",       "eleven",   "twelve",   "thirteen", "fourteen", "fifteen",
        "sixteen",  "seventeen", "eighteen", "nineteen", "twenty",   "thirty",   "forty",
        "fifty",    "sixty",     "seventy",  "eighty",   "ninety",   "hundred",  "hundreds",
        "thousand", "thousands", "million",  "millions", "dozen",    "dozens",   "half",
        "third",    "thirds",    "quarter",  "quarters", "twice",    NULL };

typedef struct {
  GPtrArray *words;  /* char*, without what stands around them; their lines' ends are forgotten */
  GHashTable *pairs; /* "word next", lower case */
  GHashTable *figures;
} Text;

/* "(36," -> "36"; NULL where nothing is left. */
static char *
bare (const char *word)
{
  const char *start = word + strspn (word, OPENING), *end = start + strlen (start);
  while (end > start && strchr (CLOSING, end[-1]))
    end--;
  return end > start ? g_strndup (start, (gsize)(end - start)) : NULL;
}

/* "sixty-eight", "Two" */
static gboolean
is_number_word (const char *word)
{
  g_autofree char *lower = g_ascii_strdown (word, -1);
  g_auto (GStrv) parts = g_strsplit (lower, "-", 4);
  gboolean any = FALSE;
  for (char **p = parts; *p; p++) {
    if (!g_strv_contains (numbers, *p) && !(any && g_str_equal (*p, "one")))
      return FALSE;
    any = TRUE;
  }
  return any;
}

static gboolean
is_figure (const char *word)
{
  for (const char *p = word; *p; p = g_utf8_next_char (p))
    if (g_unichar_isdigit (g_utf8_get_char (p)))
      return TRUE;
  g_autofree char *own = bare (word);
  return own && is_number_word (own);
}

/* The words of a line, or of a whole text. */
static GPtrArray *
words_of (const char *text)
{
  GPtrArray *words = g_ptr_array_new_with_free_func (g_free);
  g_auto (GStrv) all = g_strsplit_set (text, " \t\n\r", -1);
  for (char **w = all; *w; w++) {
    char *word = bare (*w);
    if (word)
      g_ptr_array_add (words, word);
  }
  return words;
}

static char *
pair_of (const GPtrArray *words, guint first)
{
  const char *a = first == G_MAXUINT ? "^" : words->pdata[first],
             *b = first + 1 < words->len ? words->pdata[first + 1] : "$";
  g_autofree char *pair = g_strdup_printf ("%s %s", a, b);
  return g_utf8_strdown (pair, -1);
}

static void
learn (Text *t, const char *text)
{
  g_autoptr (GPtrArray) words = words_of (text);
  for (guint i = 0; i < words->len; i++) {
    g_hash_table_add (t->pairs, pair_of (words, i - 1)); /* G_MAXUINT before the first */
    g_hash_table_add (t->pairs, pair_of (words, i));
    if (is_figure (words->pdata[i]))
      g_hash_table_add (t->figures, g_strdup (words->pdata[i]));
  }
}

static void
text_clear (Text *t)
{
  g_ptr_array_unref (t->words);
  g_hash_table_unref (t->pairs);
  g_hash_table_unref (t->figures);
}

/* A line without its figures: "icloud, thu # dec # # # #". */
static char *
mask_of (const char *line)
{
  GString *mask = g_string_new (NULL);
  g_auto (GStrv) all = g_strsplit_set (line, " \t", -1);
  for (char **w = all; *w; w++)
    if (**w)
      g_string_append_printf (mask, "%s ", is_figure (*w) ? "#" : *w);
  return g_string_free (mask, FALSE);
}

static char *
figures_of (const char *line)
{
  GString *figures = g_string_new (NULL);
  g_autoptr (GPtrArray) words = words_of (line);
  for (guint i = 0; i < words->len; i++)
    if (is_figure (words->pdata[i]))
      g_string_append_printf (figures, "%s%s", figures->len ? " " : "",
                              (const char *)words->pdata[i]);
  return g_string_free (figures, FALSE);
}

static void G_GNUC_PRINTF (4, 5)
    add (GPtrArray *findings, const char *id, const char *advice, const char *format, ...)
{
  if (findings->len >= PKT_EDITED_MAX_FINDINGS)
    return;
  va_list args;
  va_start (args, format);
  g_ptr_array_add (findings,
                   pkt_finding_new (id, PKT_FINDING_NOTE, g_strdup_vprintf (format, args), advice));
  va_end (args);
}

typedef enum { LINE_OTHER, LINE_SAME, LINE_CHANGED } LineState;

/* The lines that were made. */
typedef struct {
  GHashTable *first; /* mask to the figures of the first such line */
  GHashTable *whole; /* mask and figures */
} Made;

static void
made_init (Made *m, const char *text)
{
  m->first = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  m->whole = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  for (char **l = lines; *l; l++) {
    char *mask = mask_of (*l), *figures = figures_of (*l);
    g_hash_table_add (m->whole, g_strconcat (mask, "\n", figures, NULL));
    if (g_hash_table_contains (m->first, mask)) {
      g_free (mask);
      g_free (figures);
    } else
      g_hash_table_insert (m->first, mask, figures);
  }
}

static void
made_clear (Made *m)
{
  g_hash_table_unref (m->first);
  g_hash_table_unref (m->whole);
}

/* `was` gets the figures of the first line that differs by them alone; it is borrowed. */
static LineState
compare_line (const char *line, const Made *made, const char **was)
{
  g_autofree char *mask = mask_of (line), *figures = figures_of (line);
  g_autofree char *whole = g_strconcat (mask, "\n", figures, NULL);
  *was = g_hash_table_lookup (made->first, mask);
  return *was == NULL                                 ? LINE_OTHER
         : g_hash_table_contains (made->whole, whole) ? LINE_SAME
                                                      : LINE_CHANGED;
}

static char *
quote (const char *text)
{
  return pkt_text_quote (pkt_slice_trim (pkt_slice_str (text)), QUOTED);
}

static void
check_figures (GPtrArray *findings, const PktEdited *e, const Text *known, const char *line,
               const GPtrArray *words, guint first, guint n)
{
  static const char advice[] = "Write what the evidence says, or leave the figure out.";
  g_autofree char *shown = quote (line);
  for (guint i = first; i < first + n; i++) {
    const char *word = words->pdata[i];
    g_autofree char *before = pair_of (words, i - 1), *after = pair_of (words, i);
    if (!is_figure (word) || g_hash_table_contains (known->pairs, before)
        || g_hash_table_contains (known->pairs, after))
      continue;
    g_autofree char *figure = quote (word);
    if (g_hash_table_contains (known->figures, word))
      add (findings, "edited-number", advice,
           "In %s \"%s\" stands in words that the evidence does not have it in: \"%s\".", e->where,
           figure, shown);
    else
      add (findings, "edited-number", advice,
           "In %s \"%s\" was written by hand, and no evidence has it: \"%s\".", e->where, figure,
           shown);
  }
}

static gboolean
is_checking (const char *word)
{
  for (gsize i = 0; checking[i]; i++)
    if (g_ascii_strcasecmp (word, checking[i]) == 0)
      return TRUE;
  return FALSE;
}

/* As it was made, such a word stands between the same two others. */
static void
check_claims (GPtrArray *findings, const PktEdited *e, const Text *known, const char *line,
              const GPtrArray *words, guint first, guint n)
{
  for (guint i = first; i < first + n; i++) {
    g_autofree char *before = pair_of (words, i - 1), *after = pair_of (words, i);
    if (!is_checking (words->pdata[i])
        || (g_hash_table_contains (known->pairs, before)
            && g_hash_table_contains (known->pairs, after)))
      continue;
    g_autofree char *shown = quote (line);
    add (findings, "edited-claim",
         "Write \"we state\", or let the program verify it (build --online, a delivered sample).",
         "In %s \"%s\" was written by hand: \"%s\", and nothing shows it.", e->where,
         (const char *)words->pdata[i], shown);
    return;
  }
}

GPtrArray *
pkt_edited_check (const PktEdited *e)
{
  GPtrArray *findings = g_ptr_array_new_with_free_func ((GDestroyNotify)pkt_finding_free);
  Text known = { words_of (e->text), g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL),
                 g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL) };
  learn (&known, e->original);
  for (gsize i = 0; e->evidence && e->evidence[i]; i++)
    learn (&known, e->evidence[i]);
  g_auto (GStrv) lines = g_strsplit (e->text, "\n", -1);
  Made made;
  guint first = 0;
  made_init (&made, e->original);
  for (char **l = lines; *l; l++) {
    g_autoptr (GPtrArray) own = words_of (*l);
    const char *was;
    LineState state = compare_line (*l, &made, &was);
    if (state == LINE_CHANGED) {
      g_autofree char *shown = quote (*l);
      add (findings, "edited-number", "Write what the evidence says, or leave the figure out.",
           "In %s the figures of \"%s\" were changed by hand; the evidence has %s.", e->where,
           shown, was);
    } else if (state == LINE_OTHER)
      check_figures (findings, e, &known, *l, known.words, first, own->len);
    if (state == LINE_OTHER)
      check_claims (findings, e, &known, *l, known.words, first, own->len);
    first += own->len;
  }
  made_clear (&made);
  text_clear (&known);
  return findings;
}

static char *
folded (const char *line)
{
  g_autofree char *copy = g_strdup (line);
  g_auto (GStrv) words = g_strsplit_set (g_strstrip (copy), " \t\r", -1);
  GString *out = g_string_new (NULL);
  for (char **w = words; *w; w++)
    if (**w)
      g_string_append_printf (out, "%s%s", out->len ? " " : "", *w);
  return g_string_free (out, FALSE);
}

GPtrArray *
pkt_edited_lines (const char *text, const char *original)
{
  GPtrArray *list = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GHashTable) made = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1), before = g_strsplit (original, "\n", -1);
  for (char **l = before; *l; l++)
    g_hash_table_add (made, folded (*l));
  for (char **l = lines; *l; l++) {
    char *line = folded (*l);
    if (*line && !g_hash_table_contains (made, line))
      g_ptr_array_add (list, line);
    else
      g_free (line);
  }
  return list;
}
