#include "packet/apple/relay.h"
#include "packet/apple/names.h"
#include <arpa/inet.h>
#include <stdlib.h>

#define MAX_CUSTOM_DOMAINS 100000 /* remembered; more are judged by their host alone */

struct PktRelay {
  GPtrArray *also_domains, *also_mx; /* char*, lower case */
  gboolean also;                     /* there are some */
  GHashTable *custom;                /* guint64 hashes of domains seen at Apple's hosts */
};

static const PktSlice apple_domains[]
    = { PKT_SLICE ("icloud.com"), PKT_SLICE ("me.com"), PKT_SLICE ("mac.com"),
        PKT_SLICE ("privaterelay.appleid.com"), PKT_SLICE ("private.icloud.com") };

static GPtrArray *
lowered (const char *const *list)
{
  GPtrArray *out = g_ptr_array_new_with_free_func (g_free);
  for (gsize i = 0; list && list[i]; i++)
    g_ptr_array_add (out, g_ascii_strdown (list[i], -1));
  return out;
}

PktRelay *
pkt_relay_new (const char *const *also_domains, const char *const *also_mx)
{
  PktRelay *r = g_new0 (PktRelay, 1);
  r->also_domains = lowered (also_domains);
  r->also_mx = lowered (also_mx);
  r->also = r->also_domains->len || r->also_mx->len;
  r->custom = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  return r;
}

void
pkt_relay_free (PktRelay *r)
{
  g_ptr_array_unref (r->also_domains);
  g_ptr_array_unref (r->also_mx);
  g_hash_table_unref (r->custom);
  g_free (r);
}

gboolean
pkt_relay_may_name (gconstpointer relay, PktSlice line)
{
  const PktRelay *r = relay;
  return r->also_domains->len || r->also_mx->len || pkt_line_names_apple (line);
}

const char *
pkt_relay_next_name (gconstpointer relay, PktSlice text)
{
  const PktRelay *r = relay;
  return text.n && (r->also_domains->len || r->also_mx->len) ? text.p : pkt_names_find (text);
}

static PktSlice
without_dot (PktSlice name)
{
  if (name.n && name.p[name.n - 1] == '.')
    name.n--;
  return name;
}

/* A bit for each length that one of them has, also with a final dot. */
#define APPLE_LENGTHS                                                                              \
  (1u << 6 | 1u << 7 | 1u << 8 | 1u << 10 | 1u << 11 | 1u << 18 | 1u << 19 | 1u << 24 | 1u << 25)

static inline gboolean
has_apple_length (PktSlice domain)
{
  return domain.n < 32 && (APPLE_LENGTHS >> domain.n & 1);
}

static const char *
find_domain (PktSlice domain)
{
  if (!has_apple_length (domain))
    return NULL;
  domain = without_dot (domain);
  for (gsize i = 0; i < G_N_ELEMENTS (apple_domains); i++)
    if (pkt_slice_equal_nocase (domain, apple_domains[i]))
      return apple_domains[i].p;
  return NULL;
}

const char *
pkt_relay_domain_class (PktSlice domain)
{
  const char *known = find_domain (domain);
  return known ? known : "custom";
}

/* "p00-iscream-smtp-…": a pod's own name, as some senders log it; of a whole name its domain tells.
 */
static gboolean
is_pod_name (PktSlice host)
{
  if (host.n <= 17 || g_ascii_tolower (host.p[0]) != 'p' || !g_ascii_isdigit (host.p[1])
      || !g_ascii_isdigit (host.p[2])
      || !pkt_slice_equal_nocase (pkt_slice (host.p + 3, 14), PKT_SLICE ("-iscream-smtp-")))
    return FALSE;
  return memchr (host.p, '.', host.n) == NULL
         || pkt_slice_ends_nocase (host, PKT_SLICE (".apple.com"))
         || pkt_slice_ends_nocase (host, PKT_SLICE (".icloud.com"))
         || pkt_slice_ends_nocase (host, PKT_SLICE (".me.com"));
}

static gboolean
is_numbered_pool (PktSlice host)
{
  if (!pkt_slice_ends_nocase (host, PKT_SLICE (".me.com"))
      && !pkt_slice_ends_nocase (host, PKT_SLICE (".mac.com")))
    return FALSE;
  return pkt_slice_find (host, PKT_SLICE ("smtpin")).p
         != NULL; /* st11p00im-smtpin013.me.com; smtp.mail.me.com is for clients */
}

static inline guint64
eight_bytes (const char *p)
{
  guint64 word;
  memcpy (&word, p, sizeof word);
  return word;
}

/* What all of Apple's names but the pods' end in, and addresses at its domains: each stands where
 * its product with TAIL_FACTOR says, so that one comparison tells apart most others. A bit more in
 * each byte makes letters small; a sign that becomes another one by that costs a closer look, no
 * more. */
#define TAIL_FACTOR G_GUINT64_CONSTANT (0x78e510617311d8a3)

static inline gboolean
has_apple_tail (PktSlice s)
{
  static const char tails[8][9] = { "\0eid.com", "\0`me.com", "\0mac.com", "\0.me.com",
                                    "",          "",          "\0oud.com", "\0dns.net" };
  const guint64 small = 0x2020202020202020u,
                tail = (eight_bytes (s.p + s.n - 8) | small)
                       & eight_bytes ("\0\xff\xff\xff\xff\xff\xff\xff");
  return eight_bytes (tails[GUINT64_FROM_LE (tail) * TAIL_FACTOR >> 61]) == tail;
}

/* A pod's, by its first two bytes. */
static inline gboolean
may_be_pod (PktSlice host)
{
  return (host.p[0] | 0x20) == 'p' && g_ascii_isdigit (host.p[1]);
}

static inline gboolean
may_be_apple (const PktRelay *r, PktSlice host)
{
  return r->also_mx->len || host.n < 8 || has_apple_tail (host) || may_be_pod (host);
}

static gboolean
has_apple_name (const PktRelay *r, PktSlice host)
{
  static const PktSlice suffixes[]
      = { PKT_SLICE (".mail.icloud.com"), PKT_SLICE (".privaterelay.appleid.com"),
          PKT_SLICE (".me.com.akadns.net"), PKT_SLICE (".mac.com.akadns.net") };
  for (gsize i = 0; i < G_N_ELEMENTS (suffixes); i++)
    if (pkt_slice_ends_nocase (host, suffixes[i]))
      return TRUE;
  if (is_numbered_pool (host) || is_pod_name (host))
    return TRUE;
  for (guint i = 0; i < r->also_mx->len; i++) {
    PktSlice name = pkt_slice_str (g_ptr_array_index (r->also_mx, i));
    if (pkt_slice_equal_nocase (host, name)
        || (name.n && name.p[0] == '.' && pkt_slice_ends_nocase (host, name)))
      return TRUE;
  }
  return FALSE;
}

static inline gboolean
is_apple_host (const PktRelay *r, PktSlice host)
{
  host = without_dot (host);
  return may_be_apple (r, host) && has_apple_name (r, host);
}

gboolean
pkt_relay_is_apple_host (const PktRelay *r, PktSlice host)
{
  return is_apple_host (r, host);
}

static inline gboolean
is_wanted_domain (const PktRelay *r, PktSlice domain)
{
  if (!has_apple_length (domain) && r->also_domains->len == 0)
    return FALSE;
  if (find_domain (domain))
    return TRUE;
  for (guint i = 0; i < r->also_domains->len; i++)
    if (pkt_slice_equal_nocase (without_dot (domain),
                                pkt_slice_str (g_ptr_array_index (r->also_domains, i))))
      return TRUE;
  return FALSE;
}

static guint64
domain_hash (PktSlice domain)
{
  char lower[256];
  gsize n = MIN (domain.n, sizeof lower);
  for (gsize i = 0; i < n; i++)
    lower[i] = g_ascii_tolower (domain.p[i]);
  return pkt_slice_hash (pkt_slice (lower, n), 0);
}

static void
remember (PktRelay *r, PktSlice domain)
{
  guint64 h = domain_hash (domain);
  if (domain.n == 0 || g_hash_table_size (r->custom) >= MAX_CUSTOM_DOMAINS
      || g_hash_table_contains (r->custom, &h))
    return;
  g_hash_table_add (r->custom, g_memdup2 (&h, sizeof h));
}

static gboolean
is_local_host (PktSlice host, PktSlice ip)
{
  if (host.n && host.p[0] == '/')
    return TRUE;
  PktSlice a = ip.n ? ip : host;
  return pkt_slice_starts (a, PKT_SLICE ("127.")) || pkt_slice_equal (a, PKT_SLICE ("::1"))
         || pkt_slice_starts (a, PKT_SLICE ("/"))
         || pkt_slice_equal_nocase (host, PKT_SLICE ("localhost"));
}

/* Where there is an address but no name: Apple's whole 17.0.0.0/8. */
static gboolean
is_apple_ip_without_name (PktSlice host, PktSlice ip)
{
  if (host.n && !pkt_slice_equal (host, ip)
      && !pkt_slice_equal_nocase (host, PKT_SLICE ("unknown")))
    return FALSE;
  PktSlice a = ip.n ? ip : host;
  char text[INET_ADDRSTRLEN];
  struct in_addr addr;
  if (!pkt_slice_starts (a, PKT_SLICE ("17.")) || a.n >= sizeof text)
    return FALSE;
  memcpy (text, a.p, a.n);
  text[a.n] = '\0';
  return inet_pton (AF_INET, text, &addr) == 1;
}

/* Not 127.*, 17.*, ::1, a socket, nor a name, by few of its bytes: without a branch, since
 * addresses begin in many ways. */
static inline gboolean
is_far (PktSlice host, PktSlice ip)
{
  const PktSlice address = ip.n ? ip : host;
  if (address.n < 2)
    return FALSE;
  const char first = address.p[0], second = address.p[1];
  const guint near_by = (second == '2') | (second == '7') | (host.n && host.p[0] == '/')
                        | (host.n == strlen ("localhost"));
  return ((guchar)(first - '0') <= 9) & ((first != '1') | !near_by);
}

/* Of a host that is none of Apple's by name. */
static inline PktRelayVerdict
judge_address (PktSlice host, PktSlice ip, gboolean wanted)
{
  if (!is_far (host, ip)) {
    if (is_local_host (host, ip))
      return wanted ? PKT_RELAY_RELAYED : PKT_RELAY_HOP;
    if (is_apple_ip_without_name (host, ip))
      return PKT_RELAY_APPLE;
  }
  return wanted ? PKT_RELAY_RELAYED : PKT_RELAY_OTHER;
}

/* Apart, so that what is asked of nearly all needs no room for it. */
static gboolean __attribute__ ((noinline))
is_elsewhere (const PktRelay *r, PktSlice recipient, PktSlice host, PktSlice ip)
{
  return host.n + ip.n > 0 && !(host.n && is_apple_host (r, host))
         && !is_wanted_domain (r, pkt_slice_domain (recipient))
         && judge_address (host, ip, FALSE) == PKT_RELAY_OTHER;
}

gboolean
pkt_relay_is_elsewhere (gconstpointer relay, PktSlice recipient, PktSlice host, PktSlice ip)
{
  const PktRelay *r = relay;
  if (!r->also && host.n >= 8 && recipient.n >= 8 && is_far (host, ip) && !has_apple_tail (host)
      && !has_apple_tail (recipient) && host.p[host.n - 1] != '.'
      && recipient.p[recipient.n - 1] != '.' && !may_be_pod (host))
    return TRUE;
  return is_elsewhere (r, recipient, host, ip);
}

gboolean
pkt_relay_is_other_domain (gconstpointer relay, PktSlice recipient)
{
  return !is_wanted_domain (relay, pkt_slice_domain (recipient));
}

gboolean
pkt_relay_knows_custom (const PktRelay *r)
{
  return g_hash_table_size (r->custom) > 0;
}

guint64 *
pkt_relay_custom (const PktRelay *r, gsize *n)
{
  guint64 *hashes = g_new (guint64, g_hash_table_size (r->custom) + 1);
  GHashTableIter it;
  gpointer hash;
  *n = 0;
  for (g_hash_table_iter_init (&it, r->custom); g_hash_table_iter_next (&it, &hash, NULL);)
    hashes[(*n)++] = *(const guint64 *)hash;
  return hashes;
}

void
pkt_relay_know_custom (PktRelay *r, guint64 hash)
{
  if (g_hash_table_size (r->custom) < MAX_CUSTOM_DOMAINS)
    g_hash_table_add (r->custom, g_memdup2 (&hash, sizeof hash));
}

/* Mail of Apple the company comes to addresses of the same range; its hosts have other names. */
static gboolean
is_corporate (PktSlice domain)
{
  return pkt_slice_equal_nocase (without_dot (domain), PKT_SLICE ("apple.com"))
         || pkt_slice_ends_nocase (without_dot (domain), PKT_SLICE (".apple.com"));
}

/* Of a host that is known by its address alone. */
static PktRelayVerdict
judge_by_address (PktRelay *r, PktSlice domain, PktSlice host, PktSlice ip, gboolean wanted)
{
  const PktRelayVerdict verdict = judge_address (host, ip, wanted);
  if (verdict != PKT_RELAY_APPLE || wanted)
    return verdict;
  if (is_corporate (domain))
    return PKT_RELAY_OTHER;
  remember (r, domain);
  return verdict;
}

PktRelayVerdict
pkt_relay_judge (PktRelay *r, PktSlice recipient, PktSlice host, PktSlice ip)
{
  PktSlice domain = pkt_slice_domain (recipient);
  if (host.n && is_apple_host (r, host)) {
    if (!is_wanted_domain (r, domain))
      remember (r, domain);
    return PKT_RELAY_APPLE;
  }
  gboolean wanted = is_wanted_domain (r, domain);
  if (host.n == 0 && ip.n == 0) {
    if (wanted || g_hash_table_size (r->custom) == 0)
      return wanted ? PKT_RELAY_APPLE : PKT_RELAY_OTHER;
    const guint64 h = domain_hash (domain);
    return g_hash_table_contains (r->custom, &h) ? PKT_RELAY_APPLE : PKT_RELAY_OTHER;
  }
  return judge_by_address (r, domain, host, ip, wanted);
}
