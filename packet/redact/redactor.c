#include "packet/redact/redactor-priv.h"
#include "packet/base/domain.h"
#include "packet/base/json.h"
#include "packet/base/sort.h"
#include "packet/redact/header-table.h"

static void
add_lower (GHashTable *set, const char *s)
{
  g_hash_table_add (set, g_ascii_strdown (s, -1));
}

static void
tightened_free (gpointer p)
{
  PktTightenedHeader *t = p;
  g_free (t->name);
  g_free (t->reason);
  g_free (t);
}

PktRedactor *
pkt_redactor_new (const guint8 key[32], const PktRedactScope *scope)
{
  PktRedactor *r = g_new0 (PktRedactor, 1);
  pkt_marks_init (&r->marks, key);
  pkt_needles_init (&r->needles);
  pkt_privates_init (&r->privates);
  r->tightened = g_ptr_array_new_with_free_func (tightened_free);
  r->examples = g_hash_table_new_full (g_str_hash, g_str_equal, g_free,
                                       (GDestroyNotify)json_decref);
  r->allowed = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  r->own_domains = g_ptr_array_new_with_free_func (g_free);
  r->names = pkt_name_list_new ();
  r->words = pkt_name_list_new ();
  r->reply_words = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  r->own_words = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  r->varied = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  r->every_word = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  r->allowed_names = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  r->custom_domains = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  r->writers = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  r->tokens = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  r->common_tokens = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  r->custom = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  r->map = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  r->counts = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  add_lower (r->allowed, "icloudadmin@apple.com");
  for (gsize i = 0; scope && scope->allowed && scope->allowed[i]; i++)
    add_lower (r->allowed, scope->allowed[i]);
  for (gsize i = 0; scope && scope->own_domains && scope->own_domains[i]; i++)
    if (!pkt_place_apple_domain (pkt_slice_str (scope->own_domains[i])) && *scope->own_domains[i])
      g_ptr_array_add (r->own_domains, g_ascii_strdown (scope->own_domains[i], -1));
  return r;
}

void
pkt_redactor_set_audience (PktRedactor *r, PktAudience audience, const char *platform)
{
  r->audience = audience;
  g_free (r->platform);
  r->platform = g_strdup (platform);
}

void
pkt_redactor_free (PktRedactor *r)
{
  pkt_marks_clear (&r->marks);
  pkt_needles_clear (&r->needles);
  pkt_privates_clear (&r->privates);
  g_ptr_array_unref (r->tightened);
  g_hash_table_unref (r->examples);
  g_ptr_array_unref (r->own_domains);
  g_free (r->platform);
  pkt_name_list_free (r->names);
  pkt_name_list_free (r->words);
  GHashTable *const tables[]
      = { r->custom_domains, r->writers,       r->every_word, r->allowed, r->allowed_names,
          r->tokens,         r->common_tokens, r->custom,     r->map,     r->counts,
          r->reply_words,    r->own_words,     r->varied };
  for (gsize i = 0; i < G_N_ELEMENTS (tables); i++)
    g_hash_table_unref (tables[i]);
  g_free (r);
}

/* "<user@icloud.com>", "rfc822;user@icloud.com" -> the address itself. */
static PktSlice
bare_address (PktSlice s)
{
  s = pkt_slice_trim (s);
  if (s.n > 7 && pkt_slice_equal_nocase (pkt_slice (s.p, 7), PKT_SLICE ("rfc822;")))
    s = pkt_slice_trim (pkt_slice_skip (s, 7));
  if (s.n >= 2 && s.p[0] == '<' && s.p[s.n - 1] == '>')
    s = pkt_slice (s.p + 1, s.n - 2);
  return s;
}

gboolean
pkt_redactor_is_allowed (const PktRedactor *r, PktSlice address)
{
  g_autofree char *lower = g_ascii_strdown (address.p ? address.p : "", (gssize)address.n);
  return g_hash_table_contains (r->allowed, lower);
}

gboolean
pkt_redactor_is_own (const PktRedactor *r, PktSlice domain)
{
  for (guint i = 0; i < r->own_domains->len; i++) {
    PktSlice own = pkt_slice_str (r->own_domains->pdata[i]);
    if (pkt_slice_equal_nocase (domain, own)
        || (pkt_slice_ends_nocase (domain, own) && domain.p[domain.n - own.n - 1] == '.'))
      return TRUE;
  }
  return FALSE;
}

/* Of example.com@icloud.com, or example-news@… and example.news@… of example-news.com, the local
 * part alone would be found in every text of ours. */
static gboolean
names_own_domain (const PktRedactor *r, PktSlice local)
{
  g_autofree char *lower = g_ascii_strdown (local.p, (gssize)local.n);
  for (guint i = 0; i < r->own_domains->len; i++)
    if (pkt_domain_named_by (r->own_domains->pdata[i], lower))
      return TRUE;
  return FALSE;
}

/* "dana+test@" of dana@, whom the case lets stand in clear. */
static gboolean
is_allowed_untagged (const PktRedactor *r, PktSlice local, PktSlice domain)
{
  const PktSlice user = pkt_slice_until (local, '+');
  g_autofree char *untagged = g_strdup_printf ("%.*s@%.*s", (int)user.n, user.p, (int)domain.n,
                                               domain.p);
  return user.n < local.n && pkt_redactor_is_allowed (r, pkt_slice_str (untagged));
}

void
pkt_redactor_add_recipient (PktRedactor *r, PktSlice address)
{
  address = bare_address (address);
  PktSlice domain = pkt_slice_domain (address);
  if (domain.n == 0 || domain.n + 1 >= address.n || address.n > 320
      || pkt_redactor_is_allowed (r, address))
    return;
  PktSlice local = pkt_slice (address.p, address.n - domain.n - 1);
  const PktNeedleSkip skip = (names_own_domain (r, local) ? PKT_NEEDLE_SKIP_LOCAL : 0)
                             | (is_allowed_untagged (r, local, domain) ? PKT_NEEDLE_SKIP_UNTAGGED
                                                                       : 0);
  if (!pkt_needles_add (&r->needles, address, skip))
    return;
  g_autofree char *lower = g_ascii_strdown (address.p, (gssize)address.n);
  pkt_marks_add (&r->marks, pkt_slice (lower, address.n));
}

void
pkt_redactor_add_client (PktRedactor *r, guint number, const char *text)
{
  g_autofree char *mark = g_strdup_printf ("[client-%u]", number);
  if (pkt_privates_add (&r->privates, text, mark) && !g_hash_table_contains (r->map, mark))
    g_hash_table_insert (r->map, g_steal_pointer (&mark), g_utf8_make_valid (text, -1));
}

void
pkt_redactor_add_client_label (PktRedactor *r, guint number, const char *label)
{
  g_autofree char *mark = g_strdup_printf ("[client-%u]", number);
  pkt_privates_add_label (&r->privates, label, mark);
}

void
pkt_redactor_add_private (PktRedactor *r, const char *text)
{
  pkt_privates_add (&r->privates, text, "[private]");
}

void
pkt_redactor_tighten_header (PktRedactor *r, const char *name, gboolean class_only,
                             const char *reason)
{
  PktTightenedHeader *t = g_new0 (PktTightenedHeader, 1);
  t->name = g_strdup (name);
  t->reason = g_strdup_printf ("by the case: %s", reason);
  t->class_only = class_only;
  g_ptr_array_add (r->tightened, t);
}

const PktTightenedHeader *
pkt_redactor_tightened (const PktRedactor *r, const char *name)
{
  for (guint i = 0; i < r->tightened->len; i++) {
    const PktTightenedHeader *t = r->tightened->pdata[i];
    if (pkt_header_table_fits (t->name, name))
      return t;
  }
  return NULL;
}

char *
pkt_redact_privates (PktRedactor *r, const char *utf8)
{
  guint n = 0;
  if (pkt_privates_empty (&r->privates))
    return NULL;
  char *made = pkt_privates_replace (&r->privates, utf8, &n);
  for (guint i = 0; i < n; i++)
    pkt_redactor_count (r, "private-word");
  return made;
}

gboolean
pkt_redactor_is_person (const PktRedactor *r, PktSlice word)
{
  if (!pkt_place_role_word (word) && pkt_needles_has_local (&r->needles, word))
    return TRUE;
  g_autofree char *valid = g_utf8_make_valid (word.p ? word.p : "", (gssize)word.n);
  g_autofree char *folded = g_utf8_casefold (valid, -1);
  return g_hash_table_contains (r->every_word, folded);
}

gboolean
pkt_redactor_is_recipient_domain (const PktRedactor *r, PktSlice domain)
{
  g_autofree char *lower = g_ascii_strdown (domain.p ? domain.p : "", (gssize)domain.n);
  return g_hash_table_contains (r->needles.domains, lower);
}

void
pkt_redactor_count (PktRedactor *r, const char *rule)
{
  gpointer n = g_hash_table_lookup (r->counts, rule);
  g_hash_table_replace (r->counts, g_strdup (rule), GUINT_TO_POINTER (GPOINTER_TO_UINT (n) + 1));
}

char *
pkt_redactor_mark (PktRedactor *r, PktSlice address, const char *kind)
{
  g_autofree char *lower = g_ascii_strdown (address.p, (gssize)address.n);
  g_autofree char *text = pkt_marks_text (&r->marks, pkt_slice (lower, address.n));
  char *mark = g_strdup_printf ("[%s-%s]", kind, text);
  g_hash_table_replace (r->map, g_strdup (mark), g_utf8_make_valid (lower, (gssize)address.n));
  return mark;
}

char *
pkt_redactor_mark_at (PktRedactor *r, PktSlice address, const char *domain)
{
  g_autofree char *mark = pkt_redactor_mark (r, address, "rcpt");
  pkt_redactor_count (r, "recipient");
  return g_strconcat (mark, "@", domain, NULL);
}

char *
pkt_redact_domain (PktRedactor *r, PktSlice domain)
{
  domain = pkt_slice_trim (domain);
  while (domain.n && domain.p[domain.n - 1] == '.')
    domain.n--;
  g_autofree char *lower = g_ascii_strdown (domain.p ? domain.p : "", (gssize)domain.n);
  gboolean name_of_count = strchr (lower, '.') == NULL
                           && strcspn (lower, "@0123456789") == domain.n;
  if (domain.n == 0 || name_of_count || pkt_place_apple_domain (domain))
    return g_utf8_make_valid (lower, -1);
  guint number = GPOINTER_TO_UINT (g_hash_table_lookup (r->custom, lower));
  if (number == 0) {
    number = g_hash_table_size (r->custom) + 1;
    g_hash_table_insert (r->custom, g_strdup (lower), GUINT_TO_POINTER (number));
  }
  char *mark = g_strdup_printf ("[custom-%u]", number);
  g_hash_table_replace (r->map, g_strdup (mark), g_utf8_make_valid (lower, -1));
  pkt_redactor_count (r, "recipient-domain");
  return mark;
}

char *
pkt_redact_recipient (PktRedactor *r, PktSlice address)
{
  address = bare_address (address);
  if (address.n == 0)
    return g_strdup ("");
  if (pkt_redactor_is_allowed (r, address))
    return g_utf8_make_valid (address.p, (gssize)address.n);
  if (pkt_slice_domain (address).n == 0) {
    g_autofree char *mark = pkt_redactor_mark (r, address, "rcpt");
    pkt_redactor_count (r, "recipient");
    return g_steal_pointer (&mark);
  }
  g_autofree char *domain = pkt_redact_domain (r, pkt_slice_domain (address));
  if (strchr (domain, '.') == NULL && domain[0] != '[') {
    g_free (domain);
    domain = g_strdup ("[custom]"); /* user@localhost: a host inside */
  }
  return pkt_redactor_mark_at (r, address, domain);
}

static GPtrArray *
sorted_keys (GHashTable *table)
{
  GPtrArray *keys = g_ptr_array_new ();
  GHashTableIter it;
  gpointer key;
  g_hash_table_iter_init (&it, table);
  while (g_hash_table_iter_next (&it, &key, NULL))
    g_ptr_array_add (keys, key);
  g_ptr_array_sort (keys, pkt_sort_by_text);
  return keys;
}

json_t *
pkt_redactor_report (const PktRedactor *r)
{
  json_t *report = json_object ();
  g_autoptr (GPtrArray) keys = sorted_keys (r->counts);
  for (guint i = 0; i < keys->len; i++)
    json_object_set_new (
        report, keys->pdata[i],
        json_integer (GPOINTER_TO_UINT (g_hash_table_lookup (r->counts, keys->pdata[i]))));
  return report;
}

json_t *
pkt_redactor_map (const PktRedactor *r)
{
  json_t *map = json_object ();
  g_autoptr (GPtrArray) keys = sorted_keys (r->map);
  for (guint i = 0; i < keys->len; i++)
    json_object_set_new (map, keys->pdata[i],
                         pkt_json_string (g_hash_table_lookup (r->map, keys->pdata[i])));
  return map;
}
