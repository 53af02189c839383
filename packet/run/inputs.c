#include "packet/run/inputs.h"
#include "packet/base/error.h"
#include "packet/base/file.h"
#include "packet/base/json.h"
#include "packet/headers/delivered.h"
#include "packet/log/archive.h"
#include "packet/redact/headers.h"
#include "packet/run/as-read.h"
#include "packet/run/case-ips.h"
#include "packet/run/case-page.h"
#include "packet/run/clients.h"
#include "packet/run/input-list.h"
#include "packet/run/progress.h"
#include "packet/run/stream-match.h"
#include "packet/store/manifest.h"

#define MAX_SCREENSHOT (8 * 1024 * 1024)

void
pkt_inputs_free (PktInputs *in)
{
  g_clear_pointer (&in->scan, pkt_scan_free);
  g_clear_pointer (&in->catalogue, pkt_catalogue_free);
  g_clear_pointer (&in->page, pkt_page_free);
  g_clear_pointer (&in->delivered, pkt_page_free);
  g_clear_pointer (&in->suppression, pkt_suppression_free);
  g_clear_pointer (&in->aggregate, pkt_aggregate_free);
  g_clear_pointer (&in->screenshot, g_bytes_unref);
  g_clear_pointer (&in->zone, g_time_zone_unref);
  g_clear_pointer (&in->log_zone, g_time_zone_unref);
  g_clear_pointer (&in->the_case, pkt_case_free);
  g_ptr_array_unref (in->samples);
  g_ptr_array_unref (in->all_samples);
  g_ptr_array_unref (in->tracking);
  g_ptr_array_unref (in->published);
  json_decref (in->digests);
  json_decref (in->files);
  g_free (in->zone_name);
  g_free (in->page_trouble);
  g_free (in);
}

static gboolean
note_file (PktInputs *in, const char *path, gboolean grows, GError **error)
{
  guint64 bytes;
  g_autofree char *digest = pkt_digest_file (path, &bytes, error);
  if (digest == NULL)
    return FALSE;
  g_autofree char *name = g_path_get_basename (path);
  json_t *file = json_object ();
  json_object_set_new (file, "path", pkt_json_string (name));
  json_object_set_new (file, "bytes", json_integer ((json_int_t)bytes));
  json_object_set_new (file, "sha256", json_string (digest));
  g_autofree char *whole = g_canonicalize_filename (path, NULL);
  json_object_set_new (file, "file", pkt_json_string (whole));
  json_object_set_new (file, "grows", json_boolean (grows));
  json_array_append_new (in->files, file);
  return TRUE;
}

static gboolean
note_digest (PktInputs *in, const char *path, GError **error)
{
  return note_file (in, path, FALSE, error);
}

char *
pkt_inputs_file (PktInputs *in, const char *path, gsize max, gsize *n, char **out_path,
                 GError **error)
{
  g_autofree char *full = pkt_case_path (in->the_case, path);
  char *bytes = pkt_file_read (full, max, n, error);
  if (bytes && !note_digest (in, full, error))
    g_clear_pointer (&bytes, g_free);
  if (bytes)
    *out_path = g_steal_pointer (&full);
  return bytes;
}

/* An archive counts once, whatever the number of its files. */
static gboolean
note_sources (PktInputs *in, GError **error)
{
  g_autoptr (GHashTable) noted = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  for (guint i = 0; i < in->scan->sources->len; i++) {
    const PktScanSource *s = g_ptr_array_index (in->scan->sources, i);
    char *archive = g_file_test (s->path, G_FILE_TEST_EXISTS) ? NULL : pkt_archive_outer (s->path);
    char *path = archive ? archive : g_strdup (s->path);
    gboolean fresh = g_hash_table_add (noted, path);
    if (fresh && strcmp (path, "-") != 0 && !note_file (in, path, archive == NULL, error))
      return FALSE;
  }
  return TRUE;
}

/* Logs grew since, so what was read of them is told as it was. */
static gboolean
note_as_read (PktInputs *in, const json_t *as_read)
{
  g_autoptr (GHashTable) noted = g_hash_table_new (NULL, NULL), index = pkt_as_read_index (as_read);
  for (guint i = 0; i < in->scan->sources->len; i++) {
    const PktScanSource *s = g_ptr_array_index (in->scan->sources, i);
    json_t *row = pkt_as_read_row (index, s->path);
    if (row && g_hash_table_add (noted, row))
      json_array_append (in->files, row);
  }
  return TRUE;
}

/* With what the case says of its IPs where neither log nor user does, unless that does not hold. */
static PktScan *
scan_with_ips (PktInputs *in, const char *const *paths, const PktScanOptions *given, GError **error)
{
  PktScanOptions o = *given;
  g_autoptr (PktCaseIps) ips = pkt_case_ips_new (in->the_case, given);
  pkt_case_ips_tell (ips, &o);
  PktScan *scan = pkt_scan_run (in->catalogue, paths, &o, error);
  if (scan && !pkt_case_ips_hold (ips, scan)) {
    pkt_scan_free (scan);
    return pkt_scan_run (in->catalogue, paths, given, error);
  }
  if (scan)
    pkt_case_ips_warn (ips, scan);
  return scan;
}

static gboolean
read_logs (PktInputs *in, const PktScanOptions *given, const json_t *as_read, GError **error)
{
  const PktCase *c = in->the_case;
  g_autoptr (GPtrArray) paths = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GPtrArray) transcripts = g_ptr_array_new_with_free_func (g_free);
  GStrv lists[] = { c->evidence.logs, c->evidence.bounces };
  for (gsize k = 0; k < G_N_ELEMENTS (lists); k++)
    for (gsize i = 0; lists[k] && lists[k][i]; i++)
      g_ptr_array_add (paths, pkt_case_path (c, lists[k][i]));
  for (gsize i = 0; c->evidence.transcripts && c->evidence.transcripts[i]; i++)
    g_ptr_array_add (transcripts, pkt_case_path (c, c->evidence.transcripts[i]));
  if (paths->len + transcripts->len == 0) {
    g_set_error (error, PKT_ERROR, PKT_ERROR_DATA,
                 "%s: $.evidence names no logs, no bounces and no transcripts: nothing shows what "
                 "Apple answered",
                 c->path);
    return FALSE;
  }
  g_ptr_array_add (paths, NULL);
  g_ptr_array_add (transcripts, NULL);
  if (as_read
      && !(pkt_as_read_paths (as_read, &paths, error)
           && pkt_as_read_paths (as_read, &transcripts, error)))
    return FALSE;
  PktScanOptions o = *given;
  o.transcripts = transcripts->len > 1 ? (const char *const *)transcripts->pdata : NULL;
  o.keep_events = o.streams_of_others = TRUE;
  o.campaigns = pkt_streams_ask_campaign (c->streams);
  o.zone = in->zone;
  o.log_zone = given->log_zone ? given->log_zone : in->log_zone;
  o.year = given->year ? given->year : c->options.year;
  in->scan = scan_with_ips (in, (const char *const *)paths->pdata, &o, error);
  return in->scan && (as_read ? note_as_read (in, as_read) : note_sources (in, error));
}

static gboolean
read_samples (PktInputs *in, GError **error)
{
  GStrv list = in->the_case->evidence.delivered;
  for (gsize i = 0; list && list[i]; i++) {
    gsize n;
    g_autofree char *path = NULL;
    g_autofree char *bytes = pkt_inputs_file (in, list[i], PKT_DELIVERED_MAX_BYTES, &n, &path,
                                              error);
    PktSample *s = bytes ? pkt_delivered_read (path, pkt_slice (bytes, n), error) : NULL;
    if (s == NULL)
      return FALSE;
    g_ptr_array_add (in->all_samples, s);
  }
  return TRUE;
}

/* Where the samples' links lead. A sample whose page cannot be read shows nothing of it. */
static void
read_links (PktInputs *in)
{
  const gboolean no_file = in->the_case->evidence.page_html == NULL;
  for (guint i = 0; i < in->samples->len; i++) {
    const PktSample *s = g_ptr_array_index (in->samples, i);
    g_autoptr (GPtrArray) names = pkt_snapshot_names (s);
    const PktSnapshotOptions o = { .names = names };
    gboolean known = i == 0 && s->html && no_file; /* as run/case-page.c chooses */
    g_autoptr (PktPage) own = known || s->html == NULL ? NULL : pkt_snapshot_sample (s, &o, NULL);
    pkt_tracking_add (in->tracking, s, known ? in->page : own);
    if (i == 0)
      in->delivered = g_steal_pointer (&own);
  }
}

/* DMARC reports; a folder of them counts as its files. */
static gboolean
read_aggregates (PktInputs *in, GError **error)
{
  GStrv list = in->the_case->evidence.dmarc_reports;
  for (gsize i = 0; list && list[i]; i++) {
    g_autofree char *path = pkt_case_path (in->the_case, list[i]);
    if (in->aggregate == NULL)
      in->aggregate = pkt_aggregate_new ();
    if (!pkt_aggregate_read (in->aggregate, path, error)
        || (g_file_test (path, G_FILE_TEST_IS_REGULAR) && !note_digest (in, path, error)))
      return FALSE;
  }
  if (in->aggregate)
    pkt_aggregate_sort (in->aggregate);
  return TRUE;
}

typedef struct {
  const PktInputs *in;
  const PktScanOptions *options;
  GHashTable *mailed; /* recipients of the logs, lower case; NULL: nobody asked yet */
} ListRead;

static void
show_list (guint64 done, guint64 size, gpointer data)
{
  const ListRead *l = data;
  pkt_progress_step (l->options, "reading the suppression list", done, size);
}

static gboolean
was_mailed (const char *address, gpointer data)
{
  ListRead *l = data;
  if (l->mailed == NULL) {
    l->mailed = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
    for (guint i = 0; i < l->in->scan->events->len; i++) {
      const PktEvent *e = g_ptr_array_index (l->in->scan->events, i);
      if (e->recipient)
        g_hash_table_add (l->mailed, g_ascii_strdown (e->recipient, -1));
    }
  }
  return g_hash_table_contains (l->mailed, address);
}

/* Whom the logs name is kept of the longest list: what the request says of them rests on it. */
static gboolean
read_suppression (PktInputs *in, const PktScanOptions *options, GError **error)
{
  const char *name = in->the_case->evidence.suppression;
  if (name == NULL)
    return TRUE;
  ListRead read = { in, options, NULL };
  const PktSuppressionHooks hooks = { .wants = was_mailed, .progress = show_list, .data = &read };
  g_autofree char *path = pkt_case_path (in->the_case, name);
  in->suppression = pkt_suppression_load (path, &hooks, error);
  g_clear_pointer (&read.mailed, g_hash_table_unref);
  return in->suppression && note_digest (in, path, error);
}

static gboolean
read_rest (PktInputs *in, const PktScanOptions *options, GError **error)
{
  const PktCase *c = in->the_case;
  if (!read_suppression (in, options, error) || !read_aggregates (in, error))
    return FALSE;
  if (c->evidence.page_screenshot) {
    gsize n;
    g_autofree char *path = NULL;
    char *bytes = pkt_inputs_file (in, c->evidence.page_screenshot, MAX_SCREENSHOT, &n, &path,
                                   error);
    if (bytes == NULL)
      return FALSE;
    in->screenshot = g_bytes_new_take (bytes, n);
  }
  return TRUE;
}

PktInputs *
pkt_inputs_read (const char *case_path, const PktScanOptions *options, const PktPageAsk *ask,
                 const json_t *as_read, const char *stream, GError **error)
{
  if (!pkt_as_read_check (as_read, error))
    return NULL;
  PktCase *c = pkt_case_load (case_path, error);
  if (c == NULL)
    return NULL;
  g_autoptr (PktInputs) in = g_new0 (PktInputs, 1);
  in->the_case = c;
  c->follow_up.stream = g_strdup (stream);
  in->tracking = pkt_tracking_new ();
  in->samples = g_ptr_array_new ();
  in->all_samples = g_ptr_array_new_with_free_func ((GDestroyNotify)pkt_sample_free);
  in->published = g_ptr_array_new_with_free_func (g_free);
  in->files = json_array ();
  in->zone_name = g_strdup (c->options.timezone ? c->options.timezone : "UTC");
  in->zone = options->zone ? g_time_zone_ref (options->zone) : pkt_clock_zone (in->zone_name);
  in->log_zone = c->options.log_timezone ? pkt_clock_zone (c->options.log_timezone) : NULL;
  in->catalogue = pkt_catalogue_new ();
  if (!note_digest (in, case_path, error) || !read_logs (in, options, as_read, error)
      || !read_samples (in, error) || !read_rest (in, options, error))
    return NULL;
  pkt_evidence_choose_samples (c, in->scan->tally, in->all_samples, in->samples);
  if (!pkt_case_page_read (in, ask, error))
    return NULL;
  read_links (in);
  in->digests = pkt_input_list (in->files);
  return g_steal_pointer (&in);
}

static void
add_string (GPtrArray *list, const char *s)
{
  if (s && *s && !g_ptr_array_find_with_equal_func (list, s, g_str_equal, NULL))
    g_ptr_array_add (list, g_strdup (s));
}

static void
add_strings (GPtrArray *list, GStrv strings)
{
  for (gsize i = 0; strings && strings[i]; i++)
    add_string (list, strings[i]);
}

static void
add_domain_of (GPtrArray *list, const char *address)
{
  const char *at = address ? strrchr (address, '@') : NULL;
  if (at)
    add_string (list, at + 1);
}

PktPrivacyScope *
pkt_privacy_scope_new (const PktInputs *in)
{
  const PktCase *c = in->the_case;
  PktPrivacyScope *s = g_new0 (PktPrivacyScope, 1);
  const PktStream *chosen = pkt_evidence_best_stream (c, in->scan->tally, in->all_samples);
  const char *type = chosen && chosen->mail_type ? chosen->mail_type : c->request.template_name;
  s->people = g_strcmp0 (type, "forwarded") == 0 || g_strcmp0 (type, "personal") == 0;
  s->own_domains = g_ptr_array_new_with_free_func (g_free);
  s->allowed = g_ptr_array_new_with_free_func (g_free);
  GStrv domains[] = { c->domains.from, c->domains.return_path, c->domains.tracking,
                      c->domains.dkim };
  for (gsize i = 0; i < G_N_ELEMENTS (domains); i++)
    for (gsize k = 0; domains[i] && domains[i][k]; k++)
      if (!pkt_clients_is_others_domain (c, chosen, domains[i][k]))
        add_string (s->own_domains, domains[i][k]);
  for (guint i = 0; i < c->streams->len; i++) {
    const PktStream *stream = g_ptr_array_index (c->streams, i);
    if (pkt_clients_is_other (c, chosen, stream))
      continue;
    add_strings (s->own_domains, stream->from_domain);
    add_strings (s->own_domains, stream->return_path_domain);
    add_strings (s->own_domains, stream->dkim);
  }
  for (guint i = 0; i < in->samples->len; i++)
    pkt_headers_scope (g_ptr_array_index (in->samples, i), g_strcmp0 (type, "forwarded") == 0,
                       s->own_domains, s->allowed);
  add_domain_of (s->own_domains, c->contact.email);
  add_string (s->allowed, c->contact.email);
  add_string (s->allowed, c->request.from);
  add_string (s->allowed, "icloudadmin@apple.com");
  for (guint i = 0; i < in->published->len; i++)
    add_string (s->allowed, in->published->pdata[i]);
  for (guint i = 0; i < c->disclosed->len; i++)
    add_string (s->allowed, ((const PktDisclosed *)g_ptr_array_index (c->disclosed, i))->address);
  g_ptr_array_add (s->own_domains, NULL);
  g_ptr_array_add (s->allowed, NULL);
  s->scope.own_domains = (const char *const *)s->own_domains->pdata;
  s->scope.allowed = (const char *const *)s->allowed->pdata;
  return s;
}

void
pkt_privacy_scope_free (PktPrivacyScope *s)
{
  g_ptr_array_unref (s->own_domains);
  g_ptr_array_unref (s->allowed);
  g_free (s);
}
