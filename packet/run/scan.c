#include "packet/run/scan.h"
#include "packet/base/error.h"
#include "packet/base/text.h"
#include "packet/log/format.h"
#include "packet/log/memory.h"
#include "packet/run/source.h"
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
  g_clear_pointer (&s->pool, pkt_event_pool_free);
  g_clear_pointer (&s->hits, g_hash_table_unref);
  g_free (s);
}

static PktScan *
scan_new (void)
{
  PktScan *s = g_new0 (PktScan, 1);
  s->sources = g_ptr_array_new_with_free_func (source_free);
  s->events = g_ptr_array_new ();
  s->warnings = g_ptr_array_new_with_free_func (g_free);
  s->pool = pkt_event_pool_new ();
  return s;
}

typedef enum { KIND_LOG, KIND_MAIL, KIND_TRANSCRIPT } SourceKind;

static gboolean
read_one (PktScan *scan, PktCounter *counter, const char *path, SourceKind kind,
          PktMailReader *mails, GError **error)
{
  PktScanSource *source = g_new0 (PktScanSource, 1);
  source->path = g_strdup (path);
  source->first = source->last = PKT_NO_TIME;
  PktCountSource count = { .counter = counter,
                           .join = kind == KIND_LOG ? counter->join : NULL,
                           .source = source,
                           .index = scan->sources->len,
                           .first_event = pkt_event_pool_size (scan->pool) };
  g_ptr_array_add (scan->sources, source);
  gboolean ok = kind == KIND_MAIL         ? pkt_source_read_mail (mails, &count, path, error)
                : kind == KIND_TRANSCRIPT ? pkt_source_read_transcript (&count, path, error)
                                          : pkt_source_read_log (&count, path, error);
  if (!ok)
    return FALSE;
  if (source->format)
    scan->recognised += source->attempts + source->lines
                        - MIN (source->lines, source->unrecognised);
  if (source->problem)
    scan->partial = TRUE;
  return TRUE;
}

static void
warn (PktScan *scan, char *taken)
{
  g_ptr_array_add (scan->warnings, taken);
}

/* Mails have a sentence of their own. */
static void
warn_about_unknown (PktScan *scan, const PktScanSource *s)
{
  if (s->unknown[0] == NULL || s->mail)
    return;
  g_autoptr (GString) lines = g_string_new (s->unknown[0]);
  for (guint i = 1; i < PKT_SCAN_SHOWN && s->unknown[i]; i++)
    g_string_append_printf (lines, " | %s", s->unknown[i]);
  if (s->format == NULL)
    warn (scan,
          g_strdup_printf ("%s: nothing in it was recognised; it begins: %s", s->path, lines->str));
  else
    warn (scan, g_strdup_printf ("%s: %" G_GUINT64_FORMAT " of %" G_GUINT64_FORMAT
                                 " lines are of no form that is known: %s",
                                 s->path, s->unrecognised, s->lines, lines->str));
}

/* What the logs cannot tell, whoever wrote them. */
static void
warn_about_blind_spots (PktScan *scan, const PktCounter *counter)
{
  for (gsize i = 0; pkt_formats[i]; i++)
    if (pkt_formats[i]->blind && g_hash_table_contains (counter->formats, pkt_formats[i]->name))
      warn (scan, g_strdup_printf ("%s logs %s", pkt_formats[i]->name, pkt_formats[i]->blind));
}

static void
warn_about_source (PktScan *scan, const PktScanSource *s)
{
  if (s->problem)
    warn (scan, g_strdup_printf ("%s: read only in part: %s", s->path, s->problem));
  if (s->zone_guessed && s->apple)
    warn (scan, g_strdup_printf ("%s: the log writes no time zone; its times are taken as UTC. Say "
                                 "--log-timezone if they are not",
                                 s->path));
  if (s->file_time)
    warn (scan, g_strdup_printf ("%s: a session in it shows no time; that of the file is taken",
                                 s->path));
  if (s->undated)
    warn (scan, g_strdup_printf ("%s: %" G_GUINT64_FORMAT
                                 " attempts stand on lines without a time: they are not counted",
                                 s->path, s->undated));
  if (s->long_lines)
    warn (scan, g_strdup_printf ("%s: %" G_GUINT64_FORMAT " lines over 64 KiB were cut", s->path,
                                 s->long_lines));
  warn_about_unknown (scan, s);
}

/* One sentence for all: a folder may hold thousands. */
static void
warn_about_mails (PktScan *scan)
{
  const PktScanSource *first = NULL;
  guint64 n = 0;
  for (guint i = 0; i < scan->sources->len; i++) {
    const PktScanSource *s = g_ptr_array_index (scan->sources, i);
    if (s->mail && s->unrecognised) {
      n += s->unrecognised;
      first = first ? first : s;
    }
  }
  if (n)
    warn (scan, g_strdup_printf (
                    "%s: %" G_GUINT64_FORMAT " mails%s are no bounces of a form that is known",
                    first->path, n, n > first->unrecognised ? " in it and after" : ""));
}

/* What a service's events cannot tell, once for all its sources that told of Apple. */
static void
warn_about_services (PktScan *scan)
{
  for (guint i = 0; i < scan->sources->len; i++) {
    const PktScanSource *s = g_ptr_array_index (scan->sources, i);
    gboolean again = s->blind == NULL || s->apple == 0;
    for (guint k = 0; k < i && !again; k++) {
      const PktScanSource *other = g_ptr_array_index (scan->sources, k);
      again = other->apple && other->blind == s->blind;
    }
    if (!again)
      warn (scan, g_strdup_printf ("%s events %s", s->service, s->blind));
  }
}

static void
warn_about_bounces (PktScan *scan)
{
  guint64 out_of_band = 0, quoted = 0;
  for (guint i = 0; i < scan->sources->len; i++) {
    const PktScanSource *s = g_ptr_array_index (scan->sources, i);
    out_of_band += s->out_of_band;
    quoted += s->quoted;
  }
  if (out_of_band)
    warn (scan,
          g_strdup_printf ("%" G_GUINT64_FORMAT
                           " bounces were written by Apple after it had accepted the mail: they "
                           "count as bounced beside the delivery",
                           out_of_band));
  if (quoted)
    warn (scan, g_strdup_printf ("%" G_GUINT64_FORMAT
                                 " answers of other servers quote one of Apple's: not counted; "
                                 "whoever runs them was refused",
                                 quoted));
}

static gboolean
some_without_ip (const PktTally *t)
{
  for (guint i = 0; i < t->cells->len; i++) {
    const PktCellKey *k = &g_array_index (t->cells, PktCell, i).key;
    if (k->apple && k->local_ip == 0 && (k->outcome == PKT_DELIVERED || k->outcome == PKT_BOUNCED))
      return TRUE;
  }
  return FALSE;
}

static gboolean
only_mails (const PktScan *scan)
{
  for (guint i = 0; i < scan->sources->len; i++) {
    const PktScanSource *s = g_ptr_array_index (scan->sources, i);
    if (s->apple && g_strcmp0 (s->format, "dsn") != 0)
      return FALSE;
  }
  return TRUE;
}

static void
collect_warnings (PktScan *scan, const PktCounter *counter)
{
  for (guint i = 0; i < scan->sources->len; i++)
    warn_about_source (scan, g_ptr_array_index (scan->sources, i));
  warn_about_blind_spots (scan, counter);
  warn_about_services (scan);
  warn_about_mails (scan);
  warn_about_bounces (scan);
  if (only_mails (scan))
    warn (scan, g_strdup ("bounces tell nothing of mail that was accepted: counts of it and rates "
                          "need the logs"));
  if (scan->tally->relayed)
    warn (scan,
          g_strdup_printf ("%" G_GINT64_FORMAT " Apple recipients were handed to a host that is "
                           "not Apple's (filter, smarthost): not counted;"
                           " read that host's log too",
                           scan->tally->relayed));
  if (some_without_ip (scan->tally))
    warn (scan, g_strdup ("the logs do not tell each sending IP; say --sending-ip ADDRESS or --map "
                          "TRANSPORT=ADDRESS"));
  if (counter->forgotten)
    warn (scan,
          g_strdup_printf ("%" G_GUINT64_FORMAT " messages stayed longer in the queue than could "
                           "be followed: their sender or their end may"
                           " be missing",
                           counter->forgotten));
  if (counter->not_kept)
    warn (scan,
          g_strdup_printf ("%" G_GUINT64_FORMAT " attempts were counted but not kept one by one",
                           counter->not_kept));
}

static int
compare_events (gconstpointer a, gconstpointer b)
{
  return pkt_event_compare (*(PktEvent *const *)a, *(PktEvent *const *)b);
}

static void
collect_events (PktScan *scan, const PktScanOptions *o)
{
  for (guint i = 0; i < pkt_event_pool_size (scan->pool); i++) {
    PktEvent *e = pkt_event_pool_get (scan->pool, i);
    if ((o->since != PKT_NO_TIME && e->time < o->since)
        || (o->until != PKT_NO_TIME && e->time > o->until))
      continue;
    g_ptr_array_add (scan->events, e);
  }
  g_ptr_array_sort (scan->events, compare_events);
}

static SourceKind
kind_of (const PktScanOptions *o, PktMailReader *mails, const char *path)
{
  if (o->format)
    return KIND_LOG;
  if (pkt_early_has (pkt_mail_reader_early (mails), path))
    return KIND_MAIL;
  return pkt_source_is_mail (path)         ? KIND_MAIL
         : pkt_source_is_transcript (path) ? KIND_TRANSCRIPT
                                           : KIND_LOG;
}

static gboolean
read_list (PktScan *scan, PktCounter *counter, const GPtrArray *paths, SourceKind kind,
           PktMailReader *mails, GError **error)
{
  for (guint i = 0; i < paths->len; i++)
    if (!read_one (scan, counter, g_ptr_array_index (paths, i), kind, mails, error))
      return FALSE;
  return TRUE;
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
    g_ptr_array_add (lists[kind_of (o, mail_reader, path)], path);
  }
  g_autoptr (GPtrArray) named = o->transcripts ? pkt_scan_expand (o->transcripts, error) : NULL;
  if (o->transcripts && named == NULL)
    return FALSE;
  for (guint i = 0; named && i < named->len; i++)
    g_ptr_array_add (transcripts, g_ptr_array_index (named, i));
  counter->message_ids = o->keep_events || o->state || mails->len > 0 || transcripts->len > 0;
  if (!counter->message_ids)
    pkt_join_domains_only (counter->join);
  if (mails->len + transcripts->len)
    pkt_seen_merge (counter->seen);
  if (logs->len > 1)
    pkt_seen_copies (counter->seen, o->log_zone);
  pkt_source_order (logs);
  pkt_source_learn (counter->relay, logs, o->format ? pkt_format_find (o->format) : NULL);
  for (SourceKind kind = KIND_LOG; kind <= KIND_TRANSCRIPT; kind++)
    if (!read_list (scan, counter, lists[kind], kind, mail_reader, error))
      return FALSE;
  return TRUE;
}

static void
set_unrecognised_error (const PktScan *scan, GError **error)
{
  guint64 bytes = 0;
  for (guint i = 0; i < scan->sources->len; i++) {
    const PktScanSource *each = g_ptr_array_index (scan->sources, i);
    bytes += each->bytes;
    if (each->problem && each->lines == 0) {
      g_set_error (error, PKT_ERROR, PKT_ERROR_DATA, "%s: cannot be read: %s", each->path,
                   each->problem);
      return;
    }
  }
  if (bytes == 0) {
    g_set_error_literal (error, PKT_ERROR, PKT_ERROR_NOINPUT,
                         "there is nothing in the input; name a log that holds lines");
    return;
  }
  const PktScanSource *s = scan->sources->len ? g_ptr_array_index (scan->sources, 0) : NULL;
  g_set_error (error, PKT_ERROR, PKT_ERROR_DATA,
               "%s: nothing was recognised as a mail log or a bounce%s%s; 'postpacket formats' "
               "lists what can be read",
               s ? s->path : "input", s && s->unknown[0] ? "; it begins: " : "",
               s && s->unknown[0] ? s->unknown[0] : "");
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
  g_autoptr (PktScan) scan = scan_new ();
  if (options->hits)
    scan->hits = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (PktJoin) join = pkt_join_new ();
  g_autoptr (PktSeen) seen = pkt_seen_new ();
  g_autoptr (GHashTable) memories = g_hash_table_new_full (NULL, NULL, NULL,
                                                           (GDestroyNotify)pkt_memory_free);
  g_autoptr (GHashTable) formats = g_hash_table_new (g_str_hash, g_str_equal);
  PktCounter counter = { .formats = formats,
                         .memories = memories,
                         .options = options,
                         .relay = relay,
                         .join = join,
                         .tally = pkt_tally_build_new (options->since, options->until),
                         .seen = seen,
                         .pool = scan->pool,
                         .hits = scan->hits };
  g_autoptr (PktReplies) replies = pkt_replies_new (catalogue, counter.tally, options->keep_events);
  counter.replies = replies;
  if (options->state)
    pkt_state_restore (options->state, &counter);
  gboolean ok = read_all (scan, &counter, files, mails, error);
  counter.forgotten = pkt_join_forgotten (join);
  g_clear_pointer (&seen, pkt_seen_free);
  if (options->state == NULL) /* making the table takes room */
    g_clear_pointer (&join, pkt_join_free);
  scan->tally = pkt_tally_build_finish (counter.tally);
  scan->apple_only = options->apple_only;
  if (ok && options->state)
    ok = pkt_state_save (options->state, options->state_path, scan->tally, join, error);
  if (!ok)
    return NULL;
  if (scan->recognised == 0 && options->state == NULL) {
    set_unrecognised_error (scan, error);
    return NULL;
  }
  collect_events (scan, options);
  collect_warnings (scan, &counter);
  return g_steal_pointer (&scan);
}
