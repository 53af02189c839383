#include "cmd/sources.h"
#include "packet/base/error.h"
#include "packet/base/file.h"
#include "packet/base/json.h"
#include "packet/trend/chart.h"
#include "packet/trend/csv.h"
#include "packet/trend/table.h"

#define WIDTH 100 /* of the table, more or less */
#define FOLDER_MODE 0700
#define FILE_MODE 0600
#define MAX_STREAMS_NAMED 12

typedef struct {
  CmdSources sources;
  char *output, *stream;
  gboolean csv, force;
} Options;

/* What is printed or written, all of one filter. */
typedef struct {
  PktOnset onset;
  GArray *days; /* PktDay */
  const char *zone_name, *stream;
  GTimeZone *zone;
} Trend;

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
write_part (const Options *o, const Trend *trend, const char *suffix, const char *bytes, gsize n,
            GError **error)
{
  g_autofree char *name = pkt_trend_name (trend->days, suffix);
  g_autofree char *path = g_build_filename (o->output, name, NULL);
  if (!o->force && g_file_test (path, G_FILE_TEST_EXISTS)) {
    g_set_error (error, PKT_ERROR, PKT_ERROR_EXISTS,
                 "%s is there already; --force replaces it, --output names another folder", path);
    return FALSE;
  }
  g_autofree char *line = g_strconcat (path, "\n", NULL);
  return pkt_file_write (path, bytes, n, FILE_MODE, error)
         && pkt_file_print (line, strlen (line), error);
}

static GBytes *
draw (const Trend *trend, GError **error)
{
  const PktOnset *o = &trend->onset;
  const PktChartLabels labels = { .stream = trend->stream,
                                  .zone_name = trend->zone_name,
                                  .zone = trend->zone,
                                  .onset = o->rose_at,
                                  .or_earlier = o->log_begins_inside,
                                  .relief = o->relief,
                                  .newest = o->last };
  return pkt_trend_png (trend->days, &labels, error);
}

static gboolean
write_apples_copy (const Options *o, const Trend *trend, GError **error)
{
  gsize n;
  g_autofree char *csv = pkt_trend_csv (trend->days);
  g_autoptr (GBytes) png = draw (trend, error);
  if (png == NULL)
    return FALSE;
  if (g_mkdir_with_parents (o->output, FOLDER_MODE) != 0) {
    g_set_error (error, PKT_ERROR, PKT_ERROR_EXISTS, "%s: the folder cannot be made", o->output);
    return FALSE;
  }
  const char *bytes = g_bytes_get_data (png, &n);
  return write_part (o, trend, ".csv", csv, strlen (csv), error)
         && write_part (o, trend, ".png", bytes, n, error);
}

static char *
text_of (const Trend *trend)
{
  g_autofree char *blocks = pkt_trend_blocks (trend->days, WIDTH);
  g_autofree char *table = pkt_trend_table (trend->days, trend->zone_name, &trend->onset);
  return g_strconcat (blocks, *blocks ? "\n" : "", table, NULL);
}

static gboolean
print_trend (const Options *o, const Trend *trend, GError **error)
{
  g_autofree char *text = NULL;
  if (o->sources.json) {
    g_autoptr (json_t) object = pkt_trend_json (trend->days, trend->zone_name, &trend->onset);
    text = pkt_json_dump (object);
  } else if (o->csv)
    text = pkt_trend_csv (trend->days);
  else
    text = text_of (trend);
  return pkt_file_print (text, strlen (text), error);
}

static gboolean
tell (const Options *o, const PktTally *t, GError **error)
{
  PktSumFilter f = PKT_SUM_APPLE;
  if (!choose_stream (t, o->stream, &f, error))
    return FALSE;
  Trend trend = { .zone_name = o->sources.timezone ? o->sources.timezone : "UTC",
                  .stream = o->stream,
                  .zone = o->sources.zone };
  pkt_onset_find (t, &f, &trend.onset);
  trend.days = pkt_sum_days (t, &f, trend.zone);
  gboolean ok = o->output ? write_apples_copy (o, &trend, error) : print_trend (o, &trend, error);
  g_array_unref (trend.days);
  return ok;
}

static int
scan_and_tell (Options *o, char **paths, GError **error)
{
  PktScanOptions options;
  if (!cmd_sources_finish (&o->sources, &options, error))
    return -1;
  g_autoptr (PktCatalogue) catalogue = pkt_catalogue_new (error);
  if (catalogue == NULL)
    return -1;
  g_autoptr (PktScan) scan = pkt_scan_run (catalogue, (const char *const *)paths, &options, error);
  cmd_sources_report (&o->sources, scan);
  if (scan == NULL || !tell (o, scan->tally, error))
    return -1;
  return scan->partial ? PKT_ERROR_FINDINGS : 0;
}

int
cmd_run_trend (int argc, char **argv, GError **error)
{
  Options o = { .sources = CMD_SOURCES_INIT };
  const GOptionEntry own[] = {
    { "stream", 0, 0, G_OPTION_ARG_STRING, &o.stream,
      "Only mail of this return-path (or From) domain", "DOMAIN" },
    { "csv", 0, 0, G_OPTION_ARG_NONE, &o.csv, "Print Apple's copy: a CSV of eight columns", NULL },
    { "output", 'o', 0, G_OPTION_ARG_FILENAME, &o.output,
      "Write Apple's copy, CSV and PNG, dated, into this folder", "FOLDER" },
    { "force", 0, 0, G_OPTION_ARG_NONE, &o.force, "Replace those two files", NULL },
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
  g_free (o.output);
  g_free (o.stream);
  cmd_sources_clear (&o.sources);
  return status;
}
