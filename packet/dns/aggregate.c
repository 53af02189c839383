#include "packet/dns/aggregate.h"
#include "packet/base/archive.h"
#include "packet/base/error.h"
#include "packet/base/slice.h"
#include "packet/base/sort.h"
#include "packet/base/text.h"
#include "packet/base/xml.h"
#include "packet/dns/dns.h"
#include "packet/dns/ip.h"
#define PKT_WITH_LIBXML
#include "packet/base/autoptr.h"

#define CHUNK 65536

static void
row_free (gpointer p)
{
  PktAggregateRow *r = p;
  g_free (r->domain);
  g_free (r->ip);
  g_free (r);
}

PktAggregate *
pkt_aggregate_new (void)
{
  PktAggregate *a = g_new0 (PktAggregate, 1);
  a->rows = g_ptr_array_new_with_free_func (row_free);
  a->index = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  a->seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  a->reporters = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  a->begin = a->end = PKT_NO_TIME;
  return a;
}

void
pkt_aggregate_free (PktAggregate *a)
{
  g_ptr_array_unref (a->rows);
  g_hash_table_unref (a->index);
  g_hash_table_unref (a->seen);
  g_hash_table_unref (a->reporters);
  g_free (a->first_broken);
  g_free (a);
}

static void
broken (PktAggregate *a, const char *name, const char *why)
{
  a->broken++;
  if (a->first_broken)
    return;
  g_autofree char *base = g_path_get_basename (name),
                  *shown = pkt_text_quote (pkt_slice_str (base), 200);
  a->first_broken = g_strdup_printf ("%s: %s", shown, why);
}

/* ---- XML ---- */

/* The child of that name, whatever its namespace; NULL. */
static xmlNode *
child (const xmlNode *node, const char *name)
{
  for (xmlNode *n = node ? node->children : NULL; n; n = n->next)
    if (n->type == XML_ELEMENT_NODE && g_str_equal ((const char *)n->name, name))
      return n;
  return NULL;
}

/* Its text, trimmed; NULL. Caller frees. */
static char *
text (const xmlNode *node, const char *name)
{
  xmlNode *n = child (node, name);
  xmlChar *content = n ? xmlNodeGetContent (n) : NULL;
  char *copy = content ? g_strstrip (g_strdup ((const char *)content)) : NULL;
  xmlFree (content);
  return copy;
}

static gint64
number (const xmlNode *node, const char *name)
{
  g_autofree char *s = text (node, name);
  gint64 n = 0;
  return s && pkt_slice_number (pkt_slice_str (s), &n) ? n : -1;
}

static PktAggregateRow *
row_of (PktAggregate *a, const char *domain, const char *ip)
{
  g_autofree char *key = g_strdup_printf ("%s %s", domain, ip);
  PktAggregateRow *r = g_hash_table_lookup (a->index, key);
  if (r || a->rows->len >= PKT_AGGREGATE_MAX_ROWS)
    return r;
  r = g_new0 (PktAggregateRow, 1);
  r->domain = g_strdup (domain);
  r->ip = g_strdup (ip);
  g_ptr_array_add (a->rows, r);
  g_hash_table_insert (a->index, g_steal_pointer (&key), r);
  return r;
}

/* <record><row><source_ip/><count/><policy_evaluated><dkim/><spf/></policy_evaluated></row>
 * <identifiers><header_from/></identifiers></record>; FALSE where it is none. */
static gboolean
take_record (PktAggregate *a, const xmlNode *record)
{
  const xmlNode *row = child (record, "row"), *evaluated = child (row, "policy_evaluated");
  g_autofree char *source = text (row, "source_ip"), *dkim = text (evaluated, "dkim"),
                  *spf = text (evaluated, "spf"),
                  *from = text (child (record, "identifiers"), "header_from");
  g_autofree char *domain = from ? pkt_dns_name (from) : NULL;
  gint64 count = number (row, "count");
  PktIp ip;
  if (source == NULL || domain == NULL || count < 0 || count > G_MAXINT32
      || !pkt_ip_parse (source, &ip))
    return FALSE;
  g_autofree char *address = pkt_ip_text (&ip);
  PktAggregateRow *r = row_of (a, domain, address);
  gboolean by_spf = g_strcmp0 (spf, "pass") == 0, by_dkim = g_strcmp0 (dkim, "pass") == 0;
  if (r == NULL)
    return FALSE;
  r->count += count;
  r->spf += by_spf ? count : 0;
  r->dkim += by_dkim ? count : 0;
  r->passed += by_spf || by_dkim ? count : 0;
  return TRUE;
}

static void
take_range (PktAggregate *a, const xmlNode *range)
{
  gint64 begin = number (range, "begin"), end = number (range, "end");
  if (begin < 0 || end < begin || end > G_MAXINT64 / PKT_SECOND)
    return;
  a->begin = a->begin == PKT_NO_TIME ? begin * PKT_SECOND : MIN (a->begin, begin * PKT_SECOND);
  a->end = MAX (a->end, end * PKT_SECOND);
}

static void
take_report (PktAggregate *a, const char *name, const xmlNode *feedback)
{
  const xmlNode *meta = child (feedback, "report_metadata");
  g_autofree char *reporter = text (meta, "org_name"), *id = text (meta, "report_id");
  g_autofree char *key = g_strdup_printf ("%s %s", reporter ? reporter : "", id ? id : "");
  guint records = 0, bad = 0;
  if (id && !g_hash_table_add (a->seen, g_steal_pointer (&key))) {
    a->doubled++;
    return;
  }
  for (const xmlNode *n = feedback->children; n; n = n->next)
    if (n->type == XML_ELEMENT_NODE && g_str_equal ((const char *)n->name, "record")) {
      records++;
      bad += !take_record (a, n);
    }
  if (bad || records == 0)
    broken (a, name, records ? "a record without address, count or From" : "it has no record");
  if (bad == records)
    return;
  a->reports++;
  g_hash_table_add (a->reporters, g_strdup (reporter ? reporter : ""));
  take_range (a, child (meta, "date_range"));
}

/* A report comes from anybody: libxml2 compares each attribute of a tag with all before it, and an
 * element of four bytes takes a hundred of memory. */
static gboolean
is_bounded (const char *xml, gsize n)
{
  gsize marks = 0, attributes = 0;
  for (const char *p = xml, *end = xml + n; (p = pkt_find_either (p, end, '<', '=')); p++) {
    attributes = *p == '=' ? attributes + 1 : 0;
    if (++marks > PKT_AGGREGATE_MAX_MARKS || attributes > PKT_AGGREGATE_MAX_ATTRIBUTES)
      return FALSE;
  }
  return TRUE;
}

/* Nothing is fetched, and no entity is expanded. */
void
pkt_aggregate_parse (PktAggregate *a, const char *name, const char *xml, gsize n)
{
  if (n == 0 || n > PKT_AGGREGATE_MAX_BYTES) {
    broken (a, name, n ? "it is too long" : "it is empty");
    return;
  }
  if (!is_bounded (xml, n)) {
    broken (a, name, "it has more elements or attributes than a report");
    return;
  }
  g_autoptr (xmlDoc) doc = xmlReadMemory (xml, (int)n, NULL, NULL,
                                          XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING
                                              | XML_PARSE_NOCDATA);
  const xmlNode *root = doc ? xmlDocGetRootElement (doc) : NULL;
  if (root == NULL || !g_str_equal ((const char *)root->name, "feedback"))
    broken (a, name, root ? "it is no DMARC report" : "it is no XML");
  else
    take_report (a, name, root);
}

/* ---- files ---- */

/* FALSE: nothing behind it can be read either, or may be. *left: bytes that still may be unpacked.
 */
static gboolean
read_entry (PktAggregate *a, struct archive *r, const char *name, gsize *left)
{
  g_autoptr (GByteArray) all = g_byte_array_new ();
  guint8 chunk[CHUNK];
  la_ssize_t n;
  while ((n = archive_read_data (r, chunk, sizeof chunk)) > 0
         && all->len <= PKT_AGGREGATE_MAX_BYTES)
    g_byte_array_append (all, chunk, (guint)n);
  *left -= MIN (*left, all->len);
  if (n < 0 || *left == 0)
    broken (a, name, n < 0 ? "it cannot be unpacked to its end" : "it holds more than can be read");
  else
    pkt_aggregate_parse (a, name, (const char *)all->data, all->len);
  return n >= 0 && *left > 0;
}

/* Plain, packed, or an archive of several. */
static void
read_file (PktAggregate *a, const char *path)
{
  struct archive *r = archive_read_new ();
  struct archive_entry *entry;
  archive_read_support_filter_gzip (r); /* "all" are programs of other packers, too */
  archive_read_support_filter_bzip2 (r);
  archive_read_support_filter_xz (r);
  archive_read_support_filter_zstd (r);
  archive_read_support_format_zip (r);
  archive_read_support_format_tar (r);
  archive_read_support_format_raw (r);
  guint files = 0;
  gsize left = PKT_AGGREGATE_MAX_TOTAL;
  int status = archive_read_open_filename (r, path, CHUNK);
  while (status == ARCHIVE_OK && files < PKT_AGGREGATE_MAX_FILES) {
    status = archive_read_next_header (r, &entry);
    if (status != ARCHIVE_OK)
      break;
    files++;
    gboolean file = archive_entry_filetype (entry) == AE_IFREG
                    || archive_entry_filetype (entry) == 0;
    if (file && !read_entry (a, r, path, &left))
      break;
  }
  if (files == 0)
    broken (a, path, status == ARCHIVE_EOF ? "it is empty" : "it cannot be read");
  archive_read_free (r);
}

gboolean
pkt_aggregate_read (PktAggregate *a, const char *path, GError **error)
{
  if (g_file_test (path, G_FILE_TEST_IS_REGULAR)) {
    read_file (a, path);
    return TRUE;
  }
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  if (dir == NULL) {
    g_set_error (error, PKT_ERROR, PKT_ERROR_NOINPUT,
                 "%s: is no DMARC report and no folder of them", path);
    return FALSE;
  }
  for (const char *name; (name = g_dir_read_name (dir));)
    g_ptr_array_add (names, g_build_filename (path, name, NULL));
  g_ptr_array_sort (names, pkt_sort_by_text);
  for (guint i = 0; i < names->len; i++)
    if (g_file_test (names->pdata[i], G_FILE_TEST_IS_REGULAR))
      read_file (a, names->pdata[i]);
  return TRUE;
}

static int
by_domain (gconstpointer a, gconstpointer b)
{
  const PktAggregateRow *x = *(PktAggregateRow *const *)a, *y = *(PktAggregateRow *const *)b;
  int domains = strcmp (x->domain, y->domain);
  if (domains)
    return domains;
  return x->count != y->count ? (x->count < y->count ? 1 : -1) : strcmp (x->ip, y->ip);
}

void
pkt_aggregate_sort (PktAggregate *a)
{
  g_ptr_array_sort (a->rows, by_domain);
}
