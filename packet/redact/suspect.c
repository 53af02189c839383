#include "packet/redact/suspect.h"

#define MAX_SIDE 255 /* bytes of a local part or domain that are read */
#define MAX_TRIES 16 /* boundaries tried on each side */
#define MIN_ALONE 8  /* local parts that count without their domain */
#define MIN_CUT_HASH 12

struct PktSuspects {
  GHashTable *allowed; /* lower case */
  GPtrArray *own;      /* lower case domains */
  GHashTable *domains; /* lower case domains of recipients */
  PktDigests known;
  GChecksum *md5, *sha1, *sha256, *sha512;
  guint64 needles, candidates;
};

enum { OF_ADDRESS = 1, OF_LOCAL = 2 };

PktSuspects *
pkt_suspects_new (const PktRedactScope *scope)
{
  PktSuspects *s = g_new0 (PktSuspects, 1);
  s->allowed = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  s->domains = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  s->own = g_ptr_array_new_with_free_func (g_free);
  s->md5 = g_checksum_new (G_CHECKSUM_MD5);
  s->sha1 = g_checksum_new (G_CHECKSUM_SHA1);
  s->sha256 = g_checksum_new (G_CHECKSUM_SHA256);
  s->sha512 = g_checksum_new (G_CHECKSUM_SHA512);
  g_hash_table_add (s->allowed, g_strdup ("icloudadmin@apple.com"));
  for (gsize i = 0; scope && scope->allowed && scope->allowed[i]; i++)
    g_hash_table_add (s->allowed, g_ascii_strdown (scope->allowed[i], -1));
  for (gsize i = 0; scope && scope->own_domains && scope->own_domains[i]; i++)
    if (scope->own_domains[i][0])
      g_ptr_array_add (s->own, g_ascii_strdown (scope->own_domains[i], -1));
  return s;
}

void
pkt_suspects_free (PktSuspects *s)
{
  g_hash_table_unref (s->allowed);
  g_hash_table_unref (s->domains);
  g_ptr_array_unref (s->own);
  pkt_digests_clear (&s->known);
  g_checksum_free (s->md5);
  g_checksum_free (s->sha1);
  g_checksum_free (s->sha256);
  g_checksum_free (s->sha512);
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

static guint64
first64 (GChecksum *sum, const char *text, gsize n)
{
  guint8 digest[64];
  gsize size = sizeof digest;
  guint64 value = 0;
  g_checksum_reset (sum);
  g_checksum_update (sum, (const guchar *)text, (gssize)n);
  g_checksum_get_digest (sum, digest, &size);
  for (int i = 0; i < 8; i++)
    value = value << 8 | digest[i];
  return value;
}

static void
know_hashes (PktSuspects *s, const char *text)
{
  gsize n = strlen (text);
  pkt_digests_add (&s->known, first64 (s->md5, text, n));
  pkt_digests_add (&s->known, first64 (s->sha1, text, n));
  pkt_digests_add (&s->known, first64 (s->sha256, text, n));
  pkt_digests_add (&s->known, first64 (s->sha512, text, n));
}

/* "smith.j", "user_0130", "0049170123456"; but no word that every text has. */
static gboolean
telling (const PktSuspects *s, const char *local)
{
  gsize n = strlen (local);
  gboolean digits_only = strspn (local, "0123456789") == n;
  if (n < MIN_ALONE || (digits_only && n < 10) || strpbrk (local, "0123456789._-") == NULL)
    return FALSE;
  for (guint i = 0; i < s->own->len; i++)
    if (strstr (s->own->pdata[i], local) || strstr (local, s->own->pdata[i]))
      return FALSE;
  return TRUE;
}

static void
know (PktSuspects *s, const char *local, const char *domain)
{
  g_autofree char *address = g_strconcat (local, "@", domain, NULL);
  g_autofree char *lower = g_ascii_strdown (address, -1);
  g_autofree char *lower_local = g_ascii_strdown (local, -1);
  pkt_digests_add (&s->known, pkt_slice_hash (pkt_slice_str (lower), OF_ADDRESS));
  know_hashes (s, lower);
  if (!g_str_equal (lower, address))
    know_hashes (s, address);
  if (telling (s, lower_local))
    pkt_digests_add (&s->known, pkt_slice_hash (pkt_slice_str (lower_local), OF_LOCAL));
}

static gboolean
is_known_address (PktSuspects *s, const char *lower, gsize n)
{
  s->candidates++;
  return pkt_digests_find (&s->known, pkt_slice_hash (pkt_slice (lower, n), OF_ADDRESS), 64, NULL);
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
  if (at == NULL || at == text || at[1] == '\0' || strlen (text) > 320
      || g_hash_table_contains (s->allowed, lower) || is_known_address (s, lower, strlen (lower)))
    return;
  *at = '\0';
  s->needles++;
  g_hash_table_add (s->domains, g_ascii_strdown (at + 1, -1));
  know (s, text, at + 1);
  char *plus = strchr (text + 1, '+');
  if (plus) {
    *plus = '\0';
    know (s, text, at + 1);
  }
}

/* ---- addresses ---- */

typedef struct {
  PktSuspects *s;
  const PktView *view;
  PktSlice text;
  PktSurface surface;
  PktSuspectFunc f;
  gpointer data;
} Judge;

static void
found (Judge *j, const char *rule, gsize at)
{
  j->f (rule, at, j->data);
}

static gboolean
in_local (guint8 c)
{
  return g_ascii_isalnum (c) || c >= 0x80 || (c && strchr (".!#$%'*+-=^_`{|}~", c));
}

static gboolean
in_domain (guint8 c)
{
  return g_ascii_isalnum (c) || c == '-' || c == '.' || c >= 0x80;
}

/* How far back from `at` a local part may reach; a quoted one to its opening quote. */
static gsize
left_edge (PktSlice t, gsize at)
{
  gsize i = at;
  if (i && t.p[i - 1] == '"') {
    for (i--; i && at - i < MAX_SIDE; i--)
      if (t.p[i - 1] == '"')
        return i - 1;
    return at;
  }
  while (i && at - i < MAX_SIDE && in_local ((guint8)t.p[i - 1]))
    i--;
  return i;
}

static gsize
right_edge (PktSlice t, gsize at)
{
  gsize i = at + 1;
  while (i < t.n && i - at < MAX_SIDE && in_domain ((guint8)t.p[i]))
    i++;
  while (i > at + 1 && strchr (".-", t.p[i - 1]) && t.p[i - 1])
    i--;
  return i;
}

static gboolean
is_own (const PktSuspects *s, const char *domain)
{
  for (guint i = 0; i < s->own->len; i++) {
    const char *own = s->own->pdata[i];
    gsize n = strlen (domain), m = strlen (own);
    if (n >= m && g_str_equal (domain + n - m, own) && (n == m || domain[n - m - 1] == '.'))
      return TRUE;
  }
  return FALSE;
}

/* Any known recipient between left edge and the sign at `at` ('@', '=' or '-')? The domain is tried
 * from its longest reading down, the local part from every place where a word begins. */
static gboolean
known_around (Judge *j, gsize at, gsize left, gsize right)
{
  char buffer[2 * MAX_SIDE + 8];
  gsize tries = 0;
  for (gsize end = right; end > at + 1 && tries < MAX_TRIES; end--) {
    if (end < right && g_ascii_isalnum (j->text.p[end]))
      continue;
    tries++;
    gsize domain_n = end - at - 1;
    g_autofree char *domain = g_ascii_strdown (j->text.p + at + 1, (gssize)domain_n);
    if (!g_hash_table_contains (j->s->domains, domain))
      continue;
    gsize starts = 0;
    for (gsize i = at; i > left && starts < MAX_TRIES * 4; i--) {
      if (i - 1 > left && g_ascii_isalnum (j->text.p[i - 2]))
        continue;
      starts++;
      gsize local_n = at - i + 1;
      for (gsize k = 0; k < local_n; k++)
        buffer[k] = g_ascii_tolower (j->text.p[i - 1 + k]);
      buffer[local_n] = '@';
      memcpy (buffer + local_n + 1, domain, domain_n);
      if (is_known_address (j->s, buffer, local_n + 1 + domain_n))
        return TRUE;
    }
  }
  return FALSE;
}

static gboolean
looks_like_domain (const char *d)
{
  const char *dot = strrchr (d, '.');
  return dot && dot > d && strlen (dot + 1) >= 2 && !g_ascii_isdigit (dot[1]);
}

/* Between `<` and `>`, on a line that says what it is (design section 7: known by their place). */
static gboolean
at_message_id (const Judge *j, gsize left, gsize right)
{
  PktSlice t = j->text;
  if (j->surface == PKT_SURFACE_MESSAGE_ID && j->view->depth == 0)
    return TRUE;
  if (left == 0 || t.p[left - 1] != '<' || right >= t.n || t.p[right] != '>')
    return FALSE;
  gsize i = left - 1;
  while (i && t.p[i - 1] != '\n')
    i--;
  g_autofree char *line = g_ascii_strdown (t.p + i, (gssize)(left - 1 - i));
  g_strstrip (line);
  if (*line == '\0' && i >= 12) { /* folded: the name ends the line before */
    g_free (line);
    line = g_ascii_strdown (t.p + i - 12, 12);
    g_strstrip (line);
  }
  return g_str_has_suffix (line, "message-id") || g_str_has_suffix (line, "message-id:")
         || strstr (line, "refused") || strstr (line, "accepted");
}

static gboolean
ends_in_allowed (Judge *j, const char *address, gboolean any_cut)
{
  GHashTableIter it;
  gpointer key;
  const char *cut = address;
  for (const char *p = address; *p; p++)
    cut = (guint8)*p >= 0x80 ? p + 1 : cut;
  g_hash_table_iter_init (&it, j->s->allowed);
  while (g_hash_table_iter_next (&it, &key, NULL)) {
    gsize n = strlen (address), m = strlen (key);
    if (n > m && g_str_has_suffix (address, key)
        && (!g_ascii_isalnum (address[n - m - 1])
            || (n - m >= 3 && strchr ("%=", address[n - m - 3]))))
      return TRUE; /* "=3Ddana@…", "mailfrom=dana@…", "%20dana@…" */
    if (any_cut && g_str_has_suffix (key, cut))
      return TRUE; /* a decoder took "=da" of "=dana@…" for a byte */
  }
  return FALSE;
}

/* Roles that RFC 2142 has at every domain. */
static gboolean
is_role (const char *address)
{
  return g_str_has_prefix (address, "postmaster@") || g_str_has_prefix (address, "abuse@")
         || g_str_has_prefix (address, "mailer-daemon@");
}

static gboolean
is_fine_by_form (Judge *j, const char *address)
{
  const char *domain = strrchr (address, '@') + 1;
  if (g_hash_table_contains (j->s->allowed, address) || is_role (address)
      || ends_in_allowed (j, address, j->view->depth > 0 || j->surface == PKT_SURFACE_RAW))
    return TRUE;
  return is_own (j->s, domain) || g_str_equal (domain, "apple.com")
         || g_str_has_suffix (domain, ".apple.com");
}

/* "smtp.mailfrom=news.letter@…" is a name and its value. */
static const char *
behind_key (const char *address)
{
  static const char *const keys[] = {
    "smtp.mailfrom=", "smtp.mail=",     "smtp.rcptto=", "smtp.auth=", "envelope-from=", "header.i=",
    "header.from=",   "header.sender=", "mailfrom=",    "from=",      "sender=",        "i="
  };
  for (gsize i = 0; i < G_N_ELEMENTS (keys); i++)
    if (g_str_has_prefix (address, keys[i]))
      return address + strlen (keys[i]);
  return address;
}

/* `user=icloud.com@bounce.example.com`: whoever user is. */
static gboolean
names_another_domain (const char *whole)
{
  const char *address = behind_key (whole);
  const char *at = strrchr (address, '@');
  for (const char *eq = strchr (address, '='); eq && eq < at; eq = strchr (eq + 1, '=')) {
    gsize n = strspn (eq + 1, "abcdefghijklmnopqrstuvwxyz0123456789-.");
    g_autofree char *domain = g_strndup (eq + 1, n);
    if (eq > address && looks_like_domain (domain))
      return TRUE;
  }
  return FALSE;
}

static void
judge_at (Judge *j, gsize at)
{
  gsize left = left_edge (j->text, at), right = right_edge (j->text, at);
  if (left == at || right == at + 1)
    return;
  if (known_around (j, at, left, right)) {
    found (j, "recipient", left);
    return;
  }
  g_autofree char *address = g_ascii_strdown (j->text.p + left, (gssize)(right - left));
  if (j->view->needles_only || !looks_like_domain (strrchr (address, '@') + 1))
    return;
  j->s->candidates++;
  if (j->text.p[at - 1] != '"' && j->surface != PKT_SURFACE_RAW && names_another_domain (address)
      && !ends_in_allowed (j, address, FALSE)) {
    gsize skip = strcspn (address, "="); /* "smtp.mailfrom=news@…" names no other domain */
    found (j, "verp", left + skip);
    return;
  }
  if (!at_message_id (j, left, right) && !is_fine_by_form (j, address))
    found (j, "address", left);
}

static void
judge_addresses (Judge *j)
{
  for (gsize i = 1; i + 1 < j->text.n; i++) {
    char c = j->text.p[i];
    if (c == '@')
      judge_at (j, i);
    else if ((c == '=' || c == '-') && g_hash_table_size (j->s->domains)) {
      gsize left = left_edge (j->text, i), right = right_edge (j->text, i);
      if (left < i && memchr (j->text.p + i, '.', right - i) && known_around (j, i, left, right))
        found (j, "recipient", left);
    }
  }
}

/* ---- local parts and digests ---- */

static gboolean
word_byte (guint8 c)
{
  return g_ascii_isalnum (c) || c == '.' || c == '_' || c == '-' || c == '+' || c >= 0x80;
}

/* Words and what lies between their inner marks, up to four marks long. */
static void
judge_words (Judge *j)
{
  PktSlice t = j->text;
  char lower[64];
  for (gsize i = 0; i < t.n; i++) {
    if (!word_byte ((guint8)t.p[i]) || (i && g_ascii_isalnum (t.p[i - 1])))
      continue;
    guint marks = 0;
    gsize n = 0;
    while (i + n < t.n && n < sizeof lower && word_byte ((guint8)t.p[i + n]) && marks <= 4) {
      lower[n] = g_ascii_tolower (t.p[i + n]);
      n++;
      gboolean ends = i + n == t.n || !g_ascii_isalnum (t.p[i + n]);
      marks += ends;
      if (!ends || n < MIN_ALONE)
        continue;
      j->s->candidates++;
      if (pkt_digests_find (&j->s->known, pkt_slice_hash (pkt_slice (lower, n), OF_LOCAL), 64,
                            NULL))
        found (j, "local-part", i);
    }
  }
}

static void
judge_hex (Judge *j)
{
  PktSlice t = j->text;
  for (gsize i = 0; i < t.n;) {
    gsize start = i;
    guint64 window = 0;
    gboolean hit = FALSE;
    for (; i < t.n && g_ascii_isxdigit (t.p[i]); i++) {
      window = window << 4 | (guint64)g_ascii_xdigit_value (t.p[i]);
      if (i - start >= 15 && !hit) {
        j->s->candidates++;
        hit = pkt_digests_find (&j->s->known, window, 64, NULL);
      }
    }
    guint n = (guint)MIN (i - start, 16);
    if (n >= MIN_CUT_HASH && n < 16)
      hit = pkt_digests_find (&j->s->known, window << (64 - 4 * n), 4 * n, NULL);
    if (hit)
      found (j, "hash", start);
    i += i == start;
  }
}

static void
judge_raw_digest (Judge *j)
{
  guint64 window = 0;
  for (gsize i = 0; i < j->text.n; i++) {
    window = window << 8 | (guint8)j->text.p[i];
    if (i >= 7 && pkt_digests_find (&j->s->known, window, 64, NULL)) {
      found (j, "hash", i - 7);
      return;
    }
  }
}

/* What the two encoded headers of facts/apple.md 4.4 say when they are opened. */
static void
judge_encoded_headers (Judge *j)
{
  if (g_str_has_suffix (j->view->path, "icl-info")
      || g_str_has_suffix (j->view->path, "out-info")) {
    if (pkt_slice_find (j->text, PKT_SLICE ("mr=")).p
        || pkt_slice_find (j->text, PKT_SLICE ("rc=")).p)
      found (j, "icl-info", 0);
  } else if (g_str_has_suffix (j->view->path, "mantsh")
             && pkt_slice_find (j->text, PKT_SLICE ("; ")).p
             && (pkt_slice_find (j->text, PKT_SLICE ("sg=")).p
                 || pkt_slice_find (j->text, PKT_SLICE ("id=")).p))
    found (j, "mantsh", 0);
}

void
pkt_suspects_judge (PktSuspects *s, const PktView *view, PktSurface surface, PktSuspectFunc f,
                    gpointer data)
{
  Judge j = { s, view, view->bytes, surface, f, data };
  judge_addresses (&j);
  judge_encoded_headers (&j);
  if (s->needles == 0)
    return;
  judge_words (&j);
  judge_hex (&j);
  if (view->depth > 0)
    judge_raw_digest (&j);
}
