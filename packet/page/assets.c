#include "packet/page/assets.h"
#include <string.h>
#include "packet/base/charset.h"
#include "packet/model/page.h"
#include "packet/page/css.h"
#include "packet/page/personal.h"
#include "packet/page/picture.h"
#include "packet/page/policy.h"
#include "packet/page/sight.h"
#include "packet/page/tree.h"

#define MAX_MISSING 200 /* rows; further ones go into the last */

struct PktAssets {
  const PktAssetSources *from;
  GHashTable *pictures; /* src -> data URL (GString), both owned; NULL value: none to show */
  GHashTable *sheets;   /* href -> text */
  GHashTable *by_url;   /* URL asked for -> index of its job + 1 */
  GArray *jobs;         /* PktFetchJob */
  GPtrArray *urls;      /* PktRemote* of the jobs */
  GHashTable *wanted;   /* references that wait for a job */
  GPtrArray *names;     /* char*: those, and … */
  GArray *uses;         /* … the index of each one's job */
  GHashTable *hiding;   /* selectors, see pkt_css_hiding () */
  guint images, sheet_count;
  gsize shown; /* bytes of all pictures */
  GPtrArray *missing;
};

static const char *const kinds[] = { "page", "image", "stylesheet" };

static void
free_url (gpointer url)
{
  if (url)
    g_string_free (url, TRUE);
}

static void
free_job (gpointer job)
{
  pkt_fetch_job_clear (job);
}

void
pkt_assets_free (PktAssets *a)
{
  g_hash_table_unref (a->pictures);
  g_hash_table_unref (a->sheets);
  g_hash_table_unref (a->by_url);
  g_hash_table_unref (a->wanted);
  g_hash_table_unref (a->hiding);
  g_array_unref (a->jobs);
  g_ptr_array_unref (a->urls);
  g_ptr_array_unref (a->names);
  g_array_unref (a->uses);
  g_clear_pointer (&a->missing, g_ptr_array_unref);
  g_free (a);
}

PktSlice
pkt_assets_picture (const PktAssets *a, const char *src)
{
  const GString *url = g_hash_table_lookup (a->pictures, src);
  return url ? pkt_slice (url->str, url->len) : pkt_slice (NULL, 0);
}

const char *
pkt_assets_sheet (const PktAssets *a, const char *href)
{
  return g_hash_table_lookup (a->sheets, href);
}

GPtrArray *
pkt_assets_take_missing (PktAssets *a)
{
  return g_steal_pointer (&a->missing);
}

static void
miss (PktAssets *a, PktFetchKind kind, const char *host, const char *why)
{
  for (guint i = 0; i < a->missing->len; i++) {
    PktPageMissing *m = a->missing->pdata[i];
    if ((g_strcmp0 (m->host, host) == 0 && g_str_equal (m->kind, kinds[kind])
         && g_str_equal (m->why, why))
        || i + 1 == MAX_MISSING) {
      m->count++;
      return;
    }
  }
  PktPageMissing *m = g_new0 (PktPageMissing, 1);
  m->kind = g_strdup (kinds[kind]);
  m->host = g_strdup (host);
  m->why = g_strdup (why);
  m->count = 1;
  g_ptr_array_add (a->missing, m);
}

static void
show (PktAssets *a, const char *src, const char *host, PktSlice bytes)
{
  PktPicture look;
  const char *why = pkt_picture_look (bytes, &look);
  if (why == NULL && (look.width <= 1 || look.height <= 1))
    why = "the picture has one pixel or none";
  if (why == NULL && bytes.n > MIN (PKT_ASSETS_MAX_IMAGE, PKT_ASSETS_MAX_SHOWN - a->shown))
    why = "the picture is too large";
  g_autofree char *url = why ? NULL : pkt_picture_data_url (&look, bytes);
  if (why)
    miss (a, PKT_FETCH_IMAGE, host, why);
  a->shown += bytes.n * !why;
  g_hash_table_insert (a->pictures, g_strdup (src), url ? g_string_new (url) : NULL);
}

/* RFC 2397. */
static void
take_data (PktAssets *a, const char *src)
{
  const char *comma = strchr (src, ',');
  gsize n = 0;
  g_autofree char *head = comma ? g_ascii_strdown (src, comma - src) : NULL;
  g_autofree guchar *bytes = NULL;
  if (head && pkt_slice_ends_nocase (pkt_slice_str (head), PKT_SLICE (";base64"))) {
    bytes = g_base64_decode (comma + 1, &n);
  } else if (head) {
    g_autoptr (GBytes) plain = g_uri_unescape_bytes (comma + 1, -1, NULL, NULL);
    if (plain)
      bytes = g_bytes_unref_to_data (g_steal_pointer (&plain), &n);
  }
  show (a, src, NULL, pkt_slice ((const char *)bytes, n));
}

/* RFC 2392: cid: with the Content-ID, its odd characters escaped; RFC 2557: a Content-Location. */
static GBytes *
part_of (const PktAssets *a, const char *src)
{
  if (a->from->parts == NULL)
    return NULL;
  if (g_ascii_strncasecmp (src, "cid:", 4) != 0)
    return g_hash_table_lookup (a->from->parts, src);
  g_autofree char *id = g_uri_unescape_string (src + 4, NULL);
  return g_hash_table_lookup (a->from->parts, id ? id : src + 4);
}

/* Why it may not be asked for; static. Also asked for each redirect. */
static const char *
may_ask (const PktRemote *url, PktFetchKind kind, gpointer data)
{
  (void)kind;
  const PktAssetSources *from = data;
  if (!pkt_remote_host_in (url, from->hosts))
    return "its host is not listed";
  const char *why = pkt_personal_asset (url);
  if (why)
    return why;
  return (from->readers && pkt_readers_in_url (from->readers, url->text))
                 || (from->reader && from->reader (url->text, from->data))
             ? "its URL holds a recipient"
             : NULL;
}

static const char *
over_bound (const PktAssets *a, PktFetchKind kind)
{
  if (kind == PKT_FETCH_IMAGE && a->images >= PKT_ASSETS_MAX_IMAGES)
    return "the page has more than " G_STRINGIFY (PKT_ASSETS_MAX_IMAGES) " pictures to ask for";
  if (kind == PKT_FETCH_SHEET && a->sheet_count >= PKT_ASSETS_MAX_SHEETS)
    return "the page has more than " G_STRINGIFY (PKT_ASSETS_MAX_SHEETS) " style sheets";
  return NULL;
}

/* `url` taken. */
static guint
add_job (PktAssets *a, PktRemote *url, PktFetchKind kind)
{
  PktFetchJob job = { .kind = kind,
                      .url = url,
                      .max_bytes = kind == PKT_FETCH_IMAGE ? PKT_ASSETS_MAX_IMAGE
                                                           : PKT_ASSETS_MAX_SHEET };
  g_array_append_val (a->jobs, job);
  g_ptr_array_add (a->urls, url);
  g_hash_table_insert (a->by_url, url->text, GUINT_TO_POINTER (a->jobs->len));
  a->images += kind == PKT_FETCH_IMAGE;
  a->sheet_count += kind == PKT_FETCH_SHEET;
  return a->jobs->len;
}

static void
want (PktAssets *a, const char *reference, PktFetchKind kind)
{
  const char *why = NULL;
  if (g_hash_table_contains (a->wanted, reference))
    return;
  g_autoptr (PktRemote) url = pkt_remote_new (reference, a->from->base, &why);
  if (url == NULL) {
    miss (a, kind, NULL, why);
    return;
  }
  guint job = GPOINTER_TO_UINT (g_hash_table_lookup (a->by_url, url->text));
  why = a->from->fetch == NULL ? "nothing is asked for without --online"
                               : may_ask (url, kind, (gpointer)a->from);
  if (why == NULL && job == 0)
    why = over_bound (a, kind);
  if (why) {
    miss (a, kind, url->host, why);
    return;
  }
  job = job ? job : add_job (a, g_steal_pointer (&url), kind);
  guint index = job - 1;
  g_ptr_array_add (a->names, g_strdup (reference));
  g_hash_table_add (a->wanted, a->names->pdata[a->names->len - 1]);
  g_array_append_val (a->uses, index);
}

static void
take_image (PktAssets *a, const xmlNode *img, gboolean seen)
{
  g_autofree char *src = pkt_tree_attribute (img, "src");
  if (src == NULL || *src == '\0' || g_hash_table_contains (a->pictures, src))
    return;
  GBytes *part = part_of (a, src);
  gboolean remote = part == NULL && g_ascii_strncasecmp (src, "data:", 5) != 0;
  if (remote && (!seen || pkt_sight_pixel (img))) {
    g_autoptr (PktRemote) url = pkt_remote_new (src, a->from->base, NULL);
    miss (a, PKT_FETCH_IMAGE, url ? url->host : NULL,
          seen ? "it is of one pixel or none" : "it is hidden");
  } else if (part) {
    gsize n;
    const char *bytes = g_bytes_get_data (part, &n);
    show (a, src, NULL, pkt_slice (bytes, n));
  } else if (!remote) {
    take_data (a, src);
  } else {
    want (a, src, PKT_FETCH_IMAGE);
  }
}

static void
take_link (PktAssets *a, const xmlNode *link)
{
  g_autofree char *rel = pkt_tree_attribute (link, "rel");
  g_autofree char *href = pkt_tree_attribute (link, "href");
  g_autofree char *media = pkt_tree_attribute (link, "media");
  g_auto (GStrv) words = g_strsplit_set (rel ? rel : "", " \t\r\n", -1);
  gboolean sheet = FALSE, other = media && g_ascii_strcasecmp (media, "print") == 0;
  for (char **w = words; *w; w++) {
    sheet |= g_ascii_strcasecmp (*w, "stylesheet") == 0;
    other |= g_ascii_strcasecmp (*w, "alternate") == 0;
  }
  if (sheet && !other && href && *href)
    want (a, href, PKT_FETCH_SHEET);
}

/* What the clean page leaves out is not looked for in; sheets count wherever they stand. */
static void
walk (PktAssets *a, const xmlNode *node, PktSight sight, gboolean seen, gboolean kept)
{
  for (const xmlNode *n = node; n; n = n->next) {
    if (n->type != XML_ELEMENT_NODE)
      continue;
    PktSight inside = sight;
    gboolean shown = pkt_sight_enter (n, &inside) && seen && !pkt_sight_unseen (n, a->hiding);
    gboolean stays = kept && pkt_policy_element ((const char *)n->name) != PKT_ELEMENT_DROP;
    if (pkt_tree_is (n, "link"))
      take_link (a, n);
    else if (stays && pkt_tree_is (n, "img"))
      take_image (a, n, shown && !inside.invisible);
    walk (a, n->children, inside, shown, stays);
  }
}

static void
take_answer (PktAssets *a, const char *reference, const PktFetchJob *job)
{
  if (job->body == NULL) {
    miss (a, job->kind, job->url->host, job->why);
    return;
  }
  PktSlice bytes = pkt_slice ((const char *)job->body->data, job->body->len);
  if (job->kind == PKT_FETCH_IMAGE)
    show (a, reference, job->url->host, bytes);
  else if (job->type && !g_str_equal (job->type, "text/css"))
    miss (a, job->kind, job->url->host, "what came is no style sheet");
  else
    g_hash_table_insert (a->sheets, g_strdup (reference),
                         pkt_charset_utf8 (bytes, job->charset, FALSE));
}

/* Of the page's own sheets; those that are linked come too late. */
static GHashTable *
hiding_of (xmlNode *root)
{
  GHashTable *hiding = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  for (xmlNode *n = root; n; n = pkt_tree_next (n, FALSE)) {
    g_autofree char *sheet = pkt_tree_is (n, "style") ? pkt_tree_text (n) : NULL;
    if (sheet)
      pkt_css_hiding (sheet, hiding);
  }
  return hiding;
}

PktAssets *
pkt_assets_gather (xmlNode *root, const PktAssetSources *from)
{
  PktAssets *a = g_new0 (PktAssets, 1);
  a->from = from;
  a->pictures = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, free_url);
  a->sheets = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  a->by_url = g_hash_table_new (g_str_hash, g_str_equal);
  a->hiding = hiding_of (root);
  a->wanted = g_hash_table_new (g_str_hash, g_str_equal);
  a->jobs = g_array_new (FALSE, TRUE, sizeof (PktFetchJob));
  g_array_set_clear_func (a->jobs, free_job);
  a->urls = g_ptr_array_new_with_free_func ((GDestroyNotify)pkt_remote_free);
  a->names = g_ptr_array_new_with_free_func (g_free);
  a->uses = g_array_new (FALSE, TRUE, sizeof (guint));
  a->missing = g_ptr_array_new_with_free_func ((GDestroyNotify)pkt_page_missing_free);
  walk (a, root, (PktSight){ FALSE, FALSE }, TRUE, TRUE);
  PktFetchJob *jobs = (PktFetchJob *)(gpointer)a->jobs->data;
  if (a->jobs->len > 0)
    pkt_fetch_run (from->fetch, jobs, a->jobs->len, may_ask, (gpointer)from);
  for (guint i = 0; i < a->names->len; i++)
    take_answer (a, a->names->pdata[i], &jobs[g_array_index (a->uses, guint, i)]);
  return a;
}
