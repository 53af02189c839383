#include "packet/redact/our-words.h"
#include "packet/redact/suspect-priv.h"
#include "packet/base/domain.h"

#define MAX_ADDRESS 320

/* A contact at icloud.com does not make everybody there the sender's own. */
static void
add_own (PktSuspects *s, const char *domain)
{
  g_autofree char *lower = g_ascii_strdown (domain, -1);
  if (*lower && !pkt_suspect_is_mailbox_domain (lower))
    g_ptr_array_add (s->own, g_steal_pointer (&lower));
}

PktSuspects *
pkt_suspects_new (const PktRedactScope *scope)
{
  PktSuspects *s = g_new0 (PktSuspects, 1);
  s->allowed = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  s->domains = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  s->allowed_words = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  s->allowed_names = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  s->own = g_ptr_array_new_with_free_func (g_free);
  s->sums = pkt_sums_new ();
  g_hash_table_add (s->allowed, g_strdup ("icloudadmin@apple.com"));
  for (gsize i = 0; scope && scope->allowed && scope->allowed[i]; i++)
    g_hash_table_add (s->allowed, g_ascii_strdown (scope->allowed[i], -1));
  for (gsize i = 0; scope && scope->own_domains && scope->own_domains[i]; i++)
    add_own (s, scope->own_domains[i]);
  return s;
}

void
pkt_suspects_free (PktSuspects *s)
{
  g_hash_table_unref (s->allowed);
  g_hash_table_unref (s->domains);
  g_hash_table_unref (s->allowed_words);
  g_hash_table_unref (s->allowed_names);
  g_ptr_array_unref (s->own);
  pkt_digests_clear (&s->known);
  pkt_sums_free (s->sums);
  g_free (s);
}

guint64
pkt_suspects_needles (const PktSuspects *s)
{
  return s->needles;
}

guint64
pkt_suspects_candidates (const PktSuspects *s)
{
  return s->candidates;
}

static void
know_hashes (PktSuspects *s, const char *text)
{
  guint64 sums[PKT_SUMS];
  pkt_sums_of (s->sums, pkt_slice_str (text), sums);
  pkt_digests_add_all (&s->known, sums, PKT_SUMS);
}

/* "fine.news" of fine-news.example, whatever parts it: the sender's name stands in every text. */
static gboolean
is_called_ours (const PktSuspects *s, const char *local)
{
  for (guint i = 0; i < s->own->len; i++)
    if (pkt_domain_named_by (s->own->pdata[i], local))
      return TRUE;
  return FALSE;
}

/* Of "2026-12-31" and "192.0.2.10", which are no words, eight. */
static gsize
digits_in (const char *local)
{
  gsize n = 0;
  for (; *local; local++)
    n += g_ascii_isdigit (*local);
  return n;
}

/* "smith.j", "user_0130", "0049170123456"; but no word that every text has. */
static gboolean
telling (const PktSuspects *s, const char *local)
{
  const gsize n = strlen (local);
  const gboolean no_letter = strspn (local, "0123456789._-+") == n;
  if (n < PKT_SUSPECT_MIN_ALONE || (no_letter && digits_in (local) < 10)
      || strpbrk (local, "0123456789._-") == NULL)
    return FALSE;
  return !is_called_ours (s, local) && !pkt_our_words_have (pkt_slice_str (local));
}

#define MIN_PARTED 9 /* bytes of such a local part … */
#define MIN_PART 3   /* … and of each of its parts */

/* "jane-quill" for jane.quill, not "e-mail" for e.mail */
static void
know_parted (PktSuspects *s, const char *lower)
{
  g_auto (GStrv) parts = g_strsplit_set (lower, ".-+_", -1);
  g_autofree char *form = g_strjoinv ("_", parts);
  gboolean telling = parts[0] && parts[1] && strlen (lower) >= MIN_PARTED;
  for (char **p = parts; *p; p++)
    telling = telling && strlen (*p) >= MIN_PART;
  if (telling)
    pkt_digests_add (&s->known, pkt_slice_hash (pkt_slice_str (form), PKT_OF_PARTED));
}

/* "b-jane-quill-family-example": of quill-family.example no sign is told from a dot. */
static void
know_domain (PktSuspects *s, const char *lower)
{
  g_autofree char *dotted = g_strdelimit (g_strdup (lower), "-", '.');
  if (g_strcmp0 (g_hash_table_lookup (s->domains, lower), lower) == 0)
    return;
  pkt_beginnings_add (&s->domain_starts, pkt_slice_str (lower));
  if (!g_hash_table_contains (s->domains, dotted))
    g_hash_table_insert (s->domains, g_strdup (dotted), g_strdup (lower));
  g_hash_table_insert (s->domains, g_strdup (lower), g_strdup (lower));
}

static void
know (PktSuspects *s, const char *local, const char *domain)
{
  g_autofree char *address = g_strconcat (local, "@", domain, NULL);
  g_autofree char *lower = g_ascii_strdown (address, -1);
  g_autofree char *lower_local = g_ascii_strdown (local, -1);
  know_domain (s, strrchr (lower, '@') + 1);
  pkt_digests_add (&s->known, pkt_slice_hash (pkt_slice_str (lower), PKT_OF_ADDRESS));
  g_autofree char *slug = g_strdup (lower); /* "jane_q_icloud_com" */
  for (char *p = slug; *p && *p != '@'; p++)
    if (strchr (".-+", *p))
      *p = '_';
  if (!g_str_equal (slug, lower))
    pkt_digests_add (&s->known, pkt_slice_hash (pkt_slice_str (slug), PKT_OF_ADDRESS));
  know_hashes (s, lower);
  if (!g_str_equal (lower, address))
    know_hashes (s, address);
  g_autofree char *upper = g_ascii_strup (address, -1);
  know_hashes (s, upper);
  if (telling (s, lower_local)) {
    pkt_beginnings_add (&s->local_starts, pkt_slice_str (lower_local));
    pkt_digests_add (&s->known, pkt_slice_hash (pkt_slice_str (lower_local), PKT_OF_LOCAL));
    know_parted (s, lower_local);
  }
}

static gboolean
is_allowed (const PktSuspects *s, const char *local, const char *domain)
{
  g_autofree char *address = g_strconcat (local, "@", domain, NULL);
  g_autofree char *lower = g_ascii_strdown (address, -1);
  return g_hash_table_contains (s->allowed, lower);
}

/* As given and without "+tag", unless that is the sender's own. */
static void
know_tagged (PktSuspects *s, const char *local, const char *domain)
{
  const char *plus = *local ? strchr (local + 1, '+') : NULL;
  know (s, local, domain);
  if (plus) {
    g_autofree char *untagged = g_strndup (local, (gsize)(plus - local));
    if (!is_allowed (s, untagged, domain))
      know (s, untagged, domain);
  }
}

/* What decoding makes of letters beyond ASCII, and both forms of such a domain (RFC 5891). */
static void
know_unicode (PktSuspects *s, const char *local, const char *domain)
{
  g_autofree char *ascii = g_hostname_to_ascii (domain), *unicode = g_hostname_to_unicode (domain);
  const char *const forms[] = { domain, ascii, unicode };
  g_autofree char *valid = g_utf8_make_valid (local, -1), *folded = g_utf8_casefold (valid, -1);
  g_autofree char *normal = g_utf8_normalize (folded, -1, G_NORMALIZE_NFKC);
  for (gsize i = 0; i < G_N_ELEMENTS (forms); i++) {
    if (forms[i] == NULL || *forms[i] == '\0')
      continue;
    know_tagged (s, local, forms[i]);
    if (normal && *normal)
      know_tagged (s, normal, forms[i]);
  }
}

static gboolean
is_ascii (const char *text)
{
  for (; *text; text++)
    if ((guint8)*text >= 0x80)
      return FALSE;
  return TRUE;
}

static gboolean
is_known (PktSuspects *s, const char *lower)
{
  return pkt_digests_find (&s->known, pkt_slice_hash (pkt_slice_str (lower), PKT_OF_ADDRESS), 64,
                           NULL);
}

void
pkt_suspects_add (PktSuspects *s, PktSlice address)
{
  address = pkt_slice_trim (address);
  if (address.n > 2 && address.p[0] == '<' && address.p[address.n - 1] == '>')
    address = pkt_slice (address.p + 1, address.n - 2);
  g_autofree char *text = g_strndup (address.p ? address.p : "", address.n);
  g_autofree char *lower = g_ascii_strdown (text, -1);
  char *at = strrchr (text, '@');
  if (at == NULL || at == text || at[1] == '\0' || strlen (text) > MAX_ADDRESS
      || g_hash_table_contains (s->allowed, lower) || is_known (s, lower))
    return;
  gboolean plain = is_ascii (text) && strstr (lower, "xn--") == NULL;
  *at = '\0';
  s->needles++;
  if (plain)
    know_tagged (s, text, at + 1);
  else
    know_unicode (s, text, at + 1);
}

/* ---- names ---- */

void
pkt_suspects_allow_name (PktSuspects *s, const char *name)
{
  char *folded = name ? pkt_suspect_fold_name (name) : NULL;
  g_autofree char *lower = g_utf8_casefold (name ? name : "", -1);
  g_auto (GStrv) words = g_strsplit_set (lower, " .,;:&'\"()/-", -1);
  for (char **w = words; *w; w++)
    g_hash_table_add (s->allowed_words, g_strdup (*w));
  if (folded)
    g_hash_table_add (s->allowed_names, folded);
}

static gboolean
is_senders_word (const PktSuspects *s, const char *word)
{
  if (g_hash_table_contains (s->allowed_words, word))
    return TRUE;
  for (guint i = 0; i < s->own->len; i++) {
    g_auto (GStrv) labels = g_strsplit_set (s->own->pdata[i], ".-", -1);
    if (g_strv_contains ((const char *const *)labels, word))
      return TRUE;
  }
  return FALSE;
}

/* "Acme News" of news.acme.example, "Anna Weber" of Anna Weber Consulting: it stands in the
 * sender's own addresses and texts. */
static gboolean
is_senders (const PktSuspects *s, const char *folded)
{
  g_auto (GStrv) words = g_strsplit (folded, " ", -1);
  for (char **w = words; *w; w++)
    if (!is_senders_word (s, *w))
      return FALSE;
  return TRUE;
}

/* Most words of a text stand in no name, and need not be put together. */
static void
know_words (PktSuspects *s, const char *folded)
{
  for (PktSlice rest = pkt_slice_str (folded); rest.n;) {
    const PktSlice word = pkt_slice_until (rest, ' ');
    pkt_digests_add (&s->known, pkt_slice_hash (word, PKT_OF_NAME_WORD));
    rest = pkt_slice_skip (rest, word.n + 1);
  }
}

static void
add_both_ways (PktSuspects *s, const char *folded)
{
  know_words (s, folded);
  pkt_digests_add (&s->known, pkt_slice_hash (pkt_slice_str (folded), PKT_OF_NAME));
  for (const char *p = strchr (folded, ' '); p; p = strchr (p + 1, ' ')) { /* "Sample, Jane" */
    g_autofree char *turned = g_strdup_printf ("%s %.*s", p + 1, (int)(p - folded), folded);
    if (!g_hash_table_contains (s->allowed_names, turned))
      pkt_digests_add (&s->known, pkt_slice_hash (pkt_slice_str (turned), PKT_OF_NAME));
  }
}

/* Letters without their accents: a name is often written so. Caller frees. */
static char *
bare_letters (const char *folded)
{
  char *apart = g_utf8_normalize (folded, -1, G_NORMALIZE_NFD), *to = apart;
  for (const char *p = apart; p && *p; p = g_utf8_next_char (p))
    if (g_unichar_combining_class (g_utf8_get_char (p)) == 0) {
      const gsize n = (gsize)(g_utf8_next_char (p) - p);
      memmove (to, p, n);
      to += n;
    }
  if (to)
    *to = '\0';
  return apart;
}

void
pkt_suspects_add_name (PktSuspects *s, const char *name)
{
  g_autofree char *folded = name ? pkt_suspect_fold_name (name) : NULL;
  if (folded == NULL || g_hash_table_contains (s->allowed_names, folded) || is_senders (s, folded)
      || pkt_our_words_have (pkt_slice_str (folded)))
    return;
  g_autofree char *bare = bare_letters (folded);
  s->has_names = TRUE;
  add_both_ways (s, folded);
  if (bare && !g_hash_table_contains (s->allowed_names, bare))
    add_both_ways (s, bare);
}

/* ---- judging ---- */

/* A value behind the key: at the end of what was opened there is none, as where the digits of a
 * time, 14:14:45, are opened. */
static gboolean
has_value (PktSlice text, PktSlice key)
{
  for (PktSlice at = pkt_slice_find (text, key); at.p; at = pkt_slice_find (at, key)) {
    at = pkt_slice_skip (at, key.n);
    if (at.n && *at.p != '\n')
      return TRUE;
  }
  return FALSE;
}

/* What the two encoded headers of facts/apple.md 4.4 say when they are opened. */
static void
judge_encoded_headers (PktJudge *j)
{
  if (g_str_has_suffix (j->view->path, "icl-info")
      || g_str_has_suffix (j->view->path, "out-info")) {
    if (has_value (j->text, PKT_SLICE ("mr=")) || has_value (j->text, PKT_SLICE ("rc=")))
      pkt_judge_found (j, "icl-info", 0);
  } else if (g_str_has_suffix (j->view->path, "mantsh")
             && pkt_slice_find (j->text, PKT_SLICE ("; ")).p
             && (pkt_slice_find (j->text, PKT_SLICE ("sg=")).p
                 || pkt_slice_find (j->text, PKT_SLICE ("id=")).p))
    pkt_judge_found (j, "mantsh", 0);
}

void
pkt_suspects_judge_whole (PktSuspects *s, const PktView *view, PktSurface surface, PktSuspectFunc f,
                          gpointer data)
{
  PktJudge j = { s, view, view->bytes, 0, view->bytes.n, surface, f, data };
  judge_encoded_headers (&j);
  if (surface != PKT_SURFACE_RAW && pkt_decode_is_packed (view->bytes))
    pkt_judge_found (&j, "packed", 0);
}

void
pkt_suspects_judge (PktSuspects *s, const PktView *view, PktSurface surface, gsize from, gsize to,
                    PktSuspectFunc f, gpointer data)
{
  PktJudge j = { s, view, view->bytes, from, to, surface, f, data };
  pkt_judge_addresses (&j);
  if (s->has_names)
    pkt_judge_names (&j);
  if (s->needles == 0)
    return;
  if (!view->joined)
    pkt_judge_words (&j);
  pkt_judge_digests (&j);
}
