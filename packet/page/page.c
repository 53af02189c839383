#include "packet/page/page.h"
#define PKT_WITH_LIBXML
#include "packet/base/autoptr.h"
#include "packet/base/charset.h"
#include "packet/base/error.h"
#include "packet/base/greeting.h"
#include "packet/base/text.h"
#include "packet/page/clean.h"
#include "packet/page/hosts.h"
#include "packet/page/mask.h"
#include "packet/page/notes.h"
#include "packet/page/outline.h"
#include "packet/page/tree.h"

#define MAX_TITLE 300

/* The first title element, its blanks folded; NULL when absent or empty. */
static char *
title_of (xmlNode *root)
{
  for (xmlNode *n = root; n; n = pkt_tree_next (n, FALSE)) {
    if (!pkt_tree_is (n, "title"))
      continue;
    g_autofree char *raw = pkt_tree_text (n);
    g_autofree char *text = pkt_text_quote (pkt_slice_str (g_strdelimit (raw, "\r\n\t", ' ')),
                                            MAX_TITLE);
    return *g_strstrip (text) ? g_strdup (text) : NULL;
  }
  return NULL;
}

static gboolean
size_allowed (const char *name, PktSlice html, GError **error)
{
  if (pkt_slice_trim (html).n > 0 && html.n <= PKT_PAGE_MAX_BYTES)
    return TRUE;
  if (html.n <= PKT_PAGE_MAX_BYTES)
    g_set_error (error, PKT_ERROR, PKT_ERROR_DATA, "%s: the page is empty; save it as HTML", name);
  else {
    g_autofree char *have = pkt_text_count ((gint64)html.n);
    g_set_error (error, PKT_ERROR, PKT_ERROR_DATA,
                 "%s: %s bytes, more than the %d MiB a page may have; save it without its pictures",
                 name, have, PKT_PAGE_MAX_BYTES / (1024 * 1024));
  }
  return FALSE;
}

/* All of the run, the page's own included. */
static GPtrArray *
copy_requests (PktFetch *fetch)
{
  GPtrArray *list = g_ptr_array_new_with_free_func ((GDestroyNotify)pkt_page_request_free);
  const GPtrArray *all = fetch ? pkt_fetch_requests (fetch) : NULL;
  for (guint i = 0; all && i < all->len; i++)
    g_ptr_array_add (list, pkt_page_request_copy (all->pdata[i]));
  return list;
}

/* The first base element's, itself relative to the page's own; NULL: none. Caller frees. */
static PktRemote *
base_of (xmlNode *root, const char *own)
{
  g_autoptr (PktRemote) page = own ? pkt_remote_new (own, NULL, NULL) : NULL;
  for (xmlNode *n = root; n; n = pkt_tree_next (n, FALSE)) {
    g_autofree char *href = pkt_tree_is (n, "base") ? pkt_tree_attribute (n, "href") : NULL;
    if (href == NULL)
      continue;
    PktRemote *base = pkt_remote_new (href, page, NULL);
    return base ? base : g_steal_pointer (&page);
  }
  return g_steal_pointer (&page);
}

static void
write_clean (PktPage *p, xmlNode *root, const char *title, const PktMask *mask,
             const PktPageWith *with)
{
  g_autoptr (PktReaders) readers = pkt_readers_new (p->names, with->recipients);
  g_autoptr (PktRemote) base = base_of (root, with->base);
  const PktAssetSources sources = { with->parts, base,         with->hosts,      with->fetch,
                                    readers,     with->reader, with->reader_data };
  g_autoptr (PktAssets) assets = pkt_assets_gather (root, &sources);
  PktCleanCount count;
  p->clean_html = pkt_clean_page (root, title, mask, assets, &count);
  p->missing = pkt_assets_take_missing (assets);
  p->dropped += count.dropped;
  p->attachments_or_forms = count.active;
  p->pictures = count.pictures;
}

/* Those whom the page itself greets go as well: it may be one reader's copy. */
static GPtrArray *
names_of (const char *html, const GPtrArray *known)
{
  GPtrArray *names = g_ptr_array_new_with_free_func (g_free);
  pkt_greeting_html (html, names);
  for (guint i = 0; known && i < known->len; i++)
    g_ptr_array_add (names, g_strdup (known->pdata[i]));
  return names;
}

static void
drop_quotations (xmlNode *root)
{
  for (xmlNode *n = root, *next; n; n = next) {
    const gboolean quotes = pkt_tree_is (n, "blockquote");
    next = pkt_tree_next (n, quotes);
    if (!quotes)
      continue;
    xmlUnlinkNode (n);
    xmlFreeNode (n);
  }
}

PktPage *
pkt_page_read (const char *source, PktSlice html, const PktPageWith *with, GError **error)
{
  static const PktPageWith nothing = { 0 };
  g_autofree char *name = pkt_text_quote (pkt_slice_str (source), 300);
  with = with ? with : &nothing;
  if (!size_allowed (name, html, error))
    return NULL;
  g_autofree char *utf8 = pkt_charset_utf8 (html, with->charset, TRUE);
  guint flattened = 0;
  g_autoptr (xmlDoc) doc = pkt_tree_parse (name, utf8, &flattened, error);
  if (doc == NULL)
    return NULL;
  if (with->own_words)
    drop_quotations (doc->children);
  PktPage *p = pkt_page_new (source);
  p->names = names_of (utf8, with->names);
  g_autoptr (PktMask) mask = pkt_mask_new (p->names);
  g_autofree char *title = title_of (doc->children);
  p->title = title ? pkt_mask_text (mask, title) : NULL;
  p->hosts = pkt_hosts_collect (doc->children);
  pkt_outline_take (p, doc->children, mask);
  pkt_notes_take (p, doc->children, mask);
  p->dropped = flattened;
  write_clean (p, doc->children, title, mask, with);
  p->requests = copy_requests (with->fetch);
  return p;
}
