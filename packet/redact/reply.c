/* Replies name a mailbox by its local part alone, too: "User jane unknown", "<jane>". */
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

char *
pkt_redact_reply (PktRedactor *r, PktSlice reply)
{
  g_autofree char *text = pkt_redact_text (r, reply);
  g_autoptr (GRegex) regex = g_regex_new (pattern, 0, 0, NULL);
  char *made = g_regex_replace_eval (regex, text, -1, 0, 0, replace_local, r, NULL);
  return made ? made : g_strdup ("[removed]");
}
