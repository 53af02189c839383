#include "packet/page/hosts.h"
#include "packet/model/page.h"
#include "packet/page/css.h"
#include "packet/page/tree.h"

#define MAX_URL 4096
#define MAX_HOST 253

static gboolean
host_valid (const char *host)
{
  if (host[0] == '[')
    return strspn (host, "[]0123456789abcdef:.") == strlen (host) && g_str_has_suffix (host, "]");
  gsize n = strlen (host);
  return n > 0 && n <= MAX_HOST && strspn (host, "abcdefghijklmnopqrstuvwxyz0123456789-_.") == n
         && host[0] != '.' && strstr (host, "..") == NULL;
}

/* Authority of RFC 3986 3.2 without userinfo and port. */
static char *
host_of_authority (const char *authority)
{
  const char *at = strrchr (authority, '@');
  const char *start = at ? at + 1 : authority;
  gsize n = *start == '[' ? strcspn (start, "]") + 1 : strcspn (start, ":");
  g_autofree char *raw = g_strndup (start, n);
  g_autofree char *decoded = g_uri_unescape_string (raw, NULL);
  g_autofree char *ascii = NULL;
  if (decoded && g_utf8_validate (decoded, -1, NULL))
    ascii = *decoded == '[' ? g_strdup (decoded) : g_hostname_to_ascii (decoded);
  g_autofree char *host = g_ascii_strdown (ascii ? ascii : raw, -1);
  if (g_str_has_suffix (host, "."))
    host[strlen (host) - 1] = '\0';
  return host_valid (host) ? g_steal_pointer (&host) : NULL;
}

/* As browsers do: tabs and line ends vanish, controls and blanks at the ends too, `\` is `/`. */
static char *
browser_url (PktSlice url)
{
  url.n = MIN (url.n, MAX_URL);
  while (url.n > 0 && (guchar)url.p[0] <= 32)
    url = pkt_slice_skip (url, 1);
  GString *out = g_string_sized_new (url.n);
  for (gsize i = 0; i < url.n; i++)
    if (url.p[i] != '\t' && url.p[i] != '\r' && url.p[i] != '\n')
      g_string_append_c (out, url.p[i] == '\\' ? '/' : url.p[i]);
  return g_string_free (out, FALSE);
}

char *
pkt_hosts_of_url (PktSlice url)
{
  g_autofree char *text = browser_url (url);
  const char *rest = text;
  if (g_ascii_strncasecmp (rest, "https:", 6) == 0)
    rest += 6;
  else if (g_ascii_strncasecmp (rest, "http:", 5) == 0)
    rest += 5;
  else if (!g_str_has_prefix (rest, "//"))
    return NULL;
  gsize slashes = strspn (rest, "/");
  if (slashes < 2)
    return NULL;
  rest += slashes;
  g_autofree char *authority = g_strndup (rest, strcspn (rest, "/?#"));
  return host_of_authority (authority);
}

typedef struct {
  GHashTable *table; /* host -> PktLinkHost*, both owned */
  gboolean image;    /* what is being read */
} Hosts;

static void
add (gpointer data, PktSlice url)
{
  Hosts *h = data;
  g_autofree char *host = pkt_hosts_of_url (url);
  if (host == NULL)
    return;
  PktLinkHost *entry = g_hash_table_lookup (h->table, host);
  if (entry == NULL) {
    entry = g_new0 (PktLinkHost, 1);
    entry->host = g_strdup (host);
    g_hash_table_insert (h->table, g_strdup (host), entry);
  }
  if (h->image)
    entry->images++;
  else
    entry->links++;
}

/* `url 1x, url 2x` */
static void
add_srcset (Hosts *h, const char *value)
{
  g_auto (GStrv) words = g_strsplit_set (value, " \t\r\n", 2000);
  for (char **w = words; *w; w++)
    add (h, pkt_slice_str (*w));
}

/* Where a URL may stand. `image`: fetched to show the page, else followed by a click. */
static const struct {
  const char *attribute;
  gboolean image;
} places[] = {
  { "action", FALSE }, { "formaction", FALSE }, { "cite", FALSE },  { "longdesc", FALSE },
  { "src", TRUE },     { "background", TRUE },  { "poster", TRUE }, { "data", TRUE },
  { "dynsrc", TRUE },  { "lowsrc", TRUE },      { "srcset", TRUE }, { "imagesrcset", TRUE },
  { "style", TRUE },   { "ping", FALSE },
};

static void
read_attribute (Hosts *h, const xmlNode *node, const char *name, const char *value)
{
  if (g_str_equal (name, "href") || g_str_equal (name, "xlink:href")) {
    h->image = pkt_tree_is (node, "link") || pkt_tree_is (node, "image");
    add (h, pkt_slice_str (value));
    return;
  }
  for (gsize i = 0; i < G_N_ELEMENTS (places); i++) {
    if (!g_str_equal (name, places[i].attribute))
      continue;
    h->image = places[i].image;
    if (g_str_equal (name, "style"))
      pkt_css_urls (value, add, h);
    else if (g_str_has_suffix (name, "srcset"))
      add_srcset (h, value);
    else
      add (h, pkt_slice_str (value));
  }
}

/* `0; url=https://…` */
static void
read_refresh (Hosts *h, const xmlNode *node)
{
  g_autofree char *content = pkt_tree_is (node, "meta") ? pkt_tree_attribute (node, "content")
                                                        : NULL;
  g_autofree char *lower = content ? g_ascii_strdown (content, -1) : NULL;
  const char *url = lower ? strstr (lower, "url=") : NULL;
  if (url) {
    PktSlice target = pkt_slice_str (content + (url - lower) + 4);
    gboolean quoted = target.n > 0 && (target.p[0] == '"' || target.p[0] == '\'');
    h->image = FALSE;
    add (h, pkt_slice_skip (target, quoted));
  }
}

static void
read_element (Hosts *h, const xmlNode *node)
{
  for (const xmlAttr *a = node->properties; a; a = a->next) {
    g_autofree char *value = pkt_tree_attribute (node, (const char *)a->name);
    read_attribute (h, node, (const char *)a->name, value);
  }
  read_refresh (h, node);
  if (pkt_tree_is (node, "style")) {
    g_autofree char *sheet = pkt_tree_text (node);
    h->image = TRUE;
    pkt_css_urls (sheet, add, h);
  }
}

/* <!--[if mso]> … href="https://…" … <![endif]-->: read by one mail program, and by filters. */
static void
read_comment (Hosts *h, const char *text)
{
  for (const char *p = text; (p = strchr (p, '=')) != NULL; p++) {
    const char *url = p + 1 + (p[1] == '"' || p[1] == '\'');
    gsize n = strcspn (url, "\"'> \t\r\n");
    if (n < 8)
      continue;
    h->image = p - text < 4 || g_ascii_strncasecmp (p - 4, "href", 4) != 0;
    add (h, pkt_slice (url, n));
    p = url + n - 1;
  }
}

static void
free_host (gpointer data)
{
  PktLinkHost *h = data;
  g_free (h->host);
  g_free (h);
}

static int
by_name (gconstpointer a, gconstpointer b)
{
  return strcmp ((*(PktLinkHost *const *)a)->host, (*(PktLinkHost *const *)b)->host);
}

GPtrArray *
pkt_hosts_collect (xmlNode *root)
{
  g_autoptr (GHashTable) table = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  Hosts h = { table, FALSE };
  for (xmlNode *n = root; n; n = pkt_tree_next (n, FALSE)) {
    if (n->type == XML_ELEMENT_NODE)
      read_element (&h, n);
    else if (n->type == XML_COMMENT_NODE && n->content)
      read_comment (&h, (const char *)n->content);
  }
  GPtrArray *hosts = g_ptr_array_new_with_free_func (free_host);
  GHashTableIter i;
  gpointer entry;
  g_hash_table_iter_init (&i, table);
  while (g_hash_table_iter_next (&i, NULL, &entry))
    g_ptr_array_add (hosts, entry);
  g_ptr_array_sort (hosts, by_name);
  return hosts;
}
