#include <unistd.h>
#include "cmd/trend.h"
#include "packet/base/error.h"
#include "packet/run/hits.h"
#include "packet/run/state.h"

#define MAX_STREAMS_NAMED 12
#define MAX_ROWS 62 /* two months of days */

static void
fail_unknown_stream (const PktTally *t, const char *stream, GError **error)
{
  g_autoptr (GHashTable) seen = g_hash_table_new (NULL, NULL);
  g_autoptr (GString) names = g_string_new (NULL);
  for (guint i = 0; i < t->cells->len && g_hash_table_size (seen) < MAX_STREAMS_NAMED; i++) {
    guint id = g_array_index (t->cells, PktCell, i).key.stream;
    if (id != 0 && g_hash_table_add (seen, GUINT_TO_POINTER (id)))
      g_string_append_printf (names, "%s%s", names->len ? ", " : "", pkt_tally_name (t, id));
  }
  g_set_error (error, PKT_ERROR, PKT_ERROR_DATA,
               "--stream %s: no mail of it in the sources; there is: %s", stream,
               names->len ? names->str : "none that has a name");
}

static gboolean
choose_stream (const PktTally *t, const char *stream, PktSumFilter *f, GError **error)
{
  if (stream == NULL)
    return TRUE;
  for (guint i = 0; i < t->cells->len; i++) {
    guint16 id = g_array_index (t->cells, PktCell, i).key.stream;
    if (id != 0 && g_ascii_strcasecmp (pkt_tally_name (t, id), stream) == 0) {
      f->stream = id;
      return TRUE;
    }
  }
  fail_unknown_stream (t, stream, error);
  return FALSE;
}

static gboolean
read_bands (CmdTrend *o, GError **error)
{
  char *end = NULL;
  o->bands = PKT_BANDS_DEFAULT;
  if (o->bands_text == NULL)
    return TRUE;
  double watch = g_ascii_strtod (o->bands_text, &end), escalate = 0;
  gboolean both = end != o->bands_text && *end == ',';
  const char *second = both ? end + 1 : "";
  if (both)
    escalate = g_ascii_strtod (second, &end);
  if (!both || end == second || *end != '\0' || !(watch > 0) || !(escalate >= watch)
      || escalate > 100) {
    g_set_error (error, PKT_ERROR, PKT_ERROR_USAGE,
                 "--bands %s: write two percentages, watch from and escalate over, as 0.2,1",
                 o->bands_text);
    return FALSE;
  }
  o->bands = (PktBands){ (gint64)(watch * 10000 + 0.5), (gint64)(escalate * 10000 + 0.5) };
  return TRUE;
}

static gboolean
read_own_options (CmdTrend *o, GError **error)
{
  o->by = PKT_N_BY;
  if (o->by_name && !pkt_by_from_name (o->by_name, &o->by)) {
    g_autofree char *list = pkt_by_list ();
    g_set_error (error, PKT_ERROR, PKT_ERROR_USAGE, "--by %s: write one of %s", o->by_name, list);
    return FALSE;
  }
  return read_bands (o, error);
}

/* "2026-05-17=new template"; the day is of --timezone. */
static gboolean
read_marks (CmdTrend *o, GError **error)
{
  o->marks = g_array_new (FALSE, FALSE, sizeof (PktChartMark));
  for (char **m = o->mark; m && *m; m++) {
    const char *eq = strchr (*m, '=');
    g_autofree char *when = eq ? g_strndup (*m, (gsize)(eq - *m)) : NULL;
    PktChartMark mark = { .text = eq ? eq + 1 : NULL };
    if (eq == NULL || !pkt_clock_parse_user (when, o->sources.zone, FALSE, &mark.time)) {
      g_set_error (error, PKT_ERROR, PKT_ERROR_USAGE,
                   "--mark %s: write TIME=TEXT, as '2026-05-17=new template'", *m);
      return FALSE;
    }
    g_array_append_val (o->marks, mark);
  }
  return TRUE;
}

static gboolean
tell (const CmdTrend *o, const PktScan *scan, int *status, GError **error)
{
  PktTrendOptions options = { .filter = PKT_SUM_APPLE,
                              .stream = o->stream,
                              .zone_name = o->sources.timezone ? o->sources.timezone : "UTC",
                              .zone = o->sources.zone,
                              .bands = o->bands,
                              .hours = o->hours,
                              .max_rows = o->output ? 0 : MAX_ROWS };
  if (!choose_stream (scan->tally, o->stream, &options.filter, error))
    return FALSE;
  g_autoptr (PktTrend) trend = pkt_trend_new (scan->tally, &options);
  if (scan->hits && !pkt_hits_tell (scan->hits, trend, error))
    return FALSE;
  if (!cmd_trend_watch (o, scan->tally, trend, status, error))
    return FALSE;
  if (o->monitor || (o->prometheus && !o->output))
    return TRUE;
  return o->output ? cmd_trend_write (o, trend, error) : cmd_trend_print (o, trend, error);
}

/* NULL without --state, or with an error. */
static PktState *
load_state (CmdTrend *o, GError **error)
{
  if (o->state == NULL)
    return NULL;
  if (o->sources.since || o->sources.until || o->sources.year != CMD_OPEN) {
    g_set_error_literal (error, PKT_ERROR, PKT_ERROR_USAGE,
                         "--state keeps all that was read: leave --since, --until and --year out");
    return NULL;
  }
  g_autofree char *settings = cmd_trend_settings (o);
  o->lock = pkt_state_lock (o->state, PKT_STATE_WAIT, error);
  if (o->lock < 0)
    return NULL;
  return pkt_state_load (o->state, settings, error);
}

static int
scan_and_tell (CmdTrend *o, char **paths, GError **error)
{
  PktScanOptions options;
  int status = 0;
  if (!read_own_options (o, error) || !cmd_sources_finish (&o->sources, &options, error)
      || !read_marks (o, error))
    return -1;
  g_autoptr (PktState) state = load_state (o, error);
  if (o->state && state == NULL)
    return -1;
  options.state = state;
  options.state_path = o->state;
  options.hits = state == NULL;
  options.need_all = o->monitor;
  options.streams_of_others = o->stream != NULL || o->by != PKT_N_BY || o->sources.json || o->output
                              || state;
  g_autoptr (PktCatalogue) catalogue = pkt_catalogue_new ();
  g_autoptr (PktScan) scan = pkt_scan_run (catalogue, (const char *const *)paths, &options, error);
  cmd_sources_report (&o->sources, scan);
  if (scan == NULL || !tell (o, scan, &status, error))
    return -1;
  return o->monitor ? status : scan->partial ? PKT_ERROR_FINDINGS : 0;
}

static void
clear (CmdTrend *o)
{
  char *const strings[]
      = { o->output, o->stream, o->by_name, o->bands_text, o->state, o->prometheus };
  for (gsize i = 0; i < G_N_ELEMENTS (strings); i++)
    g_free (strings[i]);
  if (o->lock >= 0)
    close (o->lock);
  g_strfreev (o->mark);
  g_clear_pointer (&o->marks, g_array_unref);
  cmd_sources_clear (&o->sources);
}

int
cmd_run_trend (int argc, char **argv, GError **error)
{
  CmdTrend o = { .sources = CMD_SOURCES_INIT, .lock = -1 };
  const GOptionEntry own[] = {
    { "stream", 0, 0, G_OPTION_ARG_STRING, &o.stream,
      "Only mail of this return-path (or From) domain", "DOMAIN" },
    { "by", 0, 0, G_OPTION_ARG_STRING, &o.by_name,
      "A row for each stream, ip, domain, tag or recipient-domain", "WHAT" },
    { "hours", 0, 0, G_OPTION_ARG_NONE, &o.hours, "Rows are hours, not days", NULL },
    { "bands", 0, 0, G_OPTION_ARG_STRING, &o.bands_text,
      "Watch from and escalate over these percentages (0.2,1)", "WATCH,ESCALATE" },
    { "mark", 0, 0, G_OPTION_ARG_STRING_ARRAY, &o.mark,
      "Mark an event in your own pictures, as '2026-05-17=new template'", "TIME=TEXT" },
    { "csv", 0, 0, G_OPTION_ARG_NONE, &o.csv,
      "Print Apple's copy, a CSV of eight columns; with --by or --hours your own", NULL },
    { "comments", 0, 0, G_OPTION_ARG_NONE, &o.comments,
      "Counting rules above the CSV, in lines that begin with #", NULL },
    { "output", 'o', 0, G_OPTION_ARG_FILENAME, &o.output,
      "Write Apple's copy and your own, dated, into this folder", "FOLDER" },
    { "monitor", 0, 0, G_OPTION_ARG_NONE, &o.monitor,
      "One line and exit status for Nagios and Icinga, by the bands", NULL },
    { "prometheus", 0, 0, G_OPTION_ARG_FILENAME, &o.prometheus,
      "Write metrics for the node exporter's textfile collector", "FILE" },
    { "state", 0, 0, G_OPTION_ARG_FILENAME, &o.state,
      "Read only what is new since the last run with this file", "FILE" },
    { "force", 0, 0, G_OPTION_ARG_NONE, &o.force, "Replace those files", NULL },
    G_OPTION_ENTRY_NULL,
  };
  g_autofree GOptionEntry *entries = cmd_sources_entries (&o.sources, own);
  int status = -1;
  if (cmd_parse (&argc, &argv, entries, "SOURCE...", "The dated Apple-only bounce trend.", error)) {
    if (argc > 1)
      status = scan_and_tell (&o, argv + 1, error);
    else
      g_set_error_literal (error, PKT_ERROR, PKT_ERROR_USAGE,
                           "trend: name a log, a folder, or - for standard input");
  }
  if (o.monitor && *error)
    status = cmd_trend_unknown (error);
  clear (&o);
  return status;
}
