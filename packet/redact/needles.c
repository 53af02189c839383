#include "packet/redact/needles.h"
#include "packet/base/byte-table.h"

#define MAX_STARTS 12 /* places inside a word where a local part may begin */
#define MAX_ENDS 6    /* … and where a domain may end */

/* Bytes by what they may be part of. */
enum { SIGN = 1, WORD = 2, DOMAIN = 4, ALNUM = 8 };

/* What stands between local part and domain in a sender's own addresses: "@=-+#%!_". */
#define IS_SIGN(c)                                                                                 \
  ((c) == '@' || (c) == '=' || (c) == '-' || (c) == '+' || (c) == '#' || (c) == '%' || (c) == '!'  \
   || (c) == '_')
#define IS_WORD_MARK(c)                                                                            \
  ((c) == '.' || (c) == '~' || (c) == '\'' || (c) == '$' || (c) == '*' || (c) == '^' || (c) == '`' \
   || PKT_BYTE_IN (c, '{', '}') || (c) == '&' || (c) == '/' || (c) == '?')
#define CLASS(c)                                                                                   \
  ((IS_SIGN (c) ? SIGN | WORD : 0) | (IS_WORD_MARK (c) || PKT_BYTE_IS_HIGH (c) ? WORD : 0)         \
   | (PKT_BYTE_IS_ALNUM (c) ? WORD | DOMAIN | ALNUM : 0)                                           \
   | ((c) == '.' || (c) == '-' || PKT_BYTE_IS_HIGH (c) ? DOMAIN : 0))

static const guint8 classes[256] = { PKT_BYTE_TABLE (CLASS) };

static inline gboolean
is (char c, guint what)
{
  return (classes[(guint8)c] & what) != 0;
}

enum { SEED_ADDRESS = 0x61, SEED_LOCAL = 0x6c, SEED_EVERY_LOCAL = 0x65 };

void
pkt_needles_init (PktNeedles *n)
{
  *n = (PktNeedles){ 0 };
  n->domains = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  n->sums = pkt_sums_new ();
}

void
pkt_needles_clear (PktNeedles *n)
{
  pkt_digests_clear (&n->set);
  pkt_digests_clear (&n->every_local);
  g_clear_pointer (&n->domains, g_hash_table_unref);
  g_clear_pointer (&n->sums, pkt_sums_free);
}

static guint64
lower_hash (PktSlice s, guint64 seed)
{
  char lower[512];
  gsize n = MIN (s.n, sizeof lower);
  for (gsize i = 0; i < n; i++)
    lower[i] = pkt_ascii_lower (s.p[i]);
  return pkt_slice_hash (pkt_slice (lower, n), seed);
}

static void
add_sums (PktNeedles *n, PktSlice s)
{
  guint64 sums[PKT_SUMS];
  pkt_sums_of (n->sums, s, sums);
  pkt_digests_add_all (&n->set, sums, PKT_SUMS);
}

/* A word that could be anything ("newsletter") would stop honest texts. */
static gboolean
odd_local (PktSlice local)
{
  gsize letters = 0, digits = 0, marks = 0;
  for (gsize i = 0; i < local.n; i++) {
    letters += g_ascii_isalpha (local.p[i]) || (guint8)local.p[i] >= 0x80;
    digits += g_ascii_isdigit (local.p[i]);
    marks += strchr ("._-", local.p[i]) != NULL;
  }
  if (local.n < PKT_NEEDLES_MIN_LOCAL || local.n > PKT_NEEDLES_MAX_LOCAL)
    return FALSE;
  return letters ? digits + marks > 0 : digits >= 10;
}

/* What parts the words of a local part. */
static inline gboolean
is_sign (char c)
{
  return c == '.' || c == '-' || c == '+' || c == '_';
}

/* "jane_q_icloud_com": what made a word of it made one sign of all. FALSE: the local part has none.
 */
static gboolean
slug (char *local, gsize n)
{
  gboolean any = FALSE;
  for (gsize i = 0; i < n; i++)
    if (is_sign (local[i])) {
      local[i] = '_';
      any = TRUE;
    }
  return any;
}

static void
add_slug (PktNeedles *n, PktSlice address, gsize local)
{
  g_autofree char *form = g_strndup (address.p, address.n);
  if (slug (form, local))
    pkt_digests_add (&n->set, lower_hash (pkt_slice (form, address.n), SEED_ADDRESS));
}

/* Of "jane.quill" also "jane-quill" and "jane_quill" are nobody else; of "e.mail" they are words.
 */
static gboolean
has_telling_parts (PktSlice local)
{
  gsize part = 0, parts = 1;
  for (gsize i = 0; i < local.n; i++) {
    const gboolean sign = is_sign (local.p[i]);
    if (sign && part < PKT_NEEDLES_MIN_PART)
      return FALSE;
    parts += sign;
    part = sign ? 0 : part + 1;
  }
  return parts > 1 && part >= PKT_NEEDLES_MIN_PART && local.n >= PKT_NEEDLES_MIN_SLUG;
}

static void
add_local (PktNeedles *n, PktSlice local)
{
  pkt_digests_add (&n->set, lower_hash (local, SEED_LOCAL));
  g_autofree char *form = g_strndup (local.p, local.n);
  if (has_telling_parts (local) && slug (form, local.n))
    pkt_digests_add (&n->set, lower_hash (pkt_slice (form, local.n), SEED_LOCAL));
}

static void
add_form (PktNeedles *n, PktSlice address, gboolean skip_local)
{
  PktSlice domain = pkt_slice_domain (address);
  PktSlice local = pkt_slice (address.p, address.n - domain.n - 1);
  pkt_digests_add (&n->set, lower_hash (address, SEED_ADDRESS));
  pkt_digests_add (&n->every_local, lower_hash (local, SEED_EVERY_LOCAL));
  add_slug (n, address, local.n);
  if (!skip_local && odd_local (local))
    add_local (n, local);
  g_autofree char *lower = g_ascii_strdown (address.p, (gssize)address.n);
  add_sums (n, pkt_slice (lower, address.n));
  if (memcmp (lower, address.p, address.n) != 0)
    add_sums (n, address);
  g_autofree char *upper = g_ascii_strup (address.p, (gssize)address.n);
  add_sums (n, pkt_slice (upper, address.n));
}

static void
add_domain (PktNeedles *n, PktSlice domain)
{
  g_autofree char *lower = g_ascii_strdown (domain.p, (gssize)domain.n);
  if (!g_hash_table_contains (n->domains, lower)) {
    g_hash_table_add (n->domains, g_steal_pointer (&lower));
    pkt_beginnings_add (&n->domain_starts, domain);
  }
}

/* As given and without "+tag". */
static void
add_tagged (PktNeedles *n, PktSlice address, gboolean skip_local)
{
  PktSlice domain = pkt_slice_domain (address);
  add_domain (n, domain);
  add_form (n, address, skip_local);
  const char *plus = memchr (address.p, '+', address.n - domain.n);
  if (plus && plus > address.p) {
    g_autofree char *untagged = g_strdup_printf ("%.*s@%.*s", (int)(plus - address.p), address.p,
                                                 (int)domain.n, domain.p);
    add_form (n, pkt_slice_str (untagged), skip_local);
  }
}

/* The same with an IDN domain in its other form (RFC 5891), and as decoding folds it. */
static void
add_unicode (PktNeedles *n, PktSlice address, gboolean skip_local)
{
  PktSlice domain = pkt_slice_domain (address);
  g_autofree char *raw = g_strndup (domain.p, domain.n);
  g_autofree char *local = g_utf8_make_valid (address.p, (gssize)(address.n - domain.n - 1));
  g_autofree char *folded = g_utf8_casefold (local, -1);
  g_autofree char *normal = g_utf8_normalize (folded, -1, G_NORMALIZE_NFKC);
  g_autofree char *ascii = g_hostname_to_ascii (raw), *unicode = g_hostname_to_unicode (raw);
  const char *const locals[] = { local, normal }, *const domains[] = { raw, ascii, unicode };
  for (gsize l = 0; l < G_N_ELEMENTS (locals); l++)
    for (gsize d = 0; d < G_N_ELEMENTS (domains); d++) {
      g_autofree char *form = g_strconcat (locals[l] ? locals[l] : local, "@",
                                           domains[d] ? domains[d] : raw, NULL);
      add_tagged (n, pkt_slice_str (form), skip_local);
    }
}

gboolean
pkt_needles_add (PktNeedles *n, PktSlice address, gboolean skip_local)
{
  if (pkt_needles_has (n, address))
    return FALSE;
  gboolean plain = pkt_slice_find (address, PKT_SLICE ("xn--")).p == NULL;
  for (gsize i = 0; i < address.n && plain; i++)
    plain = (guint8)address.p[i] < 0x80;
  add_tagged (n, address, skip_local);
  if (!plain)
    add_unicode (n, address, skip_local);
  n->count++;
  return TRUE;
}

gboolean
pkt_needles_has (const PktNeedles *n, PktSlice address)
{
  return pkt_digests_find (&n->set, lower_hash (address, SEED_ADDRESS), 64, NULL);
}

gboolean
pkt_needles_has_local (const PktNeedles *n, PktSlice local)
{
  return pkt_digests_find (&n->every_local, lower_hash (local, SEED_EVERY_LOCAL), 64, NULL);
}

/* The domain as it is known, when `s` is one, perhaps with '_' or '-' for its dots; NULL. */
static char *
known_domain (const PktNeedles *n, PktSlice s)
{
  g_autofree char *lower = g_ascii_strdown (s.p, (gssize)s.n);
  if (!g_hash_table_contains (n->domains, lower) && strchr (lower, '.') == NULL)
    g_strdelimit (lower, "_-", '.');
  return g_hash_table_contains (n->domains, lower) ? g_steal_pointer (&lower) : NULL;
}

/* The longest known domain that begins at `at`, its length in the text in *length; NULL. */
static char *
domain_at (const PktNeedles *n, PktSlice s, gsize at, gsize *length)
{
  gsize end = at, tries = 0;
  if (!pkt_beginnings_has (&n->domain_starts, s, at))
    return NULL;
  while (end < s.n && end - at < 255 && (is (s.p[end], DOMAIN) || s.p[end] == '_'))
    end++;
  gboolean marked = FALSE;
  for (gsize i = at; i < end && !marked; i++)
    marked = strchr (".-_", s.p[i]) != NULL;
  if (s.p[at - 1] != '@' && !marked)
    return NULL;
  while (end > at && tries < MAX_ENDS) {
    char *domain = known_domain (n, pkt_slice (s.p + at, end - at));
    *length = end - at;
    if (domain)
      return domain;
    do
      end--;
    while (end > at && is (s.p[end], ALNUM));
    tries += (guint8)s.p[end] < 0x80; /* what cannot be read may follow in any number */
  }
  return NULL;
}

/* "user--example.net": where the local part before the sign ends. */
static gsize
local_end (PktSlice s, gsize at)
{
  while (at > 1 && is (s.p[at - 1], SIGN))
    at--;
  return at;
}

/* Tries the local parts that end at `at`; the longest wins. */
static gboolean
address_around (const PktNeedles *n, PktSlice s, gsize at, PktSlice domain, gsize *start)
{
  char buffer[512];
  gboolean found = FALSE;
  gsize tries = 0;
  for (gsize i = at; i > 0 && at - i < 256 && tries < MAX_STARTS; i--) {
    if (i > 1 && is (s.p[i - 2], ALNUM) && (guint8)s.p[i - 2] < 0x80)
      continue;
    tries++;
    gsize local_n = at - (i - 1);
    if (local_n + 1 + domain.n > sizeof buffer)
      break;
    memcpy (buffer, s.p + i - 1, local_n);
    buffer[local_n] = '@';
    memcpy (buffer + local_n + 1, domain.p, domain.n);
    PktSlice whole = pkt_slice (buffer, local_n + 1 + domain.n);
    if (pkt_needles_has (n, whole) || (slug (buffer, local_n) && pkt_needles_has (n, whole))) {
      *start = i - 1;
      found = TRUE;
    }
  }
  return found;
}

char *
pkt_needles_find_verp (const PktNeedles *n, PktSlice s, gsize *start, gsize *end)
{
  for (gsize i = s.n; i > 1; i--) {
    gsize at = i - 1, length;
    if (!is (s.p[at], SIGN))
      continue;
    g_autofree char *domain = domain_at (n, s, at + 1, &length);
    gsize local = domain ? local_end (s, at) : 0;
    if (domain == NULL || !address_around (n, s, local, pkt_slice_str (domain), start))
      continue;
    *end = at + 1 + length;
    return g_strdup_printf ("%.*s@%s", (int)(local - *start), s.p + *start, domain);
  }
  return NULL;
}

/* A recipient whose domain is `domain` and whose local part begins at `at`. */
static gboolean
local_behind (const PktNeedles *n, PktSlice word, gsize at, const char *domain)
{
  char buffer[512];
  gsize domain_n = strlen (domain);
  for (gsize end = at + 1; end <= word.n && end - at + domain_n + 1 <= sizeof buffer; end++) {
    if (end < word.n && is (word.p[end], ALNUM))
      continue;
    memcpy (buffer, word.p + at, end - at);
    buffer[end - at] = '@';
    memcpy (buffer + (end - at) + 1, domain, domain_n);
    if (pkt_needles_has (n, pkt_slice (buffer, end - at + 1 + domain_n)))
      return TRUE;
  }
  return FALSE;
}

/* "example.net=user", "example.net!user" */
static gboolean
has_turned (const PktNeedles *n, PktSlice word)
{
  for (gsize at = 1; at + 1 < word.n; at++) {
    if (word.p[at] != '=' && word.p[at] != '!')
      continue;
    for (gsize left = at; left > 0 && at - left < 255 && is (word.p[left - 1], DOMAIN); left--) {
      if ((left > 1 && is (word.p[left - 2], ALNUM))
          || !pkt_beginnings_has (&n->domain_starts, word, left - 1))
        continue;
      g_autofree char *domain = known_domain (n, pkt_slice (word.p + left - 1, at - left + 1));
      if (domain && local_behind (n, word, at + 1, domain))
        return TRUE;
    }
  }
  return FALSE;
}

static gboolean
knows_local (const PktNeedles *n, PktSlice candidate)
{
  char form[PKT_NEEDLES_MAX_LOCAL];
  if (pkt_digests_find (&n->set, lower_hash (candidate, SEED_LOCAL), 64, NULL))
    return TRUE;
  if (candidate.n > sizeof form || !has_telling_parts (candidate))
    return FALSE;
  memcpy (form, candidate.p, candidate.n);
  slug (form, candidate.n);
  return pkt_digests_find (&n->set, lower_hash (pkt_slice (form, candidate.n), SEED_LOCAL), 64,
                           NULL);
}

static gboolean
has_local_in (const PktNeedles *n, PktSlice word)
{
  for (gsize start = 0; start < word.n; start++) {
    if (start > 0 && is (word.p[start - 1], ALNUM))
      continue;
    gsize tries = 0;
    for (gsize end = start + 1; end <= word.n && end - start <= PKT_NEEDLES_MAX_LOCAL; end++) {
      if (end < word.n && is (word.p[end], ALNUM))
        continue;
      if (tries++ == MAX_ENDS)
        break;
      PktSlice candidate = pkt_slice (word.p + start, end - start);
      if (candidate.n >= PKT_NEEDLES_MIN_LOCAL && knows_local (n, candidate))
        return TRUE;
    }
  }
  return FALSE;
}

const char *
pkt_needles_scan (const PktNeedles *n, const PktView *view)
{
  PktSlice s = view->bytes;
  if (n->count == 0)
    return NULL;
  for (gsize i = 0; i < s.n;) {
    gsize start = i, from, to;
    while (i < s.n && is (s.p[i], WORD))
      i++;
    PktSlice word = pkt_slice (s.p + start, i - start);
    g_autofree char *address = word.n > 3 ? pkt_needles_find_verp (n, word, &from, &to) : NULL;
    if (address || has_turned (n, word))
      return "recipient";
    if (!view->joined && word.n >= PKT_NEEDLES_MIN_LOCAL && has_local_in (n, word))
      return "local-part";
    i += i == start;
  }
  if (pkt_needles_have_hex (n, s) || (view->depth > 0 && pkt_needles_have_raw (n, s)))
    return "hash";
  return NULL;
}
