/* One source: a log read line by line with the format that its first lines show. */
#include "packet/run/source.h"
#include <sched.h>
#include "packet/base/error.h"
#include "packet/log/docker-json.h"
#include "packet/log/shipped.h"
#include "packet/log/format.h"
#include "packet/log/reader.h"
#include "packet/run/brief.h"
#include "packet/run/sides.h"
#include "packet/run/sure-format.h"

#define PROGRESS_BYTES (1024 * 1024) /* of the file, between two calls */
#define MAX_JOBS 4 /* unasked: the caller's thread counts what three others find */

typedef struct {
  PktCountSource *count;
  PktReader *reader;
  PktGlanceRule rule;
  gboolean glancing;
  PktBrief brief;
  PktDockerJson docker;
  PktShipped shipped;
  guint64 shown;        /* bytes of the file when progress was told last */
  guint64 unrecognised; /* the last line that was; parts of it count once */
  guint looked;         /* unrecognised lines that were read as JSON */
  PktSides formats;
  PktProbe probe;
  GPtrArray *held; /* GBytes*: first lines, until the format is known */
} LogSource;

/* A record that a line could not be read with began before it, maybe. */
static PktSlice
given_up (LogSource *l, guint64 *number)
{
  guint back = 0;
  const PktFormat *own = l->formats.own;
  const PktSlice begun = own->given_up ? own->given_up (l->formats.own_state, &back)
                                       : pkt_slice (NULL, 0);
  *number -= begun.n ? back : 0;
  return pkt_slice_until (begun, '\n');
}

static void
note_unknown (LogSource *l, PktSlice line, guint64 number)
{
  guint64 at = number;
  const PktSlice begun = given_up (l, &at);
  PktScanSource *source = l->count->source;
  source->lost_rows = source->lost_rows || begun.n
                      || pkt_source_is_lost (l->formats.own->export, line, &l->looked);
  if (l->unrecognised != number)
    pkt_source_note_unknown (source, begun.n ? begun : pkt_reader_line_around (l->reader, line),
                             at);
  l->unrecognised = number;
}

static void
feed (LogSource *l, PktSlice line, guint64 number)
{
  l->count->line = number;
  PktRecordKind kind = l->formats.own->parse (l->formats.own_state, line, pkt_count_record,
                                              l->count);
  if (kind == PKT_RECORD_UNKNOWN || kind == PKT_RECORD_FOREIGN)
    kind = pkt_sides_feed (&l->formats, line, kind, NULL);
  if (kind == PKT_RECORD_UNKNOWN && !(number == 1 && pkt_shipped_has_header (&l->shipped)))
    note_unknown (l, line, number);
}

/* Accepted mail of another receiver that may be for a recipient put off before, or at a domain that
 * is Apple's after all; one put off, maybe by Apple before, whose words are kept then. */
static gboolean
needs_more (const PktCountSource *count, const PktGlance *seen)
{
  gboolean so_far = seen->kind == PKT_GLANCE_ELSEWHERE_SO_FAR;
  if (so_far && pkt_relay_knows_custom (count->counter->relay))
    return TRUE;
  if (seen->kind == PKT_GLANCE_PUT_OFF)
    return count->join && pkt_join_waits_for_apple (count->join, seen->key);
  return (so_far || seen->kind == PKT_GLANCE_ELSEWHERE || seen->kind == PKT_GLANCE_ELSEWHERE_TO)
         && count->join && pkt_join_waits (count->join, seen->key);
}

static void
feed_known (LogSource *l, PktSlice line, const PktGlance *seen, guint64 number)
{
  if (needs_more (l->count, seen)) {
    feed (l, line, number);
    return;
  }
  l->count->line = number;
  PktRecordKind kind = l->formats.own->parse_known (l->formats.own_state, line, seen,
                                                    pkt_count_record, l->count);
  if (seen->kind == PKT_GLANCE_SIDE && kind == PKT_RECORD_FOREIGN)
    kind = pkt_sides_feed (&l->formats, line, kind, seen->side);
  if (kind == PKT_RECORD_UNKNOWN)
    note_unknown (l, line, number);
}

/* The lines of a run, read like any other. */
static void
feed_lines (LogSource *l, PktSlice text, guint64 last)
{
  const char *limit = text.p + text.n;
  guint64 number = last;
  for (const char *p = text.p; (p = pkt_find_byte (p, limit, '\n')); p++)
    number--;
  for (; number <= last; number++) {
    PktSlice line = pkt_slice_until (text, '\n');
    text = pkt_slice_skip (text, line.n + 1);
    line.n -= line.n && line.p[line.n - 1] == '\r';
    feed (l, line, number);
  }
}

/* Records of a run that was counted may be for recipients put off before. */
static void
settle_run (LogSource *l, PktSlice text, const guint64 *keys)
{
  guint passed = 0;
  for (guint i = 0; keys[i] != PKT_GLANCE_NO_KEYS; i++) {
    if (keys[i] == PKT_GLANCE_NO_KEY || !pkt_join_waits (l->count->join, keys[i]))
      continue;
    for (; passed < i; passed++)
      text = pkt_slice_skip (text, pkt_slice_until (text, '\n').n + 1);
    PktSlice line = pkt_slice_until (text, '\n');
    line.n -= line.n && line.p[line.n - 1] == '\r';
    l->formats.own->parse (l->formats.own_state, line, pkt_count_settle, l->count);
  }
}

static void
feed_run (LogSource *l, PktSlice text, const PktGlance *run, const guint64 *keys, guint64 last)
{
  l->count->line = last;
  if ((run->unread && pkt_relay_knows_custom (l->count->counter->relay))
      || !l->formats.own->parse_run (l->formats.own_state, run) || !pkt_count_run (l->count, run))
    feed_lines (l, text, last);
  else if (run->keyed && l->count->join)
    settle_run (l, text, keys);
}

static void
start_format (LogSource *l, const PktFormat *format)
{
  l->count->source->format = format->name;
  pkt_sides_start (&l->formats, format);
  for (guint i = 0; i < l->held->len; i++) {
    GBytes *b = g_ptr_array_index (l->held, i);
    gsize n;
    const char *p = g_bytes_get_data (b, &n);
    feed (l, pkt_slice (p, n), i + 1);
  }
  g_ptr_array_set_size (l->held, 0);
}

static void
drop_held (LogSource *l)
{
  for (guint i = 0; i < l->held->len; i++) {
    GBytes *b = g_ptr_array_index (l->held, i);
    pkt_source_note_unknown (l->count->source,
                             pkt_slice (g_bytes_get_data (b, NULL), g_bytes_get_size (b)), i + 1);
  }
  g_ptr_array_set_size (l->held, 0);
}

/* Past so many lines of no known form (a web server's log, in the same folder) only those with an
 * address are looked at: each line asks all formats, and all have addresses. */
#define FAR 5000

/* Until a format is known, lines are held; past PKT_PROBE_LINES the first line that any format
 * knows decides. */
static void
take_line (LogSource *l, PktSlice line, guint64 number)
{
  if (l->formats.own) {
    feed (l, line, number);
    return;
  }
  if (l->probe.lines >= FAR && !pkt_find_byte (line.p, line.p + line.n, '@')) {
    pkt_source_note_unknown (l->count->source, line, number);
    return;
  }
  pkt_probe_line (&l->probe, line);
  if (l->probe.lines <= PKT_PROBE_LINES)
    g_ptr_array_add (l->held, g_bytes_new (line.p ? line.p : "", line.n));
  const PktFormat *best = l->probe.lines >= PKT_PROBE_LINES ? pkt_probe_best (&l->probe) : NULL;
  if (best == NULL && l->probe.lines > PKT_PROBE_LINES) {
    drop_held (l);
    pkt_source_note_unknown (l->count->source, line, number);
    return;
  }
  if (best) {
    start_format (l, best);
    if (l->probe.lines > PKT_PROBE_LINES)
      feed (l, line, number);
  }
}

static void
end_log (LogSource *l, const PktScanOptions *o, const PktReaderStats *stats)
{
  PktScanSource *source = l->count->source;
  if (l->formats.own == NULL && pkt_probe_best (&l->probe))
    start_format (l, pkt_probe_best (&l->probe));
  drop_held (l);
  PktStampRule rule = { o->log_zone, 1970 };
  if (l->formats.own && l->formats.own->finish
      && l->formats.own->finish (l->formats.own_state, pkt_count_record, l->count)
             == PKT_RECORD_UNKNOWN) {
    guint64 number = stats->lines;
    const PktSlice begun = given_up (l, &number);
    pkt_source_note_unknown (source, begun.n ? begun : PKT_SLICE ("(a record without its end)"),
                             begun.n ? number : 0);
    source->lost_rows |= l->formats.own->export != PKT_EXPORT_NONE;
  }
  if (l->formats.own && l->formats.own->blind_now)
    source->blind = l->formats.own->blind_now (l->formats.own_state, &source->service,
                                               &source->few_tries);
  if (l->formats.own) {
    PktStamp last = pkt_sides_end (&l->formats);
    source->zone_guessed = o->log_zone == NULL
                           && (last.kind == PKT_STAMP_LOCAL || last.kind == PKT_STAMP_YEARLESS);
    source->year_inferred = last.kind == PKT_STAMP_YEARLESS;
    PktStamp dated = l->count->last[PKT_STAMP_UTC]; /* of a log that began to write its year */
    gint64 file_time = stats->mtime ? stats->mtime : pkt_clock_now () / PKT_SECOND;
    if (dated.kind == PKT_STAMP_UTC)
      file_time = MIN (file_time, dated.us / PKT_SECOND);
    if (last.kind == PKT_STAMP_YEARLESS)
      rule.first_year = pkt_source_first_year (l->count, last, file_time);
  }
  pkt_count_end_source (l->count, &rule);
  if (source->year_inferred && o->year == 0 && l->count->last[PKT_STAMP_UTC].kind != PKT_STAMP_UTC)
    source->year_guessed = pkt_source_year_is_guess (source->last, stats->mtime);
  source->lines = stats->lines;
  source->bytes = stats->bytes;
  source->long_lines = stats->long_lines;
  source->problem = g_strdup (stats->problem);
}

/* Once the format is known, lines are looked at where their block is read; of those that stand in a
 * shipper's records nothing is to be seen there. */
static void
begin_glancing (LogSource *l)
{
  if (l->formats.own == NULL || l->formats.own->glancer == NULL)
    return;
  if (l->shipped.state == PKT_SHIPPED_UNSURE)
    l->shipped.state = PKT_SHIPPED_NO;
  if (l->glancing)
    return;
  l->glancing = TRUE;
  if (l->shipped.state == PKT_SHIPPED_YES)
    return;
  if (l->formats.own->can_glance && !l->formats.own->can_glance (l->formats.own_state))
    return;
  l->rule.state = l->formats.own_state;
  l->brief.format = l->formats.own;
  l->brief.state = l->formats.own_state;
  pkt_reader_glance (l->reader, l->formats.own->glancer, &l->rule);
}

/* The next line, of which `seen` is not all that counts. */
static void
read_line (LogSource *l, PktSlice line, const PktGlance *seen, guint64 number)
{
  const PktRelay *relay = l->count->counter->relay;
  if (seen->kind == PKT_GLANCE_RUN) {
    feed_run (l, line, seen, pkt_reader_keys (l->reader), number);
    return;
  }
  pkt_brief_pause (&l->brief);
  if (pkt_docker_json_looks_like (line) && !pkt_docker_json_line (&l->docker, &line))
    return;
  if (l->shipped.state != PKT_SHIPPED_NO)
    pkt_shipped_line (&l->shipped, &line);
  if (seen->kind > PKT_GLANCE_PLAIN)
    feed_known (l, line, seen, number);
  else
    take_line (l, line, number);
  if (l->rule.apple_only && !l->rule.read_all && pkt_relay_knows_custom (relay))
    g_atomic_int_set (&l->rule.read_all, TRUE);
  begin_glancing (l);
  pkt_brief_go_on (&l->brief);
}

static void
read_lines (LogSource *l)
{
  const PktReaderStats *stats = pkt_reader_stats (l->reader);
  const PktBlockLine *lines;
  const char *bytes;
  PktSlice line;
  for (guint n; (n = pkt_reader_waiting (l->reader, &lines, &bytes));) {
    const guint told = pkt_brief_count (&l->brief, l->count, lines, n, bytes);
    pkt_reader_skip (l->reader, told);
    if (told < n && pkt_reader_next (l->reader, &line))
      read_line (l, line, pkt_reader_seen (l->reader), stats->lines);
    if (stats->raw_bytes - l->shown >= PROGRESS_BYTES) {
      l->shown = stats->raw_bytes;
      pkt_progress_tell (&l->count->counter->progress, l->count->source, l->shown);
    }
  }
  pkt_brief_pause (&l->brief);
}

/* taskset, cpuset: there may be more than we get. */
static guint
processors (void)
{
#ifdef CPU_COUNT
  cpu_set_t allowed;
  if (sched_getaffinity (0, sizeof allowed, &allowed) == 0)
    return (guint)CPU_COUNT (&allowed);
#endif
  return g_get_num_processors ();
}

guint
pkt_source_jobs (const PktScanOptions *o)
{
  if (o->line_by_line || o->jobs)
    return o->line_by_line ? 1 : o->jobs;
  return CLAMP (processors (), 1, MAX_JOBS);
}

gboolean
pkt_source_read_log (PktCountSource *count, const char *path, GError **error)
{
  const PktScanOptions *o = count->counter->options;
  g_autoptr (GPtrArray) held = g_ptr_array_new_with_free_func ((GDestroyNotify)g_bytes_unref);
  LogSource l = {
    .count = count, .held = held, .formats = { .count = count }, .glancing = o->line_by_line
  };
  l.rule = (PktGlanceRule){ .message_ids = count->counter->message_ids,
                            .apple_only = o->apple_only,
                            .sides = o->format == NULL,
                            .put_offs = o->state == NULL && count->counter->others == NULL,
                            .elsewhere = o->streams_of_others ? NULL : pkt_relay_is_elsewhere,
                            .other_domain = pkt_relay_is_other_domain,
                            .sort = count->counter->others ? NULL : pkt_reply_sort,
                            .may_name = pkt_relay_may_name,
                            .next_name = pkt_relay_next_name,
                            .data = count->counter->relay };
  g_autoptr (PktReader) reader = pkt_reader_open (path, pkt_source_jobs (o), error);
  if (reader == NULL)
    return FALSE;
  l.reader = reader;
  const PktFormat *format = pkt_source_known_format (count->counter, path);
  if (format) /* whether its lines are a shipper's the first one tells */
    start_format (&l, format);
  if (format)
    pkt_source_feed_header (format, l.formats.own_state, path);
  read_lines (&l);
  end_log (&l, o, pkt_reader_stats (reader));
  pkt_docker_json_clear (&l.docker);
  pkt_shipped_clear (&l.shipped);
  pkt_sides_clear (&l.formats);
  return TRUE;
}
