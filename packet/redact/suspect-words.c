#include "packet/redact/suspect-priv.h"

#define MAX_WORD 64
#define MAX_MARKS 4 /* "a.b_c-d" inside one word */
#define MIN_CUT_HASH 12
#define MAX_NAME_WORDS 5
#define MAX_NAME 128

static gboolean
word_byte (guint8 c)
{
  return g_ascii_isalnum (c) || c == '.' || c == '_' || c == '-' || c == '+' || c >= 0x80;
}

/* Words and what lies between their inner marks, up to four marks long. */
void
pkt_judge_words (PktJudge *j)
{
  PktSlice t = j->text;
  char lower[MAX_WORD];
  for (gsize i = 0; i < t.n; i++) {
    if (!pkt_beginnings_has (&j->s->local_starts, t, i) || (i && g_ascii_isalnum (t.p[i - 1])))
      continue;
    guint marks = 0;
    gsize n = 0;
    while (i + n < t.n && n < sizeof lower && word_byte ((guint8)t.p[i + n])
           && marks <= MAX_MARKS) {
      lower[n] = pkt_ascii_lower (t.p[i + n]);
      n++;
      gboolean ends = i + n == t.n || !g_ascii_isalnum (t.p[i + n]);
      marks += ends;
      if (!ends || n < PKT_SUSPECT_MIN_ALONE)
        continue;
      j->s->candidates++;
      if (pkt_digests_find (&j->s->known, pkt_slice_hash (pkt_slice (lower, n), PKT_OF_LOCAL), 64,
                            NULL))
        pkt_judge_found (j, "local-part", i);
    }
  }
}

/* ---- names ---- */

/* Words that every text of ours has; a mailbox called "iCloud Test" names nobody. */
static gboolean
says_nothing (const char *word)
{
  static const char *const words[] = {
    "icloud",  "apple",      "mail",    "email",      "mailbox",     "inbox",      "test",
    "tester",  "testing",    "account", "user",       "customer",    "team",       "support",
    "service", "info",       "contact", "news",       "newsletter",  "sample",     "seed",
    "list",    "reader",     "member",  "subscriber", "undisclosed", "recipients", "recipient",
    "the",     "our",        "dear",    "hello",      "and",         "hide",       "private",
    "relay",   "postmaster", "abuse",   "admin",      "office",      "sales",      "marketing",
  };
  for (gsize i = 0; i < G_N_ELEMENTS (words); i++)
    if (g_str_equal (word, words[i]))
      return TRUE;
  return g_utf8_strlen (word, -1) < 2;
}

/* The next word from *at on, casefolded into `out`; FALSE at the end. `gap` gets the bytes between
 * it and the last one. */
static gboolean
next_word (PktSlice text, gsize *at, GString *out, gsize *start, gsize *gap)
{
  gsize i = *at;
  while (i < text.n && !g_ascii_isalpha (text.p[i]) && (guint8)text.p[i] < 0x80)
    i++;
  *gap = i - *at;
  *start = i;
  while (i < text.n && (g_ascii_isalpha (text.p[i]) || (guint8)text.p[i] >= 0x80))
    i++;
  *at = i;
  g_string_truncate (out, 0);
  if (i == *start || i - *start > MAX_NAME)
    return i > *start;
  g_autofree char *valid = g_utf8_make_valid (text.p + *start, (gssize)(i - *start));
  g_autofree char *folded = g_utf8_casefold (valid, -1);
  g_string_append (out, folded);
  return TRUE;
}

char *
pkt_suspect_fold_name (const char *name)
{
  GString *word = g_string_new (NULL), *all = g_string_new (NULL);
  PktSlice text = pkt_slice_str (name);
  guint words = 0, telling = 0;
  for (gsize at = 0, start, gap; next_word (text, &at, word, &start, &gap);) {
    g_string_append_printf (all, "%s%s", words ? " " : "", word->str);
    words++;
    telling += !says_nothing (word->str);
  }
  g_string_free (word, TRUE);
  gboolean good = words >= 2 && words <= MAX_NAME_WORDS && telling >= 2 && all->len <= MAX_NAME;
  return g_string_free (all, !good);
}

/* Two to five words that follow each other with next to nothing between: "Jane Sample",
 * "Sample, Jane", "jane.sample". */
void
pkt_judge_names (PktJudge *j)
{
  struct {
    GString *text;
    gsize start, gap;
  } last[MAX_NAME_WORDS];
  guint have = 0;
  for (guint i = 0; i < MAX_NAME_WORDS; i++)
    last[i].text = g_string_new (NULL);
  GString *joined = g_string_new (NULL);
  gsize at = 0;
  while (next_word (j->text, &at, last[have % MAX_NAME_WORDS].text,
                    &last[have % MAX_NAME_WORDS].start, &last[have % MAX_NAME_WORDS].gap)) {
    g_string_truncate (joined, 0);
    for (guint back = 0; back < MAX_NAME_WORDS && back <= have; back++) {
      guint k = (have - back) % MAX_NAME_WORDS;
      if (joined->len)
        g_string_prepend_c (joined, ' ');
      g_string_prepend (joined, last[k].text->str);
      if (back
          && pkt_digests_find (&j->s->known,
                               pkt_slice_hash (pkt_slice (joined->str, joined->len), PKT_OF_NAME),
                               64, NULL))
        pkt_judge_found (j, "name", last[k].start);
      if (last[k].gap > 3)
        break;
    }
    have++;
  }
  for (guint i = 0; i < MAX_NAME_WORDS; i++)
    g_string_free (last[i].text, TRUE);
  g_string_free (joined, TRUE);
}

/* ---- digests ---- */

/* A run of hex digits from `start` to `end`. */
static void
judge_hex_run (PktJudge *j, gsize start, gsize end)
{
  guint64 window = 0;
  gboolean hit = FALSE;
  for (gsize i = start; i < end; i++) {
    window = window << 4 | (guint64)g_ascii_xdigit_value (j->text.p[i]);
    if (i - start >= 15 && !hit) {
      j->s->candidates++;
      hit = pkt_digests_find (&j->s->known, window, 64, NULL);
    }
  }
  guint n = (guint)MIN (end - start, 16);
  if (n < 16)
    hit = pkt_digests_find (&j->s->known, window << (64 - 4 * n), 4 * n, NULL);
  if (hit)
    pkt_judge_found (j, "hash", start);
}

/* A run holds every twelfth byte of some count: only those are looked at. */
static void
judge_hex (PktJudge *j)
{
  PktSlice t = j->text;
  for (gsize i = MIN_CUT_HASH - 1; i < t.n; i += MIN_CUT_HASH) {
    if (!g_ascii_isxdigit (t.p[i]))
      continue;
    gsize start = i, end = i;
    while (start && g_ascii_isxdigit (t.p[start - 1]))
      start--;
    while (end < t.n && g_ascii_isxdigit (t.p[end]))
      end++;
    if (end - start >= MIN_CUT_HASH)
      judge_hex_run (j, start, end);
    i = end;
  }
}

/* As bytes, after base64 or base32. */
static void
judge_raw (PktJudge *j)
{
  guint64 window = 0;
  for (gsize i = 0; i < j->text.n; i++) {
    window = window << 8 | (guint8)j->text.p[i];
    if (i >= 7 && pkt_digests_find (&j->s->known, window, 64, NULL)) {
      pkt_judge_found (j, "hash", i - 7);
      return;
    }
  }
}

void
pkt_judge_digests (PktJudge *j)
{
  judge_hex (j);
  if (j->view->depth > 0)
    judge_raw (j);
}
