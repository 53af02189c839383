#include "cmd/sources.h"
#include <unistd.h>
#include "packet/base/error.h"
#include "packet/base/file.h"
#include "packet/base/json.h"
#include "packet/run/scan-report.h"

#define MAX_COLUMNS 200

static gboolean
print_events (const PktScan *scan, GError **error)
{
  for (guint i = 0; i < scan->events->len; i++) {
    g_autoptr (json_t) event = pkt_scan_event_json (g_ptr_array_index (scan->events, i));
    g_autofree char *line = pkt_json_line (event);
    if (!pkt_file_print (line, strlen (line), error) || !pkt_file_print ("\n", 1, error))
      return FALSE;
  }
  return TRUE;
}

static gboolean
print_scan (const PktScan *scan, const CmdSources *s, GError **error)
{
  const char *zone_name = s->timezone ? s->timezone : "UTC";
  if (s->json)
    return pkt_scan_json (scan, zone_name, s->zone, pkt_file_print, error);
  g_autofree char *text = pkt_scan_table (
      scan, zone_name, s->zone,
      cmd_columns (STDOUT_FILENO, PKT_SCAN_COLUMNS, PKT_SCAN_LEAST_COLUMNS, MAX_COLUMNS));
  return pkt_file_print (text, strlen (text), error);
}

static int
scan_and_print (CmdSources *s, char **paths, gboolean events, gboolean apple_only, GError **error)
{
  PktScanOptions options;
  if (!cmd_sources_finish (s, &options, error))
    return -1;
  options.keep_events = options.keep_undated = events;
  options.apple_only = apple_only;
  g_autoptr (PktCatalogue) catalogue = pkt_catalogue_new ();
  g_autoptr (PktScan) scan = pkt_scan_run (catalogue, (const char *const *)paths, &options, error);
  cmd_sources_report (s, scan);
  if (scan == NULL || !(events ? print_events (scan, error) : print_scan (scan, s, error)))
    return -1;
  return scan->partial ? PKT_ERROR_FINDINGS : 0;
}

int
cmd_run_scan (int argc, char **argv, GError **error)
{
  CmdSources s = CMD_SOURCES_INIT;
  gboolean events = FALSE, apple_only = FALSE;
  const GOptionEntry own[] = {
    { "apple-only", 0, 0, G_OPTION_ARG_NONE, &apple_only,
      "Leave other receivers out: faster, and nothing to compare with", NULL },
    { "events", 0, 0, G_OPTION_ARG_NONE, &events,
      "Print each attempt to Apple as one JSON line (raw addresses)", NULL },
    G_OPTION_ENTRY_NULL,
  };
  g_autofree GOptionEntry *entries = cmd_sources_entries (&s, own);
  int status = -1;
  if (cmd_parse (&argc, &argv, entries, "SOURCE...",
                 "What Apple answered: counts, replies, IPs, domains, days.", error)) {
    if (argc > 1)
      status = scan_and_print (&s, argv + 1, events, apple_only, error);
    else
      g_set_error_literal (error, PKT_ERROR, PKT_ERROR_USAGE,
                           "scan: name a log, a folder, or - for standard input");
  }
  cmd_sources_clear (&s);
  return status;
}
