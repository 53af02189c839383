/* What must not leave, learnt from addresses in all of their forms. */
#include "packet/redact/needles-priv.h"
#include "packet/redact/our-words.h"

void
pkt_needles_init (PktNeedles *n)
{
  *n = (PktNeedles){ 0 };
  n->domains = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
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

gboolean
pkt_needles_slug (char *local, gsize n)
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
  if (pkt_needles_slug (form, local))
    pkt_digests_add (&n->set, pkt_needles_hash (pkt_slice (form, address.n), PKT_NEEDLE_ADDRESS));
}

gboolean
pkt_needles_has_telling_parts (PktSlice local)
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
  pkt_digests_add (&n->set, pkt_needles_hash (local, PKT_NEEDLE_LOCAL));
  g_autofree char *form = g_strndup (local.p, local.n);
  if (pkt_needles_has_telling_parts (local) && pkt_needles_slug (form, local.n))
    pkt_digests_add (&n->set, pkt_needles_hash (pkt_slice (form, local.n), PKT_NEEDLE_LOCAL));
}

/* What its words are, without the number that made it free: "jane_quill" of jane.quill77. */
static void
add_spelled (PktNeedles *n, PktSlice local)
{
  while (local.n && (g_ascii_isdigit (local.p[local.n - 1]) || is_sign (local.p[local.n - 1])))
    local.n--;
  g_autofree char *form = g_strndup (local.p, local.n);
  pkt_needles_slug (form, local.n);
  if (local.n >= PKT_NEEDLES_MIN_SPELLED)
    pkt_digests_add (&n->every_local,
                     pkt_needles_hash (pkt_slice (form, local.n), PKT_NEEDLE_SPELLED));
}

static gboolean
is_spelled (const PktNeedles *n, const char *first, gsize length, const char *sign,
            const char *second)
{
  g_autofree char *form = g_strdup_printf ("%.*s%s%s", (int)length, first, sign, second);
  return pkt_digests_find (&n->every_local,
                           pkt_needles_hash (pkt_slice_str (form), PKT_NEEDLE_SPELLED), 64, NULL);
}

gboolean
pkt_needles_spell (const PktNeedles *n, const char *first, const char *second)
{
  const gsize all = strlen (first), initial = (gsize)(g_utf8_next_char (first) - first);
  return is_spelled (n, first, all, "_", second) || is_spelled (n, first, all, "", second)
         || is_spelled (n, second, strlen (second), "_", first)
         || is_spelled (n, second, strlen (second), "", first)
         || is_spelled (n, first, initial, "_", second);
}

static void
add_form (PktNeedles *n, PktSlice address, gboolean skip_local)
{
  PktSlice domain = pkt_slice_domain (address);
  PktSlice local = pkt_slice (address.p, address.n - domain.n - 1);
  pkt_digests_add (&n->set, pkt_needles_hash (address, PKT_NEEDLE_ADDRESS));
  pkt_digests_add (&n->every_local, pkt_needles_hash (local, PKT_NEEDLE_EVERY_LOCAL));
  add_slug (n, address, local.n);
  add_spelled (n, local);
  if (!skip_local && odd_local (local) && !pkt_our_words_have (local))
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
  if (g_strcmp0 (g_hash_table_lookup (n->domains, lower), lower) == 0)
    return;
  pkt_beginnings_add (&n->domain_starts, domain);
  g_autofree char *dotted = g_strdelimit (g_strdup (lower), "-", '.');
  if (!g_hash_table_contains (n->domains, dotted))
    g_hash_table_insert (n->domains, g_strdup (dotted), g_strdup (lower));
  g_hash_table_insert (n->domains, g_strdup (lower), g_strdup (lower));
}

/* As given and without "+tag". */
static void
add_tagged (PktNeedles *n, PktSlice address, PktNeedleSkip skip)
{
  PktSlice domain = pkt_slice_domain (address);
  const gboolean skip_local = (skip & PKT_NEEDLE_SKIP_LOCAL) != 0;
  add_domain (n, domain);
  add_form (n, address, skip_local);
  const char *plus = memchr (address.p, '+', address.n - domain.n);
  if (plus && plus > address.p && !(skip & PKT_NEEDLE_SKIP_UNTAGGED)) {
    g_autofree char *untagged = g_strdup_printf ("%.*s@%.*s", (int)(plus - address.p), address.p,
                                                 (int)domain.n, domain.p);
    add_form (n, pkt_slice_str (untagged), skip_local);
  }
}

/* The same with an IDN domain in its other form (RFC 5891), and as decoding folds it. */
static void
add_unicode (PktNeedles *n, PktSlice address, PktNeedleSkip skip)
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
      add_tagged (n, pkt_slice_str (form), skip);
    }
}

/* "jane quill"@: senders' addresses and digests have it without its quotes, with a sign for the
 * blank. */
static void
add_unquoted (PktNeedles *n, PktSlice address, PktNeedleSkip skip)
{
  const PktSlice domain = pkt_slice_domain (address);
  const gsize local = address.n - domain.n - 1;
  if (domain.n == 0 || local < 3 || address.p[0] != '"' || address.p[local - 1] != '"')
    return;
  g_autofree char *bare = g_strdup_printf ("%.*s@%.*s", (int)local - 2, address.p + 1,
                                           (int)domain.n, domain.p);
  add_tagged (n, pkt_slice_str (bare), skip);
  if (strchr (bare, ' ')) {
    g_strdelimit (bare, " ", '.');
    add_tagged (n, pkt_slice_str (bare), skip);
  }
}

gboolean
pkt_needles_add (PktNeedles *n, PktSlice address, PktNeedleSkip skip)
{
  if (pkt_needles_has (n, address))
    return FALSE;
  gboolean plain = pkt_slice_find (address, PKT_SLICE ("xn--")).p == NULL;
  for (gsize i = 0; i < address.n && plain; i++)
    plain = (guint8)address.p[i] < 0x80;
  add_tagged (n, address, skip);
  if (!plain)
    add_unicode (n, address, skip);
  add_unquoted (n, address, skip);
  n->count++;
  return TRUE;
}

gboolean
pkt_needles_has (const PktNeedles *n, PktSlice address)
{
  return pkt_digests_find (&n->set, pkt_needles_hash (address, PKT_NEEDLE_ADDRESS), 64, NULL);
}

gboolean
pkt_needles_has_local (const PktNeedles *n, PktSlice local)
{
  return pkt_digests_find (&n->every_local, pkt_needles_hash (local, PKT_NEEDLE_EVERY_LOCAL), 64,
                           NULL);
}
