#include "packet/page/hosts.h"
#include "packet/base/domain.h"
#include "packet/model/page.h"
#include "packet/page/css.h"
#include "packet/page/kind.h"
#include "packet/page/tree.h"

#define MAX_PATHS 64 /* of one host; further ones show no new form */

char *
pkt_hosts_of_url (PktSlice url)
{
  PktUrl read;
  if (!pkt_url_read (url, &read))
    return NULL;
  char *host = g_steal_pointer (&read.host);
  pkt_url_clear (&read);
  return host;
}

typedef struct {
  GHashTable *table; /* PktLinkHost* by host */
  gboolean image;    /* what is being read */
} Hosts;

static void
add_path (PktLinkHost *host, const char *path)
{
  if (host->paths->len < MAX_PATHS
      && !g_ptr_array_find_with_equal_func (host->paths, path, g_str_equal, NULL))
    g_ptr_array_add (host->paths, g_strdup (path));
}

static PktLinkHost *
entry_of (Hosts *h, const char *host)
{
  PktLinkHost *entry = g_hash_table_lookup (h->table, host);
  if (entry)
    return entry;
  entry = pkt_link_host_new (host);
  entry->domain = pkt_domain_registered (host);
  entry->kinds = pkt_kind_of_host (host);
  g_hash_table_insert (h->table, entry->host, entry);
  return entry;
}

static void
add (gpointer data, PktSlice text)
{
  Hosts *h = data;
  g_auto (PktUrl) url = { 0 };
  if (!pkt_url_read (text, &url))
    return;
  PktLinkHost *entry = entry_of (h, url.host);
  entry->plain += !url.tls;
  if (h->image) {
    entry->images++;
    return;
  }
  entry->links++;
  entry->kinds |= pkt_kind_of_url (&url);
  add_path (entry, url.path);
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

static int
by_name (gconstpointer a, gconstpointer b)
{
  return strcmp ((*(PktLinkHost *const *)a)->host, (*(PktLinkHost *const *)b)->host);
}

GPtrArray *
pkt_hosts_collect (xmlNode *root)
{
  g_autoptr (GHashTable) table = g_hash_table_new (g_str_hash, g_str_equal);
  Hosts h = { table, FALSE };
  for (xmlNode *n = root; n; n = pkt_tree_next (n, FALSE)) {
    if (n->type == XML_ELEMENT_NODE)
      read_element (&h, n);
    else if (n->type == XML_COMMENT_NODE && n->content)
      read_comment (&h, (const char *)n->content);
  }
  GPtrArray *hosts = g_ptr_array_new_with_free_func ((GDestroyNotify)pkt_link_host_free);
  GHashTableIter i;
  gpointer entry;
  g_hash_table_iter_init (&i, table);
  while (g_hash_table_iter_next (&i, NULL, &entry))
    g_ptr_array_add (hosts, entry);
  g_ptr_array_sort (hosts, by_name);
  return hosts;
}
