#include "packet/run/reply-names.h"
#include "packet/apple/relay.h"
#include "packet/base/domain.h"
#include "packet/headers/people.h"
#include "packet/redact/places.h"
#include "packet/run/reply-local.h"

#define MIN_LOCAL 2
#define MIN_DIGITS 6 /* of a local part that is a number: less are codes and parts of addresses */
#define MIN_PART 3   /* letters beside a sign that may be written as a blank */
#define MIN_LABEL 4  /* of a domain's first label that stands alone */
#define MAX_FORMS 6
#define MIN_WORD 5 /* letters of "quillz" in j.quillz7, where it stands alone */
#define MAX_WORDS 4

struct PktReplyNames {
  const PktCatalogue *catalogue;
  GHashTable *words; /* lower case; NULL until one is looked up */
};

/* A recipient as he may be written. */
typedef struct {
  PktSlice local, untagged;      /* n == 0: none */
  PktSlice words[MAX_WORDS + 1]; /* of the local part, where each tells; n == 0: none */
  GStrv names;                   /* words of his name; NULL: not known */
  char *domains[MAX_FORMS + 1];
} Forms;

static inline gboolean
in_word (char c)
{
  return g_ascii_isalnum (c) || (guint8)c >= 0x80;
}

static inline gboolean
is_sign (char c)
{
  return c == '.' || c == '-' || c == '_' || c == '+';
}

/* The next run of letters and digits from *at on; n == 0: none. */
static PktSlice
next_word (PktSlice s, gsize *at)
{
  while (*at < s.n && !in_word (s.p[*at]))
    ++*at;
  const gsize start = *at;
  while (*at < s.n && in_word (s.p[*at]))
    ++*at;
  return start == s.n ? pkt_slice (NULL, 0) : pkt_slice (s.p + start, *at - start);
}

/* Of replies that are in no catalogue, and what stands in place of something. */
static const char more_words[]
    = "account active an are as at attempt authentication be because been block but by can cannot "
      "client closed code connect connection contact content could data database day delayed "
      "delivery detected disabled does dropped enabled exceeded exceeds exists failed failure "
      "filter filtered full has hosts hour if it its limit limited list local lost mailbox "
      "mailboxes "
      "may must mx name network new now only our out over over-quota protocol queue queued quota "
      "rate reason reach received refused reject relaying remote report reputation request "
      "resources response security session size spam starttls storage such suspended syntax system "
      "temporarily temporary than that time timed timeout tls traffic unable unavailable unusual "
      "users valid verification verified verify via virus we when while will with within";

static void
add_words (GHashTable *words, PktSlice text)
{
  PktSlice word;
  for (gsize at = 0; (word = next_word (text, &at)).n;)
    g_hash_table_add (words, g_ascii_strdown (word.p, (gssize)word.n));
}

static void
add_examples (PktReplyNames *names)
{
  for (guint i = 0; i < pkt_catalogue_size (names->catalogue); i++) {
    const PktRule *rule = pkt_catalogue_get (names->catalogue, i);
    for (const char *const *e = pkt_catalogue_examples (rule); *e; e++)
      add_words (names->words, pkt_slice_str (*e));
  }
}

static gboolean
is_any_replys (PktReplyNames *names, PktSlice word)
{
  if (names->words == NULL) {
    names->words = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
    add_words (names->words, PKT_SLICE (more_words));
    add_examples (names);
  }
  g_autofree char *lower = g_ascii_strdown (word.p, (gssize)word.n);
  return g_hash_table_contains (names->words, lower) || pkt_place_role_word (word);
}

/* "local policy" of local.policy@icloud.com, "550" of 550@icloud.com. */
static gboolean
says_nothing (PktReplyNames *names, PktSlice s)
{
  gsize digits = 0, others = 0;
  PktSlice word;
  for (gsize i = 0; i < s.n; i++) {
    digits += g_ascii_isdigit (s.p[i]);
    others += in_word (s.p[i]) && !g_ascii_isdigit (s.p[i]);
  }
  if (others == 0)
    return digits < MIN_DIGITS;
  for (gsize at = 0; (word = next_word (s, &at)).n;)
    if (!is_any_replys (names, word))
      return FALSE;
  return TRUE;
}

/* "jane.quill", of which each part could stand alone. */
static gboolean
parts_tell (PktSlice local)
{
  gsize parts = 0;
  PktSlice word;
  for (gsize at = 0; (word = next_word (local, &at)).n; parts++)
    if (word.n < MIN_PART)
      return FALSE;
  return parts > 1;
}

/* Bytes of text that are the local part, with any sign for its own. */
static gsize
local_at (PktReplyNames *names, PktSlice text, PktSlice local)
{
  if (local.n < MIN_LOCAL || pkt_ascii_lower (*text.p) != pkt_ascii_lower (*local.p)
      || text.n < local.n || (text.n > local.n && in_word (text.p[local.n])))
    return 0;
  for (gsize i = 0; i < local.n; i++) {
    const gboolean signs = is_sign (local.p[i]) && (is_sign (text.p[i]) || text.p[i] == ' ');
    if (!signs && pkt_ascii_lower (text.p[i]) != pkt_ascii_lower (local.p[i]))
      return 0;
  }
  const PktSlice found = pkt_slice (text.p, local.n);
  const gboolean apart = memchr (found.p, ' ', found.n) != NULL;
  return (apart && !parts_tell (local)) || says_nothing (names, found) ? 0 : local.n;
}

/* "Quill" of Jane Quill. */
static gsize
name_at (PktReplyNames *names, PktSlice text, const Forms *forms)
{
  for (char **w = forms->names; w && *w; w++) {
    const PktSlice name = pkt_slice_str (*w);
    if (name.n >= MIN_PART && text.n >= name.n && g_ascii_strncasecmp (text.p, *w, name.n) == 0
        && (text.n == name.n || !in_word (text.p[name.n])) && !says_nothing (names, name))
      return name.n;
  }
  return 0;
}

static gsize
word_at (PktReplyNames *names, PktSlice text, const Forms *forms)
{
  for (const PktSlice *w = forms->words; w->n; w++)
    if (text.n >= w->n && g_ascii_strncasecmp (text.p, w->p, w->n) == 0
        && (text.n == w->n || !in_word (text.p[w->n])) && !says_nothing (names, *w))
      return w->n;
  return 0;
}

static gsize
part_at (PktReplyNames *names, PktSlice text, PktSlice local)
{
  const gsize n = pkt_reply_local_part (text, local);
  return n && says_nothing (names, pkt_slice (text.p, n)) ? 0 : n;
}

static gsize
domain_at (PktSlice text, const Forms *forms)
{
  for (gsize i = 0; forms->domains[i]; i++) {
    const PktSlice domain = pkt_slice_str (forms->domains[i]);
    if (text.n >= domain.n && g_ascii_strncasecmp (text.p, domain.p, domain.n) == 0
        && (text.n == domain.n || !in_word (text.p[domain.n])))
      return domain.n;
  }
  return 0;
}

static void
add_domain (Forms *forms, char *domain)
{
  gsize n = 0;
  while (forms->domains[n])
    n++;
  if (domain && n < MAX_FORMS)
    forms->domains[n] = domain;
  else
    g_free (domain);
}

/* "quill" of quill.example. */
static void
add_label (PktReplyNames *names, Forms *forms, const char *domain)
{
  const gsize n = strcspn (domain, ".");
  if (domain[n] && n >= MIN_LABEL && !says_nothing (names, pkt_slice (domain, n)))
    add_domain (forms, g_strndup (domain, n));
}

/* The domain and the one that somebody registered, in letters and in A-labels. */
static void
take_domain (PktReplyNames *names, Forms *forms, PktSlice domain, const PktAttempt *a)
{
  g_autofree char *lower = g_ascii_strdown (domain.p, (gssize)domain.n),
                  *sender = pkt_slice_utf8 (pkt_slice_domain (a->sender)),
                  *from = pkt_slice_utf8 (a->from_domain);
  g_autofree char *ascii = g_hostname_to_ascii (lower);
  const char *name = ascii ? ascii : lower;
  g_autofree char *registered = pkt_domain_registered (name);
  if (pkt_domain_same (name, sender) || pkt_domain_same (name, from))
    return;
  add_domain (forms, g_strdup (name));
  add_domain (forms, g_hostname_to_unicode (name));
  add_domain (forms, g_strdup (registered));
  add_domain (forms, g_hostname_to_unicode (registered));
  add_label (names, forms, name);
  add_label (names, forms, registered);
}

static PktSlice
local_of (PktSlice recipient)
{
  const gsize domain = pkt_slice_domain (recipient).n;
  PktSlice local = domain ? pkt_slice (recipient.p, recipient.n - domain - 1) : recipient;
  if (local.n > 2 && local.p[0] == '"' && local.p[local.n - 1] == '"')
    local = pkt_slice (local.p + 1, local.n - 2);
  while (local.n && !in_word (*local.p)) /* "_jane": what text is held against begins a word */
    local = pkt_slice_skip (local, 1);
  return local;
}

static gboolean
is_apples (PktSlice domain)
{
  return strcmp (pkt_relay_domain_class (domain), "custom") != 0;
}

static GStrv
words_of_names (PktSlice addressed)
{
  g_autofree char *list = pkt_slice_utf8 (addressed);
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  pkt_people_add_names (names, list);
  g_ptr_array_add (names, NULL);
  g_autofree char *all = g_strjoinv (" ", (char **)names->pdata);
  g_autofree char *bare = g_str_to_ascii (all, "C"); /* "Zoe" of Zoë */
  g_autofree char *both = g_strconcat (all, " ", bare, NULL);
  return g_strsplit_set (both, " .,;'\"()-", -1);
}

/* acme@icloud.com of who sends from acme.example: a reply that names the sender is no leak. */
static gboolean
is_senders (PktSlice local, const PktAttempt *a)
{
  const PktSlice domains[] = { pkt_slice_domain (a->sender), a->from_domain };
  for (gsize i = 0; i < G_N_ELEMENTS (domains); i++) {
    PktSlice word;
    for (gsize at = 0; (word = next_word (domains[i], &at)).n;)
      if (pkt_slice_equal_nocase (word, local))
        return TRUE;
  }
  return FALSE;
}

/* Without the digits that make the address another's. */
static void
take_words (Forms *forms, const PktAttempt *a)
{
  gsize n = 0;
  PktSlice word;
  for (gsize at = 0; n < MAX_WORDS && (word = next_word (forms->local, &at)).n;) {
    while (word.n && g_ascii_isdigit (word.p[word.n - 1]))
      word.n--;
    if (word.n >= MIN_WORD && !is_senders (word, a))
      forms->words[n++] = word;
  }
}

static Forms
forms_of (PktReplyNames *names, const PktAttempt *a)
{
  const PktSlice domain = pkt_slice_domain (a->recipient);
  Forms forms = { .local = local_of (a->recipient) };
  const char *plus = forms.local.n ? memchr (forms.local.p, '+', forms.local.n) : NULL;
  if (is_senders (forms.local, a))
    forms.local.n = 0;
  else if (plus)
    forms.untagged = pkt_slice (forms.local.p, (gsize)(plus - forms.local.p));
  take_words (&forms, a);
  if (domain.n && !is_apples (domain))
    take_domain (names, &forms, domain, a);
  if (a->addressed.n)
    forms.names = words_of_names (a->addressed);
  return forms;
}

/* What stands for the recipient's bytes, *n of them, that begin a word here; NULL: none do. */
static const char *
mask_at (PktReplyNames *names, PktSlice text, const Forms *forms, gsize *n)
{
  if ((*n = local_at (names, text, forms->local)) || (*n = local_at (names, text, forms->untagged)))
    return "<recipient>";
  if ((*n = part_at (names, text, forms->local)) || (*n = name_at (names, text, forms))
      || (*n = word_at (names, text, forms)))
    return "<recipient>";
  return (*n = domain_at (text, forms)) ? "<domain>" : NULL;
}

char *
pkt_reply_names_mask (PktReplyNames *names, const char *text, const PktAttempt *a, GPtrArray *found)
{
  const PktSlice all = pkt_slice_str (text);
  Forms forms = forms_of (names, a);
  GString *out = NULL;
  gsize done = 0, n;
  PktSlice word;
  for (gsize at = 0; (word = next_word (all, &at)).n;) {
    const gsize start = (gsize)(word.p - all.p);
    const char *mask = mask_at (names, pkt_slice_skip (all, start), &forms, &n);
    if (mask == NULL)
      continue;
    const gboolean goes_on = out && start == done + 1; /* "Jane Quill" */
    out = out ? out : g_string_new (NULL);
    if (!goes_on || !g_str_has_suffix (out->str, mask)) {
      g_string_append_len (out, all.p + done, (gssize)(start - done));
      g_string_append (out, mask);
    }
    if (found)
      g_ptr_array_add (found, g_strndup (all.p + start, n));
    at = done = start + n;
  }
  for (gsize i = 0; i < MAX_FORMS; i++)
    g_free (forms.domains[i]);
  g_strfreev (forms.names);
  if (out)
    g_string_append_len (out, all.p + done, (gssize)(all.n - done));
  return out ? g_string_free (out, FALSE) : NULL;
}

static guint64
start_bit (char c)
{
  c = pkt_ascii_lower (c);
  return G_GUINT64_CONSTANT (1) << ((guint8)c >= 0x80     ? 36
                                    : g_ascii_isdigit (c) ? c - '0' + 26
                                                          : c - 'a');
}

guint64
pkt_reply_names_starts (PktReplyNames *names, const char *text)
{
  const PktSlice all = pkt_slice_str (text);
  guint64 starts = 0;
  PktSlice word;
  for (gsize at = 0; (word = next_word (all, &at)).n;)
    if (!is_any_replys (names, word))
      starts |= start_bit (word.p[0]);
  return starts;
}

/* Any label of the domain: the one that is registered may stand alone. */
gboolean
pkt_reply_names_may (guint64 starts, const PktAttempt *a)
{
  const PktSlice domain = pkt_slice_domain (a->recipient), local = local_of (a->recipient);
  gsize at = 0;
  PktSlice word;
  if (starts == 0 || a->addressed.n)
    return starts != 0;
  for (; (word = next_word (local, &at)).n;)
    if (starts & start_bit (word.p[0]))
      return TRUE;
  for (at = 0; !is_apples (domain) && (word = next_word (domain, &at)).n;)
    if ((starts & start_bit (word.p[0])) || pkt_slice_starts (word, PKT_SLICE ("xn")))
      return TRUE;
  return FALSE;
}

PktReplyNames *
pkt_reply_names_new (const PktCatalogue *catalogue)
{
  PktReplyNames *names = g_new0 (PktReplyNames, 1);
  names->catalogue = catalogue;
  return names;
}

void
pkt_reply_names_free (PktReplyNames *names)
{
  g_clear_pointer (&names->words, g_hash_table_unref);
  g_free (names);
}
