#include "packet/page/kind.h"
#include <string.h>
#include "packet/base/domain.h"
#include "packet/base/json.h"

#define MIN_NAME 4 /* letters: shorter names look alike by chance */

/* The lists of templates/link-hosts.json as sets of names; of the process. */
static GHashTable *
names_of (const char *list)
{
  static const json_t *root;
  static GHashTable *sets;
  if (sets == NULL)
    sets = g_hash_table_new (g_str_hash, g_str_equal);
  GHashTable *set = g_hash_table_lookup (sets, list);
  if (set)
    return set;
  set = g_hash_table_new (g_str_hash, g_str_equal);
  const json_t *name;
  gsize i;
  json_array_foreach (json_object_get (pkt_json_table (&root, "link-hosts.json"), list), i, name)
      g_hash_table_add (set, (gpointer)json_string_value (name));
  g_hash_table_insert (sets, (gpointer)list, set);
  return set;
}

/* The host or a name above it is in the list. */
static gboolean
listed (const char *host, const char *list)
{
  GHashTable *set = names_of (list);
  for (const char *p = host; p; p = strchr (p, '.') ? strchr (p, '.') + 1 : NULL)
    if (g_hash_table_contains (set, p))
      return TRUE;
  return FALSE;
}

static gboolean
has_a_label (const char *host)
{
  return g_str_has_prefix (host, "xn--") || strstr (host, ".xn--") != NULL;
}

guint
pkt_kind_of_host (const char *host)
{
  guint kinds = 0;
  if (*host == '[' || g_hostname_is_ip_address (host))
    return PKT_HOST_ADDRESS;
  if (listed (host, "shorteners"))
    kinds |= PKT_HOST_SHORTENER;
  if (listed (host, "redirectors"))
    kinds |= PKT_HOST_REDIRECTOR;
  if (listed (host, "wildcard_dns"))
    kinds |= PKT_HOST_WILDCARD;
  else if (pkt_domain_shared (host) && !(kinds & PKT_HOST_SHORTENER))
    kinds |= PKT_HOST_SHARED;
  if (has_a_label (host))
    kinds |= PKT_HOST_PUNYCODE;
  return kinds;
}

/* Another address in path or query: in clear, percent-encoded, or as base64 of "http". */
static gboolean
holds_address (const char *path)
{
  static const char *const forms[] = { "http://",  "https://",  "http%3a",
                                       "https%3a", "http%253a", "https%253a" };
  g_autofree char *lower = g_ascii_strdown (path, -1);
  for (gsize i = 0; i < G_N_ELEMENTS (forms); i++)
    if (strstr (lower, forms[i]))
      return TRUE;
  return strstr (path, "aHR0cDov") || strstr (path, "aHR0cHM6");
}

guint
pkt_kind_of_url (const PktUrl *url)
{
  return (url->port ? PKT_HOST_PORT : 0) | (url->user ? PKT_HOST_USER : 0)
         | (holds_address (url->path) ? PKT_HOST_REDIRECTOR : 0);
}

/* Letters that are drawn alike, each as the Latin one. */
static const struct {
  gunichar letter;
  const char *plain;
} alike[] = {
  { '0', "o" },    { '1', "l" },    { 'i', "l" },    { '3', "e" },    { '5', "s" },
  { 0x0131, "l" }, { 0x0430, "a" }, { 0x0435, "e" }, { 0x043e, "o" }, { 0x0440, "p" },
  { 0x0441, "c" }, { 0x0443, "y" }, { 0x0445, "x" }, { 0x0455, "s" }, { 0x0456, "l" },
  { 0x0458, "j" }, { 0x04bb, "h" }, { 0x0501, "d" }, { 0x051b, "q" }, { 0x051d, "w" },
  { 0x03b1, "a" }, { 0x03bd, "v" }, { 0x03bf, "o" }, { 0x03c1, "p" }, { 0x03c5, "u" },
  { 0x0261, "g" }, { 0x0251, "a" }, { 0x043a, "k" }, { 0x043c, "m" }, { 0x0442, "t" },
  { 0x043d, "h" }, { 0x0432, "b" },
};

static void
replace (GString *s, const char *find, const char *with)
{
  g_string_replace (s, find, with, 0);
}

/* How a name looks, as plain letters; caller frees. */
static char *
skeleton_of (const char *domain)
{
  g_autofree char *unicode = g_hostname_to_unicode (domain);
  g_autofree char *split = g_utf8_normalize (unicode ? unicode : domain, -1, G_NORMALIZE_ALL);
  GString *out = g_string_new (NULL);
  for (const char *p = split ? split : ""; *p; p = g_utf8_next_char (p)) {
    gunichar c = g_unichar_tolower (g_utf8_get_char (p));
    const char *plain = NULL;
    for (gsize i = 0; i < G_N_ELEMENTS (alike) && plain == NULL; i++)
      plain = alike[i].letter == c ? alike[i].plain : NULL;
    if (plain)
      g_string_append (out, plain);
    else if (!g_unichar_ismark (c)) /* é is e and a mark */
      g_string_append_unichar (out, c);
  }
  replace (out, "rn", "m");
  replace (out, "vv", "w");
  replace (out, "cl", "d");
  return g_string_free (out, FALSE);
}

/* One letter more, less or other. */
static gboolean
is_near (const char *a, const char *b)
{
  gsize n = strlen (a), m = strlen (b), front = 0, back = 0;
  if (n > m + 1 || m > n + 1)
    return FALSE;
  while (front < MIN (n, m) && a[front] == b[front])
    front++;
  while (back < MIN (n, m) - front && a[n - 1 - back] == b[m - 1 - back])
    back++;
  return MAX (n, m) - front - back <= 1;
}

const char *
pkt_kind_looks_like (const char *host, const char *const *own)
{
  if (*host == '[' || g_hostname_is_ip_address (host))
    return NULL;
  g_autofree char *domain = pkt_domain_registered (host), *look = skeleton_of (domain);
  for (gsize i = 0; own && own[i]; i++)
    if (pkt_domain_same (host, own[i]))
      return NULL;
  for (gsize i = 0; own && own[i]; i++) {
    g_autofree char *mine = pkt_domain_registered (own[i]), *wanted = skeleton_of (mine);
    gsize name = strcspn (wanted, ".");
    if (name >= MIN_NAME
        && (g_str_equal (look, wanted) || (name > MIN_NAME && is_near (look, wanted))))
      return own[i];
  }
  return NULL;
}
