#include "packet/base/byte-table.h"
#include "packet/redact/suspect-priv.h"

#define MAX_WORD 64
#define MAX_MARKS 4 /* "a.b_c-d" inside one word */
#define MIN_CUT_HASH 12
#define MAX_NAME_WORDS 5
#define MAX_NAME 128

/* Bytes by what they may be part of. */
enum { ALNUM = 1, WORD = 2, XDIGIT = 4, LETTER = 8 };

#define CLASS(c)                                                                                   \
  ((PKT_BYTE_IS_ALNUM (c) ? ALNUM | WORD : 0)                                                      \
   | ((c) == '.' || (c) == '_' || (c) == '-' || (c) == '+' ? WORD : 0)                             \
   | (PKT_BYTE_IS_XDIGIT (c) ? XDIGIT : 0)                                                         \
   | (PKT_BYTE_IS_UPPER (c) || PKT_BYTE_IS_LOWER (c) ? LETTER : 0)                                 \
   | (PKT_BYTE_IS_HIGH (c) ? WORD | LETTER : 0))

static const guint8 classes[256] = { PKT_BYTE_TABLE (CLASS) };

static inline gboolean
is (char c, guint what)
{
  return (classes[(guint8)c] & what) != 0;
}

/* As it is, and with one sign for whichever stand in it. */
static gboolean
is_known_local (const PktJudge *j, const char *lower, gsize n)
{
  char form[MAX_WORD];
  if (pkt_digests_find (&j->s->known, pkt_slice_hash (pkt_slice (lower, n), PKT_OF_LOCAL), 64,
                        NULL))
    return TRUE;
  for (gsize i = 0; i < n; i++)
    form[i] = lower[i] == '.' || lower[i] == '-' || lower[i] == '+' ? '_' : lower[i];
  return pkt_digests_find (&j->s->known, pkt_slice_hash (pkt_slice (form, n), PKT_OF_PARTED), 64,
                           NULL);
}

/* From `start` on, a word or what lies between its inner marks, up to four of these long. */
static void
judge_word (PktJudge *j, gsize start)
{
  PktSlice t = pkt_slice_skip (j->text, start);
  char lower[MAX_WORD];
  guint marks = 0;
  for (gsize n = 0; n < t.n && n < sizeof lower && is (t.p[n], WORD) && marks <= MAX_MARKS;) {
    lower[n] = pkt_ascii_lower (t.p[n]);
    n++;
    gboolean ends = n == t.n || !is (t.p[n], ALNUM);
    marks += ends;
    if (!ends || n < PKT_SUSPECT_MIN_ALONE)
      continue;
    j->s->candidates++;
    if (is_known_local (j, lower, n))
      pkt_judge_found (j, "local-part", start);
  }
}

void
pkt_judge_words (PktJudge *j)
{
  const PktSlice t = j->text;
  const PktBeginnings *starts = &j->s->local_starts;
  for (gsize i = j->from; i < j->to; i++)
    if ((i == 0 || !is (t.p[i - 1], ALNUM)) && pkt_beginnings_has (starts, t, i))
      judge_word (j, i);
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

/* FALSE when the word has letters beyond ASCII. */
static gboolean
fold_ascii (PktSlice word, GString *out)
{
  char lower[MAX_NAME];
  for (gsize i = 0; i < word.n; i++) {
    if ((guint8)word.p[i] >= 0x80)
      return FALSE;
    lower[i] = pkt_ascii_lower (word.p[i]);
  }
  g_string_append_len (out, lower, (gssize)word.n);
  return TRUE;
}

/* The next word from *at on, casefolded into `out`; FALSE at the end. `gap` gets the bytes between
 * it and the last one. */
static gboolean
next_word (PktSlice text, gsize *at, GString *out, gsize *start, gsize *gap)
{
  gsize i = *at;
  while (i < text.n && !is (text.p[i], LETTER))
    i++;
  *gap = i - *at;
  *start = i;
  while (i < text.n && is (text.p[i], LETTER))
    i++;
  *at = i;
  g_string_truncate (out, 0);
  if (i == *start || i - *start > MAX_NAME)
    return i > *start;
  if (fold_ascii (pkt_slice (text.p + *start, i - *start), out))
    return TRUE;
  g_autofree char *valid = g_utf8_make_valid (text.p + *start, (gssize)(i - *start));
  g_autofree char *folded = g_utf8_casefold (valid, -1);
  g_string_append (out, folded);
  return TRUE;
}

/* ---- names of scripts that set no blanks ---- */

#define MAX_UNPARTED 6 /* characters of such a name */

/* Bytes of the Chinese, Japanese or Korean character that the text begins with: U+2E80 to U+D7AF;
 * 0: it is none. */
static gsize
unparted_char (PktSlice t)
{
  const guint8 *p = (const guint8 *)t.p;
  if (t.n < 3 || p[0] < 0xe2 || p[0] > 0xed || (p[0] == 0xe2 && p[1] < 0xba)
      || (p[0] == 0xed && p[1] > 0x9e) || (p[1] & 0xc0) != 0x80 || (p[2] & 0xc0) != 0x80)
    return 0;
  return 3;
}

/* "王 芳" without its blank. NULL: it is no such name. */
static char *
fold_unparted (const char *name)
{
  static const char *const nobody[] = { "客户", "客戶", "顾客", "顧客",   "お客様", "会员",
                                        "會員", "会員", "고객", "고객님", "회원",   "회원님",
                                        "用户", "用戶", "读者", "讀者",   "読者",   "독자" };
  GString *all = g_string_new (NULL);
  for (PktSlice t = pkt_slice_str (name); t.n;) {
    const gsize n = unparted_char (t);
    if (n == 0 && *t.p != ' ')
      return g_string_free (all, TRUE);
    g_string_append_len (all, t.p, (gssize)n);
    t = pkt_slice_skip (t, n ? n : 1);
  }
  gboolean good = all->len >= 6 && all->len <= MAX_UNPARTED * 3;
  for (gsize i = 0; i < G_N_ELEMENTS (nobody); i++)
    good = good && !g_str_equal (all->str, nobody[i]);
  return g_string_free (all, !good);
}

/* Two characters or more of any run of them. */
static void
judge_unparted (PktJudge *j)
{
  for (gsize i = j->from; i < j->to; i++) {
    gsize n = unparted_char (pkt_slice_skip (j->text, i));
    for (guint k = 1; n && k < MAX_UNPARTED; k++) {
      const gsize more = unparted_char (pkt_slice_skip (j->text, i + n));
      if (more == 0)
        break;
      n += more;
      if (pkt_digests_find (&j->s->known,
                            pkt_slice_hash (pkt_slice (j->text.p + i, n), PKT_OF_NAME), 64, NULL))
        pkt_judge_found (j, "name", i);
    }
  }
}

char *
pkt_suspect_fold_name (const char *name)
{
  char *unparted = fold_unparted (name);
  if (unparted)
    return unparted;
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

/* The words of a name may begin before what is judged. */
static gsize
names_from (const PktJudge *j)
{
  gsize at = j->from - MIN (j->from, PKT_SUSPECT_REACH);
  while (at > 0 && at < j->from && is (j->text.p[at], LETTER)) /* of a word that began before */
    at++;
  return at;
}

typedef struct {
  GString *text;
  gsize start, gap; /* gap: bytes between the word before and it */
  gboolean known;   /* it stands in some name */
} NameWord;

static gboolean
next_name_word (const PktJudge *j, PktSlice text, gsize *at, NameWord *out)
{
  if (!next_word (text, at, out->text, &out->start, &out->gap) || out->start >= j->to)
    return FALSE;
  const PktSlice word = pkt_slice (out->text->str, out->text->len);
  out->known = pkt_digests_find (&j->s->known, pkt_slice_hash (word, PKT_OF_NAME_WORD), 64, NULL);
  return TRUE;
}

/* Of the words up to the last one, which is at `have`. */
static void
judge_names_up_to (PktJudge *j, const NameWord *words, guint have, GString *joined)
{
  g_string_truncate (joined, 0);
  for (guint back = 0; back < MAX_NAME_WORDS && back <= have; back++) {
    const NameWord *w = &words[(have - back) % MAX_NAME_WORDS];
    if (!w->known)
      return;
    if (back)
      g_string_prepend_c (joined, ' ');
    g_string_prepend_len (joined, w->text->str, (gssize)w->text->len);
    const guint64 hash = pkt_slice_hash (pkt_slice (joined->str, joined->len), PKT_OF_NAME);
    if (back && pkt_digests_find (&j->s->known, hash, 64, NULL))
      pkt_judge_found (j, "name", w->start);
    if (w->gap > 3)
      return;
  }
}

/* Two to five words that follow each other with next to nothing between: "Jane Sample",
 * "Sample, Jane", "jane.sample". */
void
pkt_judge_names (PktJudge *j)
{
  NameWord words[MAX_NAME_WORDS];
  GString *joined = g_string_new (NULL);
  const PktSlice text = pkt_slice (j->text.p, MIN (j->to + PKT_SUSPECT_REACH, j->text.n));
  gsize at = names_from (j);
  for (guint i = 0; i < MAX_NAME_WORDS; i++)
    words[i].text = g_string_new (NULL);
  for (guint have = 0; next_name_word (j, text, &at, &words[have % MAX_NAME_WORDS]); have++)
    judge_names_up_to (j, words, have, joined);
  for (guint i = 0; i < MAX_NAME_WORDS; i++)
    g_string_free (words[i].text, TRUE);
  g_string_free (joined, TRUE);
  judge_unparted (j);
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

/* A run holds every twelfth byte of some count: only those are looked at. A longer one than can be
 * looked at is taken in pieces. */
static void
judge_hex (PktJudge *j)
{
  PktSlice t = j->text;
  gsize low = j->from - MIN (j->from, PKT_SUSPECT_REACH);
  gsize high = MIN (j->to + PKT_SUSPECT_REACH, t.n);
  for (gsize i = j->from; i < j->to + MIN_CUT_HASH; i += MIN_CUT_HASH) {
    if (i >= t.n || !is (t.p[i], XDIGIT))
      continue;
    gsize start = i, end = i;
    while (start > low && is (t.p[start - 1], XDIGIT))
      start--;
    while (end < high && is (t.p[end], XDIGIT))
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
  const PktDigests *known = &j->s->known;
  for (gsize i = j->from; i < j->to && i + 8 <= j->text.n; i++) {
    guint64 value;
    memcpy (&value, j->text.p + i, 8);
    if (pkt_digests_find (known, GUINT64_FROM_BE (value), 64, NULL)) {
      pkt_judge_found (j, "hash", i);
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
