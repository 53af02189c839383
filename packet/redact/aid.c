#include "packet/redact/aid.h"
#include "packet/base/json.h"
#include "packet/redact/redactor-priv.h"

#define AROUND 36 /* characters of context on both sides */

static const struct {
  const char *rule;
  const char *mark; /* how it shows; NULL: it does not */
  const char *what;
} rules[] = {
  { "comment", "(comment removed)", "a comment with words that are not known was removed" },
  { "encoded", "[removed]", "a word in which a recipient is encoded was removed" },
  { "header-removed", NULL, "a header field was left out: see the list below" },
  { "header-rewritten", NULL, "a header field in which something was replaced" },
  { "host-name", "[removed]",
    "a part of a host's name, or an id, that names a reader was removed" },
  { "id", NULL, "an id that names a reader was left out" },
  { "name", "[name]", "the name of a recipient" },
  { "private-word", "[client-", "another client, or a word that the case makes private" },
  { "private-word", "[private]", "another client, or a word that the case makes private" },
  { "recipient", "[rcpt-", "the address of a recipient became a mark" },
  { "recipient-domain", "[custom-", "a recipient's own domain became a number" },
  { "return-path", "[verp-", "the part of a sender's address that names a reader became a mark" },
  { "tightened", NULL, "a header field that the case wants left out or shortened" },
  { "token", "[token:", "a value that no search can judge left its length and class" },
};

/* Words stay whole: half of an address of ours, "weekly@news.exa…", reads as a stranger's. */
static const char *
start_before (const char *text, const char *mark)
{
  const char *start = mark, *word = mark;
  for (guint i = 0; i < AROUND && start > text; i++) {
    start = g_utf8_prev_char (start);
    if (start == text || g_ascii_isspace (start[-1]))
      word = start;
  }
  return word;
}

static const char *
end_behind (const char *mark_end)
{
  const char *end = mark_end, *word = mark_end;
  for (guint i = 0; i < AROUND && *end; i++) {
    end = g_utf8_next_char (end);
    if (*end == '\0' || g_ascii_isspace (*end))
      word = end;
  }
  return word;
}

/* One line around the mark. */
static char *
excerpt (const char *text, const char *mark)
{
  const char *close = mark + strcspn (mark, "])");
  const char *start = start_before (text, mark), *end = end_behind (close + (*close != '\0'));
  GString *out = g_string_new (start > text ? "…" : "");
  for (const char *p = start; p < end; p++)
    if (!g_ascii_isspace (*p) || (out->len && out->str[out->len - 1] != ' '))
      g_string_append_c (out, g_ascii_isspace (*p) ? ' ' : *p);
  if (*end)
    g_string_append (out, "…");
  return g_string_free (out, FALSE);
}

/* A mark in a sentence tells more than a mark alone. */
static gboolean
is_wanted (const PktRedactor *r, const char *rule, const char *shown)
{
  const json_t *known = g_hash_table_lookup (r->examples, rule);
  const char *text = known ? pkt_json_text (known, "text") : NULL;
  return text == NULL || (strlen (text) < AROUND && strlen (shown) > strlen (text));
}

void
pkt_redactor_note_example (PktRedactor *r, const char *place, const char *text)
{
  if (text == NULL || strpbrk (text, "[(") == NULL || !g_utf8_validate (text, -1, NULL))
    return;
  for (gsize i = 0; i < G_N_ELEMENTS (rules); i++) {
    const char *hit = rules[i].mark ? strstr (text, rules[i].mark) : NULL;
    g_autofree char *shown = hit ? excerpt (text, hit) : NULL;
    if (shown && is_wanted (r, rules[i].rule, shown))
      g_hash_table_replace (
          r->examples, g_strdup (rules[i].rule),
          json_pack ("{s:s, s:o}", "place", place, "text", pkt_json_string (shown)));
  }
}

static const char *
what_of (const char *rule)
{
  for (gsize i = 0; i < G_N_ELEMENTS (rules); i++)
    if (g_str_equal (rules[i].rule, rule))
      return rules[i].what;
  return "";
}

static json_t *
member (const json_t *o, const char *key)
{
  json_t *value = o ? json_object_get (o, key) : NULL;
  return value ? json_incref (value) : json_null ();
}

json_t *
pkt_redactor_rules (const PktRedactor *r)
{
  json_t *list = json_array (), *count;
  g_autoptr (json_t) report = pkt_redactor_report (r);
  const char *rule;
  json_object_foreach (report, rule, count)
  {
    const json_t *example = g_hash_table_lookup (r->examples, rule);
    json_array_append_new (list,
                           json_pack ("{s:s, s:O, s:s, s:o, s:o}", "rule", rule, "count", count,
                                      "what", what_of (rule), "place", member (example, "place"),
                                      "example", member (example, "text")));
  }
  return list;
}
