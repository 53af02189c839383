#include "packet/redact/needles.h"

#define MAX_STARTS 12 /* places inside a word where a local part may begin */
#define MAX_ENDS 6    /* … and where a domain may end */

enum { SEED_ADDRESS = 0x61, SEED_LOCAL = 0x6c, SEED_EVERY_LOCAL = 0x65 };

static const GChecksumType sum_types[] = { G_CHECKSUM_MD5, G_CHECKSUM_SHA1, G_CHECKSUM_SHA256,
                                           G_CHECKSUM_SHA512 };

void
pkt_needles_init (PktNeedles *n)
{
  *n = (PktNeedles){ 0 };
  n->domains = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (sum_types); i++)
    n->sums[i] = g_checksum_new (sum_types[i]);
}

void
pkt_needles_clear (PktNeedles *n)
{
  pkt_digests_clear (&n->set);
  pkt_digests_clear (&n->every_local);
  g_clear_pointer (&n->domains, g_hash_table_unref);
  for (gsize i = 0; i < G_N_ELEMENTS (sum_types); i++)
    g_clear_pointer (&n->sums[i], g_checksum_free);
}

static guint64
lower_hash (PktSlice s, guint64 seed)
{
  char lower[512];
  gsize n = MIN (s.n, sizeof lower);
  for (gsize i = 0; i < n; i++)
    lower[i] = g_ascii_tolower (s.p[i]);
  return pkt_slice_hash (pkt_slice (lower, n), seed);
}

static void
add_sums (PktNeedles *n, PktSlice s)
{
  for (gsize i = 0; i < G_N_ELEMENTS (sum_types); i++) {
    guint8 digest[64];
    gsize size = sizeof digest;
    guint64 first = 0;
    g_checksum_reset (n->sums[i]);
    g_checksum_update (n->sums[i], (const guchar *)s.p, (gssize)s.n);
    g_checksum_get_digest (n->sums[i], digest, &size);
    for (int k = 0; k < 8; k++)
      first = first << 8 | digest[k];
    pkt_digests_add (&n->set, first);
  }
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

static void
add_form (PktNeedles *n, PktSlice address, gboolean skip_local)
{
  PktSlice domain = pkt_slice_domain (address);
  PktSlice local = pkt_slice (address.p, address.n - domain.n - 1);
  pkt_digests_add (&n->set, lower_hash (address, SEED_ADDRESS));
  pkt_digests_add (&n->every_local, lower_hash (local, SEED_EVERY_LOCAL));
  if (!skip_local && odd_local (local))
    pkt_digests_add (&n->set, lower_hash (local, SEED_LOCAL));
  g_autofree char *lower = g_ascii_strdown (address.p, (gssize)address.n);
  add_sums (n, pkt_slice (lower, address.n));
  if (memcmp (lower, address.p, address.n) != 0)
    add_sums (n, address);
}

gboolean
pkt_needles_add (PktNeedles *n, PktSlice address, gboolean skip_local)
{
  if (pkt_needles_has (n, address))
    return FALSE;
  PktSlice domain = pkt_slice_domain (address);
  g_autofree char *lower_domain = g_ascii_strdown (domain.p, (gssize)domain.n);
  if (!g_hash_table_contains (n->domains, lower_domain))
    g_hash_table_add (n->domains, g_steal_pointer (&lower_domain));
  add_form (n, address, skip_local);
  const char *plus = memchr (address.p, '+', address.n - domain.n);
  if (plus && plus > address.p) {
    g_autofree char *head = g_strndup (address.p, (gsize)(plus - address.p));
    g_autofree char *tail = g_strndup (domain.p, domain.n);
    g_autofree char *untagged = g_strconcat (head, "@", tail, NULL);
    add_form (n, pkt_slice_str (untagged), skip_local);
  }
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

static gboolean
word_char (char c)
{
  return g_ascii_isalnum (c) || (guint8)c >= 0x80 || (c && strchr ("._+-=%~'@!#$*^{|}`", c));
}

static gboolean
domain_char (char c)
{
  return g_ascii_isalnum (c) || c == '.' || c == '-' || (guint8)c >= 0x80;
}

/* The longest known domain that begins at `at`; its length or 0. */
static gsize
domain_at (const PktNeedles *n, PktSlice s, gsize at)
{
  gsize end = at, tries = 0;
  while (end < s.n && end - at < 255 && domain_char (s.p[end]))
    end++;
  if (s.p[at - 1] != '@' && memchr (s.p + at, '.', end - at) == NULL)
    return 0;
  while (end > at && tries++ < MAX_ENDS) {
    g_autofree char *lower = g_ascii_strdown (s.p + at, (gssize)(end - at));
    if (g_hash_table_contains (n->domains, lower))
      return end - at;
    do
      end--;
    while (end > at && g_ascii_isalnum (s.p[end]));
  }
  return 0;
}

/* Tries the local parts that end at `at`; the longest wins. */
static gboolean
address_around (const PktNeedles *n, PktSlice s, gsize at, gsize domain_n, gsize *start)
{
  char buffer[512];
  gboolean found = FALSE;
  gsize tries = 0;
  for (gsize i = at; i > 0 && at - i < 256 && tries < MAX_STARTS; i--) {
    if (i > 1 && g_ascii_isalnum (s.p[i - 2]) && (guint8)s.p[i - 2] < 0x80)
      continue;
    tries++;
    gsize local_n = at - (i - 1);
    if (local_n + 1 + domain_n > sizeof buffer)
      break;
    memcpy (buffer, s.p + i - 1, local_n);
    buffer[local_n] = '@';
    memcpy (buffer + local_n + 1, s.p + at + 1, domain_n);
    if (pkt_needles_has (n, pkt_slice (buffer, local_n + 1 + domain_n))) {
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
    gsize at = i - 1, domain_n;
    if (s.p[at] != '=' && s.p[at] != '-' && s.p[at] != '@')
      continue;
    domain_n = domain_at (n, s, at + 1);
    if (domain_n == 0 || !address_around (n, s, at, domain_n, start))
      continue;
    *end = at + 1 + domain_n;
    char *address = g_strndup (s.p + *start, *end - *start);
    address[at - *start] = '@';
    return address;
  }
  return NULL;
}

static gboolean
has_local_in (const PktNeedles *n, PktSlice word)
{
  for (gsize start = 0; start < word.n; start++) {
    if (start > 0 && g_ascii_isalnum (word.p[start - 1]))
      continue;
    gsize tries = 0;
    for (gsize end = start + 1; end <= word.n && end - start <= PKT_NEEDLES_MAX_LOCAL; end++) {
      if (end < word.n && g_ascii_isalnum (word.p[end]))
        continue;
      if (tries++ == MAX_ENDS)
        break;
      PktSlice candidate = pkt_slice (word.p + start, end - start);
      if (candidate.n >= PKT_NEEDLES_MIN_LOCAL
          && pkt_digests_find (&n->set, lower_hash (candidate, SEED_LOCAL), 64, NULL))
        return TRUE;
    }
  }
  return FALSE;
}

/* Digests in hex: a run of 16 digits or more at any place, a shorter one from its start. */
static gboolean
has_hex_digest (const PktNeedles *n, PktSlice s)
{
  guint64 value = 0;
  guint run = 0;
  for (gsize i = 0; i <= s.n; i++) {
    int digit = i < s.n ? g_ascii_xdigit_value (s.p[i]) : -1;
    if (digit < 0) {
      if (run >= PKT_NEEDLES_MIN_DIGITS && run < 16
          && pkt_digests_find (&n->set, value << (64 - 4 * run), 4 * run, NULL))
        return TRUE;
      run = 0;
      continue;
    }
    value = value << 4 | (guint64)digit;
    if (++run >= 16 && pkt_digests_find (&n->set, value, 64, NULL))
      return TRUE;
  }
  return FALSE;
}

/* Digests as bytes, after base64 or base32. */
static gboolean
has_raw_digest (const PktNeedles *n, PktSlice s)
{
  guint64 value = 0;
  for (gsize i = 0; i < s.n; i++) {
    value = value << 8 | (guint8)s.p[i];
    if (i >= 7 && pkt_digests_find (&n->set, value, 64, NULL))
      return TRUE;
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
    while (i < s.n && word_char (s.p[i]))
      i++;
    PktSlice word = pkt_slice (s.p + start, i - start);
    g_autofree char *address = word.n > 3 ? pkt_needles_find_verp (n, word, &from, &to) : NULL;
    if (address)
      return "recipient";
    if (word.n >= PKT_NEEDLES_MIN_LOCAL && has_local_in (n, word))
      return "local-part";
    i += i == start;
  }
  if (has_hex_digest (n, s) || (view->depth > 0 && has_raw_digest (n, s)))
    return "hash";
  return NULL;
}
