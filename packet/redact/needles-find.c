/* Where in a text a needle stands, and in which of the ways that senders write one. */
#include "packet/redact/needles-priv.h"
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

/* The domain as it is known, when `s` is one, perhaps with '_' or '-' for its dots; NULL. */
static char *
known_domain (const PktNeedles *n, PktSlice s)
{
  g_autofree char *lower = g_ascii_strdown (s.p, (gssize)s.n);
  if (!g_hash_table_contains (n->domains, lower) && strchr (lower, '.') == NULL)
    g_strdelimit (lower, "_-", '.');
  return g_strdup (g_hash_table_lookup (n->domains, lower));
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
    if (pkt_needles_has (n, whole)
        || (pkt_needles_slug (buffer, local_n) && pkt_needles_has (n, whole))) {
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
  if (pkt_digests_find (&n->set, pkt_needles_hash (candidate, PKT_NEEDLE_LOCAL), 64, NULL))
    return TRUE;
  if (candidate.n > sizeof form || !pkt_needles_has_telling_parts (candidate))
    return FALSE;
  memcpy (form, candidate.p, candidate.n);
  pkt_needles_slug (form, candidate.n);
  return pkt_digests_find (
      &n->set, pkt_needles_hash (pkt_slice (form, candidate.n), PKT_NEEDLE_LOCAL), 64, NULL);
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
