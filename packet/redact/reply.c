/* Replies name a mailbox by its local part alone, too: "User jane unknown", "<jane>". */
#include "packet/base/text.h"
#include "packet/redact/redactor-priv.h"

#define MIN_LOCAL 2

/* What stands before a mailbox, and the mailbox; "jane... User unknown" has nothing before it. */
static const char pattern[]
    = "((?<![\\p{L}\\p{N}])(?i:user|user "
      "name|username|mailbox|recipient|account|address|alias|login"
      "|rcpt)\\s{0,3}[:=]?\\s{0,3}[<\"'(\\[]?|<)([\\p{L}\\p{N}!#$%&*+/=?^_`{|}~.-]{2,64})"
      "(?=[>\"')\\],;:!?\\s]|$)"
      "|(?<![^\\s])()([\\p{L}\\p{N}_+-][\\p{L}\\p{N}_+.-]{0,62}[\\p{L}\\p{N}_+-])(?=\\.\\.\\. )";

/* Words of such sentences; somebody's mailbox is called so as well. */
static gboolean
is_sentence (const char *lower)
{
  static const char *const words[] = {
    "address",      "and",     "by",       "cannot",  "could",       "database", "denied",
    "disabled",     "does",    "doesn't",  "exceeds", "exist",       "exists",   "for",
    "format",       "full",    "has",      "hidden",  "in",          "inactive", "is",
    "limit",        "locked",  "lookup",   "mailbox", "may",         "must",     "name",
    "no",           "not",     "of",       "on",      "or",          "over",     "policy",
    "quota",        "refused", "rejected", "size",    "status",      "syntax",   "temporarily",
    "that",         "the",     "this",     "to",      "unavailable", "unknown",  "user",
    "verification", "was",     "with",     NULL
  };
  return g_strv_contains (words, lower);
}

static gboolean
replace_local (const GMatchInfo *match, GString *out, gpointer data)
{
  PktRedactor *r = data;
  g_autofree char *whole = g_match_info_fetch (match, 0);
  g_autofree char *before = g_match_info_fetch (match, 1), *word = g_match_info_fetch (match, 2);
  g_autofree char *leading = g_match_info_fetch (match, 4);
  const char *local = word && *word ? word : leading;
  gsize n = strlen (local);
  while (n && local[n - 1] == '.')
    n--;
  g_autofree char *lower = g_ascii_strdown (local, (gssize)n);
  if (n < MIN_LOCAL || is_sentence (lower) || pkt_place_role_word (pkt_slice (local, n))
      || !pkt_needles_has_local (&r->needles, pkt_slice (local, n))) {
    g_string_append (out, whole);
    return FALSE;
  }
  pkt_redactor_count (r, "encoded");
  g_string_append_printf (out, "%s[removed]%s", before ? before : "", local + n);
  return FALSE;
}

#define MAX_WORD 64

static gboolean
in_word (char c)
{
  return g_ascii_isalnum (c) || (guint8)c >= 0x80;
}

static gboolean
parts_words (char c)
{
  return c && strchr (".-_+ ", c);
}

/* In lower case with one sign for all: "jane_quill" of "Jane Quill" and "jane.quill". */
static gsize
slug_of (PktSlice s, char slug[MAX_WORD + 1])
{
  gsize n = 0;
  for (; n < MIN (s.n, MAX_WORD); n++)
    if (in_word (s.p[n]))
      slug[n] = g_ascii_tolower (s.p[n]);
    else if (n && parts_words (s.p[n]) && in_word (s.p[n - 1]))
      slug[n] = '_';
    else
      break;
  return n;
}

/* Bytes of the longest known word that the text begins with. */
static gsize
word_at (const PktRedactor *r, PktSlice text)
{
  char slug[MAX_WORD + 1];
  for (gsize n = slug_of (text, slug); n > 0; n--) {
    slug[n] = '\0';
    if (in_word (text.p[n - 1]) && (n == text.n || !in_word (text.p[n]))
        && g_hash_table_contains (r->reply_words, slug))
      return n;
  }
  return 0;
}

void
pkt_redactor_add_reply_word (PktRedactor *r, const char *word)
{
  char slug[MAX_WORD + 1];
  const gsize n = slug_of (pkt_slice_str (word), slug);
  slug[n] = '\0';
  if (n >= MIN_LOCAL && word[n] == '\0')
    g_hash_table_add (r->reply_words, g_strdup (slug));
}

/* NULL where there is none. */
static char *
remove_words (PktRedactor *r, const char *utf8)
{
  const PktSlice text = pkt_slice_str (utf8);
  GString *out = NULL;
  gsize done = 0;
  for (gsize i = 0; g_hash_table_size (r->reply_words) && i < text.n; i++) {
    const gboolean begins = in_word (text.p[i]) && (i == 0 || !in_word (text.p[i - 1]));
    const gsize n = begins ? word_at (r, pkt_slice_skip (text, i)) : 0;
    if (n == 0)
      continue;
    out = out ? out : g_string_new (NULL);
    g_string_append_len (out, text.p + done, (gssize)(i - done));
    g_string_append (out, "[removed]");
    pkt_redactor_count (r, "encoded");
    done = i + n;
    i = done - 1;
  }
  if (out)
    g_string_append_len (out, text.p + done, (gssize)(text.n - done));
  return out ? g_string_free (out, FALSE) : NULL;
}

static gboolean
in_local (char c)
{
  return in_word (c) || (c && strchr (".!#$%&'*+-/=?^_`{|}~\\", c));
}

/* "jane@icloud,com", "jane@mail1": by form no address, and whoever it is all the same. */
static char *
remove_broken (PktRedactor *r, const char *text)
{
  GString *out = NULL;
  const char *done = text;
  for (const char *at = strchr (text, '@'); at; at = strchr (at + 1, '@')) {
    const char *start = at, *end = at + 1;
    while (start > done && in_local (start[-1]))
      start--;
    while (in_word (*end) || (*end && strchr (".-", *end)))
      end++;
    const char *dot = memrchr (at, '.', (gsize)(end - at));
    if (start == at || end == at + 1 || (dot && in_word (dot[1])))
      continue;
    out = out ? out : g_string_new (NULL);
    g_string_append_len (out, done, start - done);
    g_string_append (out, "[removed]");
    pkt_redactor_count (r, "encoded");
    done = end;
  }
  if (out)
    g_string_append (out, done);
  return out ? g_string_free (out, FALSE) : NULL;
}

char *
pkt_redact_reply (PktRedactor *r, PktSlice reply)
{
  g_autofree char *redacted = pkt_redact_text (r, reply), *whole = remove_broken (r, redacted),
                  *without = remove_words (r, whole ? whole : redacted);
  const char *text = without ? without : whole ? whole : redacted;
  g_autoptr (GRegex) regex = g_regex_new (pattern, 0, 0, NULL);
  char *made = g_regex_replace_eval (regex, text, -1, 0, 0, replace_local, r, NULL);
  return made ? pkt_text_disarm (made) : g_strdup ("[removed]");
}
