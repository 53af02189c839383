#pragma once
#include "cmd/bar.h"
#include "cmd/cmd.h"
#include "packet/run/scan.h"

/* Options that every command which reads logs has (design section 3). */
typedef struct {
  char *since, *until, *timezone, *log_timezone, *format, *sending_ip, *map_file;
  char **map, **also_domain, **also_mx;
  int year, jobs;
  gboolean json, quiet, progress, no_progress, reference, stats, background;
  /* made by cmd_sources_finish() */
  GTimeZone *zone, *log_zone;
  GHashTable *mapping;
  CmdBar bar;
  gint64 started; /* monotonic, microseconds */
} CmdSources;

#define CMD_OPEN G_MININT /* not given */

#define CMD_SOURCES_INIT                                                                           \
  {                                                                                                \
    .year = CMD_OPEN, .jobs = CMD_OPEN                                                             \
  }

/* The entries for GLib's parser, ending with the command's own (may be NULL); caller frees. */
GOptionEntry *cmd_sources_entries (CmdSources *s, const GOptionEntry *own);
/* Checks the values and fills `options`, which borrows from `s`. */
gboolean cmd_sources_finish (CmdSources *s, PktScanOptions *options, GError **error);
/* A --map-file that says what the columns or keys of a log mean is taken, before any log is read.
 * Of one with NAME=ADDRESS lines *lines is the text, which the caller frees; else NULL. */
gboolean cmd_map_file_columns (const char *path, char **lines, GError **error);
/* Takes the progress bar away and prints the warnings on stderr, unless --quiet. */
void cmd_sources_report (CmdSources *s, const PktScan *scan);
void cmd_sources_clear (CmdSources *s);
