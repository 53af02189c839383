#include <string.h>
#include "packet/base/domain.h"
#include "packet/base/text.h"
#include "packet/page/kind.h"
#include "packet/page/reader-url.h"
#include "packet/redact/token.h"
#include "packet/run/campaign.h"

#define MAX_SHAPES 3 /* shown of one host */
#define MAX_SHAPE 160
#define MAX_HOSTS 60 /* shown of each table */
#define NAME_WIDTH 36

/* ---- one address ---- */

char *
pkt_campaign_host (const PktRedactor *r, const char *host)
{
  g_autofree char *url = g_strconcat ("https://", host, NULL);
  GString *out = g_string_new (NULL);
  pkt_token_append_url (r, out, pkt_slice_str (url));
  g_autofree char *safe = g_string_free (out, FALSE);
  GString *stars = g_string_new (NULL);
  for (const char *p = safe + strlen ("https://"); *p; p++)
    if (g_str_has_prefix (p, "[token:")) {
      g_string_append_c (stars, '*');
      p = strchr (p, ']');
    } else {
      g_string_append_c (stars, *p);
    }
  return g_string_free (stars, FALSE);
}

static void
append_word (const PktReaders *readers, const PktRedactor *r, GString *out, PktSlice word)
{
  g_autofree char *text = g_strndup (word.p ? word.p : "", word.n);
  if (word.n == 0 || (pkt_token_plain (r, word) && !pkt_readers_in_url (readers, text)))
    g_string_append_len (out, word.p, (gssize)word.n);
  else
    g_string_append_c (out, '*');
}

/* "/c/w53-9Qk2/soup?e=abc" -> "/c/ * /soup?e=*"; the values of a query always go. */
static char *
shape_of (const PktReaders *readers, const PktRedactor *r, const char *path)
{
  PktSlice s = pkt_slice_str (path), query = pkt_slice_find (s, PKT_SLICE ("?"));
  GString *out = g_string_new (*path == '/' ? NULL : "/");
  s.n -= query.n;
  while (s.n) {
    PktSlice word = pkt_slice_until (s, '/');
    append_word (readers, r, out, word);
    s = pkt_slice_skip (s, word.n);
    if (s.n)
      g_string_append_c (out, '/');
    s = pkt_slice_skip (s, 1);
  }
  for (char mark = '?'; query.n > 1; mark = '&') {
    query = pkt_slice_skip (query, 1);
    PktSlice pair = pkt_slice_until_any (query, "&;");
    PktSlice name = pkt_slice_until (pair, '=');
    g_string_append_c (out, mark);
    append_word (readers, r, out, name);
    if (name.n < pair.n)
      g_string_append (out, "=*");
    query = pkt_slice_skip (query, pair.n);
  }
  if (out->len > MAX_SHAPE) {
    g_string_truncate (out, MAX_SHAPE);
    g_string_append (out, "...");
  }
  return g_string_free (out, FALSE);
}

static int
by_stars (gconstpointer a, gconstpointer b)
{
  const char *x = *(char *const *)a, *y = *(char *const *)b;
  int stars = 0;
  for (const char *p = x; *p; p++)
    stars += *p == '*';
  for (const char *p = y; *p; p++)
    stars -= *p == '*';
  return stars ? stars : strcmp (x, y);
}

GPtrArray *
pkt_campaign_shapes (const PktCampaign *c, const PktRedactor *r, const PktLinkHost *h)
{
  g_autoptr (PktReaders) readers = pkt_readers_new (c->page->names,
                                                    c->sample ? c->sample->recipients : NULL);
  GPtrArray *shapes = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GHashTable) met = g_hash_table_new (g_str_hash, g_str_equal);
  for (guint i = 0; i < h->paths->len; i++) {
    g_autofree char *shape = shape_of (readers, r, g_ptr_array_index (h->paths, i));
    if (g_hash_table_contains (met, shape))
      continue;
    g_hash_table_add (met, shape);
    g_ptr_array_add (shapes, g_steal_pointer (&shape));
  }
  g_ptr_array_sort (shapes, by_stars);
  return shapes;
}

/* ---- what a host is ---- */

static const struct {
  PktHostKind kind;
  const char *words;
} kind_words[] = {
  { PKT_HOST_ADDRESS, "IP address" },        { PKT_HOST_SHORTENER, "shortener" },
  { PKT_HOST_REDIRECTOR, "redirector" },     { PKT_HOST_WILDCARD, "wildcard DNS or tunnel" },
  { PKT_HOST_SHARED, "shared hosting" },     { PKT_HOST_PORT, "port of its own" },
  { PKT_HOST_USER, "name before the host" },
};

GPtrArray *
pkt_campaign_kinds (const PktCampaign *c, const PktRedactor *r, const PktLinkHost *h)
{
  GPtrArray *words = g_ptr_array_new_with_free_func (g_free);
  for (gsize i = 0; i < G_N_ELEMENTS (kind_words); i++)
    if (h->kinds & kind_words[i].kind)
      g_ptr_array_add (words, g_strdup (kind_words[i].words));
  if (h->kinds & PKT_HOST_PUNYCODE) {
    g_autofree char *safe = pkt_campaign_host (r, h->host),
                    *shown = g_hostname_to_unicode (h->host);
    g_ptr_array_add (words, strchr (safe, '*') ? g_strdup ("punycode")
                                               : g_strdup_printf ("punycode, shown as %s",
                                                                  shown ? shown : "nothing"));
  }
  const char *like = pkt_kind_looks_like (h->host, c->own);
  if (like)
    g_ptr_array_add (words, g_strdup_printf ("spelt like %s", like));
  if (h->links && h->number == 0)
    g_ptr_array_add (words, g_strdup ("in no link that a reader sees"));
  g_autofree char *named = h->named ? pkt_campaign_host (r, h->named) : NULL;
  if (named)
    g_ptr_array_add (words, g_strdup_printf ("text of a link names %s", named));
  return words;
}

/* ---- the tables ---- */

static const char *
scheme_of (const PktLinkHost *h)
{
  return h->plain == 0 ? "https" : h->plain == h->links + h->images ? "http" : "https, http";
}

static void
append_row (const PktCampaign *c, const PktRedactor *r, const PktLinkHost *h, guint count,
            gboolean numbered, GString *out)
{
  g_autofree char *host = pkt_campaign_host (r, h->host), *n = pkt_text_count (count);
  g_autofree char *name = pkt_campaign_defang (host, c->own);
  g_autofree char *mark = h->number && numbered ? g_strdup_printf ("[%u]", h->number)
                                                : g_strdup ("");
  g_autofree char *left = g_strdup_printf ("  %-4s %s", mark, name);
  g_string_append_printf (out, "%-*s %5s  %s", NAME_WIDTH, left, n, scheme_of (h));
  g_autoptr (GPtrArray) kinds = pkt_campaign_kinds (c, r, h);
  g_string_append_c (out, '\n');
  for (guint i = 0; i < kinds->len; i++) {
    g_autofree char *line = pkt_text_wrap (g_ptr_array_index (kinds, i), 76, "       ", "       ");
    g_string_append (out, line);
  }
}

static void
append_shapes (const PktCampaign *c, const PktRedactor *r, const PktLinkHost *h, GString *out)
{
  g_autoptr (GPtrArray) shapes = pkt_campaign_shapes (c, r, h);
  g_autofree char *name = pkt_campaign_host (r, h->host);
  for (guint i = 0; i < MIN (shapes->len, MAX_SHAPES); i++)
    g_string_append_printf (out, "       http%s://%s%s\n",
                            h->plain == h->links + h->images ? "" : "s", name,
                            (const char *)g_ptr_array_index (shapes, i));
  if (shapes->len > MAX_SHAPES)
    g_string_append_printf (out, "       and %u more form%s\n", shapes->len - MAX_SHAPES,
                            shapes->len - MAX_SHAPES == 1 ? "" : "s");
}

static gboolean
any_same (const char *domain, const char *const *list)
{
  for (gsize i = 0; list && list[i]; i++)
    if (pkt_domain_same (domain, list[i]))
      return TRUE;
  return FALSE;
}

/* "example.com, that of From and return-path" */
static void
append_domain (const PktCampaign *c, const PktRedactor *r, const PktLinkHost *h, GString *out)
{
  g_autofree char *name = pkt_campaign_host (r, h->domain);
  gboolean from = any_same (h->domain, c->from), path = any_same (h->domain, c->paths);
  gboolean known = (c->from && *c->from) || (c->paths && *c->paths);
  const char *whose = from && path ? ", that of From and return-path"
                      : from       ? ", that of From"
                      : path       ? ", that of the return-path"
                      : known      ? ", not that of From or return-path"
                                   : "";
  g_string_append_printf (out, "%s%s\n", name, whose);
}

static int
by_domain (gconstpointer a, gconstpointer b, gpointer firsts)
{
  const PktLinkHost *x = *(PktLinkHost *const *)a, *y = *(PktLinkHost *const *)b;
  guint m = GPOINTER_TO_UINT (g_hash_table_lookup (firsts, x->domain)),
        n = GPOINTER_TO_UINT (g_hash_table_lookup (firsts, y->domain));
  if (m != n)
    return m < n ? -1 : 1;
  guint p = x->number - 1, q = y->number - 1; /* those without a number last */
  return p != q ? (p < q ? -1 : 1) : strcmp (x->host, y->host);
}

/* Domains in the order in which a reader meets them; hosts of one domain together. */
static GPtrArray *
sorted (const PktPage *page, gboolean links)
{
  g_autoptr (GHashTable) firsts = g_hash_table_new (g_str_hash, g_str_equal);
  GPtrArray *list = g_ptr_array_new ();
  for (guint i = 0; i < page->hosts->len; i++) {
    PktLinkHost *h = g_ptr_array_index (page->hosts, i);
    if ((links ? h->links : h->images) == 0)
      continue;
    g_ptr_array_add (list, h);
    guint place = h->number ? h->number : G_MAXUINT - page->hosts->len + i;
    guint known = GPOINTER_TO_UINT (g_hash_table_lookup (firsts, h->domain));
    if (known == 0 || place < known)
      g_hash_table_insert (firsts, h->domain, GUINT_TO_POINTER (place));
  }
  g_ptr_array_sort_with_data (list, by_domain, firsts);
  return list;
}

void
pkt_campaign_append_hosts (const PktCampaign *c, const PktRedactor *r, const PktPage *page,
                           gboolean links, gboolean numbered, GString *out)
{
  g_autoptr (GPtrArray) list = sorted (page, links);
  const char *domain = NULL;
  if (list->len == 0)
    g_string_append (out, "none\n");
  for (guint i = 0; i < MIN (list->len, MAX_HOSTS); i++) {
    const PktLinkHost *h = g_ptr_array_index (list, i);
    if (g_strcmp0 (domain, h->domain) != 0)
      append_domain (c, r, h, out);
    domain = h->domain;
    append_row (c, r, h, links ? h->links : h->images, numbered, out);
    if (links)
      append_shapes (c, r, h, out);
  }
  if (list->len > MAX_HOSTS)
    g_string_append_printf (out, "and %u more hosts\n", list->len - MAX_HOSTS);
}
