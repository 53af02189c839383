/* Whether a user's map says what it may, key by key and as a whole. */
#include "packet/log/event-user-check.h"
#include "packet/log/event-map.h"
#include "packet/log/event-user.h"

typedef struct {
  PktCaseReport *report;
  guint names; /* new ones at the most */
} Check;

typedef void (*CheckValue) (Check *c, const json_t *v);

static void
complain (Check *c, PktCaseProblem kind, const char *what, const char *advice)
{
  pkt_case_report_add (c->report, kind, what, advice);
}

static void
check_text (Check *c, const json_t *v)
{
  if (!json_is_string (v))
    complain (c, PKT_CASE_WRONG_TYPE, "is no text", "write it in quotes");
}

static void
check_flag (Check *c, const json_t *v)
{
  if (!json_is_boolean (v))
    complain (c, PKT_CASE_WRONG_TYPE, "is no truth value", "write true or false");
}

static void
check_name (Check *c, const json_t *v)
{
  char buf[PKT_EVENT_MAX_NAME];
  check_text (c, v);
  if (json_is_string (v)
      && (!pkt_event_fold (pkt_slice_str (json_string_value (v)), buf) || *buf == '\0'))
    complain (c, PKT_CASE_WRONG_VALUE, "is no name that can be told apart",
              "it needs letters or digits, 95 at the most");
  c->names++;
}

static void
check_outcome (Check *c, const json_t *v)
{
  check_text (c, v);
  if (json_is_string (v) && pkt_event_word_named (json_string_value (v)) == PKT_WORD_UNKNOWN)
    complain (c, PKT_CASE_WRONG_VALUE, "is no outcome",
              "write delivered, deferred, bounced, not_attempted, expired or other");
}

static void
check_prose (Check *c, const json_t *v)
{
  const char *text = json_string_value (v);
  if (g_strcmp0 (text, "reply") != 0 && g_strcmp0 (text, "label") != 0)
    complain (c, PKT_CASE_WRONG_VALUE, "is neither", "write \"reply\" or \"label\"");
}

static void
check_separator (Check *c, const json_t *v)
{
  const char *text = json_string_value (v);
  if (text == NULL || strlen (text) != 1 || *text == '"')
    complain (c, PKT_CASE_WRONG_VALUE, "is no separator", "write one character, as \"\\t\"");
}

static void
check_extends (Check *c, const json_t *v)
{
  const GPtrArray *all = pkt_event_map ()->services;
  for (guint i = 0; i < all->len; i++)
    if (g_strcmp0 (((const PktEventService *)g_ptr_array_index (all, i))->name,
                   json_string_value (v))
        == 0)
      return;
  complain (c, PKT_CASE_WRONG_VALUE, "is no service that is known",
            "write powermta, kumomta, ses or the like, or leave it out");
}

/* A list, or the one item alone. */
static void
check_items (Check *c, const json_t *v, CheckValue check)
{
  gsize i;
  json_t *item;
  if (!json_is_array (v)) {
    check (c, v);
    return;
  }
  json_array_foreach ((json_t *)v, i, item)
  {
    pkt_case_report_enter (c->report, NULL, i);
    check (c, item);
    pkt_case_report_leave (c->report);
  }
}

static void
check_names (Check *c, const json_t *v)
{
  check_items (c, v, check_name);
}

static void
check_texts (Check *c, const json_t *v)
{
  check_items (c, v, check_text);
}

static gboolean
is_object (Check *c, const json_t *v)
{
  if (!json_is_object (v))
    complain (c, PKT_CASE_WRONG_TYPE, "is no object", "write it in braces");
  return json_is_object (v);
}

static void
check_fields (Check *c, const json_t *v)
{
  const char *key;
  json_t *names;
  if (!is_object (c, v))
    return;
  json_object_foreach ((json_t *)v, key, names)
  {
    pkt_case_report_enter (c->report, key, 0);
    if (pkt_event_field_named (key) < 0)
      complain (c, PKT_CASE_UNKNOWN_KEY, "is no field", "see MAPPING FILE in postpacket(1)");
    check_names (c, names);
    pkt_case_report_leave (c->report);
  }
}

static void
check_events (Check *c, const json_t *v)
{
  const char *key;
  json_t *words;
  if (!is_object (c, v))
    return;
  json_object_foreach ((json_t *)v, key, words)
  {
    pkt_case_report_enter (c->report, key, 0);
    if (pkt_event_word_named (key) == PKT_WORD_UNKNOWN)
      complain (c, PKT_CASE_UNKNOWN_KEY, "is no outcome",
                "write delivered, deferred, bounced, not_attempted, expired or other");
    check_items (c, words, check_name);
    pkt_case_report_leave (c->report);
  }
}

static void
check_own_words (Check *c, const json_t *v)
{
  const char *key;
  json_t *word;
  if (!is_object (c, v))
    return;
  json_object_foreach ((json_t *)v, key, word)
  {
    pkt_case_report_enter (c->report, key, 0);
    check_outcome (c, word);
    pkt_case_report_leave (c->report);
  }
}

static void
check_columns (Check *c, const json_t *v)
{
  if (!json_is_array (v) || json_array_size (v) > PKT_EVENT_USER_MAX_COLUMNS)
    complain (c, PKT_CASE_WRONG_TYPE, "is no list of columns", "name them in their order");
  check_texts (c, v);
  c->names += (guint)json_array_size (v);
}

/* "[{time}] {event} <{sender}> <{recipient}> {reply}" */
static void
check_line (Check *c, const json_t *v)
{
  const char *s = json_string_value (v);
  guint n = 0;
  gboolean ok = s != NULL, apart = TRUE;
  for (; ok && *s; s++) {
    if (*s != '{') {
      apart = TRUE;
      continue;
    }
    const char *close = strchr (s, '}');
    ok = apart && close && ++n <= PKT_EVENT_USER_MAX_COLUMNS;
    apart = FALSE;
    s = ok ? close : s;
  }
  if (!ok || n < 2)
    complain (c, PKT_CASE_WRONG_VALUE, "is no line with names in it",
              "write {name} for each part, with something between two");
  c->names += n;
}

static const struct {
  const char *key;
  CheckValue check;
} keys[] = {
  { "name", check_text },           { "extends", check_extends }, { "marks", check_texts },
  { "each", check_texts },          { "fields", check_fields },   { "events", check_events },
  { "default", check_outcome },     { "no_label", check_names },  { "own_words", check_own_words },
  { "own_codes", check_names },     { "noise", check_texts },     { "prose", check_prose },
  { "us_dates", check_flag },       { "day_first", check_flag },  { "columns", check_columns },
  { "separator", check_separator }, { "line", check_line },       { "blind", check_text },
};

static CheckValue
check_of (const char *key)
{
  for (gsize i = 0; i < G_N_ELEMENTS (keys); i++)
    if (g_str_equal (keys[i].key, key))
      return keys[i].check;
  return NULL;
}

static void
check_keys (Check *c, const json_t *root)
{
  const char *key;
  json_t *v;
  json_object_foreach ((json_t *)root, key, v)
  {
    CheckValue check = check_of (key);
    pkt_case_report_enter (c->report, key, 0);
    if (check)
      check (c, v);
    else
      complain (c, PKT_CASE_UNKNOWN_KEY, "is not known", "see MAPPING FILE in postpacket(1)");
    pkt_case_report_leave (c->report);
  }
}

/* What one key alone does not show. */
static void
check_whole (Check *c, const json_t *root)
{
  gboolean extends = json_object_get (root, "extends") != NULL,
           each = json_object_get (root, "each") != NULL,
           layout = json_object_get (root, "columns") || json_object_get (root, "line");
  const json_t *fields = json_object_get (root, "fields");
  if (!extends && !layout
      && (!json_object_get (fields, "recipient") || !json_object_get (fields, "time")))
    complain (c, PKT_CASE_MISSING, "does not say where recipient and time stand",
              "add \"fields\": {\"recipient\": \"…\", \"time\": \"…\"}");
  if (json_is_true (json_object_get (root, "us_dates"))
      && json_is_true (json_object_get (root, "day_first")))
    complain (c, PKT_CASE_WRONG_VALUE, "has month and day first",
              "leave us_dates or day_first out");
  if (each && !extends && !json_object_get (root, "marks"))
    complain (c, PKT_CASE_MISSING, "has lists of recipients, but no marks",
              "add \"marks\": keys by which such a record is known");
  if (g_hash_table_size (pkt_event_map ()->names) + c->names > PKT_EVENT_MAX_NAMES)
    complain (c, PKT_CASE_WRONG_VALUE, "has too many names", "leave out what is not needed");
}

void
pkt_event_user_check (const json_t *root, PktCaseReport *report)
{
  Check check = { .report = report };
  check_keys (&check, root);
  check_whole (&check, root);
}
