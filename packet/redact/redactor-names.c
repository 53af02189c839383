#include "packet/redact/redactor-priv.h"
#include "packet/base/greeting.h"
#include "packet/redact/our-words.h"

#define MIN_NAME 5   /* characters: shorter ones are in every text */
#define MIN_JOINED 8 /* bytes of a name without its blanks */

static char *
fold (const char *s)
{
  g_autofree char *valid = g_utf8_make_valid (s, -1), *signs = pkt_name_apostrophes (valid),
                  *whole = g_utf8_normalize (signs, -1, G_NORMALIZE_NFC);
  g_auto (GStrv) words = g_strsplit_set (whole, " \t\r\n", -1);
  g_autoptr (GPtrArray) kept = g_ptr_array_new ();
  for (char **w = words; *w; w++)
    if (**w)
      g_ptr_array_add (kept, *w);
  g_ptr_array_add (kept, NULL);
  g_autofree char *joined = g_strjoinv (" ", (char **)kept->pdata);
  return g_utf8_casefold (joined, -1);
}

static void
add_name (const PktRedactor *r, PktNameList *list, const char *folded)
{
  if ((g_utf8_strlen (folded, -1) >= MIN_NAME || pkt_name_is_east_asian (folded))
      && !g_hash_table_contains (r->allowed_names, folded))
    pkt_name_list_add (list, folded);
}

/* "sample jane" and "janesample" for "jane sample"; what else may part them is known (names.c). */
static void
each_turned (const PktRedactor *r, const char *folded,
             void (*f) (const PktRedactor *, PktNameList *, const char *))
{
  for (const char *p = strchr (folded, ' '); p; p = strchr (p + 1, ' ')) {
    g_autofree char *turned = g_strdup_printf ("%s %.*s", p + 1, (int)(p - folded), folded);
    f (r, r->names, turned);
  }
  g_auto (GStrv) words = g_strsplit (folded, " ", -1);
  g_autofree char *joined = g_strjoinv ("", words);
  if (strlen (joined) >= MIN_JOINED || pkt_name_is_east_asian (joined))
    f (r, r->names, joined);
}

static GStrv
name_words (const char *folded)
{
  return g_strsplit_set (folded, " .,;'\"()<>-", -1);
}

static gboolean
is_own_label (const PktRedactor *r, const char *word)
{
  for (guint i = 0; i < r->own_domains->len; i++) {
    g_auto (GStrv) labels = g_strsplit_set (r->own_domains->pdata[i], ".-", -1);
    if (g_strv_contains ((const char *const *)labels, word))
      return TRUE;
  }
  return FALSE;
}

/* "iCloud Mail", "Acme News" of news.acme.example: what a mailbox is called by, and nobody is. */
static gboolean
is_nobodys (const PktRedactor *r, GStrv words)
{
  static const char *const nobody[]
      = { "account", "apple", "customer", "icloud", "inbox", "mailbox", "member", "my", "our",
          "reader", "seed", "subscriber", "tester", "user",
          /* customer, member, user, reader; Chinese, Japanese, Korean */
          "客户", "客戶", "顾客", "顧客", "お客様", "お客さま", "고객", "고객님", "会员", "會員",
          "会員", "회원", "회원님", "用户", "用戶", "读者", "讀者", "読者", "독자", NULL };
  guint named = 0, said = 0;
  for (char **w = words; *w; w++) {
    said += **w != '\0';
    named += **w && !g_strv_contains (nobody, *w) && !pkt_place_role_word (pkt_slice_str (*w))
             && !g_hash_table_contains (r->allowed_names, *w) && !is_own_label (r, *w);
  }
  return named == 0 && (said > 1 || (said && pkt_name_is_east_asian (words[0])));
}

static void
add_word (PktRedactor *r, const char *word)
{
  add_name (r, r->words, word);
  if (*word && !g_hash_table_contains (r->allowed_names, word))
    g_hash_table_add (r->every_word, g_strdup (word));
}

static void
add_words (PktRedactor *r, GStrv words)
{
  for (char **w = words; *w; w++) {
    g_autofree char *one = pkt_name_plain (*w, 1), *two = pkt_name_plain (*w, 2);
    add_word (r, *w);
    add_word (r, one ? one : *w);
    add_word (r, two ? two : *w);
  }
}

static void
add_turned (PktRedactor *r, const char *folded)
{
  add_name (r, r->names, folded);
  if (!g_hash_table_contains (r->allowed_names, folded))
    each_turned (r, folded, add_name);
}

/* "Quill, Jane" says "Quill Jane". */
static char *
join_words (GStrv words)
{
  GString *all = g_string_new (NULL);
  for (char **w = words; *w; w++)
    if (**w)
      g_string_append_printf (all, "%s%s", all->len ? " " : "", *w);
  return g_string_free (all, FALSE);
}

/* FALSE: it is nobody's. */
static gboolean
add_full (PktRedactor *r, const char *folded, GStrv words)
{
  if (strchr (folded, '@')) { /* an address as a name is found as an address */
    pkt_redactor_add_recipient (r, pkt_slice_str (folded));
    return FALSE;
  }
  if (is_nobodys (r, words)
      || (strchr (folded, ' ') && pkt_our_words_have (pkt_slice_str (folded))))
    return FALSE;
  g_autofree char *joined = join_words (words);
  add_name (r, r->names, folded);
  add_turned (r, joined);
  for (guint letters = 1; letters <= 2; letters++) {
    g_autofree char *plain = pkt_name_plain (joined, letters);
    if (plain)
      add_turned (r, plain);
  }
  return TRUE;
}

void
pkt_redactor_add_name (PktRedactor *r, const char *display_name)
{
  g_autofree char *folded = fold (display_name ? display_name : "");
  g_auto (GStrv) words = name_words (folded);
  if (add_full (r, folded, words))
    add_words (r, words);
}

void
pkt_redactor_add_full_name (PktRedactor *r, const char *display_name)
{
  g_autofree char *folded = fold (display_name);
  g_auto (GStrv) words = name_words (folded);
  guint known = 0, said = 0;
  for (char **w = words; *w; w++) {
    said += **w != '\0';
    known += g_hash_table_contains (r->allowed_names, *w);
  }
  if ((said > 1 || pkt_name_is_east_asian (folded)) && known < said)
    add_full (r, folded, words);
}

void
pkt_redactor_add_greeted (PktRedactor *r, const char *name)
{
  g_autofree char *folded = fold (name);
  g_auto (GStrv) words = name_words (folded);
  if (strchr (folded, ' '))
    pkt_redactor_add_name (r, name);
  else if (pkt_greeting_is_local_part (folded))
    add_name (r, r->words, folded);
  else
    add_words (r, words);
}

static void
drop_name (const PktRedactor *r, PktNameList *list, const char *folded)
{
  (void)r;
  pkt_name_list_drop (list, folded);
}

static void
allow_folded (PktRedactor *r, const char *folded)
{
  g_auto (GStrv) words = name_words (folded);
  drop_name (r, r->names, folded);
  each_turned (r, folded, drop_name);
  for (char **w = words; *w; w++) {
    drop_name (r, r->words, *w);
    drop_name (r, r->names, *w);
    g_hash_table_remove (r->every_word, *w);
    g_hash_table_add (r->allowed_names, g_strdup (*w));
  }
  g_hash_table_add (r->allowed_names, g_strdup (folded));
}

void
pkt_redactor_allow_name (PktRedactor *r, const char *name)
{
  if (name == NULL)
    return;
  g_autofree char *folded = fold (name), *one = pkt_name_plain (folded, 1),
                  *two = pkt_name_plain (folded, 2);
  allow_folded (r, folded);
  allow_folded (r, one ? one : folded);
  allow_folded (r, two ? two : folded);
}

#define MIN_WRITER 3
#define MIN_LETTERS 5 /* between digits, as in "quill471188"; fewer are found by chance */

/* "SRS0=Ab3x=7K=example.org=jane", "prvs=0123abcd=jane": the writer is last. Of
 * "news+jane=icloud.com" the end is a domain, whose words are in many a Message-ID. */
static char *
without_tags (char *local)
{
  char *last = strrchr (local, '=');
  if (last == NULL)
    return local;
  if (g_str_has_prefix (local, "srs") || g_str_has_prefix (local, "prvs="))
    return last + 1;
  *last = '\0';
  return local;
}

void
pkt_redactor_add_writer (PktRedactor *r, const char *who)
{
  g_autofree char *lower = g_ascii_strdown (who ? who : "", who ? (gssize)strcspn (who, "@") : 0);
  g_auto (GStrv) words = g_strsplit_set (without_tags (lower), " .,;'\"()<>-_+=", -1);
  for (char **w = words; *w; w++)
    if (strlen (*w) >= MIN_WRITER && !pkt_place_role_word (pkt_slice_str (*w))
        && !g_hash_table_contains (r->allowed_names, *w))
      g_hash_table_add (r->writers, g_strdup (*w));
}

gboolean
pkt_redactor_names_reader (const PktRedactor *r, PktSlice text)
{
  g_autofree char *valid = g_utf8_make_valid (text.p ? text.p : "", (gssize)text.n);
  g_autofree char *found = pkt_redact_names ((PktRedactor *)r, valid, FALSE);
  return found != NULL;
}

/* A run of these letters, `min` or more of them; those of roles ("weekly", "order") are nobody's.
 */
static gboolean
has_run_of (GHashTable *known, PktSlice text, const char *letters, gsize min)
{
  if (g_hash_table_size (known) == 0)
    return FALSE;
  g_autofree char *lower = g_ascii_strdown (text.p ? text.p : "", (gssize)text.n);
  g_strcanon (lower, letters, ' ');
  g_auto (GStrv) words = g_strsplit (lower, " ", -1);
  for (char **w = words; *w; w++)
    if (strlen (*w) >= min && !pkt_place_role_word (pkt_slice_str (*w))
        && g_hash_table_contains (known, *w))
      return TRUE;
  return FALSE;
}

static gboolean
has_word_of (GHashTable *known, PktSlice text)
{
  return has_run_of (known, text, "abcdefghijklmnopqrstuvwxyz0123456789", MIN_WRITER);
}

gboolean
pkt_redactor_names_writer (const PktRedactor *r, PktSlice text)
{
  return has_word_of (r->writers, text);
}

gboolean
pkt_redactor_has_name_word (const PktRedactor *r, PktSlice text)
{
  return has_word_of (r->every_word, text)
         || has_run_of (r->every_word, text, "abcdefghijklmnopqrstuvwxyz", MIN_LETTERS);
}

/* The next run of letters; "" at the end. Caller frees. */
static char *
next_letters (const char **p)
{
  while (**p && !g_unichar_isalpha (g_utf8_get_char (*p)))
    *p = g_utf8_next_char (*p);
  const char *from = *p;
  while (**p && g_unichar_isalpha (g_utf8_get_char (*p)))
    *p = g_utf8_next_char (*p);
  return g_strndup (from, (gsize)(*p - from));
}

gboolean
pkt_redactor_names_titled (const PktRedactor *r, const char *utf8)
{
  gboolean title = FALSE;
  if (g_hash_table_size (r->every_word) == 0)
    return FALSE;
  for (const char *p = utf8; *p;) {
    g_autofree char *word = next_letters (&p), *folded = fold (word);
    if (title && g_hash_table_contains (r->every_word, folded)
        && g_unichar_isupper (g_utf8_get_char (word)))
      return TRUE;
    title = pkt_greeting_is_title (folded);
  }
  return FALSE;
}

void
pkt_redactor_add_own_word (PktRedactor *r, const char *word)
{
  g_hash_table_add (r->own_words, g_strdup (word));
}

gboolean
pkt_redactor_has_own_word (const PktRedactor *r, PktSlice text)
{
  return has_word_of (r->own_words, text);
}
