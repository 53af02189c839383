#include "packet/run/scan.h"
#include "packet/base/error.h"
#include "packet/base/text.h"
#include "packet/log/format.h"
#include "packet/log/part.h"
#include "packet/run/source.h"
#include "packet/run/sure-format.h"
#include "packet/run/scan-warnings.h"
#include "packet/run/state.h"

static void
source_free (gpointer p)
{
  PktScanSource *s = p;
  g_free (s->path);
  g_free (s->problem);
  for (guint i = 0; i < PKT_SCAN_SHOWN; i++)
    g_free (s->unknown[i]);
  g_free (s);
}

void
pkt_scan_free (PktScan *s)
{
  g_ptr_array_unref (s->sources);
  g_ptr_array_unref (s->events);
  g_ptr_array_unref (s->warnings);
  g_clear_pointer (&s->tally, pkt_tally_free);
  g_clear_pointer (&s->store, pkt_event_store_free);
  g_clear_pointer (&s->hits, g_hash_table_unref);
  g_clear_pointer (&s->said_ips, g_hash_table_unref);
  g_free (s);
}

gboolean
pkt_scan_is_whole (const PktScan *s)
{
  return pkt_event_store_accepted_left_out (s->store) == 0
         && pkt_event_store_others_left_out (s->store) == 0;
}

typedef enum { KIND_LOG, KIND_MAIL, KIND_TRANSCRIPT } SourceKind;

static gboolean
read_one (PktScan *scan, PktCounter *counter, const char *path, SourceKind kind,
          PktMailReader *mails, GError **error)
{
  PktScanSource *source = g_new0 (PktScanSource, 1);
  source->path = pkt_part_whole (path);
  source->first = source->last = PKT_NO_TIME;
  PktCountSource count = { .counter = counter,
                           .join = kind == KIND_LOG ? counter->join : NULL,
                           .source = source,
                           .index = scan->sources->len };
  pkt_event_store_mark (scan->store);
  g_ptr_array_add (scan->sources, source);
  gboolean ok = kind == KIND_MAIL         ? pkt_source_read_mail (mails, &count, path, error)
                : kind == KIND_TRANSCRIPT ? pkt_source_read_transcript (&count, path, error)
                                          : pkt_source_read_log (&count, path, error);
  if (!ok)
    return FALSE;
  pkt_progress_end_source (&counter->progress, source, path);
  if (source->format)
    scan->recognised += source->attempts + source->lines
                        - MIN (source->lines, source->unrecognised);
  if (source->problem || source->lost_rows)
    scan->partial = TRUE;
  if (source->problem && pkt_part_has_end (path))
    counter->broke_off = TRUE;
  return TRUE;
}

static gboolean
is_unread (const GError *e)
{
  return g_error_matches (e, PKT_ERROR, PKT_ERROR_IO)
         || g_error_matches (e, PKT_ERROR, PKT_ERROR_NOINPUT);
}

/* The last source may not be read, or went since its folder was listed (a rotated log): it is told
 * of, and the others are read. Takes what was said of it. */
static void
pass_over (PktScan *scan, GError *taken)
{
  PktScanSource *s = g_ptr_array_index (scan->sources, scan->sources->len - 1);
  const char *why = taken->message;
  if (g_str_has_prefix (why, s->path) && g_str_has_prefix (why + strlen (s->path), ": "))
    why += strlen (s->path) + 2;
  g_free (s->problem);
  s->problem = g_strdup (why);
  s->unread = scan->partial = TRUE;
  g_error_free (taken);
}

static int
compare_events (gconstpointer a, gconstpointer b)
{
  return pkt_event_compare (*(PktEvent *const *)a, *(PktEvent *const *)b);
}

static void
collect_events (PktScan *scan, const PktScanOptions *o)
{
  g_autoptr (GPtrArray) all = g_ptr_array_new ();
  pkt_event_store_list (scan->store, all);
  for (guint i = 0; i < all->len; i++) {
    PktEvent *e = g_ptr_array_index (all, i);
    if ((o->since != PKT_NO_TIME && e->time < o->since)
        || (o->until != PKT_NO_TIME && e->time > o->until))
      continue;
    g_ptr_array_add (scan->events, e);
  }
  g_ptr_array_sort (scan->events, compare_events);
}

static SourceKind
kind_of (const PktCounter *counter, PktMailReader *mails, const char *path)
{
  if (counter->options->format)
    return KIND_LOG;
  if (pkt_early_has (pkt_mail_reader_early (mails), path))
    return KIND_MAIL;
  if (pkt_source_is_mail (path))
    return KIND_MAIL;
  const PktLogLook look = pkt_source_look (path);
  g_hash_table_insert (counter->looks, (gpointer)path, g_memdup2 (&look, sizeof look));
  return look.sure == NULL && pkt_source_is_transcript (path) ? KIND_TRANSCRIPT : KIND_LOG;
}

/* What is read for a state is kept as read, and has to be. */
static gboolean
read_list (PktScan *scan, PktCounter *counter, const GPtrArray *paths, SourceKind kind,
           PktMailReader *mails, GError **error)
{
  for (guint i = 0; i < paths->len; i++) {
    GError *e = NULL;
    if (read_one (scan, counter, g_ptr_array_index (paths, i), kind, mails, &e))
      continue;
    if (counter->alone || counter->options->need_all || counter->options->state || !is_unread (e)) {
      g_propagate_error (error, e);
      return FALSE;
    }
    pass_over (scan, e);
  }
  return TRUE;
}

static const PktFormat *
likely_format (const PktCounter *counter, const char *path)
{
  const PktLogLook *look = g_hash_table_lookup (counter->looks, path);
  return look ? look->likely : NULL;
}

/* Of two formats, one may tell again what the other told, by the same Message-IDs. Pieces of one
 * log do not, be their first lines none of a delivery. */
static gboolean
formats_differ (const PktCounter *counter, const GPtrArray *logs)
{
  for (guint i = 1; i < logs->len; i++)
    if (likely_format (counter, logs->pdata[i]) != likely_format (counter, logs->pdata[0]))
      return TRUE;
  return FALSE;
}

/* Logs first: they say more than the bounces and transcripts about the same attempts. */
static gboolean
read_all (PktScan *scan, PktCounter *counter, const GPtrArray *files, PktMailReader *mail_reader,
          GError **error)
{
  g_autoptr (GPtrArray) logs = g_ptr_array_new (), mails = g_ptr_array_new (),
                        transcripts = g_ptr_array_new ();
  GPtrArray *const lists[] = { logs, mails, transcripts };
  const PktScanOptions *o = counter->options;
  for (guint i = 0; i < files->len; i++) {
    char *path = g_ptr_array_index (files, i);
    g_ptr_array_add (lists[kind_of (counter, mail_reader, path)], path);
  }
  g_autoptr (GPtrArray) named = o->transcripts ? pkt_scan_expand (o->transcripts, error) : NULL;
  if (o->transcripts && named == NULL)
    return FALSE;
  for (guint i = 0; named && i < named->len; i++)
    g_ptr_array_add (transcripts, g_ptr_array_index (named, i));
  pkt_progress_begin (&counter->progress, o, files);
  counter->alone = logs->len + mails->len + transcripts->len == 1;
  counter->message_ids = o->keep_events || o->state || mails->len > 0 || transcripts->len > 0
                         || formats_differ (counter, logs);
  if (!counter->message_ids)
    pkt_join_domains_only (counter->join);
  if (mails->len + transcripts->len)
    pkt_seen_merge (counter->seen);
  if (logs->len && mails->len + transcripts->len && !o->apple_only) {
    counter->others = pkt_seen_new ();
    pkt_seen_merge (counter->others);
  }
  if (logs->len > 1)
    pkt_seen_copies (counter->seen, o->log_zone);
  counter->year_runs = pkt_source_order (logs, o);
  pkt_source_learn (counter, logs);
  for (SourceKind kind = KIND_LOG; kind <= KIND_TRANSCRIPT; kind++)
    if (!read_list (scan, counter, lists[kind], kind, mail_reader, error))
      return FALSE;
  return TRUE;
}

static gboolean
are_folders (const char *const *paths)
{
  for (; *paths; paths++)
    if (!g_file_test (*paths, G_FILE_TEST_IS_DIR))
      return FALSE;
  return TRUE;
}

static void
set_unrecognised_error (const PktScan *scan, const char *const *paths, GError **error)
{
  guint64 bytes = 0;
  for (guint i = 0; i < scan->sources->len; i++) {
    const PktScanSource *each = g_ptr_array_index (scan->sources, i);
    bytes += each->bytes;
    if (each->problem && each->lines == 0) {
      g_set_error (error, PKT_ERROR, each->unread ? PKT_ERROR_IO : PKT_ERROR_DATA,
                   "%s: cannot be read: %s", each->path, each->problem);
      return;
    }
  }
  if (bytes == 0) {
    g_set_error_literal (error, PKT_ERROR, PKT_ERROR_NOINPUT,
                         "there is nothing in the input; name a log that holds lines");
    return;
  }
  const PktScanSource *s = scan->sources->len ? g_ptr_array_index (scan->sources, 0) : NULL;
  if (scan->sources->len == 1 && s->mail) {
    g_set_error (error, PKT_ERROR, PKT_ERROR_DATA,
                 "%s: is mail in which no bounce was recognised; 'postpacket headers' reads mail "
                 "that was accepted, and a case names it in evidence.delivered",
                 s->path);
    return;
  }
  const char *begins = s && s->unknown[0] && s->advice == NULL ? s->unknown[0] : NULL;
  g_set_error (error, PKT_ERROR, are_folders (paths) ? PKT_ERROR_NOINPUT : PKT_ERROR_DATA,
               "%s: nothing was recognised as a mail log or a bounce; %s%s%s",
               s ? s->path : "input",
               s && s->advice ? s->advice
               : begins       ? "it begins: "
                              : "",
               begins ? begins : "",
               s && s->advice ? ""
               : begins       ? "; 'postpacket formats' lists what can be read"
                              : "'postpacket formats' lists what can be read");
}

static GHashTable *
said_ips (const PktScanOptions *options)
{
  GHashTable *ips = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  GHashTableIter it;
  gpointer ip;
  if (options->sending_ip)
    g_hash_table_add (ips, g_strdup (options->sending_ip));
  GHashTable *said = options->map_used ? options->map_used : options->map;
  if (said)
    for (g_hash_table_iter_init (&it, said); g_hash_table_iter_next (&it, NULL, &ip);)
      g_hash_table_add (ips, g_strdup (ip));
  return ips;
}

static PktScan *
scan_new (const PktScanOptions *options)
{
  PktScan *s = g_new0 (PktScan, 1);
  s->sources = g_ptr_array_new_with_free_func (source_free);
  s->events = g_ptr_array_new ();
  s->warnings = g_ptr_array_new_with_free_func (g_free);
  s->store = pkt_event_store_new ();
  if (options->hits)
    s->hits = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  s->apple_only = options->apple_only;
  s->since = options->since;
  s->until = options->until;
  return s;
}

static void
counter_clear (PktCounter *c)
{
  g_clear_pointer (&c->replies, pkt_replies_free);
  g_clear_pointer (&c->join, pkt_join_free);
  g_clear_pointer (&c->seen, pkt_seen_free);
  g_clear_pointer (&c->others, pkt_seen_free);
  g_hash_table_unref (c->memories);
  g_hash_table_unref (c->looks);
  g_hash_table_unref (c->formats);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (PktCounter, counter_clear)

static PktCounter
counter_of (PktScan *scan, const PktCatalogue *catalogue, PktRelay *relay,
            const PktScanOptions *options)
{
  PktTallyBuild *tally = pkt_tally_build_new (options->since, options->until);
  return (PktCounter){
    .replies = pkt_replies_new (catalogue, tally, options->keep_events),
    .options = options,
    .relay = relay,
    .tally = tally,
    .join = pkt_join_new (),
    .seen = pkt_seen_new (),
    .memories = pkt_format_memories_new (),
    .looks = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, g_free),
    .formats = g_hash_table_new (g_str_hash, g_str_equal),
    .store = scan->store,
    .hits = scan->hits,
  };
}

/* Of a log that breaks off the rest is there for a later run (a disk that fails, logrotate's
 * copytruncate): that begins where this one did. What is packed stays damaged, and is done with. */
static gboolean
keep_state (PktScan *scan, const PktCounter *c, GError **error)
{
  if (!c->broke_off)
    return pkt_state_save (c->options->state, c->options->state_path, scan->tally, c, error);
  g_ptr_array_add (scan->warnings,
                   g_strdup_printf ("%s: left as it was, since a log broke off: the next run "
                                    "reads again what is new since the last",
                                    c->options->state_path));
  return TRUE;
}

/* Reads all, and makes the table. */
static gboolean
count_all (PktScan *scan, PktCounter *c, const GPtrArray *files, PktMailReader *mails,
           GError **error)
{
  PktState *state = c->options->state;
  if (state)
    pkt_state_restore (state, c);
  const gboolean ok = read_all (scan, c, files, mails, error);
  c->forgotten = pkt_join_forgotten (c->join);
  g_clear_pointer (&c->seen, pkt_seen_free);
  g_clear_pointer (&c->others, pkt_seen_free);
  if (state == NULL) /* making the table takes room */
    g_clear_pointer (&c->join, pkt_join_free);
  scan->tally = pkt_tally_build_finish (c->tally);
  return ok && (state == NULL || keep_state (scan, c, error));
}

PktScan *
pkt_scan_run (const PktCatalogue *catalogue, const char *const *paths,
              const PktScanOptions *options, GError **error)
{
  g_autoptr (PktRelay) relay = pkt_relay_new (options->also_domains, options->also_mx);
  g_autoptr (PktMailReader) mails = pkt_mail_reader_new (options, relay);
  PktEarly *early = options->format ? NULL : pkt_mail_reader_early (mails);
  g_autoptr (GPtrArray) files = options->state ? pkt_state_parts (options->state, paths, error)
                                               : pkt_scan_expand_early (
                                                   paths, early, pkt_source_jobs (options), error);
  if (files == NULL)
    return NULL;
  g_autoptr (PktScan) scan = scan_new (options);
  g_auto (PktCounter) counter = counter_of (scan, catalogue, relay, options);
  if (!count_all (scan, &counter, files, mails, error))
    return NULL;
  if (scan->recognised == 0 && options->state == NULL) {
    set_unrecognised_error (scan, paths, error);
    return NULL;
  }
  scan->said_ips = said_ips (options);
  collect_events (scan, options);
  pkt_scan_warn (scan, &counter);
  return g_steal_pointer (&scan);
}
