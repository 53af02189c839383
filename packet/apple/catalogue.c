#include "packet/apple/catalogue.h"
#include "packet/apple/desk.h"
#include "packet/base/data.h"
#include "packet/base/error.h"
#include "packet/base/json.h"

#define OFTEN 64 /* replies, for which it pays to make machine code of a pattern */

/* Compiled when a reply is first held against it, and once more where that happens often. */
typedef struct {
  const char *text;
  gsize plain, fast; /* GRegex*, of g_once_init_enter() */
  gint asked;        /* atomic */
} Pattern;

typedef struct {
  PktRule rule;     /* first: a rule is its entry */
  GArray *patterns; /* Pattern */
  const char **examples, **sources;
} Entry;

typedef struct {
  json_t *root;       /* owns every text */
  GPtrArray *entries; /* Entry*, by priority */
  GHashTable *by_id;
} Tables;

/* That which is built in is read when something of it is first asked for: most scans start without
 * it. */
struct PktCatalogue {
  Tables *tables; /* NULL until then */
  gsize state;    /* of g_once_init_enter() */
};

static void
pattern_clear (gpointer data)
{
  const gsize all[] = { ((Pattern *)data)->plain, ((Pattern *)data)->fast };
  for (gsize i = 0; i < G_N_ELEMENTS (all); i++)
    if (all[i])
      g_regex_unref (GSIZE_TO_POINTER (all[i]));
}

static void
entry_free (gpointer data)
{
  Entry *e = data;
  g_array_unref (e->patterns);
  g_free (e->examples);
  g_free (e->sources);
  g_free (e);
}

static void
tables_free (Tables *t)
{
  g_hash_table_unref (t->by_id);
  g_ptr_array_unref (t->entries);
  json_decref (t->root);
  g_free (t);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Tables, tables_free)

void
pkt_catalogue_free (PktCatalogue *cat)
{
  if (!cat)
    return;
  g_clear_pointer (&cat->tables, tables_free);
  g_free (cat);
}

static gboolean
bad (GError **error, const char *id, const char *what)
{
  g_set_error (error, PKT_ERROR, PKT_ERROR_DATA, "replies.json: %s: %s", id, what);
  return FALSE;
}

static const char *
text_of (const json_t *object, const char *key)
{
  const char *s = json_string_value (json_object_get (object, key));
  return s && *s ? s : NULL;
}

/* A list of texts as a C array that ends with NULL; NULL when it is none. */
static const char **
texts_of (const json_t *object, const char *key)
{
  const json_t *list = json_object_get (object, key);
  const char **out = g_new0 (const char *, json_array_size (list) + 1);
  for (gsize i = 0; i < json_array_size (list); i++)
    if (!(out[i] = json_string_value (json_array_get (list, i)))) {
      g_free (out);
      return NULL;
    }
  if (json_is_array (list))
    return out;
  g_free (out);
  return NULL;
}

static void
read_texts (PktRule *r, const json_t *object)
{
  r->code = text_of (object, "code");
  r->enhanced = text_of (object, "enhanced");
  r->tag = text_of (object, "tag");
  r->stage = text_of (object, "stage");
  r->meaning = text_of (object, "meaning");
  r->first_action = text_of (object, "first_action");
  r->precondition = text_of (object, "contact_precondition");
  r->confidence = text_of (object, "confidence");
  r->notes = text_of (object, "notes");
}

static gboolean
read_values (PktRule *r, const json_t *object, GError **error)
{
  const json_t *priority = json_object_get (object, "priority");
  const json_t *temporary = json_object_get (object, "temporary");
  const json_t *contactable = json_object_get (object, "contactable");
  if (!r->meaning || !r->first_action)
    return bad (error, r->id, "needs a meaning and a first_action");
  if (!json_is_integer (priority) || !json_is_boolean (temporary) || !json_is_boolean (contactable))
    return bad (error, r->id, "priority must be a number, temporary and contactable true or false");
  r->priority = (int)CLAMP (json_integer_value (priority), 0, 1000);
  r->temporary = json_is_true (temporary);
  r->contactable = json_is_true (contactable);
  if (!pkt_category_from_name (text_of (object, "category"), &r->category))
    return bad (error, r->id, "has a category that is not known");
  const char *desk = text_of (object, "desk");
  if (!desk)
    r->desk = pkt_desk_for_category (r->category, r->contactable);
  else if (!pkt_desk_from_word (desk, &r->desk))
    return bad (error, r->id, "has a desk that is not known");
  return TRUE;
}

/* `\[CS02\]` is for readers of the file: a tag counts only in its place, which is looked up. */
static gboolean
is_tag_pattern (const char *pattern, const char *tag)
{
  g_autofree char *own = tag ? g_strdup_printf ("\\[%s\\]", tag) : NULL;
  return g_strcmp0 (pattern, own) == 0;
}

static GRegex *
compile (const char *text, GRegexCompileFlags more, GError **error)
{
  return g_regex_new (text, G_REGEX_RAW | G_REGEX_CASELESS | more, 0, error);
}

static gboolean
check_pattern (const char *id, const char *text, GError **error)
{
  GError *why = NULL;
  GRegex *regex = compile (text, 0, &why);
  if (regex) {
    g_regex_unref (regex);
    return TRUE;
  }
  bad (error, id, why->message);
  g_error_free (why);
  return FALSE;
}

static gboolean
read_patterns (Entry *e, const json_t *object, gboolean checked, GError **error)
{
  g_autofree const char **patterns = texts_of (object, "reply_patterns");
  if (!patterns || !*patterns)
    return bad (error, e->rule.id, "reply_patterns must be a list of texts");
  for (const char **p = patterns; *p; p++) {
    const Pattern pattern = { .text = *p };
    if (!checked && !check_pattern (e->rule.id, *p, error))
      return FALSE;
    if (e->patterns->len < PKT_CATALOGUE_MAX_PATTERNS && !is_tag_pattern (*p, e->rule.tag))
      g_array_append_val (e->patterns, pattern);
  }
  return TRUE;
}

static gboolean
add_entry (Tables *t, const json_t *object, gboolean checked, GError **error)
{
  const char *id = text_of (object, "id");
  if (!id)
    return bad (error, "an entry", "has no id");
  if (g_hash_table_contains (t->by_id, id))
    return bad (error, id, "this id is there twice");
  Entry *e = g_new0 (Entry, 1);
  e->patterns = g_array_new (FALSE, FALSE, sizeof (Pattern));
  g_array_set_clear_func (e->patterns, pattern_clear);
  e->rule.id = id;
  g_ptr_array_add (t->entries, e);
  g_hash_table_insert (t->by_id, (gpointer)id, e);
  read_texts (&e->rule, object);
  e->examples = texts_of (object, "examples");
  e->sources = texts_of (object, "sources");
  if (!e->examples || !e->sources)
    return bad (error, id, "examples and sources must be lists of texts");
  return read_values (&e->rule, object, error) && read_patterns (e, object, checked, error);
}

/* g_ptr_array_sort is stable only from GLib 2.76 on. */
static void
sort_by_priority (GPtrArray *entries)
{
  for (guint i = 1; i < entries->len; i++)
    for (guint j = i; j > 0; j--) {
      Entry *a = g_ptr_array_index (entries, j - 1), *b = g_ptr_array_index (entries, j);
      if (a->rule.priority >= b->rule.priority)
        break;
      entries->pdata[j - 1] = b;
      entries->pdata[j] = a;
    }
}

/* checked: tests have compiled each pattern of it. */
static Tables *
read_tables (PktSlice json, gboolean checked, GError **error)
{
  g_autoptr (Tables) t = g_new0 (Tables, 1);
  json_error_t why;
  t->entries = g_ptr_array_new_with_free_func (entry_free);
  t->by_id = g_hash_table_new (g_str_hash, g_str_equal);
  t->root = json_loadb (json.p ? json.p : "", json.n, JSON_REJECT_DUPLICATES, &why);
  if (!t->root) {
    g_set_error (error, PKT_ERROR, PKT_ERROR_DATA, "replies.json:%d:%d: %s", why.line, why.column,
                 why.text);
    return NULL;
  }
  gsize n = json_array_size (t->root);
  if (n == 0 || n > PKT_CATALOGUE_MAX_ENTRIES) {
    bad (error, "the file", "must be a list of entries");
    return NULL;
  }
  for (gsize i = 0; i < n; i++)
    if (!add_entry (t, json_array_get (t->root, i), checked, error))
      return NULL;
  sort_by_priority (t->entries);
  return g_steal_pointer (&t);
}

PktCatalogue *
pkt_catalogue_parse (PktSlice json, GError **error)
{
  Tables *t = read_tables (json, FALSE, error);
  if (t == NULL)
    return NULL;
  PktCatalogue *cat = g_new0 (PktCatalogue, 1);
  cat->tables = t;
  cat->state = 1;
  return cat;
}

PktCatalogue *
pkt_catalogue_new (void)
{
  return g_new0 (PktCatalogue, 1);
}

static const Tables *
tables_of (const PktCatalogue *shared)
{
  PktCatalogue *cat = (PktCatalogue *)shared;
  if (g_once_init_enter (&cat->state)) {
    g_autoptr (GError) error = NULL;
    cat->tables = read_tables (pkt_data ("replies.json"), TRUE, &error);
    if (cat->tables == NULL)
      g_error ("%s", error->message); /* it was built in */
    g_once_init_leave (&cat->state, 1);
  }
  return cat->tables;
}

guint
pkt_catalogue_size (const PktCatalogue *cat)
{
  return tables_of (cat)->entries->len;
}

const PktRule *
pkt_catalogue_get (const PktCatalogue *cat, guint i)
{
  const Entry *e = g_ptr_array_index (tables_of (cat)->entries, i);
  return &e->rule;
}

const PktRule *
pkt_catalogue_find (const PktCatalogue *cat, const char *id)
{
  return g_hash_table_lookup (tables_of (cat)->by_id, id);
}

const PktRule *
pkt_catalogue_find_tag (const PktCatalogue *cat, PktSlice tag)
{
  const guint n = tag.n ? pkt_catalogue_size (cat) : 0;
  for (guint i = 0; i < n; i++) {
    const PktRule *r = pkt_catalogue_get (cat, i);
    if (r->tag && pkt_slice_equal (tag, pkt_slice_str (r->tag)))
      return r;
  }
  return NULL;
}

const char *const *
pkt_catalogue_examples (const PktRule *rule)
{
  return (const char *const *)((const Entry *)(const void *)rule)->examples;
}

const char *const *
pkt_catalogue_sources (const PktRule *rule)
{
  return (const char *const *)((const Entry *)(const void *)rule)->sources;
}

gboolean
pkt_rule_is_catch_all (const PktRule *rule)
{
  return rule->code && strchr (rule->code, 'x');
}

/* Whether a code is one that the rule knows: "550|554", "4xx". A rule without a code fits only when
 * the code is 0. With code 0 and an enhanced code, its class decides. */
static gboolean
rule_fits (const PktRule *rule, int code, PktSlice enhanced)
{
  if (!rule->code)
    return code == 0;
  for (const char *p = rule->code; p; p = (p = strchr (p, '|')) ? p + 1 : NULL) {
    if (code == 0 ? enhanced.n && *p == *enhanced.p : *p - '0' == code / 100)
      if (code == 0 || p[1] == 'x' || atoi (p) == code)
        return TRUE;
  }
  return FALSE;
}

/* A rule without a tag, or, for "*", any of Apple's form, or this very one's words without it. */
static gboolean
tag_fits (const PktRule *rule, PktSlice tag)
{
  if (g_strcmp0 (rule->tag, "*") == 0)
    return tag.n > 0;
  return !rule->tag || tag.n == 0;
}

static const GRegex *
regex_of (gsize *made, const char *text, GRegexCompileFlags more)
{
  if (g_once_init_enter (made)) {
    g_autoptr (GError) error = NULL;
    GRegex *regex = compile (text, more, &error);
    if (regex == NULL)
      g_error ("replies.json: %s: %s", text, error->message);
    g_once_init_leave (made, GPOINTER_TO_SIZE (regex));
  }
  return GSIZE_TO_POINTER (*made);
}

static gboolean
is_in (Pattern *p, PktSlice text)
{
  const gboolean often = g_atomic_pointer_get (&p->fast)
                         || g_atomic_int_add (&p->asked, 1) >= OFTEN;
  const GRegex *regex = often ? regex_of (&p->fast, p->text, G_REGEX_OPTIMIZE)
                              : regex_of (&p->plain, p->text, 0);
  return g_regex_match_full (regex, text.p, (gssize)text.n, 0, 0, NULL, NULL);
}

const PktRule *
pkt_catalogue_match (const PktCatalogue *cat, PktSlice text, const PktVerdict *v)
{
  const GPtrArray *entries = tables_of (cat)->entries;
  for (guint i = 0; i < entries->len; i++) {
    const Entry *e = g_ptr_array_index (entries, i);
    if (pkt_rule_is_catch_all (&e->rule) || !tag_fits (&e->rule, v->tag)
        || !rule_fits (&e->rule, v->code, v->enhanced))
      continue;
    for (guint k = 0; k < e->patterns->len; k++)
      if (is_in (&g_array_index (e->patterns, Pattern, k), text))
        return &e->rule;
  }
  return NULL;
}
